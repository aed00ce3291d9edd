"""The database itself refuses to change the audit trail, whoever asks: also the owner of its tables."""

import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from community_api.audit.models import AuditEvent
from community_api.core.database import migrations
from tests.support.databases import Addresses

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# Each is tried on a leaf that has no index yet and a payload; {id} is that leaf's.
FORBIDDEN = {
    "another envelope": "UPDATE audit_event SET envelope = '{}' WHERE id = :id",
    "another hash": "UPDATE audit_event SET leaf_hash = :other WHERE id = :id",
    "another id": "UPDATE audit_event SET id = :new WHERE id = :id",
    "another time": "UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE id = :id",
    "another actor": "UPDATE audit_event SET actor = NULL WHERE id = :id",
    "another action": "UPDATE audit_event SET action = 'consult' WHERE id = :id",
    "another kind": "UPDATE audit_event SET object_kind = 'flag' WHERE id = :id",
    "another object": "UPDATE audit_event SET object_id = :new WHERE id = :id",
    "another owner of the payload": "UPDATE audit_event SET payload_owner = NULL WHERE id = :id",
    "another payload": "UPDATE audit_event SET payload_ct = :other WHERE id = :id",
    "another salt": "UPDATE audit_event SET salt = :other WHERE id = :id",
    "the payload without its salt": "UPDATE audit_event SET payload_ct = NULL WHERE id = :id",
    "the salt without its payload": "UPDATE audit_event SET salt = NULL WHERE id = :id",
    "erasure that takes something along":
        "UPDATE audit_event SET salt = NULL, payload_ct = NULL, actor = NULL WHERE id = :id",
    "a number that takes something along":
        "UPDATE audit_event SET leaf_index = 1, action = 'erase' WHERE id = :id",
    "removal": "DELETE FROM audit_event WHERE id = :id",
    "removal of all": "DELETE FROM audit_event",
}  # fmt: skip
# Tried on a leaf that has its index, and whose payload was erased.
TOO_LATE = {
    "another index": "UPDATE audit_event SET leaf_index = 8 WHERE id = :id",
    "no index": "UPDATE audit_event SET leaf_index = NULL WHERE id = :id",
    "a payload anew": "UPDATE audit_event SET payload_ct = :other, salt = :other WHERE id = :id",
}


@dataclass
class Leaf:
    """A leaf in the trail, seen over a connection of the owner of the tables."""

    connection: Connection
    id: uuid.UUID

    def attempt(self, statement: str) -> None:
        names: dict[str, Any] = {"id": self.id, "new": uuid.uuid4(), "other": b"other"}
        if self.connection.dialect.name == "sqlite":
            names = {
                name: value.hex if isinstance(value, uuid.UUID) else value for name, value in names.items()
            }
        told = {name: value for name, value in names.items() if f":{name}" in statement}
        with self.connection.begin():
            self.connection.execute(text(statement), told)

    def row(self) -> tuple[object, ...]:
        with self.connection.begin():
            return tuple(self.connection.execute(text("SELECT * FROM audit_event")).one())


@pytest.fixture
def leaf(addresses: Addresses) -> Iterator[Leaf]:
    engine = migrations.migrating_engine(addresses.migration_url)
    with engine.connect() as connection:
        yield a_leaf(connection)
    engine.dispose()


def a_leaf(connection: Connection) -> Leaf:
    leaf_id = uuid.uuid4()
    with connection.begin():
        connection.execute(
            insert(AuditEvent).values(
                id=leaf_id,
                envelope='{"v":1}',
                leaf_hash=b"hash",
                salt=b"salt",
                payload_ct=b"payload",
                payload_owner=uuid.uuid4(),
                at=AT,
                actor=uuid.uuid4(),
                action="alter",
                object_kind="observation",
                object_id=uuid.uuid4(),
            )
        )
    return Leaf(connection, leaf_id)


@pytest.mark.parametrize("change", FORBIDDEN)
def test_the_database_refuses(leaf, change):
    before = leaf.row()
    with pytest.raises(DBAPIError, match="append-only"):
        leaf.attempt(FORBIDDEN[change])
    assert leaf.row() == before


