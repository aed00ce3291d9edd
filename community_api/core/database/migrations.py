"""The schema of a database: upgrade, downgrade, and where it stands.

Alembic does the work, called from here so that the lock, the timeouts and the rights are always the
same. Two starts at once are safe on both databases: the second waits and finds nothing to do.
"""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

import community_api
from community_api.core.database import dialects
from community_api.core.database.dialects import sqlite
from community_api.core.database.engine import Base
from community_api.core.database.schema_version import MIGRATIONS, VERSION_TABLE
from community_api.core.errors import StartupError

# The role that the application has where nothing else is said; another one owns the tables.
APPLICATION_ROLE = "community_app"
# Any number will do, as long as every start of every version uses the same one.
ADVISORY_LOCK = 7_302_641_559
PATIENCE_SECONDS = 300
POSTGRES_OPTIONS = "-c timezone=UTC -c synchronous_commit=on -c lock_timeout=10000"
# A batch migration copies tables, which foreign keys would forbid; they are checked before the commit.
SQLITE_MIGRATING = (*sqlite.PRAGMAS, "foreign_keys=OFF", f"busy_timeout={PATIENCE_SECONDS * 1000}")
# The audit trail is append-only: these columns alone change, each once (triggers hold the rest).
AUDIT_TABLE = "audit_event"
AUDIT_CHANGES = ("leaf_index", "payload_ct", "salt")


def upgrade(url: str, revision: str = "head", *, role: str | None = None) -> None:
    """Bring the database to ``revision``; ``role`` is the application's, to which rights are granted.

    ``role`` None: ``community_app`` where there is such a role. Raises StartupError when another
    migration does not end.
    """
    _make_folder(url)
    with _alone(url) as connection:
        _command(connection, command.upgrade, revision)
        if connection.dialect.name == "postgresql":
            grant(connection, role or APPLICATION_ROLE)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to ``revision`` (``base``: to nothing); what newer tables hold is lost."""
    with _alone(url) as connection:
        _command(connection, command.downgrade, revision)


def newest() -> str | None:
    """The revision to which the migrations lead; the head file names the same."""
    return _scripts().get_current_head()


def revisions() -> list[str]:
    """All revisions, oldest first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def import_models() -> None:
    """Import every module that declares tables, so that the metadata is complete."""
    for module in pkgutil.walk_packages(community_api.__path__, "community_api."):
        if module.name.rpartition(".")[2] in {"models", "records"}:
            importlib.import_module(module.name)


def grant(connection: Connection, role: str) -> None:
    """Give the application's role exactly what it needs; nothing happens for the owner or no such role."""
    known = connection.execute(
        text("SELECT 1 FROM pg_roles WHERE rolname = :role AND rolname <> current_user"), {"role": role}
    ).scalar()
    if known is None:
        connection.rollback()
        return
    import_models()
    quoted = connection.dialect.identifier_preparer.quote(role)
    for table in inspect(connection).get_table_names():
        for statement in _rights(table, quoted):
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {quoted}")
    connection.commit()


def _rights(table: str, role: str) -> Iterator[str]:
    yield f'REVOKE ALL ON "{table}" FROM {role}'
    if table == AUDIT_TABLE:
        columns = ", ".join(AUDIT_CHANGES)
        yield f'GRANT SELECT, INSERT, UPDATE ({columns}) ON "{table}" TO {role}'
    elif table == VERSION_TABLE:
        yield f'GRANT SELECT ON "{table}" TO {role}'
    elif table in Base.metadata.tables:
        yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {role}'


# --- alembic --------------------------------------------------------------------------------------


def configuration(connection: Connection | None = None) -> Config:
    """What alembic is told; ``migrations/env.py`` takes the connection from its attributes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())


def _command(connection: Connection, act: Callable[..., Any], revision: str) -> None:
    try:
        act(configuration(connection), revision)
    except CommandError as error:
        raise StartupError(
            f"The schema cannot be brought to {revision}: this version does not know that revision, "
            "or the one that the database is at. The database was made by a newer version, or before the "
            "first release (its data is not kept: remove the database and make it anew)"
        ) from error
    connection.commit()


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    """A connection on which no other migration runs at the same time."""
    engine = migrating_engine(url)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            _wait_for_turn(connection)
        else:
            # Alembic would commit step by step, and another start could take a turn in between: one
            # BEGIN IMMEDIATE around all of them waits its turn, and a failed upgrade leaves nothing behind.
            connection.begin()
        yield connection
    engine.dispose()


def _wait_for_turn(connection: Connection) -> None:
    """Take the advisory lock, which goes with the connection."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_LOCK}).scalar():
        if time.monotonic() > until:
            raise StartupError("Another migration of this database has not ended; look what it waits for.")
        time.sleep(0.2)
    connection.commit()


def migrating_engine(url: str) -> Engine:
    """An engine for changing the schema: real transactions, DDL included, on both databases."""
    if dialects.dialect_of(url) == "postgresql":
        return create_engine(
            url, poolclass=NullPool, connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 5}
        )
    engine = create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_MIGRATING:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _make_folder(url: str) -> None:
    parsed = make_url(url)
    if parsed.drivername == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
