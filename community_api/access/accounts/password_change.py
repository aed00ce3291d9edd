"""Changing one's own password, with the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from community_api import audit
from community_api.access import login_throttle, password_strength, passwords
from community_api.access.accounts import service as accounts
from community_api.access.models import Account, FirstPassword
from community_api.access.permissions import Permission
from community_api.access.sessions.revocation import end_sessions
from community_api.access.terms import SessionEnd
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database import commands
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import DomainError, invalid

KIND: Final = "account"


@dataclass(frozen=True)
class _Verified:
    """The hash that ``old`` fits, and the try to be given back."""

    password_hash: str
    bucket: bytes
    moment: int


def change_password(uow: UnitOfWork, actor: Actor, command: Command, *, old: str, new: str) -> None:
    """Change the caller's password and end their other sessions.

    Raises ``password_wrong``; ``too_many_requests`` after 20 wrong ones in an hour, which are counted apart
    from those of sign-ins; ``password_weak``, ``validation_failed`` for a new one that is the old one.
    """
    verified = _verify(uow, actor, old)
    if new == old:
        raise invalid("/new", "same_as_other")
    with uow() as tx:
        name = accounts.name_of(tx, actor.person_id) or ""
    password_strength.check_strength(new, actor.name, *name.split())
    hashed = passwords.hash_password(new)
    commands.again(lambda: _change(uow, actor, command, verified, hashed))


def _verify(uow: UnitOfWork, actor: Actor, old: str) -> _Verified:
    with uow() as tx:
        account = tx.get(Account, actor.account_id)
    bucket = login_throttle.bucket_of_change(uow.keys, actor.account_id)
    with passwords.hashing_slot():
        moment = login_throttle.take_try(uow, bucket)
        is_right = passwords.verify(account.password_hash if account else None, old)
    if account is None or account.password_hash is None or not is_right:
        raise DomainError("password_wrong")
    return _Verified(account.password_hash, bucket, moment)


def _change(uow: UnitOfWork, actor: Actor, command: Command, verified: _Verified, hashed: str) -> None:
    with uow(command) as tx:
        account = tx.get(Account, actor.account_id)
        if account is None or account.password_hash != verified.password_hash:
            # Changed meanwhile: what was verified is the password no longer.
            raise DomainError("password_wrong")
        tx.update_row(account, password_hash=hashed, password_changed_at=tx.now)
        tx.delete_where(FirstPassword, {"account_id": account.id})
        login_throttle.give_back(tx, verified.bucket, verified.moment)
        end_sessions(tx, actor, account.id, SessionEnd.PASSWORD_CHANGED, but=actor.session_id)
        audit.record(
            tx, actor, Action.LOGIN, Permission.SESSION_OPEN, KIND, account.id,
            version=account.version, to_state="password_changed",
        )  # fmt: skip
