"""The register of accounts: who can sign in, with which roles, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from community_api import audit
from community_api.access import authorize
from community_api.access.accounts import queries
from community_api.access.accounts import service as accounts
from community_api.access.accounts.terms import AccountState
from community_api.access.models import Account, RoleGrant
from community_api.access.permissions import Permission
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.pagination import Page, PageWanted, page
from community_api.units.directory import tree

KIND = "account"


@dataclass(frozen=True)
class ListedAccount:
    """An account in the register. ``unit``: the highest in which it holds, or last held, a role."""

    id: UUID
    username: str
    name: str | None
    roles: list[dict[str, str]]
    unit: str
    state: AccountState


def list_accounts(
    uow: UnitOfWork, actor: Actor, *, state: AccountState | None, unit: str | None, wanted: PageWanted
) -> Page:
    """Accounts in scope, newest first; ``unit``: of it and all below. Raises ``role_not_allowed``."""
    with uow() as tx:
        sight = authorize.require_list(tx, actor, Permission.ACCOUNT_LIST)
        rows = page(
            tx,
            queries.accounts_in(sight.units & _units(tx, unit) if unit else sight.units, state),
            order=[Account.created_at, Account.id],
            newest_first=True,
            wanted=wanted,
            scope=f"accounts:{actor.account_id}:{state}:{unit}",
        )
        ids = [row.id for row in rows.items]
        audit.record(tx, actor, Action.CONSULT, Permission.ACCOUNT_LIST, KIND, None, seen=ids)
        grants = queries.grants_by_account(tx, ids)
        return Page([_listed(tx, row, grants[row.id]) for row in rows.items], rows.next_cursor)


def _units(tx: Transaction, name: str) -> frozenset[UUID]:
    unit = tree(tx).named(name)
    return frozenset() if unit is None else tree(tx).same_or_below(unit.id)


def _listed(tx: Transaction, row: Account, grants: list[RoleGrant]) -> ListedAccount:
    units = tree(tx)
    now = [] if row.disabled_at else [one for one in grants if _holds(one, tx.now)]
    where = {one.unit_id for one in now or grants[-1:]}
    return ListedAccount(
        id=row.id,
        username=row.username,
        name=accounts.name_of(tx, row.person_id),
        roles=[{"role": one.role, "unit": units.name_of(one.unit_id)} for one in now],
        unit=min((units.path(one) for one in where), key=lambda path: (path.count("/"), path)).split("/")[-1],
        state=_state(row),
    )


def _holds(grant: RoleGrant, now: datetime) -> bool:
    return grant.since <= now and (grant.until is None or grant.until > now)


def _state(row: Account) -> AccountState:
    if row.disabled_at is not None:
        return AccountState.CLOSED
    return AccountState.AWAITING_PASSWORD if row.password_hash is None else AccountState.ACTIVE
