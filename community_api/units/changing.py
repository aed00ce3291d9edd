"""Changing the tree of units: one more, or one that is called, stands or reaches otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from community_api.core.uow import Work
from community_api.units import posts
from community_api.units.directory import raise_epoch
from community_api.units.models import UnitRow
from community_api.units.rules import Unit, UnitTree
from community_api.units.terms import POSTS_OF_LEVEL

Geometry = Mapping[str, Any]


def with_unit(tree: UnitTree, unit: Unit) -> UnitTree:
    """The tree as it would be with this unit in place of the one of its id, if there is one.

    Raises TreeBroken when that is no tree.
    """
    return UnitTree([*(one for one in tree if one.id != unit.id), unit])


def establish(tx: Work, tree: UnitTree, unit: Unit, area: Geometry | None) -> None:
    """Buffer a new unit with the posts that every unit of its level has; ``tree`` has it already."""
    tx.add(
        UnitRow(
            id=unit.id,
            name=unit.name,
            title=unit.title,
            level=unit.level.value,
            parent_id=unit.parent_id,
            path=tree.path(unit.id),
            timezone=unit.timezone,
            country=unit.country,
            area=None if area is None else dict(area),
        )
    )
    for role in POSTS_OF_LEVEL[unit.level]:
        tx.add(posts.new(role, unit.id))
    raise_epoch(tx)


def amend(tx: Work, tree: UnitTree, unit: Unit, area: Geometry | None) -> None:
    """Buffer what is new about a unit; ``tree`` has it as it will be. ``area`` None: that stays as it is.

    Reports, cases and duties stay where they are: what comes from now on goes by the new tree.
    """
    told: dict[str, Any] = {"title": unit.title, "parent_id": unit.parent_id, "timezone": unit.timezone}
    if area is not None:
        told["area"] = dict(area)
    for one in sorted(tree.same_or_below(unit.id), key=tree.path):
        _rewrite(tx, one, tree.path(one), told if one == unit.id else {})
    raise_epoch(tx)


def _rewrite(tx: Work, unit_id: UUID, path: str, told: Mapping[str, Any]) -> None:
    row = tx.get(UnitRow, unit_id)
    if row is None:
        raise KeyError(unit_id)
    if told or row.path != path:
        tx.change(row, path=path, **told)
