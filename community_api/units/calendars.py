"""In whose days a unit's deadlines are counted."""

from __future__ import annotations

from uuid import UUID

from community_api.core.uow import Work
from community_api.procedure.clocks import Calendar
from community_api.units.directory import tree


def calendar_of(tx: Work, unit_id: UUID) -> Calendar:
    """The days of a unit: its own time zone, Monday to Friday worked."""
    return Calendar(timezone=tree(tx)[unit_id].timezone)
