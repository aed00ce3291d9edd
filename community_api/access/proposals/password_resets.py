"""Password resets: who may ask for one, who decides, and what it does (contract section 4).

Whoever is locked out at night is let in again by their own local unit. So that this is no way into somebody's
account, the token goes to the second person, who hands it over face to face.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from community_api.access import authorize
from community_api.access.accounts import first_password
from community_api.access.people import account_of, grants_of
from community_api.access.permissions import Permission
from community_api.access.proposals.change import Change
from community_api.access.proposals.terms import KIND
from community_api.access.scopes import answers_to
from community_api.access.target import Target
from community_api.access.usernames import normal_username
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import invalid
from community_api.units.directory import tree
from community_api.units.terms import Role


def prepare(tx: Transaction, body: Mapping[str, Any]) -> Change:
    """A token for the owner of an open account. Raises ``validation_failed``."""
    account = account_of(tx, normal_username(body["account"]))
    if account is None or account.disabled_at is not None:
        raise invalid("/body/account", "not_a_reference")
    grants = grants_of(tx, account.person_id)
    return Change(
        units=frozenset(grant.unit_id for grant in grants),
        person_id=account.person_id,
        roles=frozenset(grant.role for grant in grants),
        act=lambda tx, _actor: first_password.issue(tx, account.id),
    )


def check_asker(tx: Transaction, actor: Actor, change: Change) -> None:
    """An administrator or manager in scope, or the supervisor of the person; raises DomainError.

    Out of scope is as not there. For oneself nobody asks: who is signed in knows the password.
    """
    target = Target(KIND, also_in=change.units, subject_roles=change.roles)
    decision = authorize.decide(tx, actor, Permission.PASSWORD_RESET_PROPOSE, target)
    if not decision.allow or decision.via is None or change.person_id in {None, actor.person_id}:
        raise invalid("/body/account", "not_a_reference")
    if decision.via.role == Role.SUPERVISOR and not _supervises(tx, actor, change.person_id):
        raise invalid("/body/account", "not_a_reference")


def _supervises(tx: Transaction, actor: Actor, person_id: UUID | None) -> bool:
    return person_id is not None and answers_to(grants_of(tx, person_id), actor.grants, tree(tx))
