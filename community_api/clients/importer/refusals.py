"""Why a row was refused, with what stood there: by the map, or by the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from community_api.clients.account import BASE
from community_api.clients.http_client import Answer
from community_api.clients.importer.language import FeedMap
from community_api.clients.importer.ledger import Entry
from community_api.clients.importer.values import RowRefused
from community_api.core.i18n.translations import N_, Words

# How many kinds of refusals are shown on the terminal, and how much of each value; all stand in the report.
MOST_KINDS, LONGEST_VALUE = 10, 60
ALLOWED = N_("what is allowed: {address}")
# Code, reason, fields, value, line of the map.
Kind = tuple[str, str, str, str, str]
_words = cache(Words)


def by_the_map(entry: Entry, refused: RowRefused, feed_map: FeedMap, language: str) -> Entry:
    """The entry of a row that was never sent, its reason in ``language``."""
    return replace(
        entry,
        state="refused",
        code=refused.code,
        reason=_words().translate(refused.reason.text, language, **refused.reason.params),
        value=refused.value,
        map_line=f"{feed_map.file}:{refused.map_line}" if refused.map_line else "",
    )


def by_the_server(
    entry: Entry, answer: Answer, fields: Mapping[str, Any], feed_map: FeedMap, language: str
) -> Entry:
    """The entry of a row that the server refused, with the values of the fields that it names.

    A receipt code that the server does not know is not tried again.
    """
    errors = answer.errors_by_pointer
    names = [pointer.split("/")[1] for pointer, _ in errors if pointer.startswith("/")]
    lines = [feed_map.lines[name] for name in names if name in feed_map.lines]
    return replace(
        entry,
        state="refused",
        receipt="" if answer.code == "receipt_unknown" else entry.receipt,
        status=answer.status,
        code=answer.code or "no_code",
        reason=answer.reason,
        fields=tuple(
            _in_words(pointer, words, feed_map, language) for pointer, words in answer.errors_by_pointer
        ),
        value="; ".join(_held(pointer, fields) for pointer, _ in answer.errors_by_pointer),
        free=any(name in feed_map.kind.free for name in names),
        map_line=f"{feed_map.file}:{min(lines)}" if lines else "",
    )


def _in_words(pointer: str, words: str, feed_map: FeedMap, language: str) -> str:
    """What is wrong with a field; of a code also where the allowed ones stand."""
    path = feed_map.kind.codes.get(pointer.removeprefix("/"))
    if path is None:
        return f"{pointer}: {words}"
    return f"{pointer}: {words} ({_words().translate(ALLOWED, language, address=BASE + path)})"


def _held(pointer: str, fields: Mapping[str, Any]) -> str:
    """What was sent at a JSON pointer; empty if nothing was."""
    there: Any = fields
    for step in pointer.split("/")[1:]:
        there = there.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(there, dict) else None
    return "" if there is None else str(there)


def summary(refused: Iterable[Entry]) -> Iterator[str]:
    """The refusals counted by what was refused, the most frequent first.

    Free words of a row are left to the report: a terminal's lines are often kept.
    """
    counts: Counter[Kind] = Counter()
    first: dict[Kind, int] = {}
    for entry in refused:
        kind = (
            entry.code,
            entry.reason,
            "; ".join(entry.fields),
            "" if entry.free else entry.value,
            entry.map_line,
        )
        counts[kind] += 1
        first.setdefault(kind, entry.line)
    for kind, times in counts.most_common(MOST_KINDS):
        code, reason, fields, value, map_line = kind
        words = " ".join(part for part in (reason, fields) if part)
        shown = f": {value[:LONGEST_VALUE]!r}" if value else ""
        yield f"{times} rows, {code}: {words}{shown} (line {first[kind]}{', ' * bool(map_line)}{map_line})"
    if len(counts) > MOST_KINDS:
        yield f"… {len(counts) - MOST_KINDS} more kinds of refusals"
