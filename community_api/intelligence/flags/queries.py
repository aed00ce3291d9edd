"""Reading flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from community_api.access.visibility import VisibleScope
from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.flags.models import Flag, FlagDecision, FlagIdentity, Ground
from community_api.intelligence.flags.terms import SECOND_PERSONS, WAITING
from community_api.units.rules import UnitTree


def visible(
    sight: VisibleScope, tree: UnitTree, filters: Mapping[str, Any], unit_ids: frozenset[UUID] | None
) -> Select[Any]:
    """Flags that the caller may list: own, of their units, and what waits under their local unit."""
    query = select(Flag).where(Flag.erased_at.is_(None))
    if not sight.everything:
        query = query.where(or_(*_visible_to(sight, tree)))
    if filters.get("status") is not None:
        query = query.where(Flag.status == filters["status"])
    if unit_ids is not None:
        query = query.where(Flag.unit_id.in_(unit_ids))
    return query


def _visible_to(sight: VisibleScope, tree: UnitTree) -> list[ColumnElement[bool]]:
    shown: list[ColumnElement[bool]] = [Flag.id.is_(None)]
    if sight.own:
        shown.append(Flag.flagger_id == sight.person_id)
    if sight.units:
        shown.append(Flag.unit_id.in_(sight.units))
    local_units = {
        unit.id
        for grant in sight.addressees
        if grant.role in SECOND_PERSONS and (unit := tree.local_unit_of(grant.unit_id)) is not None
    }
    if local_units:
        shown.append(
            and_(Flag.local_unit_id.in_(local_units), Flag.status.in_([one.value for one in WAITING]))
        )
    return shown


def decisions(tx: Transaction, flag_id: UUID) -> dict[str, FlagDecision]:
    """What was said of a flag, by act: cosign, decide, withdraw."""
    return {row.act: row for row in tx.all(select(FlagDecision).where(FlagDecision.flag_id == flag_id))}


def identity(tx: Transaction, flag_id: UUID) -> FlagIdentity | None:
    """What identifies its subjects, sealed; None when nothing was told."""
    found: FlagIdentity | None = tx.first(select(FlagIdentity).where(FlagIdentity.flag_id == flag_id))
    return found


def indicators_of(tx: Transaction, flag_id: UUID) -> list[str]:
    """The codes that a flag's grounds name."""
    return tx.all(select(Ground.indicator).where(Ground.flag_id == flag_id))
