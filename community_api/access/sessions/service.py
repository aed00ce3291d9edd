"""What one can do about signing in: sign in, renew, sign out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from community_api import audit
from community_api.access import caller_snapshot, login_throttle, passwords
from community_api.access.models import Account, RefreshToken, Session
from community_api.access.permissions import Permission
from community_api.access.sessions import devices, queries, rules
from community_api.access.sessions.devices import DeviceTold
from community_api.access.sessions.queries import Known
from community_api.access.sessions.revocation import KIND, end_session
from community_api.access.sessions.rules import Renewal
from community_api.access.terms import SessionEnd
from community_api.access.usernames import normal_username
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database import commands
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.ids import new_id


@dataclass(frozen=True)
class Issued:
    """A session's tokens: what they are to say, for the edge to sign.

    ``refresh_at`` is when the refresh token was issued: given again, it is the same to the letter.
    ``device_id`` is what the client sends when it signs in again; None: a session from before devices.
    """

    account_id: uuid.UUID
    session_id: uuid.UUID
    refresh_id: uuid.UUID
    at: datetime
    access_until: datetime
    refresh_at: datetime
    refresh_until: datetime
    device_id: uuid.UUID | None


@dataclass(frozen=True)
class _Passed:
    """A sign-in whose password was right: the try to give back, a hash by today's parameters if need be."""

    account_id: uuid.UUID
    bucket: bytes
    moment: int
    fresh_hash: str | None


def sign_in(uow: UnitOfWork, *, username: str, password: str, device: DeviceTold | None) -> Issued:
    """Open a session.

    Raises ``login_refused`` whatever was wrong, at the same cost; ``too_many_requests`` when the bucket of
    the account, or of the known device, is full for now; ``service_unavailable`` at once while another
    stranger waits for a turn at hashing. ``device`` None or without an id: it is given one.
    """
    device = device or devices.UNNAMED
    passed = _check(uow, normal_username(username), password, device)
    return commands.again(lambda: _open(uow, passed, device))


def renew(uow: UnitOfWork, actor: Actor, token_id: uuid.UUID) -> Issued:
    """Exchange a refresh token for the next one.

    A token that was exchanged gives the same successor for a minute, whatever was used, because apps renew
    in several threads; and for a day while nothing of it was used, because replies get lost. Raises
    ``token_revoked`` for a session that has ended, and for a token that comes back: then the session ends.
    """
    return commands.again(lambda: _renew(uow, actor, token_id))


def sign_out(uow: UnitOfWork, actor: Actor) -> None:
    """End the session that the caller is in, with every token of it."""
    with uow() as tx:
        session = None if actor.session_id is None else tx.get(Session, actor.session_id)
        if session is not None and session.ended_at is None:
            end_session(tx, actor, session, SessionEnd.LOGOUT)


def _check(uow: UnitOfWork, name: str, password: str, device: DeviceTold) -> _Passed:
    # Read and let go of: who waits for a turn at hashing holds no connection.
    with uow() as tx:
        known = queries.known_by_name(tx, name, device.client_id)
    familiar = known.device if known else None
    if familiar is not None and familiar.revoked_at is not None:
        familiar = None
    bucket = login_throttle.bucket_of(uow.keys, name, familiar.client_id if familiar else None)
    with passwords.hashing_slot(stranger=familiar is None):
        moment = login_throttle.take_try(uow, bucket)
        right = passwords.verify(known.account.password_hash if known else None, password)
    if known is None or not right or known.account.disabled_at is not None:
        raise DomainError("login_refused")
    return _Passed(known.account.id, bucket, moment, _fresh_hash(known, password))


def _fresh_hash(match: Known, password: str) -> str | None:
    kept = match.account.password_hash
    return passwords.hash_password(password) if kept and passwords.needs_new_hash(kept) else None


