"""Writers that wait for each other: nobody waits for what somebody holds who waits for them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.core.clock import FixedClock
from community_api.core.crypto.sealing import Sealer
from community_api.core.database.engine import Database
from community_api.core.database.tables import Change
from community_api.core.database.unit_of_work import UnitOfWork
from tests.support.factories import START, key_ring


@pytest.fixture
def narrow(database_url):
    """A unit of work that has two connections at most."""
    keys = key_ring()
    database = Database(database_url, pool_size=1)
    yield UnitOfWork(database, FixedClock(START), Sealer(keys), keys)
    database.close()


def test_a_writer_without_a_connection_keeps_nobody_from_writing_who_has_one(narrow):
    def write():
        with narrow() as tx:
            tx.changed("thing", uuid4(), 1, uuid4())

    with ThreadPoolExecutor(1) as beside, narrow() as first:
        first.all(select(Change))
        with narrow() as second:
            second.all(select(Change))
            waiting = beside.submit(write)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.2)
            second.changed("thing", uuid4(), 1, uuid4())
        waiting.result(timeout=5)
        first.changed("thing", uuid4(), 1, uuid4())
    with narrow() as tx:
        assert len(tx.all(select(Change))) == 3
