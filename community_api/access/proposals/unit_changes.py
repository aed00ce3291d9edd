"""What proposals about units would change: no unit is ever removed, and no name or level ever changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from community_api.access.models import RoleGrant
from community_api.access.proposals.change import Change, unit_named
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import invalid
from community_api.core.ids import new_id
from community_api.units import tree_changes
from community_api.units.areas import Area, AreaBroken, from_geojson
from community_api.units.directory import Directory, directory
from community_api.units.rules import TreeBroken, Unit
from community_api.units.terms import Level, is_unit_name
from community_api.units.tree_changes import Planned

Body = Mapping[str, Any]


def create(tx: Transaction, body: Body) -> Change:
    """A new unit under another, or outside the chain."""
    now, level = directory(tx), Level(body["level"])
    units = now.tree
    if not is_unit_name(body["name"]):
        raise invalid("/body/name", "not_a_unit_name")
    if units.named(body["name"]) is not None:
        raise invalid("/body/name", "already_so")
    if level is Level.NATIONAL:
        # The desk of last resort and the commander of the nation are those of one unit.
        raise invalid("/body/level", "one_nation")
    above = None if body.get("under") is None else unit_named(tx, body["under"], "/body/under")
    if above is None and level is not Level.EXTERNAL:
        raise invalid("/body/under", "needed_here")
    nation = units.at_level(Level.NATIONAL)[0]
    unit = Unit(
        id=new_id(),
        name=body["name"],
        title=body["title"],
        level=level,
        parent_id=None if above is None else above.id,
        timezone=body.get("timezone") or (above or nation).timezone,
        country=body.get("country") or (above or nation).country,
        area=_area(body),
        holidays=body.get("holidays") or (above or nation).holidays,
        partner=_partner(body, level),
    )
    planned = _planned(now, unit)

    def act(tx: Transaction, _actor: Actor) -> None:
        tree_changes.establish(tx, planned, unit, body.get("area"))

    return _about(frozenset() if above is None else {above.id}, frozenset(), act)


def change(tx: Transaction, body: Body) -> Change:
    """Another title, place in the tree, area, zone or holidays of a unit; what is left out stays."""
    now = directory(tx)
    known = unit_named(tx, body["unit"])
    above = now.tree.parent(known.id)
    if body.get("under") is not None:
        above = unit_named(tx, body["under"], "/body/under")
    unit = replace(
        known,
        title=body.get("title") or known.title,
        timezone=body.get("timezone") or known.timezone,
        parent_id=None if above is None else above.id,
        area=_area(body) or known.area,
        holidays=body.get("holidays") or known.holidays,
        partner=_partner(body, known.level) or known.partner,
    )
    if unit == known:
        raise invalid("/body", "already_so")
    planned = _planned(now, unit)

    def act(tx: Transaction, _actor: Actor) -> None:
        tree_changes.amend(tx, planned, unit, body.get("area"))

    concerned = {known.id} if above is None or body.get("under") is None else {known.id, above.id}
    return _about(concerned, _roles_in(tx, known.id), act)


def _about(units: Any, roles: frozenset[str], act: Any) -> Change:
    return Change(frozenset(units), None, roles, act, each_unit=True)


def _planned(now: Directory, unit: Unit) -> Planned:
    try:
        return tree_changes.with_unit(now, unit)
    except (TreeBroken, KeyError):
        raise invalid("/body/under", "not_above") from None


def _area(body: Body) -> Area | None:
    if body.get("area") is None:
        return None
    try:
        return from_geojson(body["area"])
    except (AreaBroken, TypeError, ValueError):
        raise invalid("/body/area", "not_an_area") from None


def _partner(body: Body, level: Level) -> str | None:
    """What an agency is in the procedure's list of partners; None: nothing is said of it."""
    if body.get("partner") is not None and level is not Level.EXTERNAL:
        raise invalid("/body/partner", "not_needed")
    return body.get("partner")


def _roles_in(tx: Transaction, unit_id: UUID) -> frozenset[str]:
    """The roles that are held in a unit: nobody but oversight itself changes the unit of oversight."""
    return frozenset(tx.all(select(RoleGrant.role).where(RoleGrant.unit_id == unit_id)))
