"""Times and days from cells: read by a declared format, in a zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from community_api.clients.importer.values import Row, RowRefused, Value, named
from community_api.core.i18n.translations import N_, Sentence

Ambiguous = Literal["earlier", "later", "refuse"]
RFC3339 = "rfc3339"
# What a map may put in place of parts that a file lacks, and strptime's sign of each.
PARTS = {"year": "%Y", "month": "%m", "day": "%d", "hour": "%H", "minute": "%M"}


@dataclass(frozen=True)
class TimeFormat:
    """RFC 3339, or a strptime pattern and the numbers that stand in for parts it lacks."""

    pattern: str = RFC3339
    stands_in: Mapping[str, int] = field(default_factory=dict)

    @property
    def carries_offset(self) -> bool:
        return self.pattern == RFC3339 or "%z" in self.pattern

    def read(self, cell: str) -> datetime:
        """The time in ``cell``, with its offset where it carries one; raises ValueError, OverflowError."""
        if self.pattern == RFC3339:
            return datetime.fromisoformat(cell)
        # Read with the cell and not put in afterwards: 29 February exists in some years only.
        signs = "".join(f"{PARTS[part]} " for part in self.stands_in)
        numbers = "".join(
            f"{number:0{4 if part == 'year' else 2}} " for part, number in self.stands_in.items()
        )
        return datetime.strptime(numbers + cell, signs + self.pattern)  # noqa: DTZ007  the caller has the zone


def _unreadable(source: Value, cell: str, time_format: TimeFormat) -> RowRefused:
    words = N_("column '{columns}' does not hold a time as {format}")
    pattern = "2024-05-01T14:30:00+02:00" if time_format.pattern == RFC3339 else time_format.pattern
    return RowRefused("time_unreadable", Sentence(words, columns=named(source), format=pattern), cell)


def _read(source: Value, row: Row, time_format: TimeFormat) -> tuple[str, datetime] | None:
    """What the cells hold, as words and as time; None if they are empty."""
    cell = source.of(row)
    if cell is None:
        return None
    try:
        return cell, time_format.read(cell)
    except (ValueError, OverflowError):
        raise _unreadable(source, cell, time_format) from None


def _beyond(source: Value, cell: str) -> RowRefused:
    words = N_("the time in column '{columns}' is beyond the calendar")
    return RowRefused("time_beyond", Sentence(words, columns=named(source)), cell)


@dataclass(frozen=True)
class Moment:
    """A time: with its own offset, or local in ``zone``. Out comes UTC.

    ``ambiguous`` says which of the two is meant in the hour that a change of clocks repeats; a time
    in the hour that it skips is refused.
    """

    source: Value
    format: TimeFormat
    zone: ZoneInfo | None = None
    ambiguous: Ambiguous = "refuse"

    def columns(self) -> Iterator[str]:
        return self.source.columns()

    def of(self, row: Row) -> str | None:
        read = _read(self.source, row, self.format)
        if read is None:
            return None
        cell, moment = read
        try:
            moment = self._with_offset(moment, cell).astimezone(UTC)
        except (OverflowError, ValueError):
            raise _beyond(self.source, cell) from None
        return moment.isoformat().replace("+00:00", "Z")

    def _with_offset(self, moment: datetime, cell: str) -> datetime:
        if moment.tzinfo is not None:
            return moment
        if self.zone is None:
            words = N_("the time in column '{columns}' has no offset")
            raise RowRefused("time_without_zone", Sentence(words, columns=named(self.source)), cell)
        return self._in_zone(moment.replace(tzinfo=self.zone), cell)

    def _in_zone(self, local: datetime, cell: str) -> datetime:
        first, second = local.replace(fold=0), local.replace(fold=1)
        if first.utcoffset() == second.utcoffset():
            return local
        columns = named(self.source)
        if first.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            words = N_("the clocks skipped the time in column '{columns}'")
            raise RowRefused("time_never_was", Sentence(words, columns=columns), cell)
        if self.ambiguous == "refuse":
            words = N_(
                "the time in column '{columns}' came twice that night; the map's 'ambiguous' may choose"
            )
            raise RowRefused("time_twice", Sentence(words, columns=columns), cell)
        return first if self.ambiguous == "earlier" else second


@dataclass(frozen=True)
class Day:
    """A calendar day, as people there counted it.

    A local time gives the day that it names; one that carries its offset gives the day in ``zone``.
    """

    source: Value
    format: TimeFormat
    zone: ZoneInfo | None = None

    def columns(self) -> Iterator[str]:
        return self.source.columns()

    def of(self, row: Row) -> str | None:
        read = _read(self.source, row, self.format)
        if read is None:
            return None
        cell, moment = read
        if moment.tzinfo is None:
            return moment.date().isoformat()
        if self.zone is None:
            words = N_("column '{columns}' needs a zone to be a day")
            raise RowRefused("day_without_zone", Sentence(words, columns=named(self.source)), cell)
        try:
            return moment.astimezone(self.zone).date().isoformat()
        except (OverflowError, ValueError):
            raise _beyond(self.source, cell) from None
