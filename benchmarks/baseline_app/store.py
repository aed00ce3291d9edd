"""The driver alone: three inserts and a commit, or fifty rows read and one inserted."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import psycopg

from benchmarks.baseline_app import tables
from community_api.core.clock import Clock

UNIT = uuid.UUID("7c9b41f4-3a0f-4f0d-9a53-0d5a5c1a4a01")
REPORTER = uuid.UUID("7c9b41f4-3a0f-4f0d-9a53-0d5a5c1a4a02")
Rows = list[Sequence[Any]]
CLOCK = Clock()


class Store(Protocol):
    """One database; every thread has its own connection."""

    def make(self) -> None:
        """The bare tables, in a database that is empty."""

    def write(self, rows: Rows) -> None:
        """A record, a leaf and a duty, committed."""

    def read(self, leaf: Sequence[Any]) -> Rows:
        """Fifty records, and a leaf committed that says so."""

    def fill(self, records: Iterable[Sequence[Any]]) -> None: ...

    def count(self, table: str) -> int: ...

    def close(self) -> None:
        """Close the connection of this thread."""


class PostgresStore:
    """By psycopg, in its usual way: a transaction around plain execute calls."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._local = threading.local()
        self._inserts = [insert.encode() for insert in _insertions("%s")]
        self._select = tables.selection("%s").encode()

    def make(self) -> None:
        with psycopg.connect(self._conninfo) as connection:
            for statement in tables.schema("postgresql"):
                connection.execute(statement.encode())

    def write(self, rows: Rows) -> None:
        connection = self._connection()
        for insert, row in zip(self._inserts, rows, strict=True):
            connection.execute(insert, row)
        connection.commit()

    def read(self, leaf: Sequence[Any]) -> Rows:
        connection = self._connection()
        found: Rows = list(connection.execute(self._select, (UNIT, "received")).fetchall())
        connection.execute(self._inserts[1], leaf)
        connection.commit()
        return found

    def fill(self, records: Iterable[Sequence[Any]]) -> None:
        columns = ", ".join(tables.RECORD_COLUMNS)
        with (
            psycopg.connect(self._conninfo) as connection,
            connection.cursor().copy(f"COPY bare_record ({columns}) FROM STDIN".encode()) as copy,
        ):
            for record in records:
                copy.write_row(record)
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE bare_record")

    def count(self, table: str) -> int:
        with psycopg.connect(self._conninfo) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()[0])  # type: ignore[index]

    def close(self) -> None:
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection

    def _connection(self) -> psycopg.Connection[Any]:
        if not hasattr(self._local, "connection"):
            self._local.connection = psycopg.connect(self._conninfo)
        connection: psycopg.Connection[Any] = self._local.connection
        return connection


class SqliteStore:
    """By sqlite3: write-ahead log, synchronous=FULL, and one writer at a time by a lock of ours.

    Without the lock writers sleep in SQLite's busy handler: it makes the baseline faster.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._local = threading.local()
        self._writing = threading.Lock()
        self._inserts = _insertions("?")
        self._select = tables.selection("?")

    def make(self) -> None:
        for statement in tables.schema("sqlite"):
            self._connection().execute(statement)

    def write(self, rows: Rows) -> None:
        connection = self._connection()
        with self._writing:
            connection.execute("BEGIN IMMEDIATE")
            for insert, row in zip(self._inserts, rows, strict=True):
                connection.execute(insert, plain(row))
            connection.execute("COMMIT")

    def read(self, leaf: Sequence[Any]) -> Rows:
        connection = self._connection()
        found = connection.execute(self._select, (str(UNIT), "received")).fetchall()
        with self._writing:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(self._inserts[1], plain(leaf))
            connection.execute("COMMIT")
        return found

    def fill(self, records: Iterable[Sequence[Any]]) -> None:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(self._inserts[0], map(plain, records))
        connection.execute("COMMIT")
        connection.execute("ANALYZE")

    def count(self, table: str) -> int:
        return int(self._connection().execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def close(self) -> None:
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection

    def _connection(self) -> sqlite3.Connection:
        mine: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if mine is None:
            mine = self._local.connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                mine.execute(f"PRAGMA {pragma}")
        return mine


def open_store(target: str) -> Store:
    """``target`` is a file for SQLite, a libpq key-value string for PostgreSQL."""
    return PostgresStore(target) if "dbname=" in target else SqliteStore(target)


def rows_of(values: dict[str, Any]) -> Rows:
    """The three rows that one report leads to."""
    now = CLOCK.now()
    told_id = uuid.UUID(values["id"])
    place = values["place"]
    record = (
        told_id,
        REPORTER,
        UNIT,
        f"LIN-{values['id'][:8]}",
        values["category"],
        values["purpose"],
        values["source_relation"],
        "received",
        datetime.fromisoformat(values["occurred_at"]),
        now,
        place["lat"],
        place["lon"],
        place["accuracy_m"],
        values["facts"],
        values["assessment"],
        1,
    )
    leaf = (uuid.uuid4(), now, REPORTER, "collect", told_id, None, hashlib.sha256(told_id.bytes).digest())
    duty = (uuid.uuid4(), "triage", told_id, now + timedelta(days=3))
    return [record, leaf, duty]


def reading_leaf() -> Sequence[Any]:
    leaf_id = uuid.uuid4()
    digest = hashlib.sha256(leaf_id.bytes).digest()
    return (leaf_id, CLOCK.now(), REPORTER, "consult", None, json.dumps({"count": 50}), digest)


def made_up(count: int) -> Iterable[Sequence[Any]]:
    """Records to list, a minute apart, the newest now."""
    newest = CLOCK.now()
    for index in range(count):
        record_id = uuid.uuid4()
        at = newest - timedelta(minutes=index)
        yield (
            record_id, REPORTER, UNIT, f"LIN-{record_id.hex[:8]}", "vandalism", "community_problem",
            "witnessed", "received" if index % 3 else "closed", at, at, 51.0, 10.0, 25, "x" * 700, None, 1,
        )  # fmt: skip


def _insertions(mark: str) -> tuple[str, str, str]:
    return (
        tables.insertion("bare_record", tables.RECORD_COLUMNS, mark),
        tables.insertion("bare_leaf", tables.LEAF_COLUMNS, mark),
        tables.insertion("bare_duty", tables.DUTY_COLUMNS, mark),
    )


def plain(row: Sequence[Any]) -> tuple[Any, ...]:
    """What sqlite3 and JSON take as it is."""
    return tuple(_PLAIN.get(type(value), _same)(value) for value in row)


def _same(value: Any) -> Any:
    return value


_PLAIN: dict[type, Callable[[Any], Any]] = {datetime: datetime.isoformat, uuid.UUID: str}
