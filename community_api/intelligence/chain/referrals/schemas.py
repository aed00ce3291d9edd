"""Bodies and answers of referrals (contract section 7)."""

from __future__ import annotations

from marshmallow import fields, validate

from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    CommandSchema,
    Id,
    Moment,
    PageQuery,
    Receipted,
    RetentionSchema,
    Text,
    Truth,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.validators import Bounded
from community_api.intelligence.chain.reports.schemas import DisseminationOut
from community_api.procedure_engine.terms import Phase
from community_api.units.terms import Level

CODE = Bounded(40)


class StepIn(CommandSchema):
    """A step of the procedure; ``fields`` as the action's JSON Schema says."""

    action = fields.String(required=True, validate=CODE)
    fields_ = fields.Dict(keys=fields.String(), data_key="fields", attribute="fields")


class ReferralQuery(PageQuery):
    """What a list of referrals is narrowed by."""

    state = fields.String(validate=CODE)
    phase = Choice(Phase)
    level = Choice(Level)
    overdue = Truth()


class OwnerOut(BaseSchema):
    """Which post owes the next act."""

    post = fields.String(required=True)


class ProcedureRefOut(BaseSchema):
    """The procedure version that the case keeps."""

    name = fields.String(required=True)
    version = fields.Integer(required=True)
    hash = fields.String(required=True)


class GradeOut(BaseSchema):
    """A grade, never without its scheme and axis."""

    scheme = fields.String(required=True)
    axis = fields.String(required=True)
    code = fields.String(required=True)
    derived_from = fields.String(allow_none=True)


class ReferralItem(BaseSchema):
    """A referral in a list: no words."""

    id = Id(required=True)
    reference = fields.String(required=True)
    unit = fields.String(required=True)
    level = fields.String(required=True)
    phase = fields.String(required=True)
    state = fields.String(required=True)
    owner = fields.Nested(OwnerOut, required=True, allow_none=True)
    due_at = Moment(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    paused_until = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "Until when the stage's clock stands still at most; null: it runs"},
    )
    opened_at = Moment(required=True)
    parent_id = Id(allow_none=True)
    procedure = fields.Nested(ProcedureRefOut, required=True)
    urgency = fields.String(required=True)
    grades = fields.List(fields.Nested(GradeOut), required=True)
    earlier_closed = fields.List(Id(), required=True)
    report_id = Id(allow_none=True)
    version = fields.Integer(required=True)


class GroundCopy(BaseSchema):
    """A ground as the flag stated it."""

    indicator = fields.String(required=True)
    fact = fields.String(required=True)


class SubjectCopy(BaseSchema):
    """Whom it may concern, as the flag named them."""

    label = fields.String(required=True)
    category = fields.String(required=True)
    age = fields.String(required=True)


class PlaceCopy(BaseSchema):
    """One coarse place: a cell of the grid, or the street at the finest."""

    precision = fields.String(required=True, metadata={"enum": ["street", "area"]})
    cell = fields.String(metadata={"description": "H3 index of resolution 7; of precision area"})
    lat = fields.Float(metadata={"description": "Degrees WGS 84, to a thousandth; of precision street"})
    lon = fields.Float(metadata={"description": "Degrees WGS 84, to a thousandth; of precision street"})


class ContentOut(BaseSchema):
    """The case's own copy of what the flag carried, and of the report its day, category and one place."""

    grounds = fields.List(fields.Nested(GroundCopy), required=True)
    alternative_explanation = fields.String(required=True)
    necessity = fields.String(required=True)
    proportionality = fields.String(required=True)
    subjects = fields.List(fields.Nested(SubjectCopy), required=True)
    day = fields.String(required=True, metadata={"format": "date"})
    category = fields.String(required=True)
    place = fields.Nested(PlaceCopy, required=True, allow_none=True)


class ReportText(BaseSchema):
    """The sanitised report that a recipient's case works on."""

    number = fields.String(required=True)
    text = fields.String(required=True)


class WrittenOut(BaseSchema):
    """What was last written at one action, as its form asked."""

    action = fields.String(required=True)
    at = Moment(required=True)
    # "fields" is a name of marshmallow's own.
    fields_ = fields.Dict(required=True, data_key="fields", attribute="fields")


class EarlierOut(BaseSchema):
    """An earlier flag about the same subject or a linked report, and what came of it; ``why`` says which."""

    kind = fields.String(required=True)
    id = Id(required=True)
    reference = fields.String(required=True, allow_none=True)
    raised_at = Moment(required=True)
    ended_at = Moment(required=True)
    how = fields.String(required=True)
    indicators = fields.List(fields.String(), required=True)
    why = fields.List(fields.String(), required=True)


class QuestionOut(BaseSchema):
    """A question for the originator's consent; ``answer`` null: it waits."""

    id = Id(required=True)
    asked_by = fields.String(required=True)
    asked_at = Moment(required=True)
    due_at = Moment(required=True)
    asked = fields.Dict(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)
    answered = fields.Dict(required=True, allow_none=True)


class ReferralOut(ReferralItem):
    """One referral with what it works on, and what was written in it so far."""

    content = fields.Nested(ContentOut, allow_none=True)
    report = fields.Nested(ReportText, allow_none=True)
    received = fields.Nested(DisseminationOut, required=True, allow_none=True)
    earlier = fields.List(fields.Nested(EarlierOut), required=True)
    questions = fields.List(fields.Nested(QuestionOut), required=True)
    written = fields.List(fields.Nested(WrittenOut), required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class OfferOut(BaseSchema):
    """An action that the caller may take now."""

    action = fields.String(required=True)
    title = fields.String(required=True)
    to_states = fields.List(fields.String(), required=True)
    due_at = Moment(allow_none=True)
    blocked = fields.String(allow_none=True, metadata={"description": "Why a step would be refused now"})
    # "fields" is a name of marshmallow's own.
    fields_ = fields.Dict(required=True, data_key="fields", attribute="fields")


class ActionsOut(BaseSchema):
    """What this caller may do now."""

    items = fields.List(fields.Nested(OfferOut), required=True)


class MoveIn(CommandSchema):
    """A newer version of the case's procedure, by which it shall go on, and why."""

    version = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 1_000_000, error="out_of_range|min=1|max=1000000"),
    )
    reason = Text(2000, required=True)


class StepItem(BaseSchema):
    """A step of the history; ``post`` null: a move of the product."""

    id = Id(required=True)
    action = fields.String(required=True)
    from_state = fields.String(required=True)
    to_state = fields.String(required=True)
    at = Moment(required=True)
    post = fields.String(required=True, allow_none=True)


class StepsOut(BaseSchema):
    """The history of a case, oldest first."""

    items = fields.List(fields.Nested(StepItem), required=True)


class StepOut(Receipted, StepItem):
    """The answer to a step: the step, and the case as it now is."""

    referral = fields.Nested(ReferralItem, required=True)
    retention = fields.Nested(RetentionSchema, required=True)


ReferralList = page_schema(ReferralItem, "ReferralList")
