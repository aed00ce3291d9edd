"""Reading problems and what belongs to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true

from community_api.access.visibility import VisibleScope
from community_api.community.problems.models import (
    Problem,
    ProblemEntry,
    ProblemPartner,
    ProblemReport,
)
from community_api.core.database.unit_of_work import Transaction


def visible(sight: VisibleScope, status: str | None, unit_ids: frozenset[UUID] | None) -> Select[Any]:
    """Problems of the caller's units, and those on which they work as a partner; oversight sees all."""
    units = sight.units | sight.unowned_units
    shown: list[ColumnElement[bool]] = [true() if sight.everything else Problem.unit_id.in_(units)]
    bodies = [grant.unit_id for grant in sight.addressees if grant.unit_id not in units]
    if bodies:
        works_on = select(ProblemPartner.problem_id).where(ProblemPartner.unit_id.in_(bodies))
        shown.append(Problem.id.in_(works_on))
    query = select(Problem).where(Problem.erased_at.is_(None), or_(*shown))
    if status is not None:
        query = query.where(Problem.status == status)
    return query if unit_ids is None else query.where(Problem.unit_id.in_(unit_ids))


def entries(tx: Transaction, problem_id: UUID) -> list[ProblemEntry]:
    """What was written about a problem, oldest first."""
    query = select(ProblemEntry).where(ProblemEntry.problem_id == problem_id)
    return tx.all(query.order_by(ProblemEntry.written_at, ProblemEntry.id))


def partner_units(tx: Transaction, problem_id: UUID) -> frozenset[UUID]:
    """The bodies outside that work on a problem."""
    query = select(ProblemPartner.unit_id).where(ProblemPartner.problem_id == problem_id)
    return frozenset(tx.all(query))


def reports(tx: Transaction, problem_id: UUID) -> list[ProblemReport]:
    """The reports that tell of a problem, in the order in which they were attached."""
    query = select(ProblemReport).where(ProblemReport.problem_id == problem_id)
    return tx.all(query.order_by(ProblemReport.attached_at, ProblemReport.id))


def received(tx: Transaction, problem_ids: Collection[UUID]) -> dict[UUID, list[datetime]]:
    """When the reports on each of these problems were received."""
    query = select(ProblemReport.problem_id, ProblemReport.received_at).where(
        ProblemReport.problem_id.in_(problem_ids)
    )
    found: dict[UUID, list[datetime]] = {}
    for problem_id, received_at in tx.all(query) if problem_ids else ():
        found.setdefault(problem_id, []).append(received_at)
    return found
