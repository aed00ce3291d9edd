"""Guessing passwords is bounded by rows in the database: per account, and apart from it per known device.

At most LIMIT wrong tries are evaluated in any hour against one bucket, whoever makes them and from how many
clients. A device that has signed in before has a bucket of its own, so strangers who use up the account's
cannot keep its owner out. The buckets of names that nobody has look and cost the same.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from community_api.access.models import LoginAttempts
from community_api.core.crypto.keys import KeyRing
from community_api.core.database import commands
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError

LIMIT: Final = 20
WINDOW: Final = timedelta(hours=1)
PURGED_AT_ONCE: Final = 5


def bucket_of(keys: KeyRing, username: str, device_id: UUID | None) -> bytes:
    """The bucket of an account, by the name that was typed; with ``device_id`` that of a known device."""
    device = "" if device_id is None else str(device_id)
    return keys.authenticate("lookup", f"login\0{username}\0{device}".encode())


def bucket_of_change(keys: KeyRing, account_id: UUID) -> bytes:
    """The bucket of old passwords that somebody signed in as this account types to set another one.

    Of its own: whoever found a phone unlocked cannot keep its owner from signing in.
    """
    return keys.authenticate("lookup", f"password\0{account_id}".encode())


def take_try(uow: UnitOfWork, bucket: bytes) -> int:
    """Count one more try before it is evaluated; its moment comes back, to be given back if it was right.

    Raises ``too_many_requests`` with the seconds to wait when the bucket is full.
    """
    return commands.again(lambda: _take(uow, bucket))


def give_back(tx: Transaction, bucket: bytes, moment: int) -> None:
    """A try that was right is no guess: take it out again, in the commit of the sign-in."""
    row = tx.get(LoginAttempts, bucket)
    if row is None or moment not in row.tries:
        return
    left = list(row.tries)
    left.remove(moment)
    _store(tx, row, left)


def _take(uow: UnitOfWork, bucket: bytes) -> int:
    with uow() as tx:
        moment = int(tx.now.timestamp())
        row = tx.get(LoginAttempts, bucket)
        recent = [] if row is None else _recent(row.tries, tx.now)
        if len(recent) >= LIMIT:
            raise DomainError("too_many_requests", retry_after=_wait(recent, tx.now))
        _purge(tx, bucket)
        if row is None:
            tx.add(LoginAttempts(bucket=bucket, tries=[moment], last_at=tx.now))
        else:
            _store(tx, row, [*recent, moment])
        return moment


def _recent(tries: list[int], now: datetime) -> list[int]:
    """Those of the last hour; one from the future, before the clock was set back, still counts."""
    since = (now - WINDOW).timestamp()
    return [moment for moment in tries if moment > since]


def _wait(recent: list[int], now: datetime) -> int:
    """Whole seconds until the oldest of the tries that fill the bucket no longer counts."""
    oldest = sorted(recent)[len(recent) - LIMIT]
    return max(1, math.ceil(oldest + WINDOW.total_seconds() - now.timestamp()))


def _store(tx: Transaction, row: LoginAttempts, tries: list[int]) -> None:
    where = {"bucket": row.bucket, "version": row.version}
    tx.update_where(LoginAttempts, where, {"version": row.version + 1, "tries": tries, "last_at": tx.now})


def _purge(tx: Transaction, bucket: bytes) -> None:
    """Drop a few buckets that no longer count, so that made-up names do not pile up."""
    old = select(LoginAttempts.bucket, LoginAttempts.version).where(
        LoginAttempts.last_at < tx.now - 2 * WINDOW, LoginAttempts.bucket != bucket
    )
    for row in tx.all(old.limit(PURGED_AT_ONCE)):
        tx.delete_where(LoginAttempts, {"bucket": row.bucket, "version": row.version})
