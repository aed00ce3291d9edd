"""The sessions that run: seeing them, and ending one from afar."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from community_api import audit
from community_api.access import authorize
from community_api.access.models import Account, Session
from community_api.access.people import grants_of
from community_api.access.permissions import Permission
from community_api.access.sessions import devices, queries
from community_api.access.sessions.revocation import KIND, end_session
from community_api.access.target import Target
from community_api.access.terms import SessionEnd
from community_api.access.usernames import normal_username
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database import commands
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.pagination import Page, PageWanted, page


@dataclass(frozen=True)
class ShownDevice:
    """A device by the id that its app made; ``name`` as its owner gave it, None: none, or for others."""

    id: uuid.UUID
    name: str | None


@dataclass(frozen=True)
class ShownSession:
    """A sign-in that runs; ``device`` None: the client named none. ``current``: the one that asks."""

    id: uuid.UUID
    device: ShownDevice | None
    started_at: datetime
    renewed_at: datetime
    expires_at: datetime
    current: bool


def list_sessions(uow: UnitOfWork, actor: Actor, *, account: str | None, wanted: PageWanted) -> Page:
    """The running sessions of the caller's account, or of one in the caller's scope, newest first.

    ``account`` is a username, None: the caller's own. Raises ``not_found`` for one that is out of scope or
    not there. Devices of others are shown without their names.
    """
    with uow() as tx:
        owner = _account(tx, actor, account)
        found = page(
            tx,
            queries.running(owner.id, tx),
            order=[Session.started_at, Session.id],
            newest_first=True,
            wanted=wanted,
            scope=f"sessions:{owner.id}:{actor.account_id}",
        )
        if owner.id != actor.account_id:
            ids = [row.id for row in found.items]
            audit.record(tx, actor, Action.CONSULT, Permission.SESSION_LIST, KIND, None, seen=ids)
        return Page([_describe(tx, actor, owner, row) for row in found.items], found.next_cursor)


def revoke_session(uow: UnitOfWork, actor: Actor, session_id: uuid.UUID) -> None:
    """End a session; one that has ended stays ended.

    Raises DomainError as the policy says: everybody their own, supervisors and administrators those in scope.
    """
    commands.again(lambda: _revoke(uow, actor, session_id))


def _revoke(uow: UnitOfWork, actor: Actor, session_id: uuid.UUID) -> None:
    with uow() as tx:
        session = tx.get(Session, session_id)
        account = None if session is None else tx.get(Account, session.account_id)
        if account is None or account.id != actor.account_id:
            target = Target.absent(KIND) if account is None else _target(tx, account)
            authorize.require(tx, actor, Permission.SESSION_REVOKE, target, object_id=session_id)
        if session is not None and session.ended_at is None:
            end_session(tx, actor, session, SessionEnd.REVOKED)


def _account(tx: Transaction, actor: Actor, username: str | None) -> Account:
    """The account whose sessions are asked for; everybody may see their own, also without any role."""
    if username is None:
        found: Account | None = tx.get(Account, actor.account_id)
    else:
        found = tx.first(select(Account).where(Account.username == normal_username(username)))
    if found is None or found.id != actor.account_id:
        target = Target.absent(KIND) if found is None else _target(tx, found)
        authorize.require(tx, actor, Permission.SESSION_LIST, target)
    if found is None:
        raise DomainError("not_found")
    return found


def _target(tx: Transaction, account: Account) -> Target:
    grants = grants_of(tx, account.person_id)
    return Target(
        KIND,
        owner=account.person_id,
        also_in=frozenset(grant.unit_id for grant in grants),
        subject_roles=frozenset(grant.role for grant in grants),
    )


def _describe(tx: Transaction, actor: Actor, owner: Account, row: Any) -> ShownSession:
    device = None
    if row.client_id is not None:
        own = owner.id == actor.account_id
        device = ShownDevice(row.client_id, devices.name_of(tx, owner.person_id, row) if own else None)
    return ShownSession(
        id=row.id,
        device=device,
        started_at=row.started_at,
        renewed_at=row.renewed_at,
        expires_at=row.expires_at,
        current=row.id == actor.session_id,
    )
