"""Bodies and answers of safeguarding (contract section 7)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.core import retention
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    Code,
    CommandSchema,
    Id,
    Moment,
    PageQuery,
    Receipted,
    RetentionSchema,
    Text,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.special_fields import Href
from community_api.procedures.schemas import ExceptionFields
from community_api.safeguarding import terms
from community_api.safeguarding.models import Handover, HandoverAnswer
from community_api.safeguarding.service import Closed, ShownHandover, ShownRecord
from community_api.units.schemas import UNIT
from community_api.units.words import subject_href
from community_api.wording.fields import WorkText


class MinimumDataset(BaseSchema):
    """What a partner needs: whom it is about, what is needed, what must be known for safety (R41)."""

    person = Text(terms.MAX_BASIS, metadata={"description": "Whom the partner should speak to"})
    need = WorkText(terms.MAX_TEXT, required=True)
    safety = WorkText(terms.MAX_TEXT)


class HandoverIn(ExceptionFields, CommandSchema):
    """The minimum for a partner, and on what ground it is given."""

    partner_unit = fields.String(required=True, validate=UNIT)
    consent = Choice(terms.Consent, required=True)
    statutory_basis = Text(terms.MAX_BASIS)
    exception_ground = Code(
        metadata={"description": "Why without consent, by the procedure's list"},
    )
    minimum_dataset = fields.Nested(MinimumDataset, required=True)


class SafeguardingClosingIn(CommandSchema):
    """Why a record is closed."""

    reason = WorkText(terms.MAX_TEXT, required=True)


class HandoverAnswerIn(CommandSchema):
    """What the partner says."""

    answer = Choice(terms.Answer, required=True)
    text = WorkText(terms.MAX_TEXT)


class SafeguardingQuery(PageQuery):
    """What a list of records is narrowed by."""

    state = Choice(terms.State)


class HandoverQuery(PageQuery):
    """A page of handovers."""


class SafeguardingItem(BaseSchema):
    """A record without words."""

    id = Id(required=True)
    reference = fields.String(required=True)
    state = fields.String(required=True)
    unit = fields.String(required=True)
    child = fields.Boolean(required=True)
    opened_at = Moment(required=True)
    due_at = Moment(required=True)
    closed_at = Moment(allow_none=True)
    version = fields.Integer(required=True)


class PartnerAnswerOut(BaseSchema):
    """What a partner answered."""

    answer = fields.String(required=True)
    at = Moment(required=True)
    text = fields.String(allow_none=True)


class HandoverItem(BaseSchema):
    """A handover without words."""

    id = Id(required=True)
    record = Id(required=True)
    partner_unit = fields.String(required=True)
    state = fields.String(required=True)
    handed_over_at = Moment(required=True)
    answered_at = Moment(allow_none=True)
    version = fields.Integer(required=True)


class HandoverOut(Receipted, HandoverItem):
    """A handover; ground and consent to the lead only."""

    minimum_dataset = fields.Nested(MinimumDataset, allow_none=True)
    consent = fields.String()
    statutory_basis = fields.String(allow_none=True)
    exception_ground = fields.String(allow_none=True)
    exception = fields.String(allow_none=True)
    exception_reason = fields.String(allow_none=True)
    answer = fields.Nested(PartnerAnswerOut, allow_none=True)
    retention = fields.Nested(RetentionSchema, required=True)


class SafeguardingSubjectOut(BaseSchema):
    """The report that a desk passed on."""

    kind = fields.String(required=True)
    id = Id(required=True)
    href = Href(allow_none=True)


class SafeguardingExceptionOut(BaseSchema):
    """Why the lead was told although the teller of the report forbade it; the report stays apart."""

    code = fields.String(required=True)
    reason = fields.String(required=True)


class SafeguardingOut(SafeguardingItem):
    """One record: whole to its lead, what it was given to a partner, without content to a manager."""

    subject = fields.Nested(SafeguardingSubjectOut, allow_none=True)
    exception = fields.Nested(SafeguardingExceptionOut, allow_none=True)
    need = fields.String(allow_none=True)
    safety = fields.String(allow_none=True)
    handovers = fields.List(fields.Nested(HandoverOut))
    closing_reason = fields.String(allow_none=True)
    retention = fields.Nested(RetentionSchema, required=True)


class RecordStateOut(BaseSchema):
    """Where a record stands."""

    id = Id(required=True)
    state = fields.String(required=True)
    version = fields.Integer(required=True)


class ClosingOut(Receipted):
    """A closing, and its record."""

    id = Id(required=True)
    reason = fields.String(allow_none=True)
    closed_at = Moment(required=True)
    record = fields.Nested(RecordStateOut, required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class HandoverAnswerOut(Receipted, PartnerAnswerOut):
    """An answer, and its handover."""

    id = Id(required=True)
    handover = fields.Nested(
        BaseSchema.from_dict(
            {"id": Id(required=True), "state": fields.String(required=True)}, name="HandoverStateOut"
        ),
        required=True,
    )
    retention = fields.Nested(RetentionSchema, required=True)


SafeguardingList = page_schema(SafeguardingItem, "SafeguardingList")
HandoverList = page_schema(HandoverItem, "HandoverList")


def item_view(record: ShownRecord) -> dict[str, Any]:
    """What a list shows of a record."""
    row = record.row
    return {
        "id": row.id,
        "reference": row.reference,
        "state": row.state,
        "unit": record.unit,
        "child": row.child,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "closed_at": row.closed_at,
        "version": row.version,
    }


def full_view(record: ShownRecord) -> dict[str, Any]:
    """What a single record shows to whoever reads it."""
    row, view = record.row, item_view(record)
    view["retention"] = retention.describe(row.retention_class, row.review_on, row.legal_hold)
    if record.handovers is not None:
        view["handovers"] = [handover_view(one) for one in record.handovers]
    if record.words is not None:
        view["subject"], view["exception"] = _subject(record), record.words.get("exception")
        view["need"], view["safety"] = record.words.get("need"), record.words.get("safety")
        view["closing_reason"] = (record.closing or {}).get("reason")
    return view


def handover_item(handover: ShownHandover) -> dict[str, Any]:
    """What a list shows of a handover."""
    row = handover.row
    return {
        "id": row.id,
        "record": row.record_id,
        "partner_unit": handover.partner,
        "state": row.state,
        "handed_over_at": row.handed_over_at,
        "answered_at": row.answered_at,
        "version": row.version,
    }


def handover_view(handover: ShownHandover) -> dict[str, Any]:
    """What a handover shows with its words."""
    row, words = handover.row, handover.words or {}
    view = handover_item(handover)
    view["minimum_dataset"] = words.get("minimum_dataset")
    if "statutory_basis" in words:
        view["consent"], view["statutory_basis"] = row.consent, words["statutory_basis"]
        view["exception_ground"] = row.ground
        view["exception"], view["exception_reason"] = words.get("exception"), words.get("exception_reason")
    view["answer"] = dict(handover.answer) or None
    view["retention"] = retention.describe(row.retention_class, row.review_on, row.legal_hold)
    return view


def closing_view(closed: Closed) -> dict[str, Any]:
    """What the answer to a closing shows."""
    row, record = closed.row, closed.record
    return {
        "id": row.id,
        "reason": closed.reason,
        "closed_at": row.closed_at,
        "record": {"id": record.id, "state": record.state, "version": record.version},
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def answer_view(answer: tuple[HandoverAnswer, Handover, str | None]) -> dict[str, Any]:
    """What the answer to a partner's answer shows."""
    row, handover, text = answer
    return {
        "id": row.id,
        "answer": row.answer,
        "at": row.answered_at,
        "text": text,
        "handover": {"id": handover.id, "state": handover.state},
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def _subject(record: ShownRecord) -> dict[str, Any] | None:
    kind, subject_id = record.row.subject_kind, record.row.subject_id
    if kind is None or subject_id is None or record.row.kept_apart:
        return None
    return {"kind": kind, "id": subject_id, "href": subject_href(kind, subject_id)}
