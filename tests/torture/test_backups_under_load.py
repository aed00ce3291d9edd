"""Backups under load, and killed half-way: each with a name is whole (P82)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from community_api.core.config import Settings, read_settings
from community_api.core.crypto.keys import load_keys
from community_api.server.backups import archive, service
from tests.support.databases import Addresses, Databases, DurableDatabase
from tests.support.servers import Server
from tests.torture.consistency import Books
from tests.torture.writers import History, writing

SHORT, LONG = 2, 50
many = pytest.mark.parametrize("count", [SHORT, pytest.param(LONG, marks=pytest.mark.torture)])


@many
def test_each_holds_all_that_was_acknowledged_before_it_began_and_nothing_torn(
    server: Server, durable_database: DurableDatabase, databases: Databases, tmp_path: Path, count: int
) -> None:
    settings = read_settings(_ours(server.environ))
    before: list[tuple[Path, set[str]]] = []
    with writing(server) as history:
        for _ in range(count):
            _wait_for_more(history, len(before))
            acknowledged = set(history.observations)
            file, _manifest = service.back_up(settings, tmp_path / "backups")
            before.append((file, acknowledged))
    assert history.wrong == []
    for file, acknowledged in before:
        with _restored(databases, durable_database.addresses.dialect, settings, file) as database_url:
            books = Books(database_url)
            assert books.damage == []
            assert {UUID(name) for name in acknowledged} <= books.observations
            assert set(books.leaves) >= books.observations
    assert len(before[0][1]) < len(before[-1][1]), "nobody wrote meanwhile"


@many
def test_one_that_is_killed_leaves_nothing_that_could_be_brought_back(
    server: Server, tmp_path: Path, count: int
) -> None:
    backups, environ = tmp_path / "backups", server.environ
    keys = load_keys(Path(environ["COMMUNITY_KEYS"]), make_missing=False)
    command = [sys.executable, "-m", "flask", "--app", "app", "backup", str(backups)]
    whole = _seconds(command, server.folder, environ)
    for _ in range(count):
        started = subprocess.Popen(command, cwd=server.folder, env=dict(environ), stdout=subprocess.DEVNULL)
        # The last half of it, in which the file is written.
        time.sleep(whole * random.uniform(0.5, 1.0))
        started.send_signal(signal.SIGKILL)
        started.wait()
    for file in backups.glob("*.tar"):
        with archive.opened(file, keys) as kept:
            assert kept.manifest.contents.audit_entries > 0
    subprocess.run(command, cwd=server.folder, env=dict(environ), check=True, stdout=subprocess.DEVNULL)
    assert [path.name for path in backups.glob(".*.unfinished*")] == []


def _wait_for_more(history: History, backups: int) -> None:
    """Until the writers are ahead of the last backup."""
    until = time.monotonic() + 60
    while len(history.observations) <= backups * 3 and time.monotonic() < until:
        time.sleep(0.05)


@contextmanager
def _restored(databases: Databases, dialect: str, settings: Settings, file: Path) -> Iterator[str]:
    with databases.empty(dialect) as empty:
        yield _restore_into(empty, settings, file)


def _restore_into(empty: Addresses, settings: Settings, file: Path) -> str:
    values = {**vars(settings), "database_url": empty.database_url, "migration_url": empty.migration_url}
    service.restore(Settings(**values), file)
    return empty.database_url


def _seconds(command: list[str], folder: Path, environ: Mapping[str, str]) -> float:
    begin = time.monotonic()
    subprocess.run(command, cwd=folder, env=dict(environ), check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def _ours(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith("COMMUNITY_")}
