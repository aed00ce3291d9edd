"""Workers are killed while they sweep up deadlines: nobody is forgotten, nothing is escalated twice."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from community_api.audit.models import AuditEvent
from community_api.composition import make_worker
from community_api.intelligence.chain.referrals.models import Referral
from community_api.intelligence.chain.referrals.terms import OVERDUE, OVERDUE_DUTY, STILL_OVERDUE
from community_api.outbox.models import OutboxItem
from community_api.outbox.terms import CLAIM, LONGEST_REST
from community_api.units.models import Duty
from tests.support.app import World, make_world
from tests.support.databases import Addresses, Databases
from tests.support.factories import seed_demo
from tests.support.workflow import Police
from tests.torture.killing import Killed

CASES = [
    8,
    pytest.param(int(os.environ.get("COMMUNITY_TEST_TORTURE_CASES", "300")), marks=pytest.mark.torture),
]


@pytest.fixture
def late(databases: Databases, dialect: str, tmp_path: Path) -> Iterator[tuple[World, Addresses]]:
    """A world that stands still in March, over a database in which everything has long been due."""
    with databases.fresh(dialect, seed=seed_demo) as addresses:
        world = make_world(addresses, tmp_path)
        yield world, addresses
        world.close()


def swept(world: World) -> int:
    """How many deadlines have been looked at."""
    with world.uow() as tx:
        query = select(func.count()).where(OutboxItem.kind == OVERDUE, OutboxItem.done_at.is_not(None))
        return int(tx.first(query))


@pytest.mark.parametrize("number", CASES)
def test_every_late_case_is_told_of_once_whenever_a_worker_is_killed(
    late: tuple[World, Addresses], tmp_path: Path, number: int
) -> None:
    world, addresses = late
    police = Police(world)
    cases = {UUID(police.confirmed()) for _ in range(number)}
    # Some wait for the second person and are owed by another post.
    for case in list(cases)[:: max(1, number // 5)]:
        police.brings_to("to_approve", str(case))
    words = ("tests.torture.sweeper", addresses.database_url, str(tmp_path))
    sweepers = Killed(*words, number=1 if addresses.dialect == "sqlite" else 3)
    until = time.monotonic() + 60 + 2 * number
    try:
        # What a killed one had claimed stays claimed for a while: the rest is done afterwards.
        while swept(world) <= number // 2 and time.monotonic() < until:
            # It has begun to work: the kill falls at some moment of it.
            before, patience = swept(world), min(until, time.monotonic() + 30)
            while swept(world) == before and time.monotonic() < patience:
                time.sleep(0.05)
            time.sleep(random.uniform(0, 0.2))
            sweepers.kill_one()
    finally:
        sweepers.end()
    in_time = swept(world)
    # Whatever a killed one had claimed is free by then.
    later = replace(world.settings, clock_offset=2 * (CLAIM + LONGEST_REST))
    make_worker(later).drain()
    assert sweepers.kills > 1
    assert in_time > number // 2, "they hardly worked: this proves nothing"
    check(world, cases)


def check(world: World, cases: set[UUID]) -> None:
    """One word to one post about every case that is late, one leaf, and an owner who still owes it."""
    with world.uow() as tx:
        kinds = (OVERDUE_DUTY, "post_overdue")
        told = tx.all(select(Duty).where(Duty.kind.in_(kinds), Duty.discharged_at.is_(None)))
        leaves = tx.all(
            select(AuditEvent.object_id).where(
                AuditEvent.object_id.in_(cases), AuditEvent.action == "deliver"
            )
        )
        rows = tx.all(select(Referral))
        owed = tx.all(
            select(Duty.subject_id).where(Duty.discharged_at.is_(None), Duty.kind.startswith("to_"))
        )
        waiting = tx.all(
            select(OutboxItem.kind).where(
                OutboxItem.kind.in_((OVERDUE, STILL_OVERDUE)),
                OutboxItem.done_at.is_(None),
                OutboxItem.cancelled_at.is_(None),
            )
        )
    about = Counter((duty.kind, duty.subject_id, duty.post_id) for duty in told)
    assert set(about.values()) == {1}, "somebody was told twice"
    assert Counter(leaves) == dict.fromkeys(cases, 1), "a case was escalated twice, or never"
    assert Counter(owed) == dict.fromkeys(cases, 1), "a case without whoever owes its next step"
    assert all(row.owner_post_id is not None and row.due_at is not None for row in rows)
    assert waiting == []
