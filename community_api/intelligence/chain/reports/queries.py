"""Reading intelligence reports and their disseminations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from community_api.access.visibility import VisibleScope
from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.chain.reports.models import (
    Dissemination,
    IntelligenceReport,
    OriginatorQuestion,
    ReportGrade,
    ReportNotice,
)
from community_api.intelligence.chain.reports.terms import RECALLED

RECALLED_STATES = [state.value for state in RECALLED]


def visible(sight: VisibleScope) -> Select[Any]:
    """Reports of the caller's units, and those given to them; what was taken back is used no more."""
    query = select(IntelligenceReport).where(
        IntelligenceReport.erased_at.is_(None), IntelligenceReport.restricted_at.is_(None)
    )
    if sight.everything:
        return query
    given = select(Dissemination.report_id).where(
        Dissemination.to_unit_id.in_(sight.units), Dissemination.state.not_in(RECALLED_STATES)
    )
    return query.where(or_(IntelligenceReport.unit_id.in_(sight.units), IntelligenceReport.id.in_(given)))


def holders(tx: Transaction, report_id: UUID) -> frozenset[UUID]:
    """The units that a report was given to and that may still use it."""
    return frozenset(
        tx.all(
            select(Dissemination.to_unit_id).where(
                Dissemination.report_id == report_id, Dissemination.state.not_in(RECALLED_STATES)
            )
        )
    )


def grades_of(tx: Transaction, report_ids: list[UUID]) -> dict[UUID, list[ReportGrade]]:
    """The grades of many reports in one read."""
    found: dict[UUID, list[ReportGrade]] = {one: [] for one in report_ids}
    query = select(ReportGrade).where(ReportGrade.report_id.in_(report_ids)).order_by(ReportGrade.axis.desc())
    for row in tx.all(query):
        found[row.report_id].append(row)
    return found


def disseminations(tx: Transaction, report_id: UUID) -> list[Dissemination]:
    """Every giving of a report, oldest first."""
    return tx.all(
        select(Dissemination)
        .where(Dissemination.report_id == report_id)
        .order_by(Dissemination.sent_at, Dissemination.id)
    )


def received(tx: Transaction, referral_id: UUID) -> Dissemination | None:
    """The giving that opened a recipient's case; None: the case came from a flag."""
    found: Dissemination | None = tx.first(select(Dissemination).where(Dissemination.child_id == referral_id))
    return found


def given_by(tx: Transaction, referral_id: UUID) -> list[Dissemination]:
    """What a case has given to others."""
    return tx.all(
        select(Dissemination).where(Dissemination.referral_id == referral_id).order_by(Dissemination.id)
    )


def around(tx: Transaction, referral_id: UUID) -> list[Dissemination]:
    """What a case was given, what it has given, and what it has taken back."""
    return tx.all(
        select(Dissemination).where(
            or_(
                Dissemination.child_id == referral_id,
                Dissemination.referral_id == referral_id,
                Dissemination.recalled_by_id == referral_id,
            )
        )
    )


def held(tx: Transaction, report_id: UUID) -> list[Dissemination]:
    """Every giving of a report that has not been taken back."""
    return tx.all(
        select(Dissemination)
        .where(Dissemination.report_id == report_id, Dissemination.state.not_in(RECALLED_STATES))
        .order_by(Dissemination.id)
    )


def notices_of(tx: Transaction, dissemination_ids: list[UUID]) -> dict[UUID, list[ReportNotice]]:
    """What holders were told afterwards, by giving, oldest first."""
    found: dict[UUID, list[ReportNotice]] = {one: [] for one in dissemination_ids}
    query = select(ReportNotice).where(ReportNotice.dissemination_id.in_(dissemination_ids))
    for row in tx.all(query.order_by(ReportNotice.report_version, ReportNotice.id)):
        found[row.dissemination_id].append(row)
    return found


def questions_about(tx: Transaction, referral_id: UUID) -> list[OriginatorQuestion]:
    """What a case asked its originator, and what it was asked, oldest first."""
    return tx.all(
        select(OriginatorQuestion)
        .where(
            or_(OriginatorQuestion.asking_id == referral_id, OriginatorQuestion.answering_id == referral_id)
        )
        .order_by(OriginatorQuestion.asked_at, OriginatorQuestion.id)
    )
