"""Dumps of a PostgreSQL database, by PostgreSQL's own programs: `pg_dump` and `pg_restore`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from community_api.core.config import environment
from community_api.core.errors import StartupError


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection that sees the database as it is at one moment, and changes nothing."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        yield connection


def dump(connection: Connection, url: str, target: Path) -> None:
    """Dump what ``connection`` sees, while others write; raises StartupError with what `pg_dump` says."""
    snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _run(
        "pg_dump", url, "--format=custom", "--no-owner", "--no-privileges",
        f"--snapshot={snapshot}", f"--file={target}",
    )  # fmt: skip


def load(part: IO[bytes], url: str) -> None:
    """Load a dump into an empty database, all or nothing; raises StartupError."""
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run("pg_restore", url, *options, content=part)


def _run(program: str, url: str, *options: str, content: IO[bytes] | None = None) -> None:
    path = shutil.which(program)
    if path is None:
        raise StartupError(f"{program} is not on this machine; install PostgreSQL's client programs")
    address = make_url(url)
    parts = {**address.translate_connect_args(database="dbname", username="user"), **address.query}
    password = parts.pop("password", None)
    # Never on the command line, which every user of the machine can read.
    secret = {} if password is None else {"PGPASSWORD": str(password)}
    started = subprocess.Popen(
        [path, *options, f"--dbname={make_conninfo(**parts)}"],
        stdin=subprocess.PIPE if content is not None else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**environment(), **secret},
    )
    with started:
        if content is not None and started.stdin is not None:
            _feed(content, started.stdin)
        complaint = (started.stderr.read() if started.stderr is not None else b"").decode(errors="replace")
    if started.returncode:
        raise StartupError(f"{program} could not: {_last_line(complaint)}")


def _feed(content: IO[bytes], program: IO[bytes]) -> None:
    """Hand the dump over; where the program has ended, what it says tells why."""
    try:
        shutil.copyfileobj(content, program)
        program.close()
    except BrokenPipeError:
        return


def _last_line(complaint: str) -> str:
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it gave no reason"
