"""Whether somebody does the work, and how much of it there is: for health and metrics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.monitoring.metrics import Measure
from community_api.outbox import queries


class WorkerInside(Protocol):
    """A worker in this very process."""

    def state(self) -> str: ...


def state(inside: WorkerInside | None, uow: UnitOfWork) -> str:
    """``ok``, ``dead`` or ``stuck`` of a worker in this process; of others ``ok`` or ``absent``."""
    if inside is not None:
        return inside.state()
    with uow() as tx:
        return "ok" if queries.is_worker_seen(tx) else "absent"


def measures(uow: UnitOfWork) -> Iterator[Measure]:
    """The depth of the outbox as gauges. Raises DomainError when the database is away."""
    with uow() as tx:
        depth = queries.depth(tx)
    yield Measure("community_outbox_unfinished", "Outbox items waiting or resting.", depth.unfinished)
    yield Measure("community_outbox_due", "Outbox items that should be done by now.", depth.due)
    yield Measure(
        "community_outbox_lag_seconds", "How late the oldest due item is.", depth.lag.total_seconds()
    )
    yield Measure("community_outbox_dead_letters", "Outbox items that were given up.", depth.dead)
