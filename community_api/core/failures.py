"""What databases raise, told apart: a lost race, a full disk, a database that is away."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from community_api.core.errors import Refused

RETRY_SECONDS = 5
UNIQUE_VIOLATION = "23505"
# Division by zero is how a guard in one statement says that a row had changed (core/writing.py).
LOST_RACES = frozenset({"22012", "40001", "40P01", "23505"})
FULL_DISKS = frozenset({"53100", "53200"})
SQLITE_UNIQUE = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})


# SQLAlchemy's own, and those of the drivers where they are asked directly (core/spelling.py).
DATABASE_ERRORS = (DBAPIError, psycopg.Error, sqlite3.Error)
AWAY = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    sqlite3.OperationalError,
)


def is_unique_violation(error: Exception) -> bool:
    """Whether a unique index or primary key refused the row."""
    return _sqlite_code(error) in SQLITE_UNIQUE or _sqlstate(error) == UNIQUE_VIOLATION


def is_lost_race(error: Exception) -> bool:
    """Whether another transaction was faster; the use case may be tried again."""
    return _sqlstate(error) in LOST_RACES


def names(error: Exception, table: str) -> bool:
    """Whether the violated constraint is one of ``table``."""
    diagnosis = getattr(_origin(error), "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.table_name == table)
    return f" {table}." in str(_origin(error))


def names_id_of(error: Exception, table: str) -> bool:
    """Whether a row of ``table`` already has the id."""
    diagnosis = getattr(_origin(error), "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == f"pk_{table}")
    return str(_origin(error)).endswith(f" failed: {table}.id")


class translated:  # noqa: N801 - read as a word of the with statement
    """Turns a database that cannot serve into ``storage_full`` or ``database_unavailable`` (503)."""

    # A class and not a generator: every request passes here more than once.
    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None:
            translate(error)


def translate(error: BaseException) -> None:
    """Raise the Refused that this error means, if it means that the database cannot serve."""
    if isinstance(error, PoolTimeout):
        raise Refused("service_unavailable", retry_after=RETRY_SECONDS) from error
    if not isinstance(error, DATABASE_ERRORS):
        return
    if _sqlstate(error) in FULL_DISKS or _sqlite_code(error) in SQLITE_FULL:
        raise Refused("storage_full", retry_after=60) from error
    # SQLITE_ERROR is a fault of ours, such as a table that there is not; waiting will not mend it.
    if isinstance(error, AWAY) and _sqlite_code(error) != sqlite3.SQLITE_ERROR:
        raise Refused("database_unavailable", retry_after=RETRY_SECONDS) from error


def roll_back(driver: Any) -> None:
    """Undo the open transaction of a driver's connection; one that cannot is closed.

    SQLite has already rolled back after some errors (disk full): then there is nothing left to undo.
    """
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        return
    try:
        driver.execute("ROLLBACK")
    except DATABASE_ERRORS:
        driver.close()


def _origin(error: Exception) -> Any:
    """What the driver said."""
    return getattr(error, "orig", error)


def _sqlstate(error: Exception) -> str | None:
    return getattr(_origin(error), "sqlstate", None)


def _sqlite_code(error: Exception) -> int | None:
    return getattr(_origin(error), "sqlite_errorcode", None)
