"""What the officers behind a report are owed for what its desk decided: triage, closing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from community_api import procedures
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.core.ids import new_id
from community_api.core.retention import review_on
from community_api.feedback import outcomes
from community_api.feedback.contributors import behind
from community_api.feedback.models import Message, Obligation
from community_api.feedback.obligations import oblige
from community_api.feedback.terms import (
    KIND,
    MESSAGE_LABEL,
    OWED,
    RETENTION,
    MessageKind,
    MessageState,
    Outcome,
)
from community_api.procedure_engine.engine import feedback_clocks
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.terms import FeedbackPoint
from community_api.units.calendars import calendar_of
from community_api.units.terms import Role

# What keeps a report from being closed while it is owed (contract section 8).
BEFORE_CLOSING = (FeedbackPoint.TRIAGE.value, FeedbackPoint.RULING.value)


@dataclass(frozen=True)
class Word:
    """An answer that is given together with the decision."""

    outcome: Outcome
    text: str


def oblige_reporters(
    tx: Transaction,
    actor: Actor,
    *,
    matter_id: uuid.UUID,
    subject_kind: str,
    subject_id: uuid.UUID,
    unit_id: uuid.UUID,
    point: FeedbackPoint,
    outcome: str,
    word: Word | None,
) -> None:
    """Owe an answer to everybody behind a report, and give it at once where there is a ``word``.

    Nobody answers themselves: what is owed to whoever decides stays owed by their post.
    """
    pack = _in_force(tx)
    rule = feedback_clocks.rule(pack, point)
    due_at = feedback_clocks.answer_due(pack, point, tx.now, calendar_of(tx, unit_id))
    for one in behind(tx, matter_id):
        told = word if one.person_id != actor.person_id else None
        row = oblige(
            tx,
            matter_id=matter_id,
            recipient_id=one.person_id,
            subject_kind=subject_kind,
            subject_id=subject_id,
            pack=pack,
            point=point.value,
            outcome=outcome,
            owing=(Role(rule.owed_by), unit_id),
            due_at=due_at,
            report_reference=one.report_reference,
            met=told is not None,
        )
        if told is not None:
            _deliver(tx, actor, row, told)


def owed_before_closing(tx: Transaction, report_id: uuid.UUID) -> bool:
    """Whether an answer for what the desk decided earlier on a report is still owed."""
    owed = [state.value for state in OWED]
    return bool(
        tx.first(
            select(func.count()).where(
                Obligation.subject_id == report_id,
                Obligation.state.in_(owed),
                Obligation.point.in_(BEFORE_CLOSING),
            )
        )
    )


def _in_force(tx: Transaction) -> Pack:
    pack = procedures.in_force(tx)
    if pack is None:
        raise DomainError("service_unavailable", retry_after=60)
    return pack


def _deliver(tx: Transaction, actor: Actor, row: Obligation, word: Word) -> None:
    message_id = new_id()
    title = outcomes.title_of(tx, row, word.outcome)
    document = {"text": word.text, "what_helped": None, "what_would_help": None, "outcome_title": title}
    tx.add(
        Message(
            id=message_id,
            obligation_id=row.id,
            recipient_id=row.recipient_id,
            author_id=actor.person_id,
            kind=MessageKind.ANSWER.value,
            outcome=word.outcome.value,
            about=row.point,
            report_reference=row.report_reference,
            language=row.language,
            state=MessageState.DELIVERED.value,
            written_at=tx.now,
            delivered_at=tx.now,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, message_id, MESSAGE_LABEL, document),
        )
    )
    tx.changed(KIND, message_id, 1, row.recipient_id)
