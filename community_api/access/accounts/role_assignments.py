"""Giving and ending roles and posts of people who are known, each in the commit of what decides it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from community_api.access import vacancies
from community_api.access.accounts import leavers
from community_api.access.models import Account, FirstPassword, PostHolder, RoleGrant
from community_api.access.sessions.revocation import end_sessions
from community_api.access.terms import SessionEnd
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.units import posts
from community_api.units.terms import Role


def grant_of(tx: Transaction, account_id: UUID, role: str, unit_id: UUID) -> RoleGrant | None:
    """The role that an account holds in a unit, now or from some time on; None: it does not."""
    query = select(RoleGrant).where(
        RoleGrant.account_id == account_id,
        RoleGrant.role == role,
        RoleGrant.unit_id == unit_id,
        or_(RoleGrant.until.is_(None), RoleGrant.until > tx.now),
    )
    found: RoleGrant | None = tx.first(query.order_by(RoleGrant.since))
    return found


def holdings_of(tx: Transaction, person_id: UUID) -> list[PostHolder]:
    """The posts that a person holds now, or will hold."""
    query = select(PostHolder).where(
        PostHolder.person_id == person_id, or_(PostHolder.until.is_(None), PostHolder.until > tx.now)
    )
    return tx.all(query.order_by(PostHolder.post_id, PostHolder.since))


def give_role(
    tx: Transaction, account: Account, role: Role, unit_id: UUID, *, since: datetime, until: datetime | None
) -> None:
    """Give an account a role that it does not hold, and its person the post that goes with it."""
    tx.add(
        RoleGrant(
            id=new_id(), account_id=account.id, role=role.value, unit_id=unit_id, since=since, until=until
        )
    )
    hold(tx, posts.establish(tx, role, unit_id), account.person_id, since=since, until=until)


def hold(tx: Transaction, post_id: UUID, person_id: UUID, *, since: datetime, until: datetime | None) -> None:
    """Let a person hold a post, unless they do already."""
    if any(row.post_id == post_id for row in holdings_of(tx, person_id)):
        return
    tx.add(PostHolder(id=new_id(), post_id=post_id, person_id=person_id, since=since, until=until))
    if since <= tx.now:
        vacancies.close_vacancy(tx, post_id)


def end_role(
    tx: Transaction, actor: Actor, account: Account, grant: RoleGrant, *, with_account: bool = False
) -> None:
    """End a role now; the post goes with it, unless another account of the person holds the same role."""
    _end_grant(tx, grant, with_account=with_account)
    if not _held_otherwise(tx, account, grant):
        post_id = posts.id_of(Role(grant.role), grant.unit_id)
        release(tx, actor, account.person_id, [post_id])


def release(tx: Transaction, actor: Actor, person_id: UUID, post_ids: list[UUID]) -> None:
    """End that a person holds these posts; what they owe stays with the post, and is nobody's no longer."""
    for row in holdings_of(tx, person_id):
        if row.post_id in post_ids:
            ends = {"until": max(tx.now, row.since)}
            tx.update_where(PostHolder, {"id": row.id, "since": row.since, "until": row.until}, ends)
    vacancies.left(tx, actor, post_ids, person_id)


def close(tx: Transaction, actor: Actor, account: Account, successor: Account | None) -> None:
    """Close an account: its sessions and roles end, and its posts go to the successor, if one is named."""
    tx.update_row(account, disabled_at=tx.now)
    tx.delete_where(FirstPassword, {"account_id": account.id})
    end_sessions(tx, actor, account.id, SessionEnd.DISABLED)
    for grant in _grants(tx, account.id):
        if successor is None:
            end_role(tx, actor, account, grant, with_account=grant.until is None)
        else:
            _pass_on(tx, account, grant, successor)
    if not _works_on(tx, account):
        leavers.has_left(tx, actor, account.person_id)


def _works_on(tx: Transaction, account: Account) -> bool:
    others = select(Account.id).where(
        Account.person_id == account.person_id, Account.id != account.id, Account.disabled_at.is_(None)
    )
    return tx.first(others.limit(1)) is not None


def _pass_on(tx: Transaction, account: Account, grant: RoleGrant, successor: Account) -> None:
    if grant_of(tx, successor.id, grant.role, grant.unit_id) is None:
        give_role(tx, successor, Role(grant.role), grant.unit_id, since=tx.now, until=grant.until)
    _end_grant(tx, grant)
    post_id = posts.id_of(Role(grant.role), grant.unit_id)
    for row in holdings_of(tx, account.person_id):
        if row.post_id == post_id and not _held_otherwise(tx, account, grant):
            ends = {"until": max(tx.now, row.since)}
            tx.update_where(PostHolder, {"id": row.id, "since": row.since, "until": row.until}, ends)


def roles_of_closed(tx: Transaction, account_id: UUID) -> list[RoleGrant]:
    """The roles that ended because the account was closed."""
    query = select(RoleGrant).where(RoleGrant.account_id == account_id, RoleGrant.with_account)
    return tx.all(query.order_by(RoleGrant.unit_id, RoleGrant.role))


def reopen(tx: Transaction, account: Account) -> None:
    """Open a closed account with the roles and posts that ended with it; its password is good no longer."""
    tx.update_row(account, disabled_at=None, password_hash=None)
    for grant in roles_of_closed(tx, account.id):
        tx.update_where(RoleGrant, {"id": grant.id, "with_account": True}, {"with_account": False})
        give_role(tx, account, Role(grant.role), grant.unit_id, since=tx.now, until=None)


def _end_grant(tx: Transaction, grant: RoleGrant, *, with_account: bool = False) -> None:
    ends = {"until": max(tx.now, grant.since), "with_account": with_account}
    tx.update_where(RoleGrant, {"id": grant.id, "until": grant.until}, ends)


def _grants(tx: Transaction, account_id: UUID) -> list[RoleGrant]:
    query = select(RoleGrant).where(
        RoleGrant.account_id == account_id, or_(RoleGrant.until.is_(None), RoleGrant.until > tx.now)
    )
    return tx.all(query.order_by(RoleGrant.unit_id, RoleGrant.role))


def _held_otherwise(tx: Transaction, account: Account, grant: RoleGrant) -> bool:
    others = (
        select(RoleGrant.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            Account.person_id == account.person_id,
            Account.disabled_at.is_(None),
            Account.id != account.id,
            RoleGrant.role == grant.role,
            RoleGrant.unit_id == grant.unit_id,
            or_(RoleGrant.until.is_(None), RoleGrant.until > tx.now),
        )
    )
    return tx.first(others.limit(1)) is not None
