"""What signing in leaves behind goes when it can no longer matter (retention class "technical")."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import or_, select

from community_api.access.guessing import WINDOW
from community_api.access.models import LoginAttempts, RefreshToken, Session
from community_api.core import commands
from community_api.core.retention import CLASSES
from community_api.core.uow import UnitOfWork

KEPT_WHEN_ENDED: Final = timedelta(days=CLASSES["technical"].days)
SWEPT_AT_ONCE: Final = 100


def sweep(uow: UnitOfWork) -> int:
    """Remove sessions that ended long ago and tries that count no longer; how many rows of both.

    The trail keeps who signed in and out. Safe to run in several workers.
    """
    removed = 0
    for act in (_sessions, _tries):
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
            tx.remove(RefreshToken, {"session_id": session_id})
            tx.remove(Session, {"id": session_id})
        return len(found)


def _tries(uow: UnitOfWork) -> int:
    with uow() as tx:
        old = LoginAttempts.last_at < tx.now - 2 * WINDOW
        found = tx.all(select(LoginAttempts.bucket, LoginAttempts.version).where(old).limit(SWEPT_AT_ONCE))
        for row in found:
            tx.remove(LoginAttempts, {"bucket": row.bucket, "version": row.version})
        return len(found)
