"""`flask backup` and `flask restore`: all comes back, or nothing is touched."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.pool import NullPool

from community_api.audit.models import AuditEvent
from community_api.cli import shell
from community_api.core.config import Settings
from community_api.core.crypto.keys import make_key
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import StartupError
from community_api.core.lockfile import LockFile, lock_path
from community_api.server.backups import service
from tests.support.app import World, make_world
from tests.support.databases import Addresses, Databases
from tests.support.factories import seed_demo
from tests.support.workflow import OFFICER, Police, observation

Flask = Callable[..., Result]


@pytest.fixture
def addresses(databases: Databases, dialect: str) -> Iterator[Addresses]:
    with databases.fresh(dialect, seed=seed_demo) as made:
        yield made


@pytest.fixture
def world(addresses: Addresses, tmp_path: Path) -> Iterator[World]:
    made = make_world(addresses, tmp_path)
    yield made
    made.close()


@pytest.fixture
def police(world: World) -> Police:
    return Police(world)


@pytest.fixture
def settings(world: World, addresses: Addresses) -> Settings:
    """Those of the installation that is backed up, with the address of the database's owner."""
    return replace(world.settings, migration_url=addresses.migration_url)


@pytest.fixture
def elsewhere(settings: Settings, empty_addresses: Addresses) -> Settings:
    """Those of a new machine with a copy of the keys and an empty database."""
    return replace(
        settings,
        database_url=empty_addresses.database_url,
        migration_url=empty_addresses.migration_url,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@contextmanager
def started(settings: Settings, world: World) -> Iterator[Police]:
    """The product over a database that was brought back, with its people."""
    again = world.beside(settings)
    yield Police(again)


def entries(uow: UnitOfWork) -> set[tuple[object, bytes]]:
    with uow() as tx:
        return {(row.id, row.leaf_hash) for row in tx.all(select(AuditEvent))}


def is_untouched(settings: Settings) -> bool:
    engine = create_engine(settings.owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        return inspect(connection).get_table_names() == []


def test_what_was_acknowledged_is_there_again_and_sent_once_more_it_is_the_same(
    police: Police, settings: Settings, elsewhere: Settings, folder: Path
) -> None:
    body = {"id": str(uuid4()), **observation(police.world)}
    first = police.of(OFFICER).post("/observations", body)
    written = entries(police.world.uow)
    file, _ = service.back_up(settings, folder)
    service.restore(elsewhere, file)
    with started(elsewhere, police.world) as restored:
        again = restored.of(OFFICER).post("/observations", body, expect=200)
        assert (again["id"], again["reference"]) == (first["id"], first["reference"])
        assert again.headers["Idempotent-Replay"] == "true"
        read = restored.of(OFFICER).get(f"/observations/{first['id']}", purpose="follow_up")
        assert read["facts"] == body["facts"]
        assert written <= entries(restored.world.uow)


def test_nobody_goes_on_with_a_session_of_before(
    police: Police, settings: Settings, elsewhere: Settings, folder: Path
) -> None:
    token = {"Authorization": f"Bearer {police.of(OFFICER).token()}"}
    file, _ = service.back_up(settings, folder)
    done = service.restore(elsewhere, file)
    assert done.ended_sessions == 1
    with started(elsewhere, police.world) as restored:
        assert restored.world.anybody().get("/me", headers=token, expect=401).code == "token_revoked"
        restored.of(OFFICER).get("/me", expect=200)


def test_what_is_written_after_it_is_not_in_it(
    police: Police, settings: Settings, elsewhere: Settings, folder: Path
) -> None:
    file, manifest = service.back_up(settings, folder)
    later = police.observes()
    service.restore(elsewhere, file)
    assert manifest.contents.rows["community_observation"] == 0
    with started(elsewhere, police.world) as restored:
        restored.of(OFFICER).get(f"/observations/{later['id']}", purpose="follow_up", expect=404)


def test_only_its_owner_can_read_it_and_nothing_else_is_left(
    police: Police, settings: Settings, folder: Path
) -> None:
    first, _ = service.back_up(settings, folder)
    second, _ = service.back_up(settings, folder)
    assert first != second
    assert {path.name for path in folder.iterdir()} == {first.name, second.name, ".backup.lock"}
    assert {path.stat().st_mode & 0o777 for path in (first, second)} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_it_holds_no_key_and_no_text_that_can_be_read(
    police: Police, settings: Settings, folder: Path
) -> None:
    police.observes(facts="Seventeen canisters behind the boathouse.")
    file, _ = service.back_up(settings, folder)
    content = file.read_bytes()
    keys = [path.read_bytes().strip() for path in settings.keys.glob("*.key")]
    assert len(keys) > 5
    assert [secret for secret in (*keys, b"canisters") if secret in content] == []


@pytest.mark.parametrize("member", ["manifest.json", "manifest.hmac", "database"])
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_a_file_that_was_changed_is_refused(
    police: Police, settings: Settings, elsewhere: Settings, folder: Path, member: str, place: float
) -> None:
    file, _ = service.back_up(settings, folder)
    with tarfile.open(file) as tar:
        part = tar.getmember(member)
    content = bytearray(file.read_bytes())
    content[part.offset_data + int(place * (part.size - 1))] ^= 1
    file.write_bytes(content)
    with pytest.raises(StartupError, match=r"was changed|is no backup"):
        service.restore(elsewhere, file)
    assert is_untouched(elsewhere)


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.99])
def test_a_file_that_is_not_whole_is_refused(
    police: Police, settings: Settings, elsewhere: Settings, folder: Path, part: float
) -> None:
    file, _ = service.back_up(settings, folder)
    with tarfile.open(file) as tar:
        end = tar.getmember("database").offset_data + tar.getmember("database").size
    os.truncate(file, int(end * part))
    with pytest.raises(StartupError, match="is not whole"):
        service.restore(elsewhere, file)
    assert is_untouched(elsewhere)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("wrap-0001.key is gone", r"wrap-0001.key is not there"),
        ("wrap-0001.key is another", r"wrap-0001.key is not the one that the backup needs"),
        ("backup.key is another", r"made under another backup.key"),
    ],
)
def test_without_its_keys_it_is_refused_before_anything_is_touched(
    police: Police,
    settings: Settings,
    elsewhere: Settings,
    folder: Path,
    tmp_path: Path,
    change: str,
    sentence: str,
) -> None:
    police.observes()
    file, _ = service.back_up(settings, folder)
    others = shutil.copytree(settings.keys, tmp_path / "others")
    name, _, what = change.partition(" is ")
    (others / name).unlink()
    make_key(others / (name if what == "another" else "wrap-0002.key"))
    with pytest.raises(StartupError, match=sentence):
        service.restore(replace(elsewhere, keys=others), file)
    assert is_untouched(elsewhere)


