"""One change that two people are needed for, ready to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from community_api.access.accounts import absences
from community_api.access.accounts.first_password import Issued
from community_api.access.people import grants_of
from community_api.access.proposals.terms import APART, ROLES_OF_LEVEL
from community_api.core.actor import Actor, Grant
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import invalid
from community_api.units.directory import tree
from community_api.units.rules import Unit
from community_api.units.terms import Role


@dataclass(frozen=True)
class Change:
    """One change, ready to be done.

    ``units`` are those it concerns; empty: what is the installation's. ``each_unit``: all of them must be in
    the proposer's scope, else one. ``person_id`` is whom it concerns, None: nobody, or somebody who is yet to
    be known here. ``others`` are further people with a part in it. ``roles`` are all that they hold or would
    hold. ``act`` buffers the effect. ``at_once``: it only takes duties away, so it acts when proposed;
    ``before`` is what a refusal gives back.
    """

    units: frozenset[UUID]
    person_id: UUID | None
    roles: frozenset[str]
    act: Callable[[Transaction, Actor], Issued | None]
    others: frozenset[UUID] = field(default_factory=frozenset)
    each_unit: bool = False
    at_once: bool = False
    before: tuple[absences.Held, ...] = ()


def check_level(unit: Unit, role: Role, pointer: str = "/body/role") -> None:
    """A role is held where it has work. Oversight's is left to the policy, which refuses it by itself."""
    if role is not Role.OVERSIGHT and role not in ROLES_OF_LEVEL[unit.level]:
        raise invalid(pointer, "not_of_this_level")


def keep_apart(tx: Transaction, person_id: UUID | None, role: Role, pointer: str = "/body/role") -> None:
    """Nobody both handles referrals and resolves them to their source."""
    held = set() if person_id is None else {grant.role for grant in grants_of(tx, person_id)}
    for mine, theirs in (APART, tuple(reversed(APART))):
        if role in mine and held & {one.value for one in theirs}:
            raise invalid(pointer, "held_apart")


def roles_in(grants: tuple[Grant, ...]) -> frozenset[str]:
    """The codes of the roles that somebody holds."""
    return frozenset(grant.role for grant in grants)


def unit_named(tx: Transaction, name: str, pointer: str = "/body/unit") -> Unit:
    """The unit of that name; raises ``validation_failed`` at the pointer when there is none."""
    found = tree(tx).named(name)
    if found is None:
        raise invalid(pointer, "not_a_reference")
    return found
