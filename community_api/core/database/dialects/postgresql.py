"""PostgreSQL, by psycopg.

What was spelled goes to libpq itself, by the driver's own wrapper of it: its cursors would look at every
value and every word of the text anew.
"""

from __future__ import annotations

import re
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, Final
from weakref import WeakKeyDictionary

import orjson
import psycopg
from psycopg.adapt import PyFormat
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.types.json import Jsonb
from sqlalchemy import Dialect, Engine, create_engine
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.types import TypeDecorator, TypeEngine

from community_api.core.database.dialects.shape import Reader
from community_api.core.database.engine import json_text

__all__ = ["ERROR", "Statement", "engine", "insert"]

ERROR: Final = psycopg.Error
_OPTIONS: Final = (
    "-c timezone=UTC -c synchronous_commit=on -c statement_timeout=20000 "
    "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
)
_UNIQUE: Final = "23505"
# Division by zero is how a guard in one statement says that a row had changed (core/database/statements.py).
_LOST_RACES: Final = frozenset({"22012", "40001", "40P01", _UNIQUE})
_FULL: Final = frozenset({"53100", "53200"})
_PLACE: Final = re.compile(r"%\((\w+)\)s")
_GOOD: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
# As the driver does: a statement that is seen again is worth a plan, and a server keeps only so many plans.
_SEEN_AGAIN: Final = 5
_MOST_PREPARED: Final = 100


def engine(url: str, pool_size: int) -> Engine:
    """An engine whose connections run in autocommit."""
    return create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_reset_on_return=None,
        json_serializer=json_text,
        json_deserializer=orjson.loads,
        connect_args={"options": _OPTIONS, "connect_timeout": 5},
    )


def json_type() -> JSONB:
    return JSONB(none_as_null=True)


def is_spent(driver: psycopg.Connection[Any]) -> bool:
    """Whether a connection can serve no more."""
    return bool(driver.closed)


# --- what it raises ---------------------------------------------------------------------------------


def is_unique_violation(error: Exception) -> bool:
    return _state(error) == _UNIQUE


def is_lost_race(error: Exception) -> bool:
    return _state(error) in _LOST_RACES


def is_full(error: Exception) -> bool:
    return _state(error) in _FULL


def is_away(error: Exception) -> bool:
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def names(error: psycopg.Error, table: str) -> bool:
    return error.diag.table_name == table


def names_id_of(error: psycopg.Error, table: str) -> bool:
    return error.diag.constraint_name == f"pk_{table}"


def _state(error: Exception) -> str | None:
    return getattr(error, "sqlstate", None)


# --- a statement spelled once -----------------------------------------------------------------------


class Statement:
    """A statement with numbered places; each connection prepares it once it has been seen often enough."""

    _numbers = count()

    def __init__(self, text: str, names: Sequence[str]) -> None:
        places = {name: f"${index}" for index, name in enumerate(names, 1)}
        self._text = _PLACE.sub(lambda place: places[place[1]], text).replace("%%", "%").encode()
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
        if self._times < _SEEN_AGAIN:
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
        if len(prepared) > _MOST_PREPARED:
            oldest, _ = prepared.popitem(last=False)
            _raise_for(connection, connection.pgconn.exec_(b"DEALLOCATE " + oldest))


def spelled_in(dialect: Dialect) -> Dialect:
    """The engine's own."""
    return dialect


def reader(kind: TypeEngine[Any], _dialect: Dialect) -> Reader:
    """How a value is read from the text format; raises KeyError for a type that no list has."""
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return _READERS[plain.python_type]


# What each connection has prepared, the one used longest ago first.
_PREPARED: WeakKeyDictionary[Any, OrderedDict[bytes, None]] = WeakKeyDictionary()


def _raise_for(connection: psycopg.Connection[Any], result: Any) -> None:
    """Raise what the driver would raise for this result; what bears no state of SQL is the line being cut."""
    if result.status in _GOOD:
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
