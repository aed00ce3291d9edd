"""The report of refusals: a CSV file beside the ledger, for the person who mends the rows or the map."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from community_api.clients.importer.ledger import Entry

# Characters of a refused value; a file may hold cells of any size.
LONGEST_VALUE = 2000
COLUMNS = ("line", "id", "status", "code", "reason", "fields", "value", "map")


def write_report(path: Path, refused: Iterable[Entry]) -> None:
    """Write the refusals in the input's order, mode 0600, in one move in place of an older report.

    Lines are those of the input; status is empty for what the map refused.
    """
    draft = path.with_name(path.name + ".part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_cells(entry) for entry in sorted(refused, key=lambda entry: entry.line))
    draft.replace(path)


def _cells(entry: Entry) -> tuple[str, ...]:
    status = "" if entry.status is None else str(entry.status)
    cells = (
        str(entry.line),
        entry.id,
        status,
        entry.code,
        entry.reason,
        "; ".join(entry.fields),
        entry.value[:LONGEST_VALUE],
        entry.map_line,
    )
    # A cell that begins like a formula would be run by a spreadsheet; server words should not, but may.
    return tuple("'" + cell if cell[:1] in "=+-@" and cell else cell for cell in cells)
