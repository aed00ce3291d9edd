"""Which team somebody works for."""

from __future__ import annotations

from uuid import UUID

from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import invalid
from community_api.units.directory import tree
from community_api.units.terms import Level, Role


def team_of(tx: Transaction, actor: Actor, name: str | None) -> UUID | None:
    """The team that something is for: the one named, or the caller's only one; None: the caller has none.

    Raises ``validation_failed`` where several are possible and none is named, and for one that is not the
    caller's: that is no choice.
    """
    units = tree(tx)
    mine = {
        team
        for role in (Role.OFFICER, Role.SUPERVISOR)
        for unit_id in actor.units(role)
        for team in units.same_or_below(unit_id)
        if units.level(team) is Level.COMMUNITY
    }
    if name is not None:
        unit = units.named(name)
        if mine and (unit is None or unit.id not in mine):
            raise invalid("/unit", "not_one_of")
        return unit.id if unit is not None else None
    if len(mine) > 1:
        raise invalid("/unit", "required")
    return next(iter(mine), None)
