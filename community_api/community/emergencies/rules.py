"""Pure decisions about emergencies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from community_api.community.emergencies.terms import COMMANDS, Act, State
from community_api.core.errors import DomainError
from community_api.units.rules import UnitTree
from community_api.units.terms import Level


def next_state(state: State, act: Act, *, justified: bool) -> State:
    """Where an act leads; raises DomainError where it is too early, or was done before."""
    if act is Act.JUSTIFICATION and justified:
        raise DomainError("already_decided")
    found = COMMANDS[state][act]
    if not isinstance(found, State):
        raise DomainError(found)
    return found


def first_called(unit_id: UUID, tree: UnitTree, manned: Callable[[UUID], bool]) -> UUID:
    """The unit whose commander is paged at once: the report's local unit, or the nation's.

    ``manned``: whether a unit has a commander now. Where nobody commands anywhere, the national post is
    paged all the same, so that the call waits there rather than nowhere.
    """
    local = tree.local_unit_of(unit_id)
    return local.id if local is not None and manned(local.id) else national(tree)


def called_later(unit_id: UUID, first: UUID, tree: UnitTree) -> tuple[UUID, ...]:
    """The units whose commanders are paged when nobody has answered: the first one again, then further ones.

    Those are the region's other local units and the nation.
    """
    region = tree.region_of(unit_id)
    locals_ = [] if region is None else tree.same_or_below(region.id)
    others = sorted(one for one in locals_ if tree.level(one) is Level.LOCAL)
    return tuple(dict.fromkeys([first, *others, national(tree)]))


def home(unit_id: UUID, tree: UnitTree) -> UUID:
    """The unit to which an emergency belongs: the local unit, else the nation."""
    local = tree.local_unit_of(unit_id)
    return local.id if local is not None else national(tree)


def national(tree: UnitTree) -> UUID:
    """The national unit."""
    return tree.at_level(Level.NATIONAL)[0].id


def is_overdue(justify_by: datetime, justified_at: datetime | None, now: datetime) -> bool:
    """Whether the account of what was done is late, or came late."""
    return (justified_at or now) > justify_by