def _open(uow: UnitOfWork, passed: _Passed, device_info: DeviceTold) -> Issued:
    with uow() as tx:
        account = tx.get(Account, passed.account_id)
        found = caller_snapshot.of_account(tx.session.connection(), passed.account_id, tx.now)
        if account is None or found is None or found.disabled:
            raise DomainError("login_refused")
        device = devices.meet(tx, account, device_info)
        session = Session(
            id=new_id(),
            account_id=account.id,
            device_id=device.id,
            started_at=tx.now,
            renewed_at=tx.now,
            expires_at=rules.session_end(tx.now),
        )
        tx.add(session)
        login_throttle.give_back(tx, passed.bucket, passed.moment)
        if passed.fresh_hash is not None:
            tx.update_row(account, password_hash=passed.fresh_hash)
        actor = found.actor(session_id=session.id, device_id=session.device_id)
        audit.record(tx, actor, Action.LOGIN, Permission.SESSION_OPEN, KIND, session.id, to_state="open")
        return _issued(tx, actor, session, _next_token(tx, actor, session), device.client_id)


def _next_token(tx: Transaction, actor: Actor, session: Session) -> RefreshToken:
    """A further generation."""
    return tx.add(
        RefreshToken(
            id=new_id(),
            session_id=session.id,
            issued_at=tx.now,
            expires_at=rules.refresh_end(tx.now, session.expires_at, actor.roles),
        )
    )


def _issued(
    tx: Transaction, actor: Actor, session: Session, token: RefreshToken, client_id: uuid.UUID | None
) -> Issued:
    """What the pair of tokens says; a refresh token that is given again says the same as the first time."""
    return Issued(
        account_id=actor.account_id,
        session_id=session.id,
        refresh_id=token.id,
        at=tx.now,
        access_until=rules.access_end(tx.now, session.expires_at),
        refresh_at=token.issued_at,
        refresh_until=token.expires_at,
        device_id=client_id,
    )


def _renew(uow: UnitOfWork, actor: Actor, token_id: uuid.UUID) -> Issued:
    with uow() as tx:
        session = None if actor.session_id is None else tx.get(Session, actor.session_id)
        if session is None or session.ended_at is not None:
            raise DomainError("token_revoked")
        issued = _exchange(tx, actor, session, token_id)
    # Raised outside, so that the end of the session is committed.
    if issued is None:
        raise DomainError("token_revoked")
    return issued


def _exchange(tx: Transaction, actor: Actor, session: Session, token_id: uuid.UUID) -> Issued | None:
    """The next generation, or the same again; None: it was a copy, and this commit ends the session."""
    token, successor = queries.generations(tx, session.id, token_id)
    arrived = successor is not None and session.pending_token_id != successor.id
    renewal = rules.judge(token, successor, tx.now, has_arrived=arrived)
    if token is None or renewal is Renewal.REUSE:
        end_session(tx, actor, session, SessionEnd.REUSE)
        return None
    if successor is None:
        successor = _rotate(tx, actor, session, token)
    audit.record(
        tx,
        actor,
        Action.LOGIN,
        Permission.SESSION_OPEN,
        KIND,
        session.id,
        to_state="renewed",
        outcome=renewal.name.lower(),
    )
    return _issued(tx, actor, session, successor, queries.client_id_of(tx, session.device_id))


def _rotate(tx: Transaction, actor: Actor, session: Session, token: RefreshToken) -> RefreshToken:
    """Exchange a token that is unused; of two at once one wins, and the other is given the same successor."""
    successor = _next_token(tx, actor, session)
    exchanged = {"used_at": tx.now, "successor_id": successor.id}
    tx.update_where(RefreshToken, {"id": token.id, "successor_id": None}, exchanged)
    for spent in queries.exchanged_before(tx, session.id, rules.forgets(tx.now)):
        tx.delete_where(RefreshToken, {"id": spent})
    renewed = {"renewed_at": tx.now, "pending_token_id": successor.id}
    tx.update_where(Session, {"id": session.id, "ended_at": None}, renewed)
    return successor
