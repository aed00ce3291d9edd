"""Statements spelled once for the driver, for the two that every request passes.

SQLAlchemy says what to ask and in which words; walking over all of it again at every request costs
more than the database needs to answer. On PostgreSQL what was spelled goes to libpq itself, by the
driver's own wrapper of it: its cursors would look at every value and every word of the text anew.
"""

from __future__ import annotations

import re
import uuid
from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property, partial
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import psycopg
from psycopg.adapt import PyFormat
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.types.json import Jsonb
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from community_api.core.db import UtcDateTime

Reader = Callable[[Any], Any] | None
PLACE = re.compile(r"%\((\w+)\)s")
GOOD = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
# As the driver does: a statement that is seen again is worth a plan, and a server keeps only so many plans.
SEEN_AGAIN = 5
MOST_PREPARED = 100


class Spelled:
    """The text of a statement, how each of its parameters is told to the driver, and how rows are read."""

    def __init__(self, dialect: Dialect, statement: ClauseElement) -> None:
        named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
        compiled = statement.compile(dialect=named)
        self._processors = {
            name: _processor(bound.type, dialect)
            for bound, name in compiled.bind_names.items()  # type: ignore[attr-defined]
        }
        # What the dialect itself puts in, such as where a limit begins.
        self._given = {
            name: bound.value
            for bound, name in compiled.bind_names.items()  # type: ignore[attr-defined]
            if not bound.required
        }
        names = tuple(self._processors)
        self._statement = (_OnSqlite if dialect.name == "sqlite" else _OnPostgres)(str(compiled), names)
        self._columns = list(getattr(statement, "selected_columns", ()))
        self._dialect = dialect

    @cached_property
    def _reading(self) -> tuple[Callable[[Sequence[Any]], Any], tuple[Reader, ...]]:
        """What makes a row of its values, and how each of them is read."""
        row = namedtuple("Row", [column.key for column in self._columns])  # type: ignore[misc]  # noqa: PYI024
        readers = [self._statement.reader(column.type, self._dialect) for column in self._columns]
        return partial(tuple.__new__, row), tuple(readers)

    def on(self, connection: Any, told: Mapping[str, Any]) -> str | None:
        """Execute on a connection of the driver itself, in autocommit; the first value as text.

        None: there was no row, or NULL. Raises the driver's own errors.
        """
        return self._statement.first(connection, self._values(told))

    def count(self, connection: Any, told: Mapping[str, Any]) -> int:
        """Execute; how many rows it changed."""
        return self._statement.count(connection, self._values(told))

    def rows(self, connection: Any, told: Mapping[str, Any]) -> list[Any]:
        """Execute; all rows, each with its columns by name."""
        make, readers = self._reading
        columns = self._statement.columns(connection, self._values(told), len(readers))
        return list(map(make, zip(*map(_read, readers, columns), strict=True)))

    def _values(self, told: Mapping[str, Any]) -> list[Any]:
        if self._given:
            told = {**self._given, **told}
        return [
            told[name] if process is None else process(told[name])
            for name, process in self._processors.items()
        ]


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes of a value what the driver takes; bytes are taken as they are."""
    return None if isinstance(kind, LargeBinary) else kind.dialect_impl(dialect).bind_processor(dialect)


class _OnSqlite:
    def __init__(self, text: str, names: Sequence[str]) -> None:
        self._text = text
        self._names = names

    def first(self, connection: Any, values: Sequence[Any]) -> str | None:
        row = self._execute(connection, values).fetchone()
        return None if row is None else row[0]

    def count(self, connection: Any, values: Sequence[Any]) -> int:
        changed: int = self._execute(connection, values).rowcount
        return changed

    def columns(self, connection: Any, values: Sequence[Any], _number: int) -> Iterable[Sequence[Any]]:
        return zip(*self._execute(connection, values).fetchall(), strict=True)

    def _execute(self, connection: Any, values: Sequence[Any]) -> Any:
        return connection.execute(self._text, dict(zip(self._names, values, strict=True)))

    @staticmethod
    def reader(kind: TypeEngine[Any], dialect: Dialect) -> Reader:
        """SQLAlchemy's own; but a moment, which is stored as text in UTC, is read in one go."""
        if isinstance(kind, UtcDateTime):
            return _moment
        return kind.dialect_impl(dialect).result_processor(dialect, None)


