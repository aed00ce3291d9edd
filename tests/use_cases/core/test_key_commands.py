"""flask keys: what an operator types to make keys and to renew the wrapping key."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from sqlalchemy import select

from community_api.cli import shell
from community_api.core.clock import Clock
from community_api.core.crypto.keys import load_keys
from community_api.core.crypto.sealing import Sealer
from community_api.core.database.engine import Database
from community_api.core.database.tables import DataKey
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import SealBroken
from community_api.core.ids import new_id

WORDS = {"facts": "Zwölf Säcke Dünger in Garage 14"}
Flask = Callable[..., Result]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def flask(database_url: str, keys: Path) -> Flask:
    """Types a command of a real installation."""
    runner = shell().test_cli_runner()
    settings = {
        "COMMUNITY_MODE": "production",
        "COMMUNITY_DATABASE_URL": database_url,
        "COMMUNITY_KEYS": str(keys),
    }
    return lambda *words: runner.invoke(args=["keys", *words], env=settings)


@pytest.fixture
def uow(database_url: str, keys: Path, flask: Flask) -> Iterator[UnitOfWork]:
    """The product as it runs with the keys that there are now."""
    assert flask("make").exit_code == 0
    database = Database(database_url)
    ring = load_keys(keys, make_missing=False)
    yield UnitOfWork(database, Clock(), Sealer(ring), ring)
    database.close()


def started_anew(uow: UnitOfWork, keys: Path) -> UnitOfWork:
    ring = load_keys(keys, make_missing=False)
    return UnitOfWork(uow.database, uow.clock, Sealer(ring), ring)


def test_making_keys_tells_what_to_keep_and_a_second_time_makes_none(flask: Flask) -> None:
    first = flask("make").output
    assert "Made wrap-0001.key." in first
    assert "Keep a copy apart from the database" in first
    assert flask("make").output == "Nothing is missing.\n"


def test_after_rotating_every_text_opens_without_the_old_key(
    uow: UnitOfWork, flask: Flask, keys: Path
) -> None:
    owners = [new_id() for _ in range(3)]
    with uow() as tx:
        texts = {owner: tx.sealer.seal_new(tx, owner, "a.label", WORDS) for owner in owners}
    assert "Made wrap-0002.key" in flask("next").output
    said = flask("rotate", "--yes").output
    assert "3 data keys were put under wrap-0002." in said
    assert "wrap-0001 wraps nothing here any more" in said
    (keys / "wrap-0001.key").unlink()
    with (renewed := started_anew(uow, keys))() as tx:
        assert set(tx.all(select(DataKey.key_id))) == {"wrap-0002"}
        assert [renewed.sealer.open(tx, owner, "a.label", 1, texts[owner]) for owner in owners] == [WORDS] * 3


def test_rotating_again_finds_nothing_to_do(uow: UnitOfWork, flask: Flask) -> None:
    with uow() as tx:
        tx.sealer.seal_new(tx, new_id(), "a.label", WORDS)
    flask("next")
    flask("rotate", "--yes")
    assert "0 data keys were put under wrap-0002." in flask("rotate", "--yes").output


def test_a_record_of_a_running_server_that_does_not_know_the_new_key_is_caught_up(
    uow: UnitOfWork, flask: Flask
) -> None:
    flask("next")
    flask("rotate", "--yes")
    with uow() as tx:
        tx.sealer.seal_new(tx, new_id(), "a.label", WORDS)
    assert "1 data keys were put under wrap-0002." in flask("rotate", "--yes").output


def test_without_a_yes_nothing_is_rotated(uow: UnitOfWork, flask: Flask) -> None:
    with uow() as tx:
        tx.sealer.seal_new(tx, new_id(), "a.label", WORDS)
    flask("next")
    assert flask("rotate").exit_code == 1
    with uow() as tx:
        assert tx.all(select(DataKey.key_id)) == ["wrap-0001"]


def test_a_wrapping_key_that_is_missing_is_told_by_the_record_it_wraps(
    uow: UnitOfWork, flask: Flask, keys: Path
) -> None:
    owner = new_id()
    with uow() as tx:
        tx.sealer.seal_new(tx, owner, "a.label", WORDS)
    flask("next")
    (keys / "wrap-0001.key").unlink()
    refused = flask("rotate", "--yes")
    assert refused.exit_code == 2
    assert f"the data key of record {owner} does not open" in refused.output


def left_running(uow: UnitOfWork, keys: Path) -> UnitOfWork:
    """The product as it began, which can read its key files anew."""
    sealer = Sealer(uow.keys, reread=partial(load_keys, keys, make_missing=False))
    return UnitOfWork(uow.database, uow.clock, sealer, uow.keys)


def test_what_was_left_running_opens_what_was_rotated_and_seals_under_the_new_key(
    uow: UnitOfWork, flask: Flask, keys: Path
) -> None:
    running = left_running(uow, keys)
    before, after = new_id(), new_id()
    with running() as tx:
        sealed = tx.sealer.seal_new(tx, before, "a.label", WORDS)
    flask("next")
    flask("rotate", "--yes")
    with running() as tx:
        assert tx.sealer.open(tx, before, "a.label", 1, sealed) == WORDS
        tx.sealer.seal_new(tx, after, "a.label", WORDS)
    with running() as tx:
        assert tx.all(select(DataKey.key_id).where(DataKey.owner_id == after)) == ["wrap-0002"]


@pytest.mark.parametrize("wrong", ["missing", "readable"])
def test_a_key_that_cannot_be_read_raises_the_alarm_until_it_can(
    uow: UnitOfWork, flask: Flask, keys: Path, wrong: str
) -> None:
    running = left_running(uow, keys)
    alarmed: list[UUID] = []
    running.sealer.alarm = alarmed.append
    owner = new_id()
    with running() as tx:
        sealed = tx.sealer.seal_new(tx, owner, "a.label", WORDS)
    flask("next")
    flask("rotate", "--yes")
    newer = keys / "wrap-0002.key"
    kept = newer.rename(keys.parent / "kept") if wrong == "missing" else newer
    kept.chmod(0o644)
    with running() as tx, pytest.raises(SealBroken):
        tx.sealer.open(tx, owner, "a.label", 1, sealed)
    assert alarmed == [owner]
    kept.chmod(0o600)
    kept.rename(newer)
    with running() as tx:
        assert tx.sealer.open(tx, owner, "a.label", 1, sealed) == WORDS
