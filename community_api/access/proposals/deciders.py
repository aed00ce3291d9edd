"""Who decides on a proposal: near whom it is about where that is said, else those of the nation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from community_api.access.people import grants_of
from community_api.access.permissions import Permission
from community_api.access.target import Address
from community_api.access.terms import ProposalKind
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.units import posts
from community_api.units.directory import tree
from community_api.units.terms import Level, Role

# The deciders of the nation, who may decide on everything but a procedure.
NATIONAL: Final = (Role.DPO, Role.INTELLIGENCE_MANAGER)
# Whoever answers for others in, or under, the person's local unit, day or night (contract section 4).
NEAR: Final = (Role.SUPERVISOR, Role.DUTY_COMMANDER, Role.INTELLIGENCE_MANAGER)
# What is decided near the person it is about, and the permission that it takes.
NEAR_KINDS: Final[Mapping[ProposalKind, Permission]] = {
    ProposalKind.ABSENCE: Permission.ABSENCE_APPROVE,
    ProposalKind.PASSWORD_RESET: Permission.PASSWORD_RESET_APPROVE,
}


@dataclass(frozen=True)
class Ruled:
    """What proposing and approving a change of such a kind takes, where it is no matter of accounts.

    ``about`` is what the policy calls it; ``deciders`` are the posts of the nation that owe the decision.
    """

    propose: Permission
    approve: Permission
    about: str
    deciders: tuple[Role, ...] = (Role.DPO,)


RULED = {
    ProposalKind.PROCEDURE_ADOPT: Ruled(
        Permission.PROCEDURE_PROPOSE, Permission.PROCEDURE_APPROVE, "procedure"
    ),
    ProposalKind.INDICATOR_LIST: Ruled(
        Permission.INDICATOR_LIST_PROPOSE, Permission.INDICATOR_LIST_APPROVE, "indicator_list"
    ),
}


@dataclass(frozen=True)
class Deciders:
    """Whom a proposal is addressed to. ``addressed`` empty: to the deciders of the nation."""

    permission: Permission
    addressed: tuple[Address, ...]
    post_ids: tuple[UUID, ...]

    @property
    def near(self) -> bool:
        """Whether the person's own local unit decides."""
        return bool(self.addressed)


def who_may_decide(
    tx: Transaction, kind: ProposalKind, person_id: UUID | None, unit_id: UUID | None = None
) -> Deciders:
    """Who decides on a proposal of this kind about this person (contract section 4).

    Near: supervisors, commanders and managers of, or under, the local unit. For whoever also works outside
    it, and for every other kind, the deciders of the nation: one unit does not decide what concerns another.
    ``unit_id`` is the proposal's own: for somebody who has left since, it stays with those who owe it.
    """
    permission = NEAR_KINDS.get(kind)
    local = frozenset() if permission is None or person_id is None else _local_units(tx, person_id, unit_id)
    if permission is None or not local:
        nation = tree(tx).at_level(Level.NATIONAL)
        owing = tuple(posts.establish(tx, role, unit.id) for unit in nation for role in NATIONAL)
        return Deciders(Permission.ACCOUNT_APPROVE, (), owing)
    addressed = tuple(Address(role.value, unit, below=True) for unit in sorted(local) for role in NEAR)
    inside = sorted({one for unit in local for one in tree(tx).same_or_below(unit)})
    found = [posts.find(tx, role, unit) for unit in inside for role in NEAR]
    return Deciders(permission, addressed, tuple(post for post in found if post is not None))


def near_units(tx: Transaction, actor: Actor) -> frozenset[UUID]:
    """The units of whose people the caller decides absences and resets."""
    units = tree(tx)
    local = [units.local_unit_of(grant.unit_id) for grant in actor.grants if grant.role in set(NEAR)]
    return frozenset().union(*(units.same_or_below(unit.id) for unit in local if unit is not None))


def _local_units(tx: Transaction, person_id: UUID, unit_id: UUID | None) -> frozenset[UUID]:
    """The one local unit that a person works in or under; empty: they work elsewhere, too."""
    works_in = {grant.unit_id for grant in grants_of(tx, person_id)}
    if not works_in and unit_id is not None:
        works_in = {unit_id}
    found = [tree(tx).local_unit_of(one) for one in works_in]
    units = frozenset(None if unit is None else unit.id for unit in found)
    return frozenset(unit for unit in units if unit is not None) if len(units) == 1 else frozenset()
