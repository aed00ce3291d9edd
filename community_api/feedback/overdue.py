"""An answer is late: its recipient hears that the matter is still open, a manager that it is late."""

from __future__ import annotations

import uuid

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.feedback.leavers import waive
from community_api.feedback.messages import say
from community_api.feedback.models import Obligation
from community_api.feedback.terms import (
    INTERIM_TEXT,
    KIND,
    OBLIGATION_KIND,
    OWED,
    DutyKind,
    MessageKind,
)
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Level, Role


def answer_is_late(tx: Transaction, obligation_id: uuid.UUID) -> None:
    """Past its day and still owed: one interim message, one breach, once each (the worker calls this)."""
    row = tx.get(Obligation, obligation_id)
    if row is None or row.state not in OWED or row.interim_sent_at is not None:
        return
    if not access.is_active(tx, row.recipient_id):
        # Decided in the very moment in which the recipient left: neither commit saw the other.
        waive(tx, SYSTEM, row)
        return
    message = say(tx, row, INTERIM_TEXT, MessageKind.INTERIM)
    breach_post_id = _told_of_breach(tx, row)
    tx.update_row(row, interim_sent_at=tx.now, breach_post_id=breach_post_id)
    duties.owe(
        tx,
        kind=DutyKind.BREACH,
        subject_kind=OBLIGATION_KIND,
        subject_id=row.id,
        post_id=breach_post_id,
        due_at=row.due_at,
    )
    audit.record(
        tx, SYSTEM, Action.DELIVER, Permission.FEEDBACK_WRITE, KIND, message.id,
        version=1, to_state=message.state, outcome=message.outcome,
    )  # fmt: skip


def _told_of_breach(tx: Transaction, row: Obligation) -> uuid.UUID:
    """The manager over whoever owes: for a team the local one, for a unit of the chain the one above it.

    The national manager has nobody above in the chain and is told as such.
    """
    units = tree(tx)
    level = units.level(row.unit_id)
    if level is Level.COMMUNITY:
        local = units.local_unit_of(row.unit_id)
        return posts.establish(tx, Role.INTELLIGENCE_MANAGER, local.id if local is not None else row.unit_id)
    above = units.parent(row.unit_id)
    return posts.establish(tx, Role.INTELLIGENCE_MANAGER, above.id if above is not None else row.unit_id)