class _OnPostgres:
    """A statement with numbered places; each connection prepares it once it has been seen often enough."""

    _numbers = count()

    def __init__(self, text: str, names: Sequence[str]) -> None:
        places = {name: f"${index}" for index, name in enumerate(names, 1)}
        self._text = PLACE.sub(lambda place: places[place[1]], text).replace("%%", "%").encode()
        self._name = b"spelled_%d" % next(self._numbers)
        self._times = 0

    def first(self, connection: psycopg.Connection[Any], values: Sequence[Any]) -> str | None:
        result = self._execute(connection, values)
        value = result.get_value(0, 0) if result.ntuples else None
        return None if value is None else value.decode()

    def count(self, connection: psycopg.Connection[Any], values: Sequence[Any]) -> int:
        return self._execute(connection, values).command_tuples or 0

    def columns(
        self, connection: psycopg.Connection[Any], values: Sequence[Any], number: int
    ) -> Iterable[Sequence[Any]]:
        result = self._execute(connection, values)
        value, rows = result.get_value, range(result.ntuples)
        return [[value(row, column) for row in rows] for column in range(number)]

    def _execute(self, connection: psycopg.Connection[Any], values: Sequence[Any]) -> Any:
        told: list[Any] = [_SAYERS[type(value)](value) for value in values]
        formats = [Format.BINARY if type(value) is bytes else Format.TEXT for value in values]
        libpq = connection.pgconn
        if self._times < SEEN_AGAIN:
            self._times += 1
            result = libpq.exec_params(self._text, told, param_formats=formats)
        else:
            self._prepare(connection)
            result = libpq.exec_prepared(self._name, told, formats)
        _raise_for(connection, result)
        return result

    def _prepare(self, connection: psycopg.Connection[Any]) -> None:
        prepared = _PREPARED.setdefault(connection, OrderedDict())
        if self._name in prepared:
            prepared.move_to_end(self._name)
            return
        _raise_for(connection, connection.pgconn.prepare(self._name, self._text))
        prepared[self._name] = None
        if len(prepared) > MOST_PREPARED:
            oldest, _ = prepared.popitem(last=False)
            _raise_for(connection, connection.pgconn.exec_(b"DEALLOCATE " + oldest))

    @staticmethod
    def reader(kind: TypeEngine[Any], _dialect: Dialect) -> Reader:
        """How a value is read from the text format; raises KeyError for a type that no list has."""
        plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
        return _READERS[plain.python_type]


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored + "+00:00")


def _read(read: Reader, column: Sequence[Any]) -> Sequence[Any]:
    """The values of a column, each read once: a page names the same unit, reporter and codes again."""
    if read is None:
        return column
    if len(column) == 1:
        return column if column[0] is None else (read(column[0]),)
    known = {raw: None if raw is None else read(raw) for raw in set(column)}
    return [known[raw] for raw in column]


# What each connection has prepared, the one used longest ago first.
_PREPARED: WeakKeyDictionary[Any, OrderedDict[bytes, None]] = WeakKeyDictionary()


def _raise_for(connection: psycopg.Connection[Any], result: Any) -> None:
    """Raise what the driver would raise for this result; what bears no state of SQL is the line being cut."""
    if result.status in GOOD:
        return
    if result.error_field(DiagnosticField.SQLSTATE) is None:
        connection.close()
        raise psycopg.OperationalError(result.get_error_message())
    raise psycopg.errors.error_from_result(result)


class _Sayers(dict[type, Callable[[Any], bytes | None]]):
    """How a value of each type is said in PostgreSQL's text format (bytes as they are)."""

    def __missing__(self, kind: type) -> Callable[[Any], bytes | None]:
        known = next((self[base] for base in kind.__mro__ if base in self), _by_the_driver)
        self[kind] = known
        return known


def _by_the_driver(value: Any) -> bytes | None:
    """What we do not know in the driver's own words."""
    said = psycopg.adapt.Transformer().get_dumper(value, PyFormat.TEXT).dump(value)
    return None if said is None else bytes(said)


# How PostgreSQL's text format is read, by what the value is in Python; the session's zone is UTC.
_READERS: dict[type, Reader] = {
    str: bytes.decode,
    bytes: lambda raw: bytes.fromhex(raw[2:].decode()),
    # JSON.
    object: orjson.loads,
    bool: lambda raw: raw == b"t",
    int: int,
    float: float,
    uuid.UUID: lambda raw: uuid.UUID(raw.decode()),
    datetime: lambda raw: datetime.fromisoformat(raw.decode()).astimezone(UTC),
    date: lambda raw: date.fromisoformat(raw.decode()),
}
_SAYERS = _Sayers(
    {
        str: str.encode,
        bool: lambda value: b"t" if value else b"f",
        int: lambda value: b"%d" % value,
        float: lambda value: repr(value).encode(),
        bytes: lambda value: value,
        uuid.UUID: lambda value: value.hex.encode(),
        datetime: lambda value: value.isoformat().encode(),
        date: lambda value: value.isoformat().encode(),
        type(None): lambda _value: None,
        # What SQLAlchemy makes of a JSON value for this driver.
        Jsonb: lambda value: orjson.dumps(value.obj),
    }
)
