"""A PostgreSQL cluster of our own, durable as in production, thrown away afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from benchmarks.child_process import Hand, HandError

PATIENCE_SECONDS = 30.0
# Told outright, so that no template or build default can make the figures prettier than they are.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "listen_addresses": "",
    "max_connections": "100",
    "jit": "off",
}


class NoPostgres(Exception):
    """There are no PostgreSQL binaries on this machine."""


class Cluster:
    """A running cluster that listens on a socket in its own directory only."""

    def __init__(self, directory: Path, env: dict[str, str]) -> None:
        binaries = find_binaries()
        self.directory = directory
        self.user = _unprivileged(directory)
        self.data = directory / "data"
        self._run(
            binaries / "initdb", "-D", str(self.data), "-U", "bench", "-A", "trust", "-E", "UTF8", env=env
        )
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        self.hand = Hand(
            [str(binaries / "postgres"), "-D", str(self.data), "-k", str(directory), *settings],
            log=directory.parent / "postgres.log",
            env=env,
            cwd=directory,
            user=self.user,
        )
        self._wait()

    @property
    def pid(self) -> int:
        return self.hand.pid

    def conninfo(self, database: str) -> str:
        """For the driver: libpq's key-value form."""
        return f"host={self.directory} user=bench dbname={database}"

    def url(self, database: str, user: str = "bench") -> str:
        """For SQLAlchemy: the product's setting."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.directory}"

    def create(self, database: str) -> None:
        self._execute(f'CREATE DATABASE "{database}"')

    def settings(self) -> dict[str, str]:
        """What the server itself says of the settings that matter, and its version."""
        names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")
        with psycopg.connect(self.conninfo("postgres")) as connection:
            return {name: str(connection.execute(f"SHOW {name}").fetchone()[0]) for name in names}  # type: ignore[index]

    def stop(self) -> None:
        self.hand.stop(signal.SIGINT)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, *command: str | Path, env: dict[str, str]) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            env=env,
            cwd=self.directory,
            user=self.user,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise HandError(f"{command[0]}: {done.stderr}")

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                psycopg.connect(self.conninfo("postgres")).close()
            except psycopg.OperationalError:
                if self.hand.ended or time.monotonic() > deadline:
                    raise HandError(f"PostgreSQL did not start:\n{self.hand.last_words()}") from None
                time.sleep(0.05)
            else:
                return


def find_binaries() -> Path:
    """The directory of the newest initdb that has its postgres beside it; raises NoPostgres."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parent.parent.name) if path.parent.parent.name.isdigit() else 0,
    )
    on_path = shutil.which("initdb")
    candidates = [*reversed(found), *([Path(on_path)] if on_path else [])]
    for initdb in candidates:
        if (initdb.parent / "postgres").exists():
            return initdb.parent
    raise NoPostgres("no PostgreSQL: install postgresql (server binaries), or run with --database sqlite")


def _unprivileged(directory: Path) -> str | None:
    """The user to run as: None is ourselves; PostgreSQL refuses root, so root lends it its directory."""
    directory.mkdir(parents=True, mode=0o700)
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(directory, user.pw_uid, user.pw_gid)
        return name
    raise NoPostgres("PostgreSQL does not run as root and there is no user postgres or nobody to run it")
