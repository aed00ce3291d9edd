"""A file of accounts (CSV or YAML), and the file of tokens with which their people set first passwords."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from community_api.access.accounts import imports
from community_api.access.accounts.first_password import Issued
from community_api.access.accounts.imports import Imported
from community_api.core.actor import SYSTEM
from community_api.core.config import Settings
from community_api.core.errors import Refused, StartRefused
from community_api.core.i18n import Words
from community_api.core.problems import load_problems
from community_api.serving import founding
from community_api.units.terms import Role, is_timezone

NEEDED: Final = ("username", "name", "role", "unit")
ALLOWED: Final = (*NEEDED, "language", "timezone")


class Line(NamedTuple):
    """One account of the file, and the line on which it begins."""

    number: int
    row: dict[str, str]


def import_accounts(settings: Settings, file: Path, *, units: Path | None, tokens: Path) -> Imported:
    """Make every account of the file, or none, and write the tokens to ``tokens`` (0600).

    Raises StartRefused with one line for each thing that is wrong.
    """
    lines = _read(file)
    words = Words(playful=settings.playful)
    wrong = [f"line {line.number}: {said}" for line in lines for said in _faults(line.row, words.offered)]
    if wrong:
        raise StartRefused("\n".join([f"{file.name}: nothing was imported", *wrong]))
    with founding.unit_of_work(settings) as uow:
        founding.prepare_units(uow, units)
        # Opened first: where the tokens cannot be written, nobody is imported.
        with _private(tokens) as target:
            imported = _import(uow, file, lines)
            _write(target, imported.tokens)
    return imported


def _import(uow: Any, file: Path, lines: list[Line]) -> Imported:
    try:
        return imports.import_accounts(uow, SYSTEM, [line.row for line in lines])
    except Refused as refused:
        said = [_in_words(error, lines) for error in refused.errors] or [founding.in_words(refused)]
        raise StartRefused("\n".join([f"{file.name}: nothing was imported", *said])) from None


def _in_words(error: Any, lines: list[Line]) -> str:
    _, _, index, name = error.pointer.split("/")
    message = load_problems(founding.PROBLEMS).fields[error.code].format(**error.params)
    return f"line {lines[int(index)].number}: {name}: {message}"


def _read(file: Path) -> list[Line]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        lines = _yaml(text) if file.suffix in {".yaml", ".yml"} else _csv(text)
    except (UnicodeDecodeError, csv.Error, yaml.YAMLError) as broken:
        raise StartRefused(f"{file.name}: cannot be read: {broken}") from None
    if not 1 <= len(lines) <= imports.MOST:
        raise StartRefused(f"{file.name}: holds {len(lines)} accounts; 1 to {imports.MOST} are taken at once")
    return lines


def _csv(text: str) -> list[Line]:
    reader = csv.DictReader(text.splitlines(), restkey="more", restval="")
    return [Line(reader.line_num, {key: _text(value) for key, value in row.items()}) for row in reader]


def _yaml(text: str) -> list[Line]:
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    listed = yaml.safe_load(text)
    rows = listed.get("accounts") if isinstance(listed, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise yaml.YAMLError("a list of accounts stands under accounts:")
    items = next(value for key, value in node.value if key.value == "accounts").value
    return [
        Line(item.start_mark.line + 1, {str(key): _text(value) for key, value in row.items()})
        for item, row in zip(items, rows, strict=True)
    ]


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _faults(row: Mapping[str, str], languages: Iterable[str]) -> Iterable[str]:
    for name in NEEDED:
        if not row.get(name):
            yield f"{name}: is needed"
    for name in sorted(set(row) - set(ALLOWED)):
        yield f"{name}: is no column; there are {', '.join(ALLOWED)}"
    if row.get("role") and row["role"] not in set(Role):
        yield f"role: is one of {', '.join(Role)}"
    if row.get("language") and row["language"] not in languages:
        yield "language: is none that the product speaks"
    if row.get("timezone") and not is_timezone(row["timezone"]):
        yield "timezone: is no IANA zone, such as Europe/Berlin"


def _private(file: Path) -> Any:
    """A new file that its owner alone may read. Raises StartRefused where one is there already."""
    try:
        return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except FileExistsError:
        raise StartRefused(
            f"{file.name}: is there already; remove it, or name another with --tokens"
        ) from None


def _write(target: Any, tokens: Mapping[str, Issued]) -> None:
    writer = csv.writer(target)
    writer.writerow(["username", "token", "expires_at"])
    for username, issued in tokens.items():
        writer.writerow([username, issued.token, issued.expires_at.isoformat()])
