"""The first line of a report, as a call shows it. Features that gather reports say how theirs are read.

Nothing is copied: what was erased has no line any more.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from community_api.community.emergencies.models import Emergency
from community_api.community.emergencies.terms import MAX_LINE
from community_api.core.database.unit_of_work import Transaction

# The texts of reports by their ids; one that is erased is left out.
Reader = Callable[[Transaction, Sequence[uuid.UUID]], Mapping[uuid.UUID, str]]
_READERS: dict[str, Reader] = {}


def read_by(kind: str, reader: Reader) -> None:
    """Let ``reader`` open the texts of reports of this kind."""
    _READERS[kind] = reader


def of_reports(tx: Transaction, kind: str, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The first line of each report; none for a kind that is never gathered."""
    reader = _READERS.get(kind)
    if reader is None or not ids:
        return {}
    return {report_id: first_line(text) for report_id, text in reader(tx, ids).items()}


def of_emergencies(tx: Transaction, rows: Sequence[Emergency]) -> dict[str, str]:
    """The first line of each emergency's report, by the emergency's id."""
    by_kind: dict[str, list[Emergency]] = defaultdict(list)
    for row in rows:
        by_kind[row.subject_kind].append(row)
    lines = {}
    for kind, same in by_kind.items():
        texts = of_reports(tx, kind, [row.subject_id for row in same])
        lines.update({str(row.id): texts[row.subject_id] for row in same if row.subject_id in texts})
    return lines


def first_line(text: str) -> str:
    """The first line that says something, cut at ``MAX_LINE`` characters."""
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    return line if len(line) <= MAX_LINE else f"{line[: MAX_LINE - 1]}…"
