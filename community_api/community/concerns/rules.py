"""What must hold for a concern, where it goes, what its reporter sees and by when; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from community_api.community.concerns.terms import NOT_TO_THE_TEAM, PublicState
from community_api.community.observations.terms import Status
from community_api.core.errors import FieldError
from community_api.procedure_engine.engine.clocks import Calendar, Clock, deadline
from community_api.units.rules import Unit, UnitTree
from community_api.units.terms import Level

# The day that it is in UTC is the same day in every zone at noon, nearly.
NOON = timedelta(hours=12)
# Versions of UUIDs that spell the moment at which they were made (RFC 9562).
TELLING_TIME = frozenset({1, 2, 6, 7})


class Shown(Protocol):
    """What of a concern decides what its reporter sees."""

    status: Any
    answered: Any
    earlier_state: Any
    earlier_until: Any


def public_state(row: Shown, now: datetime) -> PublicState:
    """The state as the reporter sees it now: what the desk did shows from its release on."""
    if row.earlier_until is not None and now < row.earlier_until:
        return PublicState(row.earlier_state)
    if row.status in {Status.WITHDRAWN, Status.CLOSED}:
        return PublicState.CLOSED
    if row.answered:
        return PublicState.ANSWERED
    return PublicState.RECEIVED if row.status == Status.RECEIVED else PublicState.IN_PROGRESS


def release(now: datetime, hour: int | None, timezone: str) -> datetime:
    """When something said now is shown: at once (None), or at the next such hour of the unit's days."""
    if hour is None:
        return now
    zone = ZoneInfo(timezone)
    local = now.astimezone(zone)
    day = local.date() if local.time() <= time(hour) else local.date() + timedelta(days=1)
    return datetime.combine(day, time(hour), zone).astimezone(now.tzinfo)


def promised(clock: Clock, today: datetime, calendar: Calendar) -> datetime:
    """The end of the day by which something is promised; ``today`` is the start of a day (UTC).

    It follows from the day alone, so that it tells no more than that.
    """
    return deadline(clock, today + NOON, calendar)


def day_shown(moment: datetime, timezone: str) -> date:
    """The day of a moment in the days of the unit."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def desk(units: UnitTree, category: str, place: Mapping[str, Any] | None, area: str | None) -> Unit:
    """The unit whose supervisors answer: by place, by area, else the desk of last resort.

    What is said about the police goes to the desk of last resort, never to the team it may be about.
    """
    last_resort = units.at_level(Level.NATIONAL)[0]
    if category in NOT_TO_THE_TEAM:
        return last_resort
    by_place = units.team_at(place["lat"], place["lon"]) if place is not None else None
    by_area = units.named(area) if area is not None else None
    return by_place or by_area or last_resort


def optional_fields(body: Mapping[str, Any]) -> frozenset[str]:
    """What is left out if it cannot be kept; in danger a wrong area too: the desk of last resort answers."""
    return frozenset({"occurred_on", "area"}) if body.get("immediate_danger") else frozenset({"occurred_on"})


def problems_with(body: Mapping[str, Any], units: UnitTree, today: date) -> Iterator[FieldError]:
    """Rules on content that a schema cannot know."""
    if body.get("occurred_on") is not None and body["occurred_on"] > today + timedelta(days=1):
        yield FieldError("/occurred_on", "in_the_future")
    area = units.named(body["area"]) if body.get("area") is not None else None
    if body.get("area") is not None and (area is None or area.level is not Level.COMMUNITY):
        yield FieldError("/area", "not_one_of")


def tells_time(record_id: UUID | None) -> bool:
    """Whether an id that a caller made would keep the moment that no row may keep."""
    return record_id is not None and record_id.version in TELLING_TIME
