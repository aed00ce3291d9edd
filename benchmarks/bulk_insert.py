"""Many rows at once: COPY on PostgreSQL, executemany on SQLite, one transaction for a batch.

The unit of work sends what one person did; it is not made for a hundred thousand rows. What is
written here has the shape of the same models, with their defaults and column types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Dialect, Engine, Table

from community_api.core.database.engine import Base

Row = Sequence[Any]
# Ids are random, so every index is touched all over: SQLite keeps them in memory while it fills.
CACHE_KIB = 256 * 1024


@dataclass(frozen=True)
class Sheet:
    """Rows of one table, ready for the driver; may go from one process to another."""

    table: str
    columns: Sequence[str]
    rows: Sequence[Row]


class Shape:
    """Rows of one table that are all alike but for some columns.

    ``pattern`` is a row of the model as a use case would make it; columns that it leaves out take their
    defaults. ``varying`` names what every row tells anew, in that order.
    """

    def __init__(self, pattern: Base, varying: Sequence[str], dialect: Dialect) -> None:
        table: Table = type(pattern).__table__  # type: ignore[assignment]
        values = {column.name: _value(pattern, column) for column in table.columns}
        fixed = [name for name in values if name not in varying]
        types = {name: table.columns[name].type.dialect_impl(dialect) for name in values}
        processes = {name: one.bind_processor(dialect) for name, one in types.items()}
        self._table = table.name
        self._columns = (*varying, *fixed)
        self._processes = [
            (index, process) for index, name in enumerate(varying) if (process := processes[name]) is not None
        ]
        self._fixed = tuple(
            values[name] if (process := processes[name]) is None else process(values[name]) for name in fixed
        )

    def row(self, *varying: Any) -> Row:
        """One row as the driver takes it: the type of each column knows how."""
        told = list(varying)
        for index, process in self._processes:
            told[index] = process(told[index])
        return (*told, *self._fixed)

    def sheet(self, rows: Sequence[Row]) -> Sheet:
        return Sheet(self._table, self._columns, rows)


def _value(pattern: Base, column: Column[Any]) -> Any:
    """What the pattern tells, else the column's default, else None."""
    told = getattr(pattern, column.name)
    default: Any = column.default
    if told is not None or default is None:
        return told
    return default.arg if default.is_scalar else default.arg(None)


class Filler:
    """Writes batches of rows into one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._write = _copy if engine.dialect.name == "postgresql" else _insert

    def write(self, sheets: Sequence[Sheet]) -> None:
        """All of it or nothing, in that order."""
        raw = self._engine.raw_connection()
        try:
            self._write(raw.driver_connection, sheets)
        finally:
            raw.close()


def _copy(connection: Any, sheets: Sequence[Sheet]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        for sheet in sheets:
            with cursor.copy(f"COPY {sheet.table} ({', '.join(sheet.columns)}) FROM STDIN") as copy:
                for row in sheet.rows:
                    copy.write_row(row)


def _insert(connection: Any, sheets: Sequence[Sheet]) -> None:
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for sheet in sheets:
            marks = ", ".join("?" * len(sheet.columns))
            statement = f"INSERT INTO {sheet.table} ({', '.join(sheet.columns)}) VALUES ({marks})"
            connection.executemany(statement, sheet.rows)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
