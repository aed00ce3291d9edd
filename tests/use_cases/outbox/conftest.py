"""A database of the test's own, and workers whose handler leaves a row for each time it counted."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from community_api.core.clock import FixedClock
from community_api.core.database.tables import Change
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.outbox import service as outbox
from community_api.outbox.dispatch import Handler
from community_api.outbox.models import OutboxItem
from community_api.outbox.worker import Periodic, Worker
from tests.support.factories import START, unit_of_work

KIND = "reminder"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def uow(database_url: str, clock: FixedClock) -> Iterator[UnitOfWork]:
    made = unit_of_work(database_url, clock)
    yield made
    made.database.close()


def leave_a_row(tx: Transaction, item: OutboxItem) -> None:
    tx.changed(item.kind, item.ref_id, 1, item.ref_id)


@pytest.fixture
def worker_with(uow: UnitOfWork) -> Callable[..., Worker]:
    def make(
        handler: Handler = leave_a_row, *, sole: bool = False, periodics: tuple[Periodic, ...] = ()
    ) -> Worker:
        return Worker(uow, {KIND: handler}, periodics, sole=sole)

    return make


@pytest.fixture
def worker(worker_with: Callable[..., Worker]) -> Worker:
    return worker_with()


class Handled:
    """What a test does to the outbox and sees of it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def later(self, after: timedelta = timedelta(0), ref_id: uuid.UUID | None = None) -> OutboxItem:
        with self._uow() as tx:
            return outbox.schedule(tx, KIND, ref_id or uuid.uuid4(), tx.now + after)

    def cancel(self, ref_id: uuid.UUID) -> None:
        with self._uow() as tx:
            outbox.cancel(tx, KIND, ref_id)

    def item(self, item: OutboxItem) -> OutboxItem:
        with self._uow() as tx:
            found = tx.get(OutboxItem, item.id)
        assert found is not None
        return found

    def effects(self, item: OutboxItem) -> int:
        with self._uow() as tx:
            return len(tx.all(select(Change.id).where(Change.object_id == item.ref_id)))


@pytest.fixture
def handled(uow: UnitOfWork) -> Handled:
    return Handled(uow)