def test_a_leaf_is_numbered_once(leaf):
    leaf.attempt("UPDATE audit_event SET leaf_index = 7 WHERE id = :id")
    assert 7 in leaf.row()


def test_payload_and_salt_are_erased_together(leaf):
    leaf.attempt("UPDATE audit_event SET payload_ct = NULL, salt = NULL WHERE id = :id")
    assert b"payload" not in leaf.row()


@pytest.mark.parametrize("change", TOO_LATE)
def test_what_was_done_once_is_done(leaf, change):
    leaf.attempt("UPDATE audit_event SET leaf_index = 7 WHERE id = :id")
    leaf.attempt("UPDATE audit_event SET payload_ct = NULL, salt = NULL WHERE id = :id")
    before = leaf.row()
    with pytest.raises(DBAPIError, match="append-only"):
        leaf.attempt(TOO_LATE[change])
    assert leaf.row() == before


def test_a_leaf_does_not_come_with_a_number(leaf):
    with pytest.raises(DBAPIError, match="append-only"):
        leaf.attempt(_copy_of_the_leaf("INSERT INTO", leaf_index="9", leaf_id=":new"))


def _copy_of_the_leaf(verb: str, *, leaf_index: str = "NULL", leaf_id: str = "id", rowid: str = "") -> str:
    columns = "leaf_index, envelope, leaf_hash, at, action, object_kind, id"
    values = f"{leaf_index}, '{{}}', leaf_hash, at, 'consult', object_kind, {leaf_id}"
    if rowid:
        columns, values = f"rowid, {columns}", f"{rowid}, {values}"
    return f"{verb} audit_event ({columns}) SELECT {values} FROM audit_event"  # noqa: S608 - the test's own words


# --- what only one of the two databases can do -----------------------------------------------------


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", ["TRUNCATE audit_event", "TRUNCATE audit_event CASCADE"])
def test_postgresql_refuses_to_truncate(leaf, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        leaf.attempt(statement)


@pytest.fixture
def sqlite_leaf(databases) -> Iterator[Leaf]:
    with databases.fresh("sqlite") as addresses:
        # A stranger's connection, which leaves recursive_triggers off.
        engine = create_engine(addresses.database_url, poolclass=NullPool)
        with engine.connect() as connection:
            yield a_leaf(connection)


REPLACEMENTS = {
    "by its id": _copy_of_the_leaf("INSERT OR REPLACE INTO"),
    "by REPLACE": _copy_of_the_leaf("REPLACE INTO"),
    "by SQLite's own row number": _copy_of_the_leaf("INSERT OR REPLACE INTO", leaf_id=":new", rowid="rowid"),
    "by an upsert": "INSERT INTO audit_event SELECT * FROM audit_event WHERE true "
    "ON CONFLICT (id) DO UPDATE SET envelope = 'forged'",
    "by ignoring what fails": "UPDATE OR IGNORE audit_event SET envelope = 'forged'",
}


@pytest.mark.parametrize("way", REPLACEMENTS)
def test_sqlite_refuses_to_replace(sqlite_leaf, way):
    before = sqlite_leaf.row()
    with pytest.raises(DBAPIError, match="append-only"):
        sqlite_leaf.attempt(REPLACEMENTS[way])
    assert sqlite_leaf.row() == before


def test_sqlite_refuses_to_replace_by_the_number_of_a_leaf(sqlite_leaf):
    sqlite_leaf.attempt("UPDATE audit_event SET leaf_index = 7 WHERE id = :id")
    before = sqlite_leaf.row()
    with pytest.raises(DBAPIError, match="append-only"):
        sqlite_leaf.attempt(
            _copy_of_the_leaf("INSERT OR REPLACE INTO", leaf_index="leaf_index", leaf_id=":new")
        )
    assert sqlite_leaf.row() == before


def test_sqlites_own_shell_would_be_refused(databases):
    """Not through our code at all: the file, the standard driver, no pragma."""
    with databases.fresh("sqlite") as addresses:
        engine = create_engine(addresses.database_url, poolclass=NullPool)
        with engine.connect() as connection:
            a_leaf(connection)
        raw = sqlite3.connect(addresses.database_url.removeprefix("sqlite:///"), isolation_level=None)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute("DELETE FROM audit_event")
        raw.close()
