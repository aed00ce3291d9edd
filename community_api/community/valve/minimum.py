"""What of a report crosses the valve: its day, its category and one coarse place (contract section 6).

Nothing here opens a sealed text. What was seen leaves in the flag's own words; a finer place leaves only as
a ground that names it and that a second person read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import h3

from community_api.community.concerns.models import Concern
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import Precision

Report = Observation | Concern

# About five square kilometres: a neighbourhood, never a house.
AREA_RESOLUTION: Final = 7
# A thousandth of a degree, about a hundred metres: the length of a street, never a door.
STREET_DECIMALS: Final = 3
# Whoever was further off than this did not mean a street.
STREET_ACCURACY_M: Final = 150


def minimum_of(row: Report, timezone: str) -> Mapping[str, Any]:
    """Day, category and one place of a report; the day is that of its unit's time zone."""
    return {
        "day": day_of(row, timezone).isoformat(),
        "category": row.category,
        "place": place_of(row),
    }


def day_of(row: Report, timezone: str) -> date:
    """The day on which it happened; where nobody said, the day on which it was received."""
    if isinstance(row, Concern):
        return row.occurred_on or row.received_at.date()
    return _day_at(row.occurred_at or row.received_at, timezone)


def place_of(row: Report) -> dict[str, Any] | None:
    """Its cell of the grid, or of an observation the street at the finest. None: it has no place."""
    if row.lat is None or row.lon is None:
        return None
    if isinstance(row, Concern) or not _names_a_street(row):
        cell: str = h3.latlng_to_cell(row.lat, row.lon, AREA_RESOLUTION)
        return {"precision": Precision.AREA.value, "cell": cell}
    return {
        "precision": Precision.STREET.value,
        "lat": round(row.lat, STREET_DECIMALS),
        "lon": round(row.lon, STREET_DECIMALS),
    }


def _names_a_street(row: Observation) -> bool:
    return row.precision != Precision.AREA and (row.accuracy_m or 0) <= STREET_ACCURACY_M


def _day_at(moment: datetime, timezone: str) -> date:
    return moment.astimezone(ZoneInfo(timezone)).date()
