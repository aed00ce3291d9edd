"""Requests nobody signed in for: counted, one summary leaf a minute and endpoint.

A leaf for each would let a stranger fill the log, and the disk with it.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select

from community_api.audit import service
from community_api.audit.models import JunkCount
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.clock import Clock
from community_api.core.database import dialects
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import DomainError

FLUSH_AFTER = timedelta(seconds=5)
# Long enough for every process to have written down what it counted in a minute.
SETTLED_AFTER = timedelta(seconds=90)
PERMISSION = "junk.count"
# Of what the public asks for only the day is kept.
DAY_ONLY = frozenset({"public"})


class JunkCounter:
    """Counts in memory; writes the counts down every few seconds, as requests come."""

    def __init__(self, uow: UnitOfWork, clock: Clock) -> None:
        self._uow = uow
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: Counter[tuple[datetime, str, int]] = Counter()
        self._flushed_at = clock.now()

    def count(self, endpoint: str, status: int) -> None:
        """One more refused request without a caller."""
        now = self._clock.now()
        minute = now.replace(second=0, microsecond=0)
        if endpoint in DAY_ONLY:
            # Under the last minute of the day: it is summed up when that is over, and tells no hour.
            minute = minute.replace(hour=23, minute=59)
        with self._lock:
            self._counts[minute, endpoint[:80], status] += 1
            due = now - self._flushed_at >= FLUSH_AFTER or now < self._flushed_at
        if due:
            self.flush()

    def flush(self) -> None:
        """Write the counts down; what cannot be written now is kept for the next time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            self._flushed_at = self._clock.now()
        for (minute, endpoint, status), count in counts.items():
            try:
                self._write(minute, endpoint, status, count)
            except DomainError:
                with self._lock:
                    self._counts[minute, endpoint, status] += count

    def _write(self, minute: datetime, endpoint: str, status: int, count: int) -> None:
        statement = (
            dialects.of(self._uow.database.dialect)
            .insert(JunkCount)
            .values(minute=minute, endpoint=endpoint, status=status, count=count)
        )
        self._uow.atomic(
            statement.on_conflict_do_update(
                index_elements=["minute", "endpoint", "status"],
                set_={"count": JunkCount.count + statement.excluded.count},
            )
        )


def summarise(uow: UnitOfWork) -> int:
    """Turn settled counts into one leaf a minute and endpoint; how many leaves were written.

    Safe to run in several workers: the counts go in the commit that brings their leaf.
    """
    with uow() as tx:
        rows: list[JunkCount] = tx.all(
            select(JunkCount)
            .where(JunkCount.minute < tx.now - SETTLED_AFTER)
            .order_by(JunkCount.minute)
            .limit(200)
        )
    groups: dict[tuple[datetime, str], list[JunkCount]] = {}
    for row in rows:
        groups.setdefault((row.minute, row.endpoint), []).append(row)
    for counted in groups.values():
        _summarise_one(uow, counted)
    return len(groups)


def _summarise_one(uow: UnitOfWork, counted: list[JunkCount]) -> None:
    with uow() as tx:
        told = ",".join(f"{row.status}:{row.count}" for row in counted)
        outcome = f"{counted[0].minute:%Y-%m-%dT%H:%MZ} {counted[0].endpoint} {told}"
        service.record(tx, SYSTEM, Action.DENIED, PERMISSION, "requests", None, outcome=outcome)
        for row in counted:
            tx.delete_where(
                JunkCount,
                {"minute": row.minute, "endpoint": row.endpoint, "status": row.status, "count": row.count},
                expect=1,
            )
