"""A password set by a token that is good once and for half an hour, and kept as its hash only.

It is 256 random bits, so nobody guesses it and no slow hash is needed. It is shown once, in the answer to the
decision that made the account or reset its password: to the second person and not to whoever proposed. So
nobody who invents a person, or a forgotten password, gets in alone: whoever approved hands the token over.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from community_api import audit
from community_api.access import caller_snapshot, password_strength, passwords
from community_api.access.accounts import service as accounts
from community_api.access.models import Account, FirstPassword
from community_api.access.people import account_of, language_of
from community_api.access.permissions import Permission
from community_api.access.sessions import devices
from community_api.access.sessions.revocation import end_sessions
from community_api.access.terms import SessionEnd
from community_api.access.usernames import normal_username
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database import commands
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid

KIND: Final = "account"
GOOD_FOR: Final = timedelta(minutes=30)
TOKEN_BYTES: Final = 32


@dataclass(frozen=True)
class Issued:
    """A token as its one reader gets it."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class PasswordSet:
    """What its owner needs to go on: an id that makes the device known at sign-in, and their language."""

    device_id: UUID
    language: str


def issue(tx: Transaction, account_id: UUID) -> Issued:
    """Let an account set a password; the one before is good until then.

    An earlier token of the account is good no longer.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"digest": _digest(token), "issued_at": tx.now, "expires_at": tx.now + GOOD_FOR}
    known = tx.first(select(FirstPassword).where(FirstPassword.account_id == account_id))
    if known is None:
        tx.add(FirstPassword(account_id=account_id, **values))
    else:
        tx.update_where(FirstPassword, {"digest": known.digest}, values)
    return Issued(token, tx.now + GOOD_FOR)


def reset(uow: UnitOfWork, actor: Actor, username: str) -> Issued:
    """Issue a token to an open account from the command line of the host, whose actor is SYSTEM.

    For accounts of oversight, whom nobody else may reset, and when nobody else is left. Raises
    ``validation_failed``.
    """

    def act() -> Issued:
        with uow() as tx:
            account = account_of(tx, normal_username(username))
            if account is None or account.disabled_at is not None:
                raise invalid("/username", "not_a_reference")
            issued = issue(tx, account.id)
            audit.record(
                tx, actor, Action.CONFIG, Permission.PASSWORD_RESET_APPROVE, KIND, account.id,
                version=account.version, outcome="password_reset",
            )  # fmt: skip
            return issued

    return commands.again(act)


def set_first_password(uow: UnitOfWork, *, token: str, password: str) -> PasswordSet:
    """Set the password of an account; then the token is spent, and every session of the account has ended.

    The device that did it is known from then on, so that whoever guesses at the account keeps its owner out
    no longer. Raises ``first_password_refused`` for a token that is wrong, spent or too old, one and the same
    for all; ``password_weak``.
    """
    digest = _digest(token)
    with uow() as tx:
        account = _owner(tx, digest)
        name = accounts.name_of(tx, account.person_id) or ""
        password_strength.check_strength(password, account.username, *name.split())
    hashed = passwords.hash_password(password)
    return commands.again(lambda: _set(uow, digest, hashed))


def _set(uow: UnitOfWork, digest: bytes, hashed: str) -> PasswordSet:
    with uow() as tx:
        account = _owner(tx, digest)
        # Of two at once one finds the token gone, and is refused when it is tried again.
        tx.delete_where(FirstPassword, {"digest": digest}, expect=1)
        tx.update_row(account, password_hash=hashed, password_changed_at=tx.now)
        found = caller_snapshot.of_account(tx.session.connection(), account.id, tx.now)
        if found is None:
            raise DomainError("first_password_refused")
        audit.record(
            tx, found.actor(), Action.LOGIN, Permission.SESSION_OPEN, KIND, account.id,
            version=account.version, to_state="password_set",
        )  # fmt: skip
        end_sessions(tx, found.actor(), account.id, SessionEnd.PASSWORD_CHANGED)
        device = devices.meet(tx, account, devices.UNNAMED)
        return PasswordSet(device.client_id, language_of(tx, account.person_id))


def _owner(tx: Transaction, digest: bytes) -> Account:
    row = tx.first(select(FirstPassword).where(FirstPassword.digest == digest))
    account = None if row is None or row.expires_at <= tx.now else tx.get(Account, row.account_id)
    if account is None or account.disabled_at is not None:
        raise DomainError("first_password_refused")
    return account


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
