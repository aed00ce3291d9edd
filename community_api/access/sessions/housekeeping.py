"""What signing in leaves behind goes when it can no longer matter (retention class "technical")."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import or_, select

from community_api.access.login_throttle import WINDOW
from community_api.access.models import Device, LoginAttempts, RefreshToken, Session
from community_api.core.database import commands
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.retention import CLASSES

KEPT_WHEN_ENDED: Final = timedelta(days=CLASSES["technical"].days)
SWEPT_AT_ONCE: Final = 100


def sweep(uow: UnitOfWork) -> int:
    """Remove sessions that ended long ago, nameless devices without any, and tries that count no longer.

    How many rows of all that is the result.

    The trail keeps who signed in and out. Safe to run in several workers.
    """
    removed = 0
    for act in (_sessions, _devices, _tries):
        while True:
            found = commands.again(partial(act, uow))
            removed += found
            if found < SWEPT_AT_ONCE:
                break
    return removed


def _sessions(uow: UnitOfWork) -> int:
    with uow() as tx:
        past = tx.now - KEPT_WHEN_ENDED
        over = or_(Session.ended_at < past, Session.expires_at < past)
        found = tx.all(select(Session.id).where(over).limit(SWEPT_AT_ONCE))
        for session_id in found:
            tx.delete_where(RefreshToken, {"session_id": session_id})
            tx.delete_where(Session, {"id": session_id})
        return len(found)


def _devices(uow: UnitOfWork) -> int:
    """Devices to which the server gave an id and that have not signed in for as long: strangers again."""
    with uow() as tx:
        bare = (Device.sealed.is_(None), Device.public_key.is_(None), Device.revoked_at.is_(None))
        unused = ~select(Session.id).where(Session.device_id == Device.id).exists()
        old = Device.first_seen_at < tx.now - KEPT_WHEN_ENDED
        query = select(Device.id, Device.version).where(*bare, old, unused)
        found = tx.all(query.limit(SWEPT_AT_ONCE))
        for row in found:
            tx.delete_where(Device, {"id": row.id, "version": row.version})
        return len(found)


def _tries(uow: UnitOfWork) -> int:
    with uow() as tx:
        old = LoginAttempts.last_at < tx.now - 2 * WINDOW
        found = tx.all(select(LoginAttempts.bucket, LoginAttempts.version).where(old).limit(SWEPT_AT_ONCE))
        for row in found:
            tx.delete_where(LoginAttempts, {"bucket": row.bucket, "version": row.version})
        return len(found)
