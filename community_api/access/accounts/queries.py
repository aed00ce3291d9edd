"""What is asked of the database about accounts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select

from community_api.access.accounts.terms import AccountState
from community_api.access.models import Account, RoleGrant
from community_api.core.database.unit_of_work import Transaction
from community_api.units.terms import Role


def accounts_in(unit_ids: Collection[UUID], state: AccountState | None) -> Select[Any]:
    """Accounts that hold or held a role in these units; oversight's own are out of reach of everybody."""
    held = exists().where(RoleGrant.account_id == Account.id, RoleGrant.unit_id.in_(unit_ids))
    oversight = exists().where(RoleGrant.account_id == Account.id, RoleGrant.role == Role.OVERSIGHT.value)
    query = select(Account).where(held, ~oversight)
    return query if state is None else query.where(*_in_state(state))


def grants_by_account(tx: Transaction, account_ids: Collection[UUID]) -> dict[UUID, list[RoleGrant]]:
    """Every role that these accounts hold, will hold or held, oldest first."""
    found: dict[UUID, list[RoleGrant]] = {account_id: [] for account_id in account_ids}
    query = select(RoleGrant).where(RoleGrant.account_id.in_(account_ids))
    for row in tx.all(query.order_by(RoleGrant.since, RoleGrant.role, RoleGrant.id)):
        found[row.account_id].append(row)
    return found


def _in_state(state: AccountState) -> list[ColumnElement[bool]]:
    if state is AccountState.CLOSED:
        return [Account.disabled_at.is_not(None)]
    hashed = Account.password_hash
    return [
        Account.disabled_at.is_(None),
        hashed.is_not(None) if state is AccountState.ACTIVE else hashed.is_(None),
    ]
