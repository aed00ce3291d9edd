"""Bodies and answers of acts on many emergencies (contract section 7)."""

from __future__ import annotations

import uuid
from typing import Any

from marshmallow import fields

from community_api.community.emergencies import terms
from community_api.community.emergencies.batch_acts import ShownBatch
from community_api.community.emergencies.schemas import EmergencyGatheredOut, gathered_view
from community_api.core import retention
from community_api.core.code_lists import codes
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    CommandSchema,
    Id,
    Moment,
    Receipted,
    RetentionSchema,
    Text,
)
from community_api.core.schemas.validators import Several
from community_api.wording.fields import WorkText


class EmergencyBatchIn(CommandSchema):
    """Emergencies that are dealt with together, for one reason."""

    emergencies = fields.List(Id(), required=True, validate=Several(1, terms.MAX_BATCH))
    reason = Text(terms.MAX_TEXT, required=True)


class EmergencyJustificationsIn(EmergencyBatchIn):
    """The same, with grades where the procedure wants them."""

    source_grade = Choice(codes("grading_source"))
    information_grade = Choice(codes("grading_information"))


class EmergencyApprovalIn(CommandSchema):
    """That another commander agrees."""


class EmergencyRefusalIn(CommandSchema):
    """Another commander does not agree, and says why."""

    reason = WorkText(terms.MAX_TEXT, required=True)


class EmergencyLeftAloneOut(BaseSchema):
    """One that was named and needed nothing any more, or could not be done yet."""

    id = Id(required=True)
    code = fields.String(required=True, metadata={"description": "The refusal that it alone would meet"})


class EmergencyBatchOut(Receipted):
    """An act on many; what it was not done to is named."""

    id = Id(required=True)
    act = Choice(terms.Act, required=True)
    state = Choice(terms.BatchState, required=True)
    at = Moment(required=True)
    post = fields.String(required=True)
    reason = fields.String()
    source_grade = fields.String()
    information_grade = fields.String()
    emergencies = fields.List(Id(), required=True)
    left_alone = fields.List(fields.Nested(EmergencyLeftAloneOut), required=True)
    approved_at = Moment(allow_none=True)
    refused_at = Moment(allow_none=True)
    refusal = fields.String(allow_none=True)
    gathered = fields.List(
        fields.Nested(EmergencyGatheredOut), metadata={"description": "Read by whoever may approve it"}
    )
    retention = fields.Nested(RetentionSchema, required=True)


def batch_view(batch: ShownBatch) -> dict[str, Any]:
    """What an act on many shows."""
    row = batch.row
    view: dict[str, Any] = {
        "id": row.id,
        "act": row.act,
        "state": row.state,
        "at": row.entered_at,
        "post": batch.post,
        **batch.words,
        "emergencies": [uuid.UUID(one) for one in row.emergencies],
        "left_alone": [{"id": uuid.UUID(one), "code": code} for one, code in row.left_alone.items()],
        "approved_at": row.approved_at,
        "refused_at": row.refused_at,
        "refusal": batch.refusal,
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }
    if batch.gathered is not None:
        view["gathered"] = gathered_view(batch.gathered, batch.lines or {})
    return view
