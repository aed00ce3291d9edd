"""The grid by which likely duplicates are looked for, purely: a field of about two kilometres each way.

A field is named by its row and its column. Rows are ``STEP`` degrees of latitude high; the columns of a
row are as wide in metres as the row is high at its middle. What has no place is looked for within its team.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, floor, radians
from typing import Final

STEP: Final = 0.02
# The last row before a pole is one field: nobody lives there, and columns would have no width.
NARROWEST: Final = 0.01
# The own field, the eight around it, and the team's placeless one.
MOST_AROUND: Final = 10


def cell(lat: float | None, lon: float | None, team: str) -> str:
    """The field of a place, degrees WGS 84; without a place (None) that of the team."""
    if lat is None or lon is None:
        return f"@{team}"[:20]
    row = floor(lat / STEP)
    return f"{row}:{_column(row, lon)}"


def around(lat: float | None, lon: float | None, team: str) -> tuple[str, ...]:
    """The fields in which something near may lie: the own, the eight around it, and the team's placeless."""
    placeless = cell(None, None, team)
    if lat is None or lon is None:
        return (placeless,)
    row = floor(lat / STEP)
    return (*dict.fromkeys(name for near in (row - 1, row, row + 1) for name in _three(near, lon)), placeless)


def _three(row: int, lon: float) -> Iterator[str]:
    width = _width(row)
    for beside in (lon - width, lon, lon + width):
        # Across the antimeridian the count of columns begins anew.
        yield f"{row}:{_column(row, (beside + 180) % 360 - 180)}"


def _column(row: int, lon: float) -> int:
    return floor((lon + 180) % 360 / _width(row))


def _width(row: int) -> float:
    """The width of the columns of a row, degrees of longitude."""
    middle = (row + 0.5) * STEP
    return STEP / max(NARROWEST, cos(radians(middle)))
