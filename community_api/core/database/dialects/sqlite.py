"""SQLite, by the driver of the standard library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import JSON, Dialect, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.types import TypeEngine

from community_api.core.database.dialects.shape import Reader
from community_api.core.database.engine import UtcDateTime, json_text

__all__ = ["ERROR", "Statement", "engine", "insert"]

ERROR: Final = sqlite3.Error
PRAGMAS: Final = (
    "journal_mode=WAL",
    # FULL, or a power cut may take back what was acknowledged.
    "synchronous=FULL",
    "foreign_keys=ON",
    # Without it INSERT OR REPLACE deletes a row past the delete trigger.
    "recursive_triggers=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "busy_timeout=10000",
)
_UNIQUE: Final = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})


def engine(url: str, pool_size: int) -> Engine:
    """An engine whose connections run in autocommit."""
    made = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        json_serializer=json_text,
        json_deserializer=orjson.loads,
        connect_args={"timeout": 10},
    )

    @event.listens_for(made, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return made


def json_type() -> JSON:
    """Text."""
    return JSON(none_as_null=True)


def is_spent(driver: sqlite3.Connection) -> bool:
    """Whether a connection can serve no more; it says so only when asked something."""
    try:
        return driver.in_transaction
    except sqlite3.ProgrammingError:
        return True


# --- what it raises ---------------------------------------------------------------------------------


def is_unique_violation(error: Exception) -> bool:
    return _code(error) in _UNIQUE


def is_lost_race(_error: Exception) -> bool:
    """Never: there is one writer at a time."""
    return False


def is_full(error: Exception) -> bool:
    return _code(error) in _FULL


def is_away(error: Exception) -> bool:
    """SQLITE_ERROR is a fault of ours, such as a table that there is not; waiting will not mend it."""
    return isinstance(error, sqlite3.OperationalError) and _code(error) != sqlite3.SQLITE_ERROR


def names(error: Exception, table: str) -> bool:
    return f" {table}." in str(error)


def names_id_of(error: Exception, table: str) -> bool:
    return str(error).endswith(f" failed: {table}.id")


def _code(error: Exception) -> int | None:
    return getattr(error, "sqlite_errorcode", None)


# --- a statement spelled once -----------------------------------------------------------------------


class Statement:
    """A statement with named places."""

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


def spelled_in(_dialect: Dialect) -> Dialect:
    """One with named places."""
    return sqlite.dialect(paramstyle="named")


def reader(kind: TypeEngine[Any], dialect: Dialect) -> Reader:
    """SQLAlchemy's own; but a moment, which is stored as text in UTC, is read in one go."""
    if isinstance(kind, UtcDateTime):
        return _moment
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored + "+00:00")
