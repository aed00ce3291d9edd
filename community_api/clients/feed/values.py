"""How one field of a report is made from one row: pure, and the same every time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from community_api.clients.feed.coordinates import SYSTEMS

Row = Mapping[str, str]
Ambiguous = Literal["earlier", "later", "refuse"]
RFC3339 = "rfc3339"


class RowRefused(Exception):
    """The map cannot make a report of this row; ``reason`` names columns, ``value`` what stands there."""

    def __init__(self, code: str, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.value = value


class Value(Protocol):
    """Makes one field; None means that the row has nothing for it."""

    def columns(self) -> Iterator[str]:
        """The columns it reads."""

    def of(self, row: Row) -> Any:
        """The field for ``row``; raises RowRefused."""


@dataclass(frozen=True)
class Constant:
    """The same for every row."""

    value: str | float

    def columns(self) -> Iterator[str]:
        return iter(())

    def of(self, row: Row) -> Any:
        return self.value


@dataclass(frozen=True)
class Column:
    """What stands in a column; an empty cell is nothing."""

    name: str

    def columns(self) -> Iterator[str]:
        yield self.name

    def of(self, row: Row) -> str | None:
        return row[self.name].strip() or None


@dataclass(frozen=True)
class Gap:
    """A gap in a template: a column, and the words that stand there when the cell is empty.

    ``otherwise`` None: a row with an empty cell has no such text.
    """

    column: str
    otherwise: str | None


@dataclass(frozen=True)
class Template:
    """Words with gaps for columns."""

    parts: tuple[str | Gap, ...]

    def columns(self) -> Iterator[str]:
        return (part.column for part in self.parts if isinstance(part, Gap))

    def of(self, row: Row) -> str | None:
        filled = [part if isinstance(part, str) else _fill(part, row) for part in self.parts]
        return None if None in filled else "".join(word for word in filled if word is not None)


def _fill(gap: Gap, row: Row) -> str | None:
    return row[gap.column].strip() or gap.otherwise


@dataclass(frozen=True)
class Choose:
    """A code chosen by what stands in a column; ``default`` None: other cells are refused."""

    column: str
    table: Mapping[str, str]
    default: str | None

    def columns(self) -> Iterator[str]:
        yield self.column

    def of(self, row: Row) -> str:
        chosen = self.table.get(row[self.column].strip(), self.default)
        if chosen is None:
            raise RowRefused(
                "not_in_table",
                f"what stands in column {self.column!r} is not in the map's table",
                row[self.column],
            )
        return chosen


def read_time(told: str, column: str, pattern: str) -> datetime:
    """The time that a cell holds, with its offset when it carries one; raises RowRefused."""
    try:
        if pattern == RFC3339:
            return datetime.fromisoformat(told)
        return datetime.strptime(told, pattern)  # noqa: DTZ007  its zone is put to it by who asks
    except (ValueError, OverflowError):
        raise RowRefused("time_unreadable", f"column {column!r} does not hold a time", told) from None


def _beyond(column: str, told: str) -> RowRefused:
    return RowRefused("time_beyond", f"the time in column {column!r} is beyond the calendar", told)


@dataclass(frozen=True)
class Moment:
    """A time: RFC 3339 with its own offset, or local by ``pattern`` (strptime) in ``zone``.

    ``ambiguous`` says which of the two is meant in the hour that a change of clocks repeats; a time
    in the hour that it skips is refused. Out comes UTC.
    """

    column: str
    pattern: str = RFC3339
    zone: ZoneInfo | None = None
    ambiguous: Ambiguous = "refuse"

    def columns(self) -> Iterator[str]:
        yield self.column

    def of(self, row: Row) -> str | None:
        told = row[self.column].strip()
        if not told:
            return None
        try:
            moment = self._read(told).astimezone(UTC)
        except (OverflowError, ValueError):
            raise _beyond(self.column, told) from None
        return moment.isoformat().replace("+00:00", "Z")

    def _read(self, told: str) -> datetime:
        moment = read_time(told, self.column, self.pattern)
        if moment.tzinfo is not None:
            return moment
        if self.zone is None:
            raise RowRefused("time_without_zone", f"the time in column {self.column!r} has no offset", told)
        return self._in_zone(moment.replace(tzinfo=self.zone))

    def _in_zone(self, local: datetime) -> datetime:
        first, second = local.replace(fold=0), local.replace(fold=1)
        if first.utcoffset() == second.utcoffset():
            return local
        if first.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise RowRefused("time_never_was", f"the clocks skipped the time in column {self.column!r}")
        if self.ambiguous == "refuse":
            raise RowRefused("time_twice", f"the time in column {self.column!r} came twice that night")
        return first if self.ambiguous == "earlier" else second


@dataclass(frozen=True)
class Day:
    """A calendar day, as people there counted it.

    A local time gives the day that it names; one that carries its offset gives the day in ``zone``.
    """

    column: str
    pattern: str
    zone: ZoneInfo | None = None

    def columns(self) -> Iterator[str]:
        yield self.column

    def of(self, row: Row) -> str | None:
        told = row[self.column].strip()
        if not told:
            return None
        moment = read_time(told, self.column, self.pattern)
        if moment.tzinfo is None:
            return moment.date().isoformat()
        if self.zone is None:
            raise RowRefused("day_without_zone", f"column {self.column!r} needs a zone to be a day")
        try:
            return moment.astimezone(self.zone).date().isoformat()
        except (OverflowError, ValueError):
            raise _beyond(self.column, told) from None


@dataclass(frozen=True)
class Place:
    """Where it was: two columns in ``system``, None when empty or a point that stands for "unknown".

    ``details`` are further members of the place (accuracy in metres, precision, description).
    """

    first: str
    second: str
    system: str
    nowhere: tuple[tuple[float, float], ...]
    details: Mapping[str, Value]

    def columns(self) -> Iterator[str]:
        yield self.first
        yield self.second
        for value in self.details.values():
            yield from value.columns()

    def of(self, row: Row) -> dict[str, Any] | None:
        told = row[self.first].strip(), row[self.second].strip()
        if not all(told):
            return None
        point = self._number(told[0], self.first), self._number(told[1], self.second)
        if point in self.nowhere:
            return None
        lat, lon = SYSTEMS[self.system].to_wgs84(*point)
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise RowRefused("place_outside", "the coordinates lie outside their system", ", ".join(told))
        details = ((name, value.of(row)) for name, value in self.details.items())
        return {"lat": lat, "lon": lon} | {name: detail for name, detail in details if detail is not None}

    def _number(self, told: str, column: str) -> float:
        try:
            number = float(told)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise RowRefused("place_unreadable", f"column {column!r} does not hold a coordinate", told)
        return number
