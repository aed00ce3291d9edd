"""Reading safeguarding records and handovers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from community_api.access.visibility import VisibleScope
from community_api.core.database.unit_of_work import Transaction
from community_api.safeguarding.models import (
    Handover,
    HandoverAnswer,
    SafeguardingClosing,
    SafeguardingRecord,
)
from community_api.units.terms import Role


def records(sight: VisibleScope, *, state: str | None) -> Select[Any]:
    """Records of the caller's units."""
    query = select(SafeguardingRecord).where(SafeguardingRecord.erased_at.is_(None))
    if not sight.everything:
        query = query.where(SafeguardingRecord.unit_id.in_(sight.units))
    return query if state is None else query.where(SafeguardingRecord.state == state)


def handovers(sight: VisibleScope) -> Select[Any]:
    """Handovers to the caller's agency, and those that the caller's units made."""
    agencies = [grant.unit_id for grant in sight.addressees if grant.role == Role.PARTNER]
    made = select(SafeguardingRecord.id).where(SafeguardingRecord.unit_id.in_(sight.units))
    shown: list[ColumnElement[bool]] = [
        Handover.partner_unit_id.in_(agencies),
        Handover.record_id.in_(made),
    ]
    return select(Handover).where(or_(*shown), Handover.erased_at.is_(None))


def handovers_of(tx: Transaction, record_id: UUID) -> list[Handover]:
    """Every handover of a record, oldest first."""
    query = select(Handover).where(Handover.record_id == record_id)
    return tx.all(query.order_by(Handover.handed_over_at, Handover.id))


def answer_to(tx: Transaction, handover_id: UUID) -> HandoverAnswer | None:
    """The partner's answer; None: not yet."""
    found: HandoverAnswer | None = tx.first(
        select(HandoverAnswer).where(HandoverAnswer.handover_id == handover_id)
    )
    return found


def closing_of(tx: Transaction, record_id: UUID) -> SafeguardingClosing | None:
    """Why a record was closed; None: it is open."""
    found: SafeguardingClosing | None = tx.first(
        select(SafeguardingClosing).where(SafeguardingClosing.record_id == record_id)
    )
    return found


def about(tx: Transaction, subject_id: UUID) -> SafeguardingRecord | None:
    """The newest record that came of a report; None: there is none."""
    found: SafeguardingRecord | None = tx.first(
        select(SafeguardingRecord)
        .where(SafeguardingRecord.subject_id == subject_id)
        .order_by(SafeguardingRecord.opened_at.desc())
    )
    return found
