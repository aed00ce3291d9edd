"""What must be so before the product serves: one server, a free port, keys, rights, schema, a demo."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from community_api import procedures
from community_api.core.config import Settings, environment
from community_api.core.crypto.keys import load_keys
from community_api.core.database import schema_version
from community_api.core.database.engine import Database
from community_api.core.database.role_check import refuse_mighty_role
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import StartupError
from community_api.core.i18n.translations import WORDS
from community_api.core.lockfile import LockFile, lock_path
from community_api.core.places.terms import THREADS
from community_api.intelligence.indicators import service as indicators
from community_api.procedure_engine.language.findings import PackError
from community_api.server.setup import unit_of_work
from community_api.server.supervisor import ANNOUNCEMENT, Plan
from community_api.server.terms import ALLOCATOR, INTERPRETER, MOST_PROCESSES, SERVE

# What a database says, by SQLSTATE or, while it refuses the connection, in words alone.
REASONS = {
    "password authentication failed": "the database refuses the password",
    "no password supplied": "the database asks for a password",
    'role "': "the database does not know the role, or refuses it",
    'database "': "there is no such database; create it first",
    "remaining connection slots": "the database has no connection left to give",
    "42501": "the role may not change the schema; tell the owner's address in COMMUNITY_MIGRATION_URL",
    "55P03": "somebody holds a table that must change; try again when they are done",
    "53100": "the disk of the database is full",
    "database or disk is full": "the disk of the database is full",
    "file is not a database": "the file is no SQLite database",
    "readonly database": "the database may be read only",
}


class PortTaken(Exception):
    """The address to listen at cannot be had; the message says why and what to do."""


def serve(settings: Settings, processes: int | None, greet: Callable[[], str]) -> NoReturn:
    """Prepare and become the server. ``greet`` readies the demo and tells where to look and how to sign in.

    ``processes`` None: one on SQLite, else as many as there are processors, four at most. Raises Held,
    PortTaken or StartupError.
    """
    os.umask(0o077)
    lock = LockFile(server_lock(settings), SERVE)
    probe(settings.host, settings.port)
    prepare(settings)
    plan = plan_of(settings, processes, lock.path.with_suffix(".run"))
    _fresh_folder(Path(plan.folder), greet())
    _become(plan)


def server_lock(settings: Settings) -> Path:
    """The lock of a server: beside the SQLite database, on PostgreSQL one for each port."""
    return lock_path(settings) or settings.var / f"port-{settings.port}.lock"


def prepare(settings: Settings) -> None:
    """Keys, schema, role, indicator list and procedures as they must be.

    Raises StartupError or SettingError.
    """
    procedures.shipped_name(settings.procedure)
    load_keys(settings.keys, make_missing=settings.playful)
    bring_to_head(settings)
    if not settings.playful:
        database = Database(settings.database_url, pool_size=1)
        refuse_mighty_role(database)
        database.close()
    with unit_of_work(settings) as uow:
        indicators.install(uow, renew=settings.playful)
        prove_procedures(uow)


def prove_procedures(uow: UnitOfWork) -> None:
    """Prove what new cases may take before anybody's case does, and tell which words have no translation.

    Raises StartupError with all that is wrong with a version.
    """
    try:
        with uow() as tx:
            lacking = procedures.prove(tx, WORDS.says)
    except PackError as unsound:
        raise StartupError(f"A procedure that new cases would take is not sound:\n{unsound}") from None
    for one in lacking:
        sys.stderr.write(f"{one}; it is shown in English\n")


def bring_to_head(settings: Settings) -> None:
    """Migrate; where production has no owner's address the schema must be there already.

    Raises StartupError, or what the driver raises when the database cannot be used (``reason`` tells why).
    """
    if is_at_head(settings):
        return
    if not (settings.playful or settings.is_sqlite or settings.migration_url):
        raise StartupError(
            "The schema is not this version's: run `flask migrate` with the owner's address in "
            "COMMUNITY_MIGRATION_URL first"
        )
    migrate(settings)


def migrate(settings: Settings) -> None:
    """Bring the schema to the newest revision as the owner, and grant the application its rights anew."""
    from community_api.core.database import migrations  # noqa: PLC0415 - half a second, and seldom needed

    migrations.upgrade(settings.owner_url, role=make_url(settings.database_url).username)


def is_at_head(settings: Settings) -> bool:
    """Whether the database has the schema of this version; False where there is no database yet."""
    path = make_url(settings.database_url).database
    if settings.is_sqlite and path and not Path(path).exists():
        return False
    database = Database(settings.database_url, pool_size=1)
    try:
        with database.engine.connect() as connection:
            return schema_version.current(connection) == schema_version.head()
    finally:
        database.close()


def reason(error: DBAPIError) -> str:
    """Why a database cannot be used, in words that repeat nothing of its address."""
    told = str(error.orig)
    for sign, words in REASONS.items():
        if sign == getattr(error.orig, "sqlstate", None) or sign in told:
            return words
    return "the database does not answer or cannot be opened"


def probe(host: str, port: int) -> None:
    """Raise PortTaken unless somebody could listen there now.

    The server shares its port among its processes (SO_REUSEPORT) and would share it with another
    server as well, without a word; a plain socket finds that one.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            plain.bind((host, port))
        except socket.gaierror:
            raise PortTaken("COMMUNITY_HOST names no address of this machine.") from None
        except OSError as error:
            raise PortTaken(_why_not(error, port)) from None


def _why_not(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65_535 else 8000
        return f"Port {port} is taken by another program. Stop it, or choose another: PORT={other} make run"
    if error.errno == errno.EACCES:
        return f"Port {port} is for the system's own programs. Choose one above 1023: PORT=8000 make run"
    return "COMMUNITY_HOST names no address of this machine."


def plan_of(settings: Settings, processes: int | None, folder: Path) -> Plan:
    several = processes or min(os.cpu_count() or 1, MOST_PROCESSES)
    return Plan(
        host=settings.host,
        port=settings.port,
        processes=1 if settings.is_sqlite else several,
        threads=THREADS,
        dialect=settings.dialect,
        folder=str(folder.resolve()),
        worker_beside=not settings.is_sqlite,
    )


def _fresh_folder(folder: Path, announcement: str) -> None:
    """A folder for this run; what a killed one left behind goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / ANNOUNCEMENT).write_text(announcement, encoding="utf-8")


def _become(plan: Plan) -> NoReturn:
    """Replace this process, keeping its id, its terminal and its lock."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, *INTERPRETER, "-m", "community_api.server.supervisor", plan.dumps()]
    surroundings = ALLOCATOR | environment() | {"PROMETHEUS_MULTIPROC_DIR": plan.folder}
    os.execve(sys.executable, command, surroundings)  # noqa: S606
