"""The units of the demo organisation, without any people, in a database of the test's own."""

from collections.abc import Iterator

import pytest

from community_api.core.clock import FixedClock
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.demo.organisation import read_organisation
from community_api.units.service import establish_units
from tests.support.databases import Addresses, Databases
from tests.support.factories import START, unit_of_work


def seed_units(addresses: Addresses) -> None:
    uow = unit_of_work(addresses.database_url)
    with uow() as tx:
        establish_units(tx, read_organisation().units)
    uow.database.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def uow(databases: Databases, dialect: str, clock: FixedClock) -> Iterator[UnitOfWork]:
    with databases.fresh(dialect, seed=seed_units) as addresses:
        uow = unit_of_work(addresses.database_url, clock)
        yield uow
        uow.database.close()
