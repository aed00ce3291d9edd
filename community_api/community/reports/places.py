"""The grid by which likely duplicates are looked for: fields of H3, about five square kilometres each.

What has no place is looked for within its team.
"""

from __future__ import annotations

from typing import Final

import h3

# A side of 1.2 kilometres.
RESOLUTION: Final = 7
# Two rings of fields reach three kilometres at least: further than the score of two places does.
RINGS: Final = 2
# The own field and the rings around it, 1 + 6 + 12, and the team's placeless one.
MOST_AROUND: Final = 20


def cell(lat: float | None, lon: float | None, team: str) -> str:
    """The field of a place, degrees WGS 84; without a place (None) that of the team."""
    if lat is None or lon is None:
        return f"@{team}"[:20]
    found: str = h3.latlng_to_cell(lat, lon, RESOLUTION)
    return found


def around(lat: float | None, lon: float | None, team: str) -> tuple[str, ...]:
    """The fields in which something near may lie: the own, those around it, and the team's placeless."""
    placeless = cell(None, None, team)
    if lat is None or lon is None:
        return (placeless,)
    return (*h3.grid_disk(cell(lat, lon, team), RINGS), placeless)
