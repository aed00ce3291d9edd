"""How one field of a report is made from one row: pure, and the same every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from community_api.core.i18n.translations import N_, Sentence

Row = Mapping[str, str]
# How many of the allowed values a refusal lists, and how long each may be.
MOST_LISTED, LONGEST_LISTED = 20, 40


class RowRefused(Exception):
    """The map cannot make a report of this row; ``reason`` names columns, ``value`` what stands there.

    ``map_line``: where the map speaks of the field; 0 if the map has no part in it.
    """

    def __init__(self, code: str, reason: Sentence, value: str = "") -> None:
        super().__init__(str(reason))
        self.code = code
        self.reason = reason
        self.value = value
        self.map_line = 0


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
            raise RowRefused("not_in_table", self._not_listed(), row[self.column])
        return chosen

    def _not_listed(self) -> Sentence:
        return Sentence(
            N_("what stands in column '{column}' is not in the map's table, which has: {allowed}"),
            column=self.column,
            allowed=listed(self.table),
        )


def named(source: Value) -> str:
    """The columns of a value, for a sentence."""
    return "', '".join(source.columns())


def listed(allowed: Iterable[str]) -> str:
    """The first of the allowed values, each cut where it is long."""
    words = [word if len(word) <= LONGEST_LISTED else word[: LONGEST_LISTED - 1] + "…" for word in allowed]
    return " · ".join(words[:MOST_LISTED] + ["…"] * (len(words) > MOST_LISTED))
