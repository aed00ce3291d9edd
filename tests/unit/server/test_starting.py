"""What keeps the product from starting is told in one sentence that repeats no address and no password."""

import errno
import socket
import sqlite3
from pathlib import Path

import psycopg
import pytest
from psycopg import OperationalError
from sqlalchemy.exc import DBAPIError

from community_api.core.config import Settings
from community_api.core.errors import StartupError
from community_api.server import preflight
from community_api.server.preflight import PortTaken
from community_api.server.supervisor import Plan


def settings(tmp_path, **values):
    return Settings(
        **{
            "mode": "demo",
            "database_url": f"sqlite:///{tmp_path}/a.sqlite3",
            "keys": tmp_path / "keys",
            "var": tmp_path,
            **values,
        }
    )


@pytest.fixture
def listener():
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening


def test_a_port_somebody_listens_at_is_taken_even_if_they_would_share_it(listener):
    port = listener.getsockname()[1]
    with pytest.raises(PortTaken, match=f"Port {port} is taken by another program.*PORT={port + 1} make run"):
        preflight.probe("127.0.0.1", port)


def test_a_free_port_is_free_and_stays_so():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    preflight.probe("127.0.0.1", port)
    preflight.probe("127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host.invalid"])
def test_an_address_that_is_not_ours_is_no_place_to_listen(host):
    with pytest.raises(PortTaken, match="COMMUNITY_HOST names no address of this machine"):
        preflight.probe(host, 8000)


def test_a_port_of_the_system_is_explained(monkeypatch):
    def refuse(*_args):
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(PortTaken, match="Choose one above 1023"):
        preflight.probe("127.0.0.1", 80)


def test_one_process_answers_on_sqlite_however_many_are_asked_for(tmp_path):
    plan = preflight.plan_of(settings(tmp_path), 8, tmp_path / "run")
    assert (plan.processes, plan.worker_beside) == (1, False)


def test_several_answer_on_postgresql_with_a_worker_beside(tmp_path):
    plan = preflight.plan_of(
        settings(tmp_path, database_url="postgresql+psycopg://a@/b"), 3, tmp_path / "run"
    )
    assert (plan.processes, plan.worker_beside) == (3, True)


def test_a_plan_survives_its_journey():
    plan = Plan("::1", 8000, 2, 4, "postgresql", "/a folder", worker_beside=True)
    assert Plan.loads(plan.dumps()) == plan


CONNECTING = 'connection to server at "secret.example" failed: FATAL:  '


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (
            psycopg.OperationalError(CONNECTING + 'password authentication failed for "secret"'),
            "the password",
        ),
        (OperationalError(CONNECTING + 'database "secret" does not exist'), "create it first"),
        (OperationalError(CONNECTING + 'role "secret" does not exist'), "the role"),
        (OperationalError("failed to resolve host 'secret.example'"), "does not answer"),
        (psycopg.errors.InsufficientPrivilege("permission denied for secret"), "COMMUNITY_MIGRATION_URL"),
        (psycopg.errors.LockNotAvailable("canceling"), "try again"),
        (psycopg.errors.DiskFull("could not extend file secret"), "disk of the database is full"),
        (sqlite3.OperationalError("database or disk is full"), "disk of the database is full"),
        (sqlite3.OperationalError("unable to open database file"), "cannot be opened"),
        (sqlite3.DatabaseError("file is not a database"), "no SQLite database"),
    ],
)
def test_a_database_that_refuses_is_explained_without_its_address(raised, words):
    told = preflight.reason(DBAPIError("SELECT secret", {}, raised))
    assert words in told
    assert "secret" not in told


def test_keys_are_never_made_for_production(tmp_path):
    with pytest.raises(StartupError, match="COMMUNITY_KEYS: the directory of key files does not exist"):
        preflight.prepare(settings(tmp_path, mode="production"))
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_there_yet_is_not_at_head(tmp_path):
    assert not preflight.is_at_head(settings(tmp_path))
    assert list(tmp_path.iterdir()) == [], "looking makes no file"


def test_a_folder_that_cannot_be_written_is_explained(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises((StartupError, OSError)):
        preflight.bring_to_head(settings(tmp_path, database_url=f"sqlite:///{tmp_path}/file/a.sqlite3"))


def test_the_lock_of_a_server_is_beside_sqlite_and_one_for_each_port_on_postgresql(tmp_path):
    assert preflight.server_lock(settings(tmp_path)) == tmp_path / "a.lock"
    found = preflight.server_lock(settings(tmp_path, database_url="postgresql+psycopg://a@/b", port=8123))
    assert found == tmp_path / "port-8123.lock"
    assert isinstance(found, Path)
