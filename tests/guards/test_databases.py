"""The databases that tests are given are what an installation has, and nothing of them stays behind."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.guards.source import ROOT
from tests.support import temp_dirs
from tests.support.postgres_reaper import server_of

PATIENCE_SECONDS = 20
SESSION = """
import sys, time
{start}
print(scratch.path, flush=True)
time.sleep(60)
"""


def run(url, statement):
    """The first value of a statement's answer."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        answer = connection.execute(sa.text(statement))
        return answer.scalar() if answer.returns_rows else None


def note(addresses):
    run(addresses.migration_url, "CREATE TABLE note (word text)")
    run(addresses.migration_url, "INSERT INTO note VALUES ('seeded')")


def test_a_fresh_database_is_migrated(addresses):
    newest = (ROOT / "migrations" / "HEAD").read_text().strip()
    assert run(addresses.database_url, "SELECT version_num FROM alembic_version") == newest


def test_an_empty_one_has_no_table(empty_addresses):
    engine = sa.create_engine(empty_addresses.database_url, poolclass=sa.pool.NullPool)
    assert sa.inspect(engine).get_table_names() == []


@pytest.mark.parametrize("time_round", [1, 2])
def test_no_test_finds_what_another_wrote(migration_url, time_round):
    run(migration_url, "CREATE TABLE mine (word text)")


def test_all_tests_of_a_module_may_share_one(shared_addresses, database_url):
    assert shared_addresses.database_url != database_url


def test_rows_of_a_seed_are_written_once_and_found_in_every_copy(databases, dialect):
    written = []

    def seed(addresses):
        written.append(addresses)
        note(addresses)

    for _copy in range(2):
        with databases.fresh(dialect, seed=seed) as addresses:
            assert run(addresses.migration_url, "SELECT word FROM note") == "seeded"
            run(addresses.migration_url, "DELETE FROM note")
    assert len(written) == 1


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_the_application_is_neither_owner_nor_superuser(addresses):
    mighty = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    assert run(addresses.database_url, mighty) is False
    with pytest.raises(sa.exc.ProgrammingError, match="must be owner"):
        run(addresses.database_url, "DROP TABLE core_command")


def test_a_durable_database_keeps_through_a_crash_what_it_acknowledged(dialect, durable_database):
    note(durable_database.addresses)
    durable_database.crash()
    assert run(durable_database.addresses.migration_url, "SELECT word FROM note") == "seeded"


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_killed_session_leaves_no_server_and_no_folder(dialect):
    start = "from tests.support.postgresql import Cluster; scratch = Cluster().scratch"
    session, folder = begin_session(start)
    assert server_of(folder) is not None
    session.kill()
    session.communicate()
    wait_until(lambda: not folder.exists())


def test_what_even_the_keeper_left_is_removed_by_the_next_session():
    session, folder = begin_session(
        "from tests.support.temp_dirs import Scratch; scratch = Scratch(); scratch.keeper.kill()"
    )
    session.kill()
    session.communicate()
    assert folder.exists()
    temp_dirs.discard_leftovers(folder.parent)
    assert not folder.exists()


def test_a_folder_in_use_is_left_alone():
    session, folder = begin_session("from tests.support.temp_dirs import Scratch; scratch = Scratch()")
    temp_dirs.discard_leftovers(folder.parent)
    assert folder.exists()
    session.kill()
    session.communicate()
    wait_until(lambda: not folder.exists())


def begin_session(start):
    """A process that holds a folder of its own, and the folder."""
    session = subprocess.Popen(
        [sys.executable, "-c", SESSION.format(start=start)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert session.stdout is not None
    return session, Path(session.stdout.readline().strip())


def wait_until(holds):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