def test_a_database_that_holds_something_is_left_alone(
    police: Police, settings: Settings, folder: Path
) -> None:
    file, _ = service.back_up(settings, folder)
    kept = police.observes()
    with pytest.raises(StartupError, match="not empty"):
        service.restore(settings, file)
    police.of(OFFICER).get(f"/observations/{kept['id']}", purpose="follow_up")


def test_a_schema_of_a_newer_version_is_refused(
    police: Police, settings: Settings, elsewhere: Settings, folder: Path
) -> None:
    engine = create_engine(settings.owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    file, _ = service.back_up(settings, folder)
    with pytest.raises(StartupError, match="newer version"):
        service.restore(elsewhere, file)
    assert is_untouched(elsewhere)


def test_a_backup_of_the_other_kind_of_database_is_refused(
    police: Police, settings: Settings, folder: Path
) -> None:
    file, _ = service.back_up(settings, folder)
    other = "postgresql+psycopg://x@127.0.0.1:1/x" if settings.is_sqlite else "sqlite:////nowhere/x.sqlite3"
    with pytest.raises(StartupError, match="The backup is of"):
        service.restore(replace(settings, database_url=other, migration_url=None), file)


def test_an_audit_entry_that_was_changed_is_found_when_the_backup_is_made(
    police: Police, settings: Settings, folder: Path
) -> None:
    police.observes()
    engine = create_engine(settings.owner_url, poolclass=NullPool)
    off = (
        "DROP TRIGGER audit_event_no_update"
        if settings.is_sqlite
        else "ALTER TABLE audit_event DISABLE TRIGGER ALL"
    )
    with engine.begin() as connection:
        connection.execute(text(off))
        connection.execute(text("UPDATE audit_event SET envelope = replace(envelope, 'collect', 'consult')"))
    with pytest.raises(StartupError, match="is not what was written"):
        service.back_up(settings, folder)
    assert [path.name for path in folder.iterdir()] == [".backup.lock"]


def test_a_database_of_nothing_is_not_backed_up(elsewhere: Settings, folder: Path) -> None:
    with pytest.raises(StartupError, match="holds nothing"):
        service.back_up(elsewhere, folder)


# --- as it is typed --------------------------------------------------------------------------------


@pytest.fixture
def flask() -> Callable[..., Result]:
    runner = shell().test_cli_runner()

    def typed(settings: Settings, *words: str) -> Result:
        environ = {
            "COMMUNITY_MODE": "test",
            "COMMUNITY_DATABASE_URL": settings.database_url,
            "COMMUNITY_MIGRATION_URL": settings.owner_url,
            "COMMUNITY_KEYS": str(settings.keys),
            "COMMUNITY_STATE": str(settings.var),
        }
        return runner.invoke(args=list(words), env=environ)

    return typed


def test_both_commands_say_what_they_did(
    police: Police, settings: Settings, elsewhere: Settings, folder: Path, flask: Flask
) -> None:
    police.observes()
    kept = flask(settings, "backup", str(folder))
    assert kept.exit_code == 0
    assert "wrap-0001.key, backup.key are needed" in kept.output
    file = next(folder.glob("*.tar"))
    back = flask(elsewhere, "restore", str(file))
    assert (back.exit_code, back.output.count("\n")) == (0, 1)
    assert "1 sessions were ended" in back.output


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_while_a_server_works_nothing_is_brought_back(
    police: Police, settings: Settings, elsewhere: Settings, folder: Path, flask: Flask
) -> None:
    file, _ = service.back_up(settings, folder)
    path = lock_path(elsewhere)
    assert path is not None
    server = LockFile(path, "serve")
    try:
        assert flask(elsewhere, "restore", str(file)).exit_code == 3
    finally:
        server.release()
    assert is_untouched(elsewhere)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_without_the_programs_of_the_database_it_says_what_is_missing(
    police: Police, settings: Settings, folder: Path, flask: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    refused = flask(settings, "backup", str(folder))
    assert refused.exit_code == 2
    assert "pg_dump is not on this machine" in refused.stderr
