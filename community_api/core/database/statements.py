"""What a unit of work sends: operations, and their way into one statement or one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Dialect,
    Integer,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from community_api.core.database.engine import Base
from community_api.core.database.fast.prepared_statements import PreparedStatement
from community_api.core.errors import Stale

# Beyond this many operations the text of one statement costs more than the round trips it saves.
STATEMENT_LIMIT = 120
ONE: ColumnElement[int] = literal_column("1", Integer)
# Values that one commit writes in many places.
REPEATED = frozenset({uuid.UUID, datetime})


class Insertion:
    """A new row; columns without a value are left out, so that they stay NULL.

    ``row`` None: one that nobody in this use looks at again, for which the ORM need not make an object.
    """

    __slots__ = ("_told", "model", "row", "table")

    def __init__(self, model: type[Base], values: dict[str, Any], row: Base | None = None) -> None:
        self.model = model
        self.table = _table_of(model)
        self.row = row
        self._told = values
        for name, default in _columns(model):
            if name not in values:
                values[name] = None if default is None else default()

    @classmethod
    def of(cls, row: Base) -> Insertion:
        """That of a row which the use goes on to work with."""
        return cls(type(row), row.__dict__, row)

    def is_row(self, model: type[Base], key: Any) -> bool:
        """Whether this is the row of ``model`` under that (single) primary key."""
        if self.model is not model or self.row is None:
            return False
        primary = self.table.primary_key.columns.keys()
        return len(primary) == 1 and self._told[primary[0]] == key

    def has_id(self, key: uuid.UUID) -> bool:
        """Whether the row is made under that id."""
        return self._told.get("id") == key

    def as_statement(self) -> tuple[tuple[Any, ...], list[Any]]:
        # Read when it is sent: a change of the row in the same use of the unit of work goes out with it.
        told = self._told
        names, values = [], []
        for name, _ in _columns(self.model):
            value = told[name]
            if value is not None:
                names.append(name)
                values.append(value)
        return ("insert", self.table, tuple(names)), values


@dataclass
class Revision:
    """A guarded update: ``expect`` rows must match ``where``, or nothing of the commit happens."""

    model: type[Base]
    where: dict[str, Any]
    values: dict[str, Any]
    expect: int | None

    @property
    def table(self) -> Table:
        return _table_of(self.model)

    def as_statement(self) -> tuple[tuple[Any, ...], list[Any]]:
        guard, given = _guard_of(self.where)
        shape = ("update", self.table, guard, self.expect, tuple(self.values))
        return shape, [*given, *self.values.values()]


@dataclass
class Deletion:
    """The removal of rows that are no records."""

    model: type[Base]
    where: dict[str, Any]
    expect: int | None

    @property
    def table(self) -> Table:
        return _table_of(self.model)

    def as_statement(self) -> tuple[tuple[Any, ...], list[Any]]:
        guard, given = _guard_of(self.where)
        return ("delete", self.table, guard, self.expect), given


# What each tells: its shape, under which its statement is kept, and its values in the statement's order.
Operation = Insertion | Revision | Deletion


def send_as_one_statement(connection: Any, dialect: Dialect, operations: Sequence[Operation]) -> None:
    """Everything as data-modifying CTEs of one statement (PostgreSQL): atomic, one round trip.

    ``connection`` is the driver's, in autocommit. A guard that fails divides by zero, which undoes the
    whole statement; ``failures`` knows it.
    """
    told = [operation.as_statement() for operation in operations]
    numbers, distinct = _distinct(value for _, values in told for value in values)
    statement = _one_statement(tuple([shape for shape, _ in told]), numbers, dialect)
    statement.on(connection, _named(distinct))


def send_in_turn(connection: Any, dialect: Dialect, operations: Sequence[Operation]) -> None:
    """One after the other inside a transaction that the caller opened; raises Stale on a failed guard."""
    for operation in operations:
        shape, values = operation.as_statement()
        matched = _single(shape, dialect).count(connection, _named(values))
        expected = None if isinstance(operation, Insertion) else operation.expect
        if expected is not None and matched != expected:
            raise Stale


def keys_hold_in_turn(operations: Sequence[Operation]) -> bool:
    """Whether no operation names a row that a later one may have to make or change first."""
    return _ordered(tuple([(operation.table, type(operation) is Deletion) for operation in operations]))


@lru_cache(maxsize=1024)
def _ordered(written: tuple[tuple[Table, bool], ...]) -> bool:
    tables = [table for table, _ in written]
    return not any(
        deleted or any(key.column.table in tables[index + 1 :] for key in table.foreign_keys)
        for index, (table, deleted) in enumerate(written[:-1])
    )


def _table_of(model: type[Base]) -> Table:
    table: Table = model.__table__  # type: ignore[assignment]
    return table


def _distinct(values: Iterable[Any]) -> tuple[tuple[int, ...], list[Any]]:
    """Each id and moment once: a commit names the same ones again and again.

    The number of the parameter for every place, and the parameters. The same one is the same object:
    the hash of an id costs more than sending it twice.
    """
    numbers: list[int] = []
    distinct: list[Any] = []
    known: dict[int, int] = {}
    for value in values:
        number = known.setdefault(id(value), len(distinct)) if type(value) in REPEATED else len(distinct)
        if number == len(distinct):
            distinct.append(value)
        numbers.append(number)
    return tuple(numbers), distinct


def _named(values: Iterable[Any]) -> dict[str, Any]:
    return {f"p{index}": value for index, value in enumerate(values)}


def _guard_of(where: Mapping[str, Any]) -> tuple[tuple[tuple[str, int], ...], list[Any]]:
    """Columns with how many values they may have, none for NULL, and those values; a tuple names several."""
    guard: list[tuple[str, int]] = []
    given: list[Any] = []
    for name, value in where.items():
        values = () if value is None else value if type(value) is tuple else (value,)
        guard.append((name, len(values)))
        given.extend(values)
    return tuple(guard), given


@lru_cache(maxsize=1024)
def _single(shape: tuple[Any, ...], dialect: Dialect) -> PreparedStatement:
    return PreparedStatement(dialect, _statement(shape, count()))


@lru_cache(maxsize=1024)
def _one_statement(
    shapes: tuple[tuple[Any, ...], ...], parameters: tuple[int, ...], dialect: Dialect
) -> PreparedStatement:
    numbers = iter(parameters)
    guards: list[ColumnElement[Any]] = []
    parts: list[CTE] = []
    for index, shape in enumerate(shapes):
        statement = _statement(shape, numbers)
        if shape[0] != "insert" and shape[3] is not None:
            part = statement.returning(ONE.label("one")).cte(f"c{index}")
            matched = select(func.count()).select_from(part).scalar_subquery()
            guards.append(ONE / cast(matched == literal_column(str(shape[3])), Integer))
        else:
            part = statement.cte(f"c{index}")
        parts.append(part)
    return PreparedStatement(dialect, select(*(guards or [ONE])).add_cte(*parts))


def _statement(shape: tuple[Any, ...], numbers: Iterator[int]) -> Any:
    kind, table = shape[0], shape[1]
    if kind == "insert":
        return insert(table).values({name: _bound(table, name, numbers) for name in shape[2]})
    guard = _guard(table, shape[2], numbers)
    if kind == "delete":
        return delete(table).where(guard)
    return update(table).where(guard).values({name: _bound(table, name, numbers) for name in shape[4]})


def _guard(table: Table, where: Sequence[tuple[str, int]], numbers: Iterator[int]) -> ColumnElement[bool]:
    return and_(*(_fits(table, name, number, numbers) for name, number in where))


def _fits(table: Table, name: str, number: int, numbers: Iterator[int]) -> ColumnElement[bool]:
    if not number:
        return table.c[name].is_(None)
    fits: list[ColumnElement[bool]] = [table.c[name] == _bound(table, name, numbers) for _ in range(number)]
    return or_(*fits)


def _bound(table: Table, name: str, numbers: Iterator[int]) -> Any:
    return bindparam(f"p{next(numbers)}", type_=table.c[name].type)


@lru_cache(maxsize=256)
def _columns(model: type[Base]) -> tuple[tuple[str, Callable[[], Any] | None], ...]:
    return tuple((column.name, _default(column.default)) for column in model.__table__.columns)


def _default(default: Any) -> Callable[[], Any] | None:
    if default is None:
        return None
    if default.is_scalar:
        return lambda: default.arg
    return lambda: default.arg(None)
