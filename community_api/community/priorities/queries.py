"""Reading priorities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from community_api.access.visibility import VisibleScope
from community_api.community.priorities.models import Priority
from community_api.core.database.unit_of_work import Transaction


def visible(sight: VisibleScope, month: str | None, unit_ids: frozenset[UUID] | None) -> Select[Any]:
    """Priorities of the caller's teams, those withdrawn too; ``month`` None: of all. Oversight sees all."""
    query = select(Priority).where(Priority.erased_at.is_(None))
    if not sight.everything:
        query = query.where(Priority.unit_id.in_(sight.units | sight.unowned_units))
    if unit_ids is not None:
        query = query.where(Priority.unit_id.in_(unit_ids))
    return query if month is None else query.where(Priority.month == month)


def places_taken(tx: Transaction, unit_id: UUID, month: str) -> frozenset[int]:
    """The places of a team's month that are taken."""
    query = select(Priority.place).where(
        Priority.unit_id == unit_id, Priority.month == month, Priority.withdrawn_at.is_(None)
    )
    return frozenset(tx.all(query))


def months_of(tx: Transaction, problem_id: UUID) -> list[str]:
    """The months for which a problem was made a priority that still holds, the first one first."""
    query = select(Priority.month).where(
        Priority.problem_id == problem_id, Priority.withdrawn_at.is_(None), Priority.erased_at.is_(None)
    )
    return sorted(set(tx.all(query)))
