"""What the product itself says to somebody to whom an answer is still owed."""

from __future__ import annotations

from community_api.core.database.unit_of_work import Transaction
from community_api.core.i18n.translations import translate
from community_api.core.ids import new_id
from community_api.core.retention import review_on
from community_api.feedback.models import Message, Obligation
from community_api.feedback.terms import KIND, MESSAGE_LABEL, RETENTION, MessageKind, MessageState, Outcome


def say(tx: Transaction, row: Obligation, text: str, kind: MessageKind) -> Message:
    """Deliver a marked text in the recipient's language; the answer of a person stays owed."""
    message_id = new_id()
    document = {"text": translate(text, row.language), "what_helped": None, "what_would_help": None}
    message = tx.add(
        Message(
            id=message_id,
            obligation_id=row.id,
            recipient_id=row.recipient_id,
            author_id=None,
            kind=kind.value,
            outcome=Outcome.STILL_OPEN.value,
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
    tx.changed(KIND, message.id, 1, row.recipient_id)
    return message
