"""The grid by which likely duplicates are looked for: fields of H3, about five square kilometres each.

What has no place is looked for within its team.
"""

from __future__ import annotations

from math import cos, pi, radians, sin
from typing import Final

import h3

# A side of 1.2 kilometres.
RESOLUTION: Final = 7
# A disc of half a kilometre lies in three fields at most, where three meet; with the points below in four.
MOST_AROUND: Final = 4
# Points on the edge of a disc by which its fields are found, and how much further out they lie, so that
# nothing of the disc lies in a field between two of them.
EDGE_POINTS: Final = 12
EDGE_SLACK: Final = 1.05
METRES_A_DEGREE: Final = 111_195


def cell(lat: float | None, lon: float | None, team: str) -> str:
    """The field of a place, degrees WGS 84; without a place (None) that of the team."""
    if lat is None or lon is None:
        return f"@{team}"[:20]
    found: str = h3.latlng_to_cell(lat, lon, RESOLUTION)
    return found


def within(lat: float, lon: float, metres: float) -> tuple[str, ...]:
    """The fields that a disc of so many metres (500 at most) around a place touches, its own first."""
    north = EDGE_SLACK * metres / METRES_A_DEGREE
    east = north / max(cos(radians(lat)), 0.01)
    found = {h3.latlng_to_cell(lat, lon, RESOLUTION): None}
    for index in range(EDGE_POINTS):
        turn = 2 * pi * index / EDGE_POINTS
        edge = max(-90.0, min(90.0, lat + north * sin(turn))), (lon + east * cos(turn) + 180) % 360 - 180
        found[h3.latlng_to_cell(*edge, RESOLUTION)] = None
    return tuple(found)
