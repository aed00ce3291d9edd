"""Which schema a database has and which one this program wants; asked at every start, so without alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

import community_api

MIGRATIONS = Path(community_api.__file__).parents[1] / "migrations"
# Holds the newest revision, as a file in which two branches that each add one meet.
HEAD_FILE = MIGRATIONS / "HEAD"
VERSION_TABLE = "alembic_version"


def head() -> str:
    """The newest revision that this program knows."""
    return HEAD_FILE.read_text(encoding="utf-8").strip()


def current(connection: Connection) -> str | None:
    """The revision the database is at; None for one that was never migrated."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
    return found
