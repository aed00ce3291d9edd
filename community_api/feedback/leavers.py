"""Answers owed to somebody who has left are waived, and stay in the figures as such."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.feedback import queries
from community_api.feedback.models import Obligation
from community_api.feedback.terms import DUE, OBLIGATION_KIND, OWED, MessageState, State
from community_api.outbox import service as outbox
from community_api.units import duties


def waive_answers(tx: Transaction, actor: Actor, person_id: UUID) -> None:
    """Waive every answer that is still owed to a person, in the commit that closes their last account."""
    owed = [state.value for state in OWED]
    rows = tx.all(select(Obligation).where(Obligation.recipient_id == person_id, Obligation.state.in_(owed)))
    for row in rows:
        waive(tx, actor, row)


def waive(tx: Transaction, actor: Actor, row: Obligation) -> None:
    """Waive one answer, with the duty, the deadline and the draft that go with it."""
    waiting = queries.answer_waiting(tx, row.id)
    if waiting is not None:
        tx.update_row(waiting, state=MessageState.SENT_BACK.value)
        duties.discharge_all(tx, subject_id=waiting.id)
    tx.update_row(row, state=State.WAIVED.value)
    duties.discharge_all(tx, subject_id=row.id)
    outbox.cancel(tx, DUE, row.id)
    tx.changed(OBLIGATION_KIND, row.id, row.version, row.unit_id)
    audit.record(
        tx, actor, Action.APPROVE, Permission.ACCOUNT_APPROVE, OBLIGATION_KIND, row.id,
        version=row.version, to_state=State.WAIVED,
    )  # fmt: skip
