"""What a closed account given back, and many accounts brought in at once, would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from community_api.access.accounts import first_password, imports, role_assignments
from community_api.access.accounts import service as accounts
from community_api.access.accounts.first_password import Issued
from community_api.access.models import RoleGrant
from community_api.access.people import account_of, grants_of
from community_api.access.proposals.change import Change, keep_apart, roles_in
from community_api.access.usernames import normal_username
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError, FieldError, invalid
from community_api.units.terms import Role


def enable(tx: Transaction, body: Mapping[str, Any]) -> Change:
    """A closed account, with its name and the roles that ended with it, for the same person.

    Raises ``validation_failed`` for an account that is open, is not there, or whose person was erased.
    """
    account = account_of(tx, normal_username(body["account"]))
    if account is None or accounts.name_of(tx, account.person_id) is None:
        raise invalid("/body/account", "not_a_reference")
    if account.disabled_at is None:
        raise invalid("/body/account", "already_so")
    back = role_assignments.roles_of_closed(tx, account.id)
    for grant in back:
        keep_apart(tx, account.person_id, Role(grant.role), "/body/account")
    ever = tx.all(select(RoleGrant).where(RoleGrant.account_id == account.id))

    def act(tx: Transaction, _actor: Actor) -> Issued:
        role_assignments.reopen(tx, account)
        return first_password.issue(tx, account.id)

    roles = roles_in(grants_of(tx, account.person_id)) | {grant.role for grant in ever}
    units = frozenset(grant.unit_id for grant in back or ever)
    return Change(units, account.person_id, roles, act, each_unit=True)


def bring_in(tx: Transaction, body: Mapping[str, Any]) -> Change:
    """New accounts, all or none. Raises ``validation_failed`` with a pointer for each row that is wrong."""
    planned, faults = imports.plan(tx, body["accounts"])
    faults += [fault for one in planned if one.known for fault in [one.at("username", "username_taken")]]
    if faults:
        raise DomainError(
            "validation_failed",
            errors=[FieldError(f"/body{one.pointer}", one.code, one.params) for one in faults],
        )

    def act(tx: Transaction, actor: Actor) -> None:
        imports.establish_all(tx, actor, planned)

    return Change(
        units=frozenset(one.new.unit_id for one in planned),
        person_id=None,
        roles=frozenset(one.new.role.value for one in planned),
        act=act,
        each_unit=True,
    )
