"""Password resets: who may ask for one, who decides, and what it does (contract section 4).

Whoever is locked out at night is let in again by their own local unit. So that this is no way into somebody's
account, the token goes to the second person, who hands it over face to face.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from community_api.access import gate
from community_api.access.accounts import first_password
from community_api.access.people import account_of, grants_of
from community_api.access.permissions import Permission
from community_api.access.proposals.change import Change
from community_api.access.proposals.terms import KIND
from community_api.access.scopes import answers_to
from community_api.access.target import Address, Target
from community_api.access.usernames import normal_username
from community_api.core.actor import Actor, Grant
from community_api.core.errors import invalid
from community_api.core.uow import Work
from community_api.units import posts
from community_api.units.directory import tree
from community_api.units.terms import Role

# Whoever is of, or under, the person's local unit and answers for others there, day or night.
DECIDERS: Final = (Role.SUPERVISOR, Role.DUTY_COMMANDER, Role.INTELLIGENCE_MANAGER)
# A locked-out colleague has no shift without it.
DECIDE_WITHIN: Final = timedelta(hours=1)


def prepare(tx: Work, body: Mapping[str, Any]) -> Change:
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


def check_asker(tx: Work, actor: Actor, change: Change) -> None:
    """An administrator or manager in scope, or the supervisor of the person; raises Refused.

    Out of scope is as not there. For oneself nobody asks: who is signed in knows the password.
    """
    target = Target(KIND, also_in=change.units, subject_roles=change.roles)
    decision = gate.decide(tx, actor, Permission.PASSWORD_RESET_PROPOSE, target)
    if not decision.allow or decision.via is None or change.person_id in {None, actor.person_id}:
        raise invalid("/body/account", "not_a_reference")
    if decision.via.role == Role.SUPERVISOR and not _supervises(tx, actor, change.person_id):
        raise invalid("/body/account", "not_a_reference")


def local_units(tx: Work, grants: tuple[Grant, ...]) -> frozenset[UUID]:
    """The local units that a person works in or under; empty: somewhere outside every local unit, too."""
    units = tree(tx)
    found = [units.local_unit_of(grant.unit_id) for grant in grants]
    return frozenset() if None in found else frozenset(unit.id for unit in found if unit is not None)


def addressed(tx: Work, person_id: UUID | None, unit_id: UUID | None) -> tuple[Address, ...]:
    """To whom a reset of this person's password is addressed; empty: to the deciders of the nation.

    ``unit_id`` is that of the proposal: for somebody who has left since, it stays with those who owe it.
    """
    grants = () if person_id is None else grants_of(tx, person_id)
    local = local_units(tx, grants)
    if not grants and unit_id is not None:
        unit = tree(tx).local_unit_of(unit_id)
        local = frozenset() if unit is None else frozenset({unit.id})
    return tuple(
        Address(role=role.value, unit_id=unit, below=True) for unit in sorted(local) for role in DECIDERS
    )


def owing_posts(tx: Work, person_id: UUID | None) -> list[UUID]:
    """The posts in and under the person's local units that owe the decision."""
    units = tree(tx)
    local = frozenset() if person_id is None else local_units(tx, grants_of(tx, person_id))
    inside = sorted({one for unit in local for one in units.same_or_below(unit)})
    found = (posts.find(tx, role, unit) for unit in inside for role in DECIDERS)
    return [post_id for post_id in found if post_id is not None]


def units_decided(tx: Work, actor: Actor) -> frozenset[UUID]:
    """The units whose people's resets the caller may decide on."""
    units = tree(tx)
    mine = [units.local_unit_of(grant.unit_id) for grant in actor.grants if grant.role in set(DECIDERS)]
    return frozenset(one for unit in mine if unit is not None for one in units.same_or_below(unit.id))


def may_decide(tx: Work, actor: Actor, target: Target) -> bool:
    """Whether the caller may decide on a reset that is addressed to posts of a local unit."""
    return bool(target.addressed) and (
        gate.decide(tx, actor, Permission.PASSWORD_RESET_APPROVE, target).allow
    )


def _supervises(tx: Work, actor: Actor, person_id: UUID | None) -> bool:
    return person_id is not None and answers_to(grants_of(tx, person_id), actor.grants, tree(tx))
