"""The originator's consent: asked by whoever holds a report, answered by the unit that made it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.intelligence.chain.reports import queries
from community_api.intelligence.chain.reports.models import (
    Dissemination,
    IntelligenceReport,
    OriginatorQuestion,
)
from community_api.intelligence.chain.reports.terms import KIND, QUESTION_DUTY
from community_api.procedure_engine.engine.state import Step
from community_api.units import duties, posts
from community_api.units.terms import Role

if TYPE_CHECKING:
    from community_api.intelligence.chain.referrals.models import Referral

# What the duty is about: the case that has to answer is read with its questions.
SUBJECT = "referral"


def ask(tx: Transaction, referral: Referral, step: Step, step_id: uuid.UUID) -> None:
    """Ask the unit that made the report; its manager owes the answer."""
    report = tx.get(IntelligenceReport, referral.report_id) if referral.report_id is not None else None
    if report is None:
        raise DomainError("action_not_allowed")
    question = tx.add(
        OriginatorQuestion(
            id=step_id,
            report_id=report.id,
            asking_id=referral.id,
            answering_id=_originating(tx, report),
            asked_at=tx.now,
            due_at=step.confirm_by or tx.now,
        )
    )
    duties.owe(
        tx,
        kind=QUESTION_DUTY,
        subject_kind=SUBJECT,
        subject_id=question.answering_id,
        post_id=posts.establish(tx, Role.INTELLIGENCE_MANAGER, report.unit_id),
        due_at=question.due_at,
    )
    tx.changed(SUBJECT, question.answering_id, 1, report.unit_id)
    _leaf(tx, question, "asked")


def answer(tx: Transaction, referral: Referral, step: Step, step_id: uuid.UUID) -> uuid.UUID:
    """Give the answer to a question that waits; the case that asked."""
    question = None if step.question is None else tx.get(OriginatorQuestion, uuid.UUID(step.question))
    if question is None or question.answering_id != referral.id or question.answer is not None:
        raise DomainError("action_not_allowed")
    tx.update_row(question, answer=step.outcome, answered_at=tx.now, answer_step_id=step_id)
    waiting = [one for one in queries.questions_about(tx, referral.id) if one.answer is None]
    if not any(one.answering_id == referral.id and one.id != question.id for one in waiting):
        duties.discharge(tx, kind=QUESTION_DUTY, subject_id=referral.id)
    _leaf(tx, question, str(step.outcome))
    return question.asking_id


def _originating(tx: Transaction, report: IntelligenceReport) -> uuid.UUID:
    """The case that made a report: the one from which its own unit gave it."""
    found: uuid.UUID | None = tx.first(
        select(Dissemination.referral_id).where(
            Dissemination.report_id == report.id, Dissemination.from_unit_id == report.unit_id
        )
    )
    if found is None:
        raise DomainError("action_not_allowed")
    return found


def _leaf(tx: Transaction, question: OriginatorQuestion, outcome: str) -> None:
    audit.record(
        tx, SYSTEM, Action.ALTER, Permission.INTELLIGENCE_REPORT_ASK_ORIGINATOR, KIND, question.report_id,
        outcome=outcome,
    )  # fmt: skip
