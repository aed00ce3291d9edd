"""Copies of an SQLite database, made while a server writes."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from community_api.core.errors import StartupError


def path_of(url: str) -> Path:
    """The file of a database."""
    return Path(str(make_url(url).database))


def copy(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment into one file.

    SQLite reads all pages in one transaction, so what is committed later is not in it, and writers go on.
    """
    _make_private(target)
    address = f"{source.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
        # Without a log beside it, so that the one file is all.
        writing.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def connected(path: Path) -> Iterator[Connection]:
    """A connection that reads a file which nobody writes."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def extract(part: IO[bytes], target: Path) -> None:
    """Write a database from a backup (mode 0600); StartupError if it is broken."""
    target.unlink(missing_ok=True)
    _make_private(target)
    with target.open("wb") as file:
        shutil.copyfileobj(part, file)
        file.flush()
        os.fsync(file.fileno())
    with closing(sqlite3.connect(target)) as connection:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise StartupError("The database in the backup is broken")


def put_in_place(prepared: Path, path: Path) -> None:
    """Make a prepared file the database; what an earlier one left beside it goes first."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    prepared.replace(path)
    keep_folder(path.parent)


def keep_folder(folder: Path) -> None:
    """Have the disk keep which files a folder has."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_private(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
