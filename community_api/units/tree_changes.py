"""Changing the tree of units: one more, or one that is called, stands or reaches otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from community_api.core.database.unit_of_work import Transaction
from community_api.units import posts
from community_api.units.directory import Directory, raise_epoch
from community_api.units.models import UnitRow
from community_api.units.rules import Unit, UnitTree
from community_api.units.terms import POSTS_OF_LEVEL

Geometry = Mapping[str, Any]


@dataclass(frozen=True)
class Planned:
    """The tree as it would be, and the epoch of the one by which that was judged."""

    tree: UnitTree
    epoch: int


def with_unit(now: Directory, unit: Unit) -> Planned:
    """The tree as it would be with this unit in place of the one of its id, if there is one.

    Raises TreeBroken when that is no tree.
    """
    return Planned(UnitTree([*(one for one in now.tree if one.id != unit.id), unit]), now.epoch)


def establish(tx: Transaction, planned: Planned, unit: Unit, area: Geometry | None) -> None:
    """Buffer a new unit with the posts that every unit of its level has; the tree planned has it already."""
    tx.add(
        UnitRow(
            id=unit.id,
            name=unit.name,
            title=unit.title,
            level=unit.level.value,
            parent_id=unit.parent_id,
            path=planned.tree.path(unit.id),
            timezone=unit.timezone,
            country=unit.country,
            holidays=unit.holidays,
            partner=unit.partner,
            area=None if area is None else dict(area),
        )
    )
    for role in POSTS_OF_LEVEL[unit.level]:
        tx.add(posts.new(role, unit.id))
    raise_epoch(tx, planned_at=planned.epoch)


def amend(tx: Transaction, planned: Planned, unit: Unit, area: Geometry | None) -> None:
    """Buffer what is new about a unit; the tree planned has it as it will be. ``area`` None: as it is.

    Reports, cases and duties stay where they are: what comes from now on goes by the new tree.
    """
    told: dict[str, Any] = {
        "title": unit.title,
        "parent_id": unit.parent_id,
        "timezone": unit.timezone,
        "holidays": unit.holidays,
        "partner": unit.partner,
    }
    if area is not None:
        told["area"] = dict(area)
    tree = planned.tree
    for one in sorted(tree.same_or_below(unit.id), key=tree.path):
        _rewrite(tx, one, tree.path(one), told if one == unit.id else {})
    raise_epoch(tx, planned_at=planned.epoch)


def _rewrite(tx: Transaction, unit_id: UUID, path: str, body: Mapping[str, Any]) -> None:
    row = tx.get(UnitRow, unit_id)
    if row is None:
        raise KeyError(unit_id)
    if body or row.path != path:
        tx.update_row(row, path=path, **body)
