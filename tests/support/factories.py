"""Makers of what tests need below HTTP: keys, units of work, databases with the demo organisation, people.

The keys are the same in every test, so that a database may be filled once and copied for each.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from community_api.access import caller_snapshot
from community_api.core.actor import Actor, Grant
from community_api.core.clock import Clock, FixedClock
from community_api.core.crypto.keys import FIRST_WRAPPING, PURPOSES, KeyRing
from community_api.core.crypto.sealing import Sealer
from community_api.core.database.engine import Database
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.demo.loader import account_id, load_demo
from community_api.intelligence.indicators import service as indicator_lists
from tests.support.databases import Addresses

# A Monday morning, ten o'clock where the demo organisation works.
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "every demo account of the tests"


def _key(name: str) -> bytes:
    return hashlib.sha256(f"test key {name}".encode()).digest()


def key_ring() -> KeyRing:
    """The keys of all tests, without files."""
    return KeyRing(wrapping={FIRST_WRAPPING: _key(FIRST_WRAPPING)}, **{name: _key(name) for name in PURPOSES})


def write_keys(folder: Path) -> Path:
    """Put the same keys into files, as the product reads them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (FIRST_WRAPPING, *PURPOSES):
        descriptor = os.open(folder / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(_key(name)))
    return folder


def unit_of_work(database_url: str, clock: Clock | None = None) -> UnitOfWork:
    """A unit of work over a migrated database, without an application; `clock` None stands at START."""
    keys = key_ring()
    return UnitOfWork(Database(database_url), clock or FixedClock(START), Sealer(keys), keys)


def seed_demo(addresses: Addresses) -> None:
    """Fill a database as `make run` does: the demo organisation and the indicator lists, loaded at START."""
    uow = unit_of_work(addresses.database_url)
    load_demo(uow, password=PASSWORD)
    indicator_lists.install(uow, renew=True)
    uow.database.close()


def overtaken(
    uow: UnitOfWork, loser: Callable[[Transaction], object], winner: Callable[[Transaction], object]
) -> None:
    """Let one use of the unit of work commit while another, begun before, has yet to."""
    with uow() as slow:
        loser(slow)
        with uow() as fast:
            winner(fast)


def actor_named(uow: UnitOfWork, username: str, *, purpose: str | None = None) -> Actor:
    """Somebody of the demo organisation as the database knows them now, for use cases without HTTP."""
    with uow.database.engine.connect() as connection:
        found = caller_snapshot.of_account(connection, account_id(username), uow.clock.now())
    assert found is not None, f"the demo organisation has no {username}"
    return found.actor(session_id=uuid4(), purpose=purpose)


def an_actor(*grants: Grant, post_ids: frozenset[UUID] = frozenset(), language: str = "en") -> Actor:
    """Somebody with a session and these roles, known to no database."""
    return Actor(
        account_id=uuid4(),
        person_id=uuid4(),
        name="Somebody",
        session_id=uuid4(),
        grants=grants,
        post_ids=post_ids,
        language=language,
    )
