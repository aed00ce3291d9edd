"""Deadlines, purely: hours, or working days in a unit's own time zone and holidays.

Hours are elapsed hours: twenty-four hours are twenty-four hours across a change of the clock too.

Working days end with the day. A clock of N working days that starts on some local day ends with the
last second (23:59:59 local time) of the N-th working day after that day, whatever the hour it started
at; a start on a Sunday or a holiday counts from the next working day, so that one working day from
Saturday ends on Monday. The last second, not midnight, so that a deadline shown as a date names the
day that people mean. Where that second happens twice (a clock set back at midnight) or never (set
forward over it), the later reading counts: in favour of whoever owes.

A pause stops the clock: paused hours are added, and a day on which a pause ran at any moment is not
counted as a working day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from community_api.core.i18n.translations import N_, Sentence

_END_OF_DAY = time(23, 59, 59)
_ONE_DAY = timedelta(days=1)
# A calendar without a working day in a year is a mistake in a list of holidays, not a deadline.
_SEARCHED_DAYS = 366


@dataclass(frozen=True, slots=True)
class Clock:
    """How long something may take: exactly one of elapsed hours or working days, at least one."""

    hours: int | None = None
    working_days: int | None = None

    def __post_init__(self) -> None:
        """ValueError unless exactly one of the two is given, and positive."""
        given = [amount for amount in (self.hours, self.working_days) if amount is not None]
        if len(given) != 1 or given[0] < 1:
            raise ValueError(Sentence(N_("a clock has either hours or working days, at least one")))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a unit: IANA zone, public holidays, and which weekdays are worked (0 = Monday)."""

    timezone: str = "UTC"
    holidays: frozenset[date] = frozenset()
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})

    def local_day(self, moment: datetime) -> date:
        """The day it is in the unit at that moment."""
        return moment.astimezone(_zone(self.timezone)).date()

    def is_worked(self, day: date) -> bool:
        """Whether people work on that day."""
        return day.weekday() in self.weekdays and day not in self.holidays


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stood still: from `since` up to, not including, `until` (both aware)."""

    since: datetime
    until: datetime


def deadline(clock: Clock, start: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> datetime:
    """When a clock that starts at `start` (aware) runs out, in UTC.

    `pauses` lie after one another or overlap, in any order; those that ended before `start` do not count.
    ValueError when `start` has no zone, or the calendar knows no working day within a year.
    """
    if start.tzinfo is None:
        raise ValueError("a clock starts at a moment with a time zone")
    if clock.hours is not None:
        return _after_hours(start.astimezone(UTC), timedelta(hours=clock.hours), pauses)
    assert clock.working_days is not None  # noqa: S101  (Clock holds exactly one of the two)
    return _end_of(calendar.local_day(start), clock.working_days, calendar, tuple(pauses))


def warning(clock: Clock, due_at: datetime, calendar: Calendar) -> datetime:
    """When to warn that something is due at `due_at` (aware), so long before it, in UTC.

    Hours are elapsed hours. Working days are those of the calendar, and the warning comes as the day begins:
    one working day before the end of a Monday is the Friday before, from midnight. ValueError as `deadline`.
    """
    if clock.hours is not None:
        return (due_at - timedelta(hours=clock.hours)).astimezone(UTC)
    assert clock.working_days is not None  # noqa: S101  (Clock holds exactly one of the two)
    day = _nth(_worked_before(calendar.local_day(due_at), calendar), clock.working_days)
    return datetime.combine(day, time.min, _zone(calendar.timezone)).astimezone(UTC)


def _worked_before(day: date, calendar: Calendar) -> Iterator[date]:
    """Working days before a day, latest first; ends after a year without one."""
    searched = 0
    while searched < _SEARCHED_DAYS:
        day, searched = day - _ONE_DAY, searched + 1
        if calendar.is_worked(day):
            searched = 0
            yield day


def _after_hours(start: datetime, amount: timedelta, pauses: Sequence[Pause]) -> datetime:
    """Walk through the pauses in order; each that begins before the clock has run out pushes the end."""
    end = start + amount
    reached = start
    for pause in sorted(pauses, key=lambda pause: pause.since):
        since, until = max(pause.since, reached), pause.until
        if since >= end:
            break
        if until > since:
            end += until - since
            reached = until
    return end.astimezone(UTC)


# Most deadlines of a day are the same few: by day, number and calendar.
@lru_cache(maxsize=4096)
def _end_of(day: date, number: int, calendar: Calendar, pauses: tuple[Pause, ...]) -> datetime:
    """The last second of the `number`-th working day after a day."""
    counted = _nth(_counted_days(day, calendar, pauses), number)
    return _last_second(counted, calendar.timezone)


def _counted_days(first: date, calendar: Calendar, pauses: Sequence[Pause]) -> Iterator[date]:
    """Working days after `first` on which no pause ran; ends after a year without one."""
    stopped = [_days_of(pause, calendar) for pause in pauses]
    day, searched = first, 0
    while searched < _SEARCHED_DAYS:
        day, searched = day + _ONE_DAY, searched + 1
        if any(since <= day <= until for since, until in stopped):
            searched = 0
        elif calendar.is_worked(day):
            searched = 0
            yield day


def _days_of(pause: Pause, calendar: Calendar) -> tuple[date, date]:
    """First and last local day that a pause touches."""
    return calendar.local_day(pause.since), calendar.local_day(pause.until - timedelta(microseconds=1))


def _nth(days: Iterator[date], number: int) -> date:
    """The `number`-th of the days."""
    for position, day in enumerate(days, start=1):
        if position == number:
            return day
    raise ValueError("the calendar has no working day within a year")


def _last_second(day: date, timezone: str) -> datetime:
    """The last second of a local day, in UTC."""
    local = datetime.combine(day, _END_OF_DAY, _zone(timezone))
    return max(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    """An IANA zone; ZoneInfoNotFoundError (a KeyError) for a name that is none."""
    return ZoneInfo(name)
