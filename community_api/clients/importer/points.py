"""Places from cells: two columns, or one that holds both coordinates, in a declared system."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from community_api.clients.importer.coordinates import OutsideSystem, System
from community_api.clients.importer.values import Row, RowRefused, Value
from community_api.core.i18n.translations import N_, Sentence

Decimal = Literal[".", ","]
Pair = tuple[float, float]
# Characters; no point with its address is longer.
LONGEST_POINT = 2000
_DIGITS = {mark: rf"[-+]?\d{{1,15}}(?:{re.escape(mark)}\d{{0,20}})?(?:[eE][-+]?\d{{1,2}})?" for mark in ".,"}
_NUMBER = {mark: re.compile(digits, re.ASCII) for mark, digits in _DIGITS.items()}
_PAIR = {mark: rf"(?P<a>{digits})(?:\s*[,;]\s*|\s+)(?P<b>{digits})" for mark, digits in _DIGITS.items()}
# Bare, or in brackets at the end: some files put an address before them.
_POINT = {
    mark: re.compile(
        rf"{pair}|.*\(\s*{pair.replace('<a>', '<c>').replace('<b>', '<d>')}\s*\)", re.ASCII | re.DOTALL
    )
    for mark, pair in _PAIR.items()
}
# Well-known text and GeoJSON write x before y, and a point in every language.
_X_BEFORE_Y = re.compile(
    rf"(?:SRID=\d+;)?\s*POINT\s*\(\s*({_DIGITS['.']})\s+({_DIGITS['.']})\s*\)"
    rf'|\{{.*"coordinates"\s*:\s*\[\s*({_DIGITS["."]})\s*,\s*({_DIGITS["."]})\s*[\],].*\}}',
    re.ASCII | re.DOTALL | re.IGNORECASE,
)


def number_of(cell: str, decimal: Decimal) -> float | None:
    """The number in a cell; None if it holds none."""
    return float(cell.replace(decimal, ".")) if _NUMBER[decimal].fullmatch(cell) else None


class Coordinates(Protocol):
    """Finds the two coordinates of a row, in the order of the system's keys."""

    def columns(self) -> Iterator[str]:
        """The columns it reads."""

    def of(self, row: Row) -> Pair | None:
        """None if the row has no place; raises RowRefused."""

    def cells(self, row: Row) -> str:
        """What stands there, for a refusal."""


@dataclass(frozen=True)
class TwoColumns:
    """One column for each coordinate; a row in which one is empty has no place."""

    first: str
    second: str
    decimal: Decimal

    def columns(self) -> Iterator[str]:
        yield self.first
        yield self.second

    def of(self, row: Row) -> Pair | None:
        if not (row[self.first].strip() and row[self.second].strip()):
            return None
        return self._number(row, self.first), self._number(row, self.second)

    def cells(self, row: Row) -> str:
        return f"{row[self.first].strip()} / {row[self.second].strip()}"

    def _number(self, row: Row, column: str) -> float:
        cell = row[column].strip()
        number = number_of(cell, self.decimal)
        if number is None:
            words = N_("column '{column}' does not hold a coordinate such as {example}")
            example = f"42{self.decimal}36"
            raise RowRefused("place_unreadable", Sentence(words, column=column, example=example), cell)
        return number


@dataclass(frozen=True)
class OneColumn:
    """A column that holds both; ``swapped``: the other way round than the system's keys.

    Well-known text and GeoJSON are known by themselves, and have an order of their own.
    """

    column: str
    decimal: Decimal
    swapped: bool
    degrees: bool

    def columns(self) -> Iterator[str]:
        yield self.column

    def of(self, row: Row) -> Pair | None:
        cell = self.cells(row)
        if not cell or cell.upper() == "POINT EMPTY":
            return None
        x_before_y = _X_BEFORE_Y.fullmatch(cell[:LONGEST_POINT])
        if x_before_y:
            x, y = (float(part) for part in x_before_y.groups() if part is not None)
            return (y, x) if self.degrees else (x, y)
        point = _POINT[self.decimal].fullmatch(cell[:LONGEST_POINT])
        if point is None:
            words = N_("column '{column}' does not hold two coordinates such as {example}")
            example = f"(42{self.decimal}36{';' if self.decimal == ',' else ','} -71{self.decimal}06)"
            raise RowRefused("place_unreadable", Sentence(words, column=self.column, example=example), cell)
        first, second = (float(part.replace(",", ".")) for part in point.groups() if part is not None)
        return (second, first) if self.swapped else (first, second)

    def cells(self, row: Row) -> str:
        return row[self.column].strip()


@dataclass(frozen=True)
class Place:
    """Where it was; None when empty or a point that stands for "unknown".

    ``details`` are further members of the place (accuracy in metres, precision, description).
    """

    coordinates: Coordinates
    system: System
    nowhere: tuple[Pair, ...]
    details: Mapping[str, Value]

    def columns(self) -> Iterator[str]:
        yield from self.coordinates.columns()
        for value in self.details.values():
            yield from value.columns()

    def of(self, row: Row) -> dict[str, Any] | None:
        point = self.coordinates.of(row)
        if point is None or point in self.nowhere:
            return None
        try:
            lat, lon = self.system.to_wgs84(*point)
        except OutsideSystem:
            raise RowRefused("place_outside", self._outside(), self.coordinates.cells(row)) from None
        details = ((name, value.of(row)) for name, value in self.details.items())
        return {"lat": lat, "lon": lon} | {name: detail for name, detail in details if detail is not None}

    def _outside(self) -> Sentence:
        west, south, east, north = (f"{bound:g}" for bound in self.system.bounds)
        return Sentence(
            N_(
                "the coordinates lie outside {system}, which is used from {south}° to {north}° north and from"
                " {west}° to {east}° east"
            ),
            system=self.system.name,
            south=south,
            north=north,
            west=west,
            east=east,
        )
