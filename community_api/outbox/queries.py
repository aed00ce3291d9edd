"""Questions to the outbox, and the claim."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, func, or_, select, update

from community_api.core.database.unit_of_work import Transaction
from community_api.outbox.models import IS_OPEN, OutboxItem, PeriodicTask, WorkerBeat
from community_api.outbox.terms import ABSENT_AFTER, BATCH, CLAIM


@dataclass(frozen=True)
class Depth:
    """``lag`` is how long the item that waits longest has been due; zero when none is."""

    unfinished: int
    due: int
    dead: int
    lag: timedelta


def depth(tx: Transaction) -> Depth:
    """How much there is to do, how late it is, and how much was given up."""
    is_due = and_(IS_OPEN, OutboxItem.due_at <= tx.now)
    unfinished, due, oldest = tx.first(
        select(
            func.count(),
            func.count().filter(is_due),
            func.min(OutboxItem.due_at).filter(is_due),
        ).where(IS_OPEN)
    )
    dead = tx.first(
        select(func.count()).where(OutboxItem.dead_at.is_not(None), OutboxItem.cancelled_at.is_(None))
    )
    return Depth(unfinished, due, dead, tx.now - oldest if oldest is not None else timedelta(0))


def dead_letters() -> Select[Any]:
    """Items that were given up."""
    return select(OutboxItem).where(OutboxItem.dead_at.is_not(None), OutboxItem.cancelled_at.is_(None))


def is_worker_seen(tx: Transaction) -> bool:
    """Whether a worker in a process of its own gave a sign of life of late."""
    return (
        tx.first(select(WorkerBeat.id).where(WorkerBeat.seen_at > tx.now - ABSENT_AFTER).limit(1)) is not None
    )


def anything_claimable(now: datetime, me: uuid.UUID, *, sole: bool) -> Select[Any]:
    """One id if there is something to claim: a look that takes no lock."""
    return select(OutboxItem.id).where(_claimable(now, me, sole=sole)).limit(1)


def claim(now: datetime, me: uuid.UUID, *, sole: bool, locking: bool) -> Update:
    """Claim the items that have been due longest; returns their ids and attempts.

    ``locking``: the database has row locks, and rows that others are claiming are passed by. Never by
    the highest id seen: rows commit in another order than they are numbered. ``sole``: no other
    worker lives, so what others had claimed is free at once.
    """
    picked = select(OutboxItem.id).where(_claimable(now, me, sole=sole))
    picked = picked.order_by(OutboxItem.due_at, OutboxItem.id).limit(BATCH)
    if locking:
        picked = picked.with_for_update(skip_locked=True)
    batch = picked.cte("batch")
    return (
        update(OutboxItem)
        .where(OutboxItem.id.in_(select(batch.c.id)))
        .values(claimed_by=me, claimed_until=now + CLAIM, attempts=OutboxItem.attempts + 1)
        .returning(OutboxItem.id, OutboxItem.attempts, OutboxItem.due_at)
    )


def release(me: uuid.UUID) -> Update:
    """Give back what was claimed and not begun, as if it never had been."""
    return (
        update(OutboxItem)
        .where(OutboxItem.claimed_by == me, IS_OPEN)
        .values(claimed_by=None, claimed_until=None, attempts=OutboxItem.attempts - 1)
    )


def take_round(name: str, now: datetime, every: timedelta) -> Update:
    """Take a periodic task that is due; a row comes back when this worker is the one to do it.

    A time further ahead than one interval was written under another clock and counts as due.
    """
    is_due = or_(PeriodicTask.next_at <= now, PeriodicTask.next_at > now + every)
    return (
        update(PeriodicTask)
        .where(PeriodicTask.name == name, is_due)
        .values(next_at=now + every)
        .returning(PeriodicTask.name)
    )


def _claimable(now: datetime, me: uuid.UUID, *, sole: bool) -> ColumnElement[bool]:
    # A claim that reaches further than claims do was made under a clock that was ahead.
    is_free = or_(
        OutboxItem.claimed_until.is_(None),
        OutboxItem.claimed_until <= now,
        OutboxItem.claimed_until > now + CLAIM,
    )
    if sole:
        is_free = or_(is_free, OutboxItem.claimed_by != me)
    is_rested = or_(OutboxItem.retry_at.is_(None), OutboxItem.retry_at <= now)
    return and_(IS_OPEN, OutboxItem.due_at <= now, is_rested, is_free)
