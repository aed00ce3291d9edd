"""A PostgreSQL server of our own, started from the binaries that are found and thrown away afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support.processes import children
from tests.support.temp_dirs import Scratch

BINARIES_SETTING = "COMMUNITY_TEST_PG_BIN"
OLDEST = 14
SUPERUSER = "postgres"
# The schema belongs to one role and is used by another, as a real installation has it.
OWNER = "community_owner"
APPLICATION = "community_app"
PATIENCE_SECONDS = 30.0
_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
# Only who may enter the folder of the socket can connect at all.
_INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    # Inside the data folder, so that nothing of it outlives a kill.
    "dynamic_shared_memory_type": "mmap",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
    # An odd one: whoever lets the server choose the zone of a time is found out.
    "timezone": "Pacific/Chatham",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgresql(Exception):
    """There is no PostgreSQL to start here; the message says how to get one."""


def find_binaries(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder with initdb and postgres; the newest, unless the setting or PATH names one."""
    named = environ.get(BINARIES_SETTING)
    if named:
        if not _is_usable(Path(named)):
            raise NoPostgresql(
                f"{BINARIES_SETTING} names no folder with initdb and postgres {OLDEST} or later."
            )
        return Path(named)
    for folder in _candidates():
        if _is_usable(folder):
            return folder
    raise NoPostgresql(
        f"No PostgreSQL {OLDEST} or later was found (initdb and postgres). To test with it: "
        f"apt install postgresql · brew install postgresql@17 · or {BINARIES_SETTING}=/path/to/bin."
    )


@cache
def why_missing() -> str | None:
    """Why there is no PostgreSQL to test with, and how to get one; None: there is."""
    try:
        find_binaries()
    except NoPostgresql as missing:
        return str(missing)
    return None


class Cluster:
    """A running server that listens on a socket in its own folder only."""

    def __init__(self, *, durable: bool = False) -> None:
        """Make and start it; ``durable`` survives kill -9 and power cuts as in production, and is slower."""
        self._binaries = find_binaries()
        self.scratch = Scratch(durable=durable)
        self._settings = _SETTINGS | (_DURABLE if durable else _FLEETING)
        self._user = _unprivileged_user()
        self._server: subprocess.Popen[bytes] | None = None
        self._connection: psycopg.Connection[Any] | None = None
        try:
            self._initialise()
            self.start()
            self._make_roles()
        except BaseException:
            self.close()
            raise

    def url(self, database: str, role: str) -> str:
        """The address of a database for a role, as the product's settings take it."""
        return f"postgresql+psycopg://{role}@/{database}?host={self._socket}"

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Make a database of the owner role, a copy of ``template``, to which nobody may be connected."""
        # Files copied as they are: with synchronisation off that is faster than writing them to the log.
        strategy = " STRATEGY file_copy" if self.version >= 15 else ""
        self.execute(
            f"CREATE DATABASE {{}} OWNER {OWNER} TEMPLATE {{}}{strategy}",
            sql.Identifier(name),
            sql.Identifier(template),
        )

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute("DROP DATABASE {} WITH (FORCE)", sql.Identifier(name))

    def disconnect_all(self, database: str) -> None:
        """End what is still connected to a database."""
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}", sql.Literal(database)
        )

    def execute(self, statement: str, *parts: sql.Composable) -> None:
        """Run one statement as the superuser."""
        assert self._connection is not None
        self._connection.execute(sql.SQL(statement).format(*parts))

    def crash(self) -> None:
        """Kill every process of the server at once, as a fault would, and start it again."""
        assert self._server is not None
        _kill_tree(self._server)
        self._disconnect()
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers; after a crash it has recovered then."""
        settings = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        with (self.scratch.path / "postgres.log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._data, "-k", self._socket, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_user(),
            )
        self._connection = self._connect()

    def own(self, folder: Path) -> None:
        """Give a folder to the user that the server runs as."""
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)

    def stop(self) -> None:
        """Stop the server, whoever is connected; ``start`` brings it back."""
        self._disconnect()
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
            self._server = None

    def close(self) -> None:
        """Stop the server and remove everything."""
        self.stop()
        self.scratch.close()

    @property
    def pid(self) -> int:
        """The server's first process."""
        assert self._server is not None
        return self._server.pid

    @property
    def version(self) -> int:
        """The major version, such as 15."""
        assert self._connection is not None
        return self._connection.info.server_version // 10_000

    @property
    def _data(self) -> Path:
        return self.scratch.path / "data"

    @property
    def _socket(self) -> Path:
        return self.scratch.path / "socket"

    def _initialise(self) -> None:
        for folder in (self._data, self._socket):
            folder.mkdir(mode=0o700)
            self.own(folder)
        made = subprocess.run(
            [self._binaries / "initdb", "-D", self._data, "-U", SUPERUSER, *_INITDB],
            capture_output=True,
            text=True,
            check=False,
            **self._as_user(),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.strip()}")

    def _make_roles(self) -> None:
        for role in (OWNER, APPLICATION):
            self.execute("CREATE ROLE {} LOGIN", sql.Identifier(role))

    def _connect(self) -> "psycopg.Connection[Any]":
        assert self._server is not None
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return psycopg.connect(
                    host=str(self._socket), user=SUPERUSER, dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    log = (self.scratch.path / "postgres.log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start: {log[-2000:]}") from None
                time.sleep(0.01)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _as_user(self) -> dict[str, Any]:
        """Words for subprocess: root's server runs as somebody else, or initdb refuses."""
        told = {"cwd": "/", "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}}
        if self._user is None:
            return told
        return told | {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}


def _candidates() -> Iterator[Path]:
    for program in ("initdb", "postgres"):
        found = shutil.which(program)
        if found:
            yield Path(found).resolve().parent
    yield from sorted(_installed(_PLACES), key=_version_of, reverse=True)


def _installed(places: Iterable[str]) -> Iterator[Path]:
    for place in places:
        yield from Path("/").glob(place.removeprefix("/"))


def _is_usable(folder: Path) -> bool:
    programs = [folder / "initdb", folder / "postgres"]
    return all(os.access(program, os.X_OK) for program in programs) and _version_of(folder) >= OLDEST


def _version_of(folder: Path) -> int:
    """The major version of the server in a folder; 0: it does not say."""
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    digits = said.stdout.rpartition("PostgreSQL) ")[2].partition(".")[0]
    return int(digits) if digits.isdigit() else 0


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Whom root runs the server as; None: we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgresql(
        "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as."
    )


def _kill_tree(server: "subprocess.Popen[bytes]") -> None:
    # Each of its processes leads a group of its own, so a signal to the server's group would not reach
    # them; stopped first, the server starts no new ones while they are killed.
    server.send_signal(signal.SIGSTOP)
    for child in children(server.pid):
        os.kill(child, signal.SIGKILL)
    server.kill()
    server.wait()


def main(command: list[str]) -> int:
    """Run a command with the settings of a new database; python -m tests.support.postgresql make run."""
    cluster = Cluster()
    try:
        cluster.create_database("community")
        settings = {
            "COMMUNITY_DATABASE_URL": cluster.url("community", APPLICATION),
            "COMMUNITY_MIGRATION_URL": cluster.url("community", OWNER),
        }
        return subprocess.run(command, env=os.environ | settings, check=False).returncode
    finally:
        cluster.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
