"""Reading referrals, and gathering in few reads what the engine decides by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from community_api.access.visibility import VisibleScope
from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.chain.referrals.models import (
    Referral,
    ReferralActor,
    ReferralGrade,
    ReferralStep,
)
from community_api.intelligence.chain.referrals.terms import ENDED_FROM
from community_api.procedure_engine.terms import Phase


def visible(sight: VisibleScope, filters: Mapping[str, Any], now: datetime) -> Select[Any]:
    """Referrals that the caller may list, narrowed by state, phase, level and overdue."""
    query = select(Referral).where(Referral.erased_at.is_(None))
    if not sight.everything:
        query = query.where(Referral.unit_id.in_(sight.units))
    if filters.get("state") is not None:
        query = query.where(Referral.stage == filters["state"])
    if filters.get("phase") is not None:
        query = query.where(Referral.phase == filters["phase"], _part_of_queue(filters["phase"]))
    if filters.get("level") is not None:
        query = query.where(Referral.level == filters["level"])
    if filters.get("overdue") is True:
        # Whoever is late comes first in the queue: nobody looks further than now.
        query = query.where(Referral.phase != Phase.ENDED.value, Referral.queue_at < now)
    if filters.get("overdue") is False:
        query = query.where(or_(Referral.phase == Phase.ENDED.value, Referral.due_at >= now))
    return query


def _part_of_queue(phase: str) -> ColumnElement[bool]:
    """Where in the queue cases of a phase are: what is to be done is found however much has ended."""
    ended = Referral.queue_at >= ENDED_FROM
    return ended if phase == Phase.ENDED.value else ~ended


def late_with(tx: Transaction, unit_id: UUID, post_id: UUID, now: datetime) -> list[UUID]:
    """Cases of a unit that are past their time at a post."""
    return tx.all(
        select(Referral.id).where(
            Referral.unit_id == unit_id,
            Referral.owner_post_id == post_id,
            Referral.phase != Phase.ENDED.value,
            Referral.due_at < now,
        )
    )


def acts_in(tx: Transaction, referral_ids: Iterable[UUID]) -> dict[str, frozenset[UUID]]:
    """Person ids by act, over several cases of one chain."""
    rows = tx.all(
        select(ReferralActor.act, ReferralActor.person_id).where(
            ReferralActor.referral_id.in_(list(referral_ids))
        )
    )
    gathered: dict[str, set[UUID]] = {}
    for act, person_id in rows:
        gathered.setdefault(act, set()).add(person_id)
    return {act: frozenset(persons) for act, persons in gathered.items()}


def ancestry(tx: Transaction, row: Referral) -> list[UUID]:
    """The case and those above it in its chain, nearest first."""
    found = [row.id]
    parent_id = row.parent_id
    while parent_id is not None:
        found.append(parent_id)
        parent_id = tx.first(select(Referral.parent_id).where(Referral.id == parent_id))
    return found


def children(tx: Transaction, referral_id: UUID) -> tuple[int, int]:
    """How many cases its disseminations opened, and how many of them have not ended."""
    unfinished = case((Referral.phase != Phase.ENDED.value, 1), else_=0)
    total, open_ones = tx.first(
        select(func.count(), func.coalesce(func.sum(unfinished), 0)).where(Referral.parent_id == referral_id)
    )
    return int(total), int(open_ones)


def grades(tx: Transaction, referral_id: UUID) -> list[ReferralGrade]:
    """The grades given in a case."""
    return tx.all(
        select(ReferralGrade)
        .where(ReferralGrade.referral_id == referral_id)
        .order_by(ReferralGrade.axis.desc())
    )


def grades_of(tx: Transaction, referral_ids: Sequence[UUID]) -> dict[UUID, list[ReferralGrade]]:
    """The grades of many cases in one read."""
    found: dict[UUID, list[ReferralGrade]] = {one: [] for one in referral_ids}
    query = select(ReferralGrade).where(ReferralGrade.referral_id.in_(referral_ids))
    for row in tx.all(query.order_by(ReferralGrade.axis.desc())):
        found[row.referral_id].append(row)
    return found


def steps(tx: Transaction, referral_id: UUID) -> list[ReferralStep]:
    """The history of a case, oldest first."""
    return tx.all(
        select(ReferralStep).where(ReferralStep.referral_id == referral_id).order_by(ReferralStep.ordinal)
    )


def latest_step(tx: Transaction, referral_id: UUID, action: str) -> ReferralStep | None:
    """The last step of one kind in a case; None when there was none."""
    found: ReferralStep | None = tx.first(
        select(ReferralStep)
        .where(ReferralStep.referral_id == referral_id, ReferralStep.action == action)
        .order_by(ReferralStep.ordinal.desc())
        .limit(1)
    )
    return found
