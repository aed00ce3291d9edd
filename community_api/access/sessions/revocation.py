"""The end of sessions, in the commit of what ends them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from community_api import audit
from community_api.access.models import RefreshToken, Session
from community_api.access.permissions import Permission
from community_api.access.terms import SessionEnd
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction, UnitOfWork

KIND = "session"


def end_session(tx: Transaction, actor: Actor, session: Session, why: SessionEnd) -> None:
    """End a session in this commit; its tokens are refused from then on."""
    ended = {"ended_at": tx.now, "end_reason": why.value, "ended_by": actor.person_id}
    tx.update_where(Session, {"id": session.id, "ended_at": None}, ended)
    tx.delete_where(RefreshToken, {"session_id": session.id})
    audit.record(tx, actor, Action.LOGIN, Permission.SESSION_REVOKE, KIND, session.id, to_state=why.value)


def end_sessions(
    tx: Transaction, actor: Actor, account_id: UUID, why: SessionEnd, *, but: UUID | None = None
) -> None:
    """End every session of an account that runs; ``but`` is one that goes on."""
    running = select(Session).where(Session.account_id == account_id, Session.ended_at.is_(None))
    for session in tx.all(running):
        if session.id != but:
            end_session(tx, actor, session, why)


def end_every_session(uow: UnitOfWork, actor: Actor, why: SessionEnd) -> int:
    """End all sessions of everybody in one commit; how many ran."""
    with uow() as tx:
        running = tx.all(select(Session).where(Session.ended_at.is_(None)))
        for session in running:
            end_session(tx, actor, session, why)
    return len(running)
