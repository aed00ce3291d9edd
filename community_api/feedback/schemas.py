"""Bodies and answers of feedback (contract section 8)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.core import retention
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    Code,
    CommandSchema,
    Day,
    Id,
    Moment,
    PageQuery,
    QuerySchema,
    Receipted,
    RetentionSchema,
    Truth,
    Whole,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.feedback import terms
from community_api.feedback.answers import Answered, ShownObligation
from community_api.feedback.inbox import OpenedMessage
from community_api.feedback.models import Acknowledgement, Message
from community_api.feedback.rules import Figures
from community_api.units.schemas import UNIT
from community_api.wording.fields import WorkText


class FeedbackIn(CommandSchema):
    """What the recipient is told; the recipient stays unknown to whoever writes."""

    obligation_id = Id(required=True)
    outcome = Code(required=True)
    text = WorkText(terms.MAX_TEXT, required=True)
    what_helped = WorkText(terms.MAX_HINT)
    what_would_help = WorkText(terms.MAX_HINT)


class ReadingIn(CommandSchema):
    """Why an answer may go out, or must be written anew."""

    reason = WorkText(terms.MAX_HINT)


class AcknowledgementIn(CommandSchema):
    """That a message was taken note of, and how useful it was."""

    rating = Whole(1, 5)
    comment = WorkText(terms.MAX_HINT)


class ObligationQuery(PageQuery):
    """What a list of obligations is narrowed by."""

    state = Choice(terms.State)
    overdue = Truth()
    unit = fields.String(validate=UNIT)


class InboxQuery(PageQuery):
    """Read or unread."""

    unread = Truth()


class MetricsQuery(QuerySchema):
    """Which obligations the figures are made of."""

    unit = fields.String(validate=UNIT)
    from_ = Day(data_key="from")
    to = Day()
    group_by = Choice(("clock", "unit"), load_default="clock")


class DecisionRefOut(BaseSchema):
    """Which decision owes the answer."""

    kind = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)


class SubjectRefOut(BaseSchema):
    """The flag or referral that was decided on; never the report behind it."""

    kind = fields.String(required=True)
    id = Id(required=True)


class OutcomeOut(BaseSchema):
    """An outcome that may be answered."""

    code = fields.String(required=True)
    title = fields.String(required=True)


class ObligationItem(BaseSchema):
    """What a post owes; never a name."""

    id = Id(required=True)
    state = fields.String(required=True)
    opened_at = Moment(required=True)
    due_at = Moment(required=True)
    overdue = fields.Boolean(required=True)
    interim_sent_at = Moment(allow_none=True)
    owed_by = fields.String(required=True)
    audience = fields.String(required=True)
    language = fields.String(required=True)
    decision = fields.Nested(DecisionRefOut, required=True)
    subject = fields.Nested(SubjectRefOut, required=True)
    outcomes = fields.List(fields.Nested(OutcomeOut), required=True)
    report_reference = fields.String(metadata={"description": "At community and local level only"})
    version = fields.Integer(required=True)


class AnsweredOut(Receipted):
    """An answer as its author sees it."""

    id = Id(required=True)
    obligation = fields.Nested(
        BaseSchema.from_dict(
            {"id": Id(required=True), "state": fields.String(required=True)}, name="ObligationStateOut"
        ),
        required=True,
    )
    outcome = fields.String(required=True)
    state = fields.String(required=True)
    written_at = Moment(required=True)
    delivered_at = Moment(allow_none=True)
    version = fields.Integer(required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class MessageItem(BaseSchema):
    """A message in an inbox: no words."""

    id = Id(required=True)
    kind = fields.String(required=True)
    about = fields.String(required=True)
    outcome = fields.String(required=True)
    report_reference = fields.String(required=True)
    delivered_at = Moment(required=True)
    unread = fields.Boolean(required=True)
    acknowledged = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class MessageOut(MessageItem):
    """One message with its words."""

    outcome_title = fields.String(allow_none=True)
    text = fields.String(required=True)
    opening = fields.String(
        allow_none=True, metadata={"description": "The procedure's own sentence for this outcome"}
    )
    what_helped = fields.String(allow_none=True)
    what_would_help = fields.String(allow_none=True)
    language = fields.String(required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class AcknowledgementOut(Receipted):
    """That a message was taken note of."""

    id = Id(required=True)
    feedback_id = Id(required=True)
    acknowledged_at = Moment(required=True)
    rating = fields.Integer(allow_none=True)
    retention = fields.Nested(RetentionSchema, required=True)


class FiguresOut(BaseSchema):
    """Timeliness of one clock or unit; hours."""

    group = fields.String(required=True)
    owed = fields.Integer(required=True)
    met_in_time = fields.Integer(required=True)
    late = fields.Integer(required=True)
    open_by_age = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    withheld_by_code = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    waived = fields.Integer(
        required=True, metadata={"description": "Owed to somebody who has left, and no longer answered"}
    )
    median_h = fields.Float(allow_none=True)
    p95_h = fields.Float(allow_none=True)
    usefulness = fields.Float(allow_none=True)
    ratings = fields.Integer(required=True)


class MetricsOut(BaseSchema):
    """Figures by clock or unit; nothing per officer."""

    items = fields.List(fields.Nested(FiguresOut), required=True)
    withheld_units = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Teams in no figure: they have fewer than three certified officers"},
    )


ObligationList = page_schema(ObligationItem, "ObligationList")
Inbox = page_schema(MessageItem, "Inbox")


def obligation_view(obligation: ShownObligation) -> dict[str, Any]:
    """What a post sees of what it owes."""
    row = obligation.row
    view = {
        "id": row.id,
        "state": row.state,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "overdue": row.state in terms.OWED and row.due_at < obligation.now,
        "interim_sent_at": row.interim_sent_at,
        "owed_by": obligation.owed_by,
        "audience": row.audience,
        "language": row.language,
        "decision": {"kind": row.point, "outcome": row.outcome},
        "subject": {"kind": row.subject_kind, "id": row.subject_id},
        "outcomes": obligation.outcomes,
        "version": row.version,
    }
    return {**view, "report_reference": row.report_reference} if obligation.referenced else view


def answered_view(answered: Answered) -> dict[str, Any]:
    """What the author of an answer sees of it."""
    row = answered.message
    return {
        "id": row.id,
        "obligation": {"id": answered.obligation.id, "state": answered.obligation.state},
        "outcome": row.outcome,
        "state": row.state,
        "written_at": row.written_at,
        "delivered_at": row.delivered_at,
        "version": row.version,
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def message_item(row: Message) -> dict[str, Any]:
    """What an inbox shows of a message."""
    return {
        "id": row.id,
        "kind": row.kind,
        "about": row.about,
        "outcome": row.outcome,
        "report_reference": row.report_reference,
        "delivered_at": row.delivered_at,
        "unread": row.read_at is None,
        "acknowledged": row.acknowledged_at is not None,
        "version": row.version,
    }


def message_view(opened: OpenedMessage) -> dict[str, Any]:
    """What a single message shows."""
    row = opened.row
    return {
        **message_item(row),
        **opened.document,
        "language": row.language,
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def acknowledgement_view(row: Acknowledgement) -> dict[str, Any]:
    """What the answer to an acknowledgement shows."""
    return {
        "id": row.id,
        "feedback_id": row.message_id,
        "acknowledged_at": row.acknowledged_at,
        "rating": row.rating,
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def figures_view(group: str, figures: Figures) -> dict[str, Any]:
    """Figures of one group."""
    return {"group": group, **vars(figures)}
