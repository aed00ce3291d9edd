"""In whose days a unit's deadlines are counted."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

import holidays

from community_api.core.database.unit_of_work import Transaction
from community_api.procedure_engine.engine.clocks import Calendar
from community_api.units.directory import tree

EVERY_DAY: Final = frozenset(range(7))
# No clock of the pack language runs longer than 400 working days: two years, and what pauses add.
YEARS_AHEAD: Final = 4


def calendar_of(tx: Transaction, unit_id: UUID) -> Calendar:
    """The days of a unit: its own time zone, and the weekends and public holidays of its region.

    A unit that names no region works from Monday to Friday without holidays.
    """
    unit = tree(tx)[unit_id]
    if unit.holidays is None:
        return Calendar(timezone=unit.timezone)
    return _calendar(unit.timezone, unit.holidays, tx.now.year)


@lru_cache(maxsize=256)
def _calendar(timezone: str, region: str, year: int) -> Calendar:
    """A calendar around a year: deadlines that began the year before are counted anew after a pause."""
    country, _, part = region.partition("-")
    years = range(year - 1, year + YEARS_AHEAD)
    known = holidays.country_holidays(country, subdiv=part or None, years=years)
    closed: frozenset[date] = frozenset(known)
    return Calendar(timezone, closed, EVERY_DAY - frozenset(known.weekend))
