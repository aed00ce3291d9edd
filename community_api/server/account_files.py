"""A file of accounts (CSV or YAML), and the file of tokens with which their people set first passwords."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

import yaml

from community_api.access.accounts import imports
from community_api.access.accounts.first_password import Issued
from community_api.access.accounts.imports import Imported
from community_api.core.actor import SYSTEM
from community_api.core.config import Settings
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import DomainError, FieldError, StartupError
from community_api.core.i18n.problem_texts import load_problems
from community_api.core.i18n.translations import Words
from community_api.server import setup
from community_api.units.terms import Role, is_timezone

NEEDED: Final = ("username", "name", "role", "unit")
ALLOWED: Final = (*NEEDED, "language", "timezone")
NAME_MAX: Final = 200
# Where the words of the API would say more than a terminal needs to.
ON_A_TERMINAL: Final = {
    "not_a_reference": "There is no unit of this name.",
    "username_taken": "Somebody else has this name already.",
}


class Line(NamedTuple):
    """One account of the file, and the line on which it begins."""

    number: int
    row: dict[str, str]


def import_accounts(settings: Settings, file: Path, *, units: Path | None, tokens: Path) -> Imported:
    """Make every account of the file, or none, and write the tokens to ``tokens`` (0600).

    Raises StartupError with one line for each thing that is wrong; then nothing was written, units neither.
    """
    lines = _read(file)
    words = Words(playful=settings.playful)
    _refuse(
        file, (f"line {one.number}: {fault}" for one in lines for fault in _faults(one.row, words.offered))
    )
    with setup.unit_of_work(settings) as uow:
        wrong = imports.misplaced([line.row for line in lines], setup.units_to_be(uow, units))
        _refuse(file, (_in_words(error, lines) for error in wrong))
        # Opened first: where the tokens cannot be written, nobody is imported.
        with _private(tokens) as target:
            setup.prepare_units(uow, units)
            imported = _import(uow, file, lines)
            _write(target, imported.tokens)
    if not imported.tokens:
        tokens.unlink()
    return imported


def summary(imported: Imported, tokens: Path) -> str:
    """What was done and what remains, for the terminal: names and tokens stand in the file alone."""
    if not imported.tokens:
        return f"Nothing was changed: all {imported.unchanged} accounts are there and have a password."
    made = f"{len(imported.tokens)} accounts wait for a first password"
    had = f", {imported.unchanged} had one already" if imported.unchanged else ""
    return (
        f"{made}{had}.\nTheir tokens are in {tokens}, which only you can read. Each is good once, for 30 "
        "minutes: give it to its person yourself. They send it with a password of their own to"
        " POST /api/v1/auth/first-password. Then delete the file; whoever was late gets a new token when you"
        " run this again."
    )


def _import(uow: UnitOfWork, file: Path, lines: list[Line]) -> Imported:
    try:
        return imports.import_accounts(uow, SYSTEM, [line.row for line in lines])
    except DomainError as refused:
        _refuse(file, [_in_words(error, lines) for error in refused.errors] or [setup.in_words(refused)])
        raise


def _refuse(file: Path, faults: Iterable[str]) -> None:
    said = list(faults)
    if said:
        raise StartupError("\n".join([f"{file.name}: nothing was imported", *said]))


def _in_words(error: FieldError, lines: list[Line]) -> str:
    _, _, index, name = error.pointer.split("/")
    fields = load_problems(setup.PROBLEMS).fields
    message = ON_A_TERMINAL.get(error.code) or fields[error.code].format(**error.params)
    return f"line {lines[int(index)].number}: {name}: {message}"


def _read(file: Path) -> list[Line]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        lines = _yaml(text) if file.suffix in {".yaml", ".yml"} else _csv(file, text)
    except UnicodeDecodeError:
        raise StartupError(f"{file.name}: is not UTF-8; save it as UTF-8 and try again") from None
    except (csv.Error, yaml.YAMLError) as broken:
        raise StartupError(f"{file.name}: cannot be read: {broken}") from None
    if not 1 <= len(lines) <= imports.MOST:
        raise StartupError(f"{file.name}: holds {len(lines)} accounts; 1 to {imports.MOST} are taken at once")
    return lines


def _csv(file: Path, text: str) -> list[Line]:
    # Spreadsheets of much of Europe write semicolons.
    head = text.partition("\n")[0]
    delimiter = ";" if ";" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = [name.strip().casefold() for name in next(reader, [])]
    _refuse(file, (f"line 1: {fault}" for fault in _column_faults(columns)))
    lines, begins = [], reader.line_num + 1
    for values in reader:
        if any(value.strip() for value in values):
            named = dict(zip(columns, map(str.strip, values), strict=False))
            over = {"more": "…"} if len(values) > len(columns) else {}
            lines.append(Line(begins, {**named, **over}))
        begins = reader.line_num + 1
    return lines


def _column_faults(columns: list[str]) -> Iterator[str]:
    """What is wrong with the head of a CSV file; an empty one is said to hold no accounts."""
    if not columns:
        return
    for name in NEEDED:
        if name not in columns:
            yield f"the column {name} is missing"
    for name in dict.fromkeys(columns):
        if name not in ALLOWED:
            yield f"{name or 'a column without a name'}: is no column; there are {', '.join(ALLOWED)}"
        elif columns.count(name) > 1:
            yield f"{name}: stands there twice"


def _yaml(text: str) -> list[Line]:
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    document = yaml.safe_load(text)
    rows = document.get("accounts") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise yaml.YAMLError("a list of accounts stands under accounts:")
    items = next(value for key, value in node.value if key.value == "accounts").value
    return [
        Line(item.start_mark.line + 1, {str(key): _text(value) for key, value in row.items()})
        for item, row in zip(items, rows, strict=True)
    ]


def _text(value: Any) -> str:
    """A scalar as text; a list or mapping as something that no field takes."""
    if isinstance(value, dict | list):
        return "\0"
    return "" if value is None else str(value).strip()


def _faults(row: Mapping[str, str], languages: Iterable[str]) -> Iterator[str]:
    for name in NEEDED:
        if not row.get(name):
            yield f"{name}: is needed"
    for name in sorted(set(row) - set(ALLOWED)):
        yield (
            "has more values than there are columns"
            if name == "more"
            else (f"{name}: is no field; there are {', '.join(ALLOWED)}")
        )
    for name in ALLOWED:
        if not row.get(name, "").isprintable():
            yield f"{name}: is no line of text"
    if len(row.get("name", "")) > NAME_MAX:
        yield f"name: {NAME_MAX} characters at most"
    if row.get("role") and row["role"] not in set(Role):
        yield f"role: is one of {', '.join(Role)}"
    if row.get("language") and row["language"] not in languages:
        yield f"language: is one of {', '.join(languages)}"
    if row.get("timezone") and not is_timezone(row["timezone"]):
        yield "timezone: is no IANA zone, such as Europe/Berlin"


@contextmanager
def _private(file: Path) -> Iterator[TextIO]:
    """A new file that its owner alone may read; gone again if what writes it fails.

    Raises StartupError where one is there already.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise StartupError(f"{file}: is there already; remove it, or name another with --tokens") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as target:
            yield target
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _write(target: TextIO, tokens: Mapping[str, Issued]) -> None:
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["username", "token", "expires_at"])
    for username, issued in tokens.items():
        writer.writerow([username, issued.token, issued.expires_at.isoformat(timespec="seconds")])
