"""How far a role reaches: its own person, its unit, what lies below, everything, or what is sent to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol
from uuid import UUID

from community_api.access.matrix import Row
from community_api.access.target import Address, Target
from community_api.access.terms import Act, Cell, ReachRule
from community_api.core.actor import Actor, Grant
from community_api.units.terms import Level, Role

# Scope of roles: P7; docs/security.md.
OWN_UNIT: Final = frozenset(
    {Role.ANALYST, Role.INTELLIGENCE_MANAGER, Role.SOURCE_REGISTRAR, Role.TASKING_CHAIR}
)
AND_BELOW: Final = frozenset(
    {
        Role.SUPERVISOR,
        Role.SAFEGUARDING_LEAD,
        Role.DUTY_COMMANDER,
        Role.RECORDS_MANAGER,
        Role.DPO,
        Role.TRAINER,
        Role.ADMINISTRATOR,
    }
)


# Where a grant in the national unit also reaches the bodies outside the chain.
WITH_THE_OUTSIDE: Final = frozenset({ReachRule.INSTALLATION, ReachRule.BELOW})


class AUnit(Protocol):
    """What the policy reads of a unit."""

    @property
    def id(self) -> UUID: ...
    @property
    def timezone(self) -> str: ...


class UnitTree(Protocol):
    """What the policy asks of the tree of units; ``units.rules.UnitTree`` answers it."""

    def __getitem__(self, unit_id: UUID, /) -> AUnit: ...
    def is_same_or_below(self, unit_id: UUID, top_id: UUID, /) -> bool: ...
    def same_or_below(self, unit_id: UUID, /) -> frozenset[UUID]: ...
    def level(self, unit_id: UUID, /) -> Level: ...
    def local_unit_of(self, unit_id: UUID, /) -> AUnit | None: ...
    def at_level(self, level: Level, /) -> Iterable[AUnit]: ...


def units_within(grant: Grant, reach: ReachRule, tree: UnitTree) -> frozenset[UUID]:
    """The units whose things this grant reaches; oversight and partners are not judged by units."""
    if grant.role in AND_BELOW:
        units = tree.same_or_below(grant.unit_id)
    elif grant.role in OWN_UNIT or grant.role == Role.OFFICER:
        units = frozenset({grant.unit_id})
    else:
        units = frozenset()
    if reach is ReachRule.LOCAL_UNIT:
        local = tree.local_unit_of(grant.unit_id)
        return units if local is None else units | tree.same_or_below(local.id)
    if reach is ReachRule.BELOW:
        units |= tree.same_or_below(grant.unit_id)
    if reach in WITH_THE_OUTSIDE and tree.level(grant.unit_id) is Level.NATIONAL:
        outside = {unit.id for unit in tree.at_level(Level.EXTERNAL)}
        return units | tree.same_or_below(grant.unit_id) | outside
    return units


def covers_unit(grant: Grant, unit_id: UUID, reach: ReachRule, tree: UnitTree) -> bool:
    """Whether ``unit_id`` is among ``units_within``, without gathering them: this runs at every request."""
    if grant.role in AND_BELOW:
        covered = tree.is_same_or_below(unit_id, grant.unit_id)
    else:
        covered = unit_id == grant.unit_id and (grant.role in OWN_UNIT or grant.role == Role.OFFICER)
    if reach is ReachRule.LOCAL_UNIT:
        local = tree.local_unit_of(grant.unit_id)
        return covered or (local is not None and tree.is_same_or_below(unit_id, local.id))
    if reach is ReachRule.BELOW:
        covered = covered or tree.is_same_or_below(unit_id, grant.unit_id)
    if reach in WITH_THE_OUTSIDE and not covered and tree.level(grant.unit_id) is Level.NATIONAL:
        return tree.is_same_or_below(unit_id, grant.unit_id) or tree.level(unit_id) is Level.EXTERNAL
    return covered


def covers(actor: Actor, grant: Grant, cell: Cell, row: Row, target: Target, *, tree: UnitTree) -> bool:
    """Whether the cell, as far as this grant's scope goes, covers the target."""
    own = target.owner == actor.person_id
    if row.never_on in target.subject_roles and not own:
        return False
    if actor.person_id in target.subjects and row.seen_by is not None:
        # Being told that one is excluded would tell that one is a subject.
        return False
    if row.act is Act.MAKE and cell is Cell.OWN:
        return own and (not target.units or grant.unit_id in target.units)
    if own and row.act is not Act.MAKE and cell in {Cell.OWN, Cell.FULL}:
        return True
    return cell is not Cell.OWN and (
        addressed_to(actor, grant, target, tree)
        or (not _needs_address(cell, row) and _in_scope(actor, grant, row, target, tree))
    )


def _needs_address(cell: Cell, row: Row) -> bool:
    """What a post owes is nobody else's to answer, however wide their scope."""
    return cell is Cell.ADDRESSED or (row.reach is ReachRule.POST and cell in {Cell.FULL, Cell.APPROVES})


def _in_scope(actor: Actor, grant: Grant, row: Row, target: Target, tree: UnitTree) -> bool:
    if grant.role == Role.OVERSIGHT:
        return True
    if target.everybodys:
        return row.seen_by is None
    if grant.role == Role.OFFICER and target.owner is not None:
        return target.owner == actor.person_id
    return any(covers_unit(grant, unit_id, row.reach, tree) for unit_id in target.units)


def addressed_to(actor: Actor, grant: Grant, target: Target, tree: UnitTree) -> bool:
    """Whether the target is addressed to this person, or to what this grant makes of them."""
    return any(_is_addressee(actor, grant, address, tree) for address in target.addressed)


def _is_addressee(actor: Actor, grant: Grant, address: Address, tree: UnitTree) -> bool:
    if address.role is None and address.unit_id is None and address.person_id is None:
        return False
    if address.person_id is not None and address.person_id != actor.person_id:
        return False
    if address.role is not None and address.role != grant.role:
        return False
    if address.unit_id is None or address.unit_id == grant.unit_id:
        return True
    return address.below and tree.is_same_or_below(grant.unit_id, address.unit_id)


def answers_to(mine: Iterable[Grant], theirs: Iterable[Grant], tree: UnitTree) -> bool:
    """Whether somebody with grants ``mine`` is supervised by somebody with grants ``theirs``.

    A supervisor supervises the officers of the own unit and everybody in the units below it; two supervisors
    of one unit are equals.
    """
    supervised = [grant.unit_id for grant in theirs if grant.role == Role.SUPERVISOR]
    return any(_supervised_in(grant, unit_id, tree) for grant in mine for unit_id in supervised)


def _supervised_in(grant: Grant, unit_id: UUID, tree: UnitTree) -> bool:
    if grant.unit_id == unit_id:
        return grant.role == Role.OFFICER
    return tree.is_same_or_below(grant.unit_id, unit_id)
