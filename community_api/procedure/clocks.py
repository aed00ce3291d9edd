"""Deadlines, purely: hours, or working days in a unit's own time zone and holidays.

Hours are elapsed hours: twenty-four hours are twenty-four hours across a change of the clock too.

Working days end with the day. A clock of N working days that starts on some local day ends with the
last second (23:59:59 local time) of the N-th working day after that day, whatever the hour it started
at; a start on a Sunday or a holiday counts from the next working day, so that one working day from
Saturday ends on Monday. The last second, not midnight, so that a deadline shown as a date names the
day that people mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """How long something may take: exactly one of elapsed hours or working days."""

    hours: int | None = None
    working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a unit: IANA zone, public holidays, and which weekdays are worked (0 = Monday)."""

    timezone: str = "UTC"
    holidays: frozenset[date] = frozenset()
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stood still; `until` None: it still does."""

    since: datetime
    until: datetime | None


def deadline(clock: Clock, start: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> datetime:
    """When a clock that starts at `start` (aware) runs out, in UTC."""
    raise NotImplementedError
