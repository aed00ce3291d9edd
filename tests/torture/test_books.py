"""The comparison would notice what it looks for: otherwise a passed torture proves nothing."""

import uuid

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.support.factories import START
from tests.torture.consistency import Books
from tests.torture.writers import History, a_flag, an_observation


@pytest.fixture
def history(world):
    """Three reports, one of them flagged, acknowledged."""
    officer = world.client("officer1.lin-a")
    told = History()
    for _ in range(3):
        body = an_observation(START)
        told.sent.add(body["id"])
        told.observations[body["id"]] = officer.post("/observations", body).body
    body = a_flag(officer.get("/indicators")["version"])
    told.sent.add(body["id"])
    path = f"/observations/{next(iter(told.observations))}/flags"
    told.flags[body["id"]] = officer.post(path, body).body
    return told


@pytest.fixture
def books(world, databases):
    return lambda: Books(world.settings.database_url)


def test_sound_books_have_no_errors(history, books):
    assert books().errors(history) == []


def test_an_acknowledged_report_that_is_not_there_is_lost(history, books):
    history.observations[str(uuid.uuid4())] = next(iter(history.observations.values()))
    assert "was acknowledged and is lost" in books().errors(history)[0]


def test_a_report_that_nobody_sent_is_noticed(history, books):
    history.sent.clear()
    assert "was never sent" in books().errors(history)[0]


def test_a_receipt_that_no_leaf_bears_out_is_noticed(history, books):
    for body in history.flags.values():
        body["audit_receipt"]["leaf_hash"] = "0" * 64
    assert "proves nothing" in books().errors(history)[0]


def test_an_answer_that_should_not_be_is_noticed(history, books):
    history.wrong.append("500 internal_error")
    assert books().errors(history) == ["500 internal_error"]


SECOND_LEAF = (
    "INSERT INTO audit_event (id, envelope, leaf_hash, at, action, object_kind, object_id) "
    "SELECT :other, envelope, leaf_hash, at, action, object_kind, object_id "
    "FROM audit_event WHERE object_kind = 'observation' AND action = 'collect' LIMIT 1"
)
SECOND_DEADLINE = (
    "INSERT INTO outbox_item (id, kind, ref_id, params, due_at, attempts, created_at) "
    "SELECT :other, kind, ref_id, params, due_at, attempts, created_at "
    "FROM outbox_item WHERE kind = 'flag_lapse'"
)
# What a fault might do to the database, and how it shows.
FAULTS = {
    "a second leaf": (SECOND_LEAF, "has 2 leaves"),
    "no command": ("DELETE FROM core_command", "has no command"),
    "no key": ("DELETE FROM core_data_key", "cannot be opened"),
    "no deadline": ("DELETE FROM outbox_item", "has 0 deadlines"),
    "two deadlines": (SECOND_DEADLINE, "has 2 deadlines"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_fault_left_behind_is_noticed(history, books, world, fault):
    statement, sign = FAULTS[fault]
    engine = create_engine(world.settings.database_url, poolclass=NullPool)
    with engine.begin() as connection:
        other = uuid.uuid4()
        names = {"other": other.hex if world.uow.database.is_sqlite else other}
        connection.execute(text(statement), names if ":other" in statement else {})
    assert any(sign in error for error in books().errors(history))
