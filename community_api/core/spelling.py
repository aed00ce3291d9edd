"""Statements spelled once for the driver, for the two that every request passes.

SQLAlchemy says what to ask and in which words; walking over all of it again at every request costs
more than the database needs to answer. On PostgreSQL what was spelled goes to libpq itself, by the
driver's own wrapper of it: its cursors would look at every value and every word of the text anew.
"""

from __future__ import annotations

import re
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.adapt import PyFormat
from psycopg.pq import DiagnosticField, ExecStatus, Format
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

PLACE = re.compile(r"%\((\w+)\)s")
GOOD = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
# As the driver does: a statement that is seen again is worth a plan, and a server keeps only so many plans.
SEEN_AGAIN = 5
MOST_PREPARED = 100


class Spelled:
    """The text of a statement and how each of its parameters is told to the driver."""

    def __init__(self, dialect: Dialect, statement: ClauseElement) -> None:
        named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
        compiled = statement.compile(dialect=named)
        self._processors = {
            name: _processor(bound.type, dialect)
            for bound, name in compiled.bind_names.items()  # type: ignore[attr-defined]
        }
        text = str(compiled)
        names = tuple(self._processors)
        self._ask: Callable[[Any, Sequence[Any]], str | None] = (
            _OnSqlite(text, names) if dialect.name == "sqlite" else _OnPostgres(text, names)
        )

    def on(self, connection: Any, told: Mapping[str, Any]) -> str | None:
        """Execute on a connection of the driver itself, in autocommit; the first value as text.

        None: there was no row, or NULL. Raises the driver's own errors.
        """
        values = [
            told[name] if process is None else process(told[name])
            for name, process in self._processors.items()
        ]
        return self._ask(connection, values)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes of a value what the driver takes; bytes are taken as they are."""
    return None if isinstance(kind, LargeBinary) else kind.dialect_impl(dialect).bind_processor(dialect)


class _OnSqlite:
    def __init__(self, text: str, names: Sequence[str]) -> None:
        self._text = text
        self._names = names

    def __call__(self, connection: Any, values: Sequence[Any]) -> str | None:
        row = connection.execute(self._text, dict(zip(self._names, values, strict=True))).fetchone()
        return None if row is None else row[0]


class _OnPostgres:
    """A statement with numbered places; each connection prepares it once it has been seen often enough."""

    _numbers = count()

    def __init__(self, text: str, names: Sequence[str]) -> None:
        places = {name: f"${index}" for index, name in enumerate(names, 1)}
        self._text = PLACE.sub(lambda place: places[place[1]], text).replace("%%", "%").encode()
        self._name = b"spelled_%d" % next(self._numbers)
        self._times = 0

    def __call__(self, connection: psycopg.Connection[Any], values: Sequence[Any]) -> str | None:
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
        if result.ntuples == 0:
            return None
        value = result.get_value(0, 0)
        return None if value is None else value.decode()

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
    """What we do not know, such as JSON, in the driver's own words."""
    said = psycopg.adapt.Transformer().get_dumper(value, PyFormat.TEXT).dump(value)
    return None if said is None else bytes(said)


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
    }
)
