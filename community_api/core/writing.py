"""What a unit of work sends: operations, and their way into one statement or one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Executable,
    Integer,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.engine import Connection, CursorResult

from community_api.core.db import Base
from community_api.core.errors import Stale

# Beyond this many operations the text of one statement costs more than the round trips it saves.
STATEMENT_LIMIT = 120


class Insertion:
    """A new row."""

    __slots__ = ("row", "shape", "table", "values")

    def __init__(self, row: Base) -> None:
        self.row = row
        columns = _columns(type(row))
        told = row.__dict__
        self.values: dict[str, Any] = {}
        values = self.values
        for name, default in columns:
            if name in told:
                values[name] = told[name]
            elif default is not None:
                values[name] = default()
                setattr(row, name, values[name])
            else:
                values[name] = None
                setattr(row, name, None)
        self.table: Table = row.__table__  # type: ignore[assignment]
        self.shape: tuple[Any, ...] = ("insert", self.table)

    def is_row(self, model: type[Base], key: Any) -> bool:
        """Whether this is the row of ``model`` under that (single) primary key."""
        primary = self.table.primary_key.columns
        return type(self.row) is model and len(primary) == 1 and self.values[primary.keys()[0]] == key

    def parameters(self) -> dict[str, Any]:
        # A change of the row in the same use of the unit of work goes out with it.
        told = self.row.__dict__
        return {name: told[name] for name in self.values}


@dataclass
class Revision:
    """A guarded update: ``expect`` rows must match ``where``, or nothing of the commit happens."""

    model: type[Base]
    where: dict[str, Any]
    values: dict[str, Any]
    expect: int | None

    @property
    def shape(self) -> tuple[Any, ...]:
        where = tuple((name, value is None) for name, value in self.where.items())
        return ("update", self.model.__table__, where, tuple(self.values), self.expect)

    def parameters(self) -> dict[str, Any]:
        where = {f"if_{name}": value for name, value in self.where.items() if value is not None}
        return {**where, **{f"to_{name}": value for name, value in self.values.items()}}


@dataclass
class Deletion:
    """The removal of rows that are no records."""

    model: type[Base]
    where: dict[str, Any]
    expect: int | None

    @property
    def shape(self) -> tuple[Any, ...]:
        where = tuple((name, value is None) for name, value in self.where.items())
        return ("delete", self.model.__table__, where, (), self.expect)

    def parameters(self) -> dict[str, Any]:
        return {f"if_{name}": value for name, value in self.where.items() if value is not None}


Operation = Insertion | Revision | Deletion


def send_as_one_statement(connection: Connection, operations: Sequence[Operation]) -> None:
    """Everything as data-modifying CTEs of one statement (PostgreSQL): atomic, one round trip.

    A guard that fails divides by zero, which undoes the whole statement; ``failures`` knows it.
    """
    parameters = {
        f"o{index}_{name}": value
        for index, operation in enumerate(operations)
        for name, value in operation.parameters().items()
    }
    connection.execute(_one_statement(tuple(operation.shape for operation in operations)), parameters)


def send_in_turn(connection: Connection, operations: Sequence[Operation]) -> None:
    """One after the other inside a transaction that the caller opened; raises Stale on a failed guard."""
    for operation in operations:
        result: CursorResult[Any] = connection.execute(_single(operation.shape), operation.parameters())
        expected = None if isinstance(operation, Insertion) else operation.expect
        if expected is not None and result.rowcount != expected:
            raise Stale


@lru_cache(maxsize=512)
def _single(shape: tuple[Any, ...]) -> Executable:
    statement: Executable = _statement(shape, "")
    return statement


@lru_cache(maxsize=512)
def _one_statement(shapes: tuple[tuple[Any, ...], ...]) -> Executable:
    guards: list[ColumnElement[Any]] = []
    parts: list[CTE] = []
    for index, shape in enumerate(shapes):
        statement = _statement(shape, f"o{index}_")
        if shape[0] != "insert" and shape[4] is not None:
            part = statement.returning(literal(1).label("one")).cte(f"c{index}")
            matched = select(func.count()).select_from(part).scalar_subquery()
            guards.append(1 / cast(matched == shape[4], Integer))
        else:
            part = statement.cte(f"c{index}")
        parts.append(part)
    return select(*(guards or [literal(1)])).add_cte(*parts)


def _statement(shape: tuple[Any, ...], prefix: str) -> Any:
    kind, table = shape[0], shape[1]
    if kind == "insert":
        return insert(table).values(
            {c.name: bindparam(f"{prefix}{c.name}", type_=c.type) for c in table.columns}
        )
    guard = _guard(table, shape[2], prefix)
    if kind == "delete":
        return delete(table).where(guard)
    return (
        update(table)
        .where(guard)
        .values({name: bindparam(f"{prefix}to_{name}", type_=table.c[name].type) for name in shape[3]})
    )


def _guard(table: Table, where: Sequence[tuple[str, bool]], prefix: str) -> ColumnElement[bool]:
    return and_(
        *(
            table.c[name].is_(None)
            if is_null
            else table.c[name] == bindparam(f"{prefix}if_{name}", type_=table.c[name].type)
            for name, is_null in where
        )
    )


@lru_cache(maxsize=256)
def _columns(model: type[Base]) -> tuple[tuple[str, Callable[[], Any] | None], ...]:
    return tuple((column.name, _default(column.default)) for column in model.__table__.columns)


def _default(default: Any) -> Callable[[], Any] | None:
    if default is None:
        return None
    if default.is_scalar:
        return lambda: default.arg
    return lambda: default.arg(None)
