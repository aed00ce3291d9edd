"""Workers are killed at any moment of their work: what was due is done, and done once."""

import os
import random
import time
import uuid
from collections import Counter

import pytest
from sqlalchemy import func, select

from community_api.core.clock import Clock
from community_api.core.database.tables import Change
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.outbox import service as outbox
from community_api.outbox.models import OutboxItem
from community_api.outbox.terms import CLAIM, LONGEST_REST
from community_api.outbox.worker import Worker
from tests.support.factories import unit_of_work
from tests.torture.killing import Killed
from tests.torture.slow_worker import KIND, leave_a_row

SHORT_SECONDS = 6
LONG_SECONDS = int(os.environ.get("COMMUNITY_TEST_TORTURE_SECONDS", "120"))
durations = pytest.mark.parametrize(
    "seconds", [SHORT_SECONDS, pytest.param(LONG_SECONDS, marks=pytest.mark.torture)]
)


def done(uow: UnitOfWork) -> int:
    with uow() as tx:
        return int(tx.first(select(func.count()).where(OutboxItem.done_at.is_not(None))))


@durations
def test_everything_due_is_done_once(durable_database, dialect, seconds):
    address = durable_database.addresses.database_url
    uow = unit_of_work(address, Clock())
    several = dialect == "postgresql"
    sole = () if several else ("--sole",)
    hands = Killed("tests.torture.slow_worker", address, *sole, number=3 if several else 1)
    asked: set[uuid.UUID] = set()
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            before = done(uow)
            while done(uow) == before and time.monotonic() < until:
                with uow() as tx:
                    asked |= {outbox.schedule(tx, KIND, uuid.uuid4(), tx.now).ref_id for _ in range(2)}
                time.sleep(0.05)
            # They are at work: the kill comes at some moment of it.
            time.sleep(random.uniform(0, 0.3))
            hands.kill_one()
    finally:
        hands.end()
    done_in_time = done(uow)
    afterwards = unit_of_work(address, Clock(2 * (CLAIM + LONGEST_REST)))
    Worker(afterwards, {KIND: leave_a_row}).drain()
    afterwards.database.close()
    with uow() as tx:
        effects = Counter(tx.all(select(Change.object_id).where(Change.kind == KIND)))
        left = tx.all(select(OutboxItem).where(OutboxItem.done_at.is_(None)))
    uow.database.close()
    assert left == []
    assert set(effects) == asked, "something was lost"
    assert [ref for ref, times in effects.items() if times != 1] == [], "something was done twice"
    assert hands.kills > 1
    assert done_in_time > seconds, "they hardly worked: this proves nothing"
