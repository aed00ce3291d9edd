"""The first password of an account: a token that is good once and for half an hour, kept as its hash only.

It is 256 random bits, so nobody guesses it and no slow hash is needed. It is shown once, in the answer to the
decision that made the account: to the second person and not to whoever proposed. So nobody who invents a
person gets into their account alone; the one who approved hands the token over.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from community_api import trail
from community_api.access import passwords, standing
from community_api.access.accounts import service as accounts
from community_api.access.models import Account, FirstPassword
from community_api.access.permissions import Permission
from community_api.core import commands
from community_api.core.errors import Refused
from community_api.core.uow import UnitOfWork, Work
from community_api.trail import Action

KIND: Final = "account"
GOOD_FOR: Final = timedelta(minutes=30)
TOKEN_BYTES: Final = 32


@dataclass(frozen=True)
class Issued:
    """A token as its one reader gets it."""

    token: str
    expires_at: datetime


def issue(tx: Work, account_id: UUID) -> Issued:
    """Let an account set its first password; an earlier token of the account is good no longer."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"digest": _digest(token), "issued_at": tx.now, "expires_at": tx.now + GOOD_FOR}
    known = tx.one(select(FirstPassword).where(FirstPassword.account_id == account_id))
    if known is None:
        tx.add(FirstPassword(account_id=account_id, **values))
    else:
        tx.update(FirstPassword, {"digest": known.digest}, values)
    return Issued(token, tx.now + GOOD_FOR)


def set_first_password(uow: UnitOfWork, *, token: str, password: str) -> None:
    """Set the password of a new account; then the token is spent.

    Raises ``first_password_refused`` for a token that is wrong, spent or too old, one and the same for all;
    ``password_too_weak``.
    """
    digest = _digest(token)
    with uow() as tx:
        account = _owner(tx, digest)
        name = accounts.name_of(tx, account.person_id) or ""
        passwords.check_strength(password, account.username, *name.split())
    hashed = passwords.hash_password(password)
    commands.again(lambda: _set(uow, digest, hashed))


def _set(uow: UnitOfWork, digest: bytes, hashed: str) -> None:
    with uow() as tx:
        account = _owner(tx, digest)
        # Of two at once one finds the token gone, and is refused when it is tried again.
        tx.remove(FirstPassword, {"digest": digest}, expect=1)
        tx.change(account, password_hash=hashed, password_changed_at=tx.now)
        found = standing.of_account(tx.session.connection(), account.id, tx.now)
        if found is None:
            raise Refused("first_password_refused")
        trail.record(
            tx, found.actor(), Action.LOGIN, Permission.SESSION_OPEN, KIND, account.id,
            version=account.version, to_state="password_set",
        )  # fmt: skip


def _owner(tx: Work, digest: bytes) -> Account:
    row = tx.one(select(FirstPassword).where(FirstPassword.digest == digest))
    account = None if row is None or row.expires_at <= tx.now else tx.get(Account, row.account_id)
    if account is None or account.password_hash is not None or account.disabled_at is not None:
        raise Refused("first_password_refused")
    return account


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
