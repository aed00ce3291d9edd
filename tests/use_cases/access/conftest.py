"""The demo organisation in a database of the test's own, without an application."""

from collections.abc import Iterator

import pytest

from community_api.core.clock import FixedClock
from community_api.core.database.unit_of_work import UnitOfWork
from tests.support.databases import Databases
from tests.support.factories import START, seed_demo, unit_of_work


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def uow(databases: Databases, dialect: str, clock: FixedClock) -> Iterator[UnitOfWork]:
    with databases.fresh(dialect, seed=seed_demo) as addresses:
        uow = unit_of_work(addresses.database_url, clock)
        yield uow
        uow.database.close()
