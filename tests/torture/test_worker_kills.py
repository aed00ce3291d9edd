"""Workers are killed at any moment of their work: what was due is done, and done once."""

import os
import random
import subprocess
import sys
import time
import uuid
from collections import Counter

import pytest
from sqlalchemy import func, select

from community_api.core.clock import Clock
from community_api.core.records import Change
from community_api.core.uow import UnitOfWork
from community_api.outbox import service as outbox
from community_api.outbox.models import OutboxItem
from community_api.outbox.terms import CLAIM, LONGEST_REST
from community_api.outbox.worker import Worker
from tests.factories import unit_of_work
from tests.servers import ROOT
from tests.torture.hand import KIND, leave_a_row

SHORT_SECONDS = 10
LONG_SECONDS = int(os.environ.get("COMMUNITY_TEST_TORTURE_SECONDS", "120"))
durations = pytest.mark.parametrize(
    "seconds", [SHORT_SECONDS, pytest.param(LONG_SECONDS, marks=pytest.mark.torture)]
)


class Hands:
    """Worker processes; one of them is always being killed and replaced."""

    def __init__(self, address: str, *, several: bool) -> None:
        self._command = [
            sys.executable,
            "-m",
            "tests.torture.hand",
            address,
            *([] if several else ["--sole"]),
        ]
        self._processes = [self._start() for _ in range(3 if several else 1)]
        self.kills = 0

    def kill_one(self) -> None:
        victim = random.randrange(len(self._processes))
        self._processes[victim].kill()
        self._processes[victim].wait()
        self._processes[victim] = self._start()
        self.kills += 1

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, cwd=ROOT, stderr=subprocess.DEVNULL)


def done(uow: UnitOfWork) -> int:
    with uow() as tx:
        return int(tx.one(select(func.count()).where(OutboxItem.done_at.is_not(None))))


@durations
def test_everything_due_is_done_once(durable_database, dialect, seconds):
    address = durable_database.addresses.database_url
    uow = unit_of_work(address, Clock())
    hands = Hands(address, several=dialect == "postgresql")
    asked: set[uuid.UUID] = set()
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            before = done(uow)
            while done(uow) == before and time.monotonic() < until:
                with uow() as tx:
                    asked |= {outbox.later(tx, KIND, uuid.uuid4(), tx.now).ref_id for _ in range(2)}
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
