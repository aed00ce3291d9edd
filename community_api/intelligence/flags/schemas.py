"""Bodies and answers of flags (contract section 6)."""

from __future__ import annotations

from marshmallow import fields

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
    WarningOut,
    Whole,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.special_fields import TitledOut
from community_api.core.schemas.validators import Bounded, Several
from community_api.intelligence.flags import terms
from community_api.procedures.schemas import ExceptionFields
from community_api.units.schemas import UNIT
from community_api.wording.fields import WorkText

CODE = Bounded(60)


class GroundIn(BaseSchema):
    """One behaviour of the indicator list, and the fact that was seen or heard."""

    indicator = fields.String(required=True, validate=CODE)
    # Its own refusal (fact_too_thin) says what a fact is, so the schema asks only that there is one.
    fact = Text(
        terms.MAX_FACT,
        required=True,
        metadata={
            "description": "Act, time or place, object or words; "
            f"at least {terms.MIN_FACT} characters, or `fact_too_thin`"
        },
    )


class SubjectIn(BaseSchema):
    """Whom it may concern; a flag never makes anybody a suspect."""

    label = Text(terms.MAX_LABEL, required=True, metadata={"description": "How the flag speaks of them"})
    category = Choice(terms.SubjectCategory, required=True)
    age = Choice(terms.Age, required=True, metadata={"description": "unknown counts as child"})
    identifying = Text(terms.MAX_WORDS, metadata={"description": "What identifies them; sealed apart"})


class FlagIn(ExceptionFields, CommandSchema):
    """A reasoned request that a report enter the VERLT path."""

    kind = Choice(terms.Kind, required=True)
    indicator_list_version = Whole(1, 100_000, required=True)
    grounds = fields.List(
        fields.Nested(GroundIn),
        required=True,
        validate=Several(1, terms.MAX_GROUNDS),
    )
    alternative_explanation = WorkText(terms.MAX_WORDS, required=True)
    necessity = WorkText(terms.MAX_WORDS, required=True)
    proportionality = WorkText(terms.MAX_WORDS, required=True)
    subjects = fields.List(
        fields.Nested(SubjectIn),
        validate=Several(0, terms.MAX_SUBJECTS),
    )
    danger_to_life = Truth()


class CosignIn(CommandSchema):
    """What the safeguarding lead says before the second person."""

    decision = Choice(terms.Cosign, required=True)
    best_interests = WorkText(terms.MAX_WORDS, required=True)
    guardian_told = Choice(terms.GuardianTold, required=True)


class CosignRequestIn(CommandSchema):
    """Why the safeguarding lead should speak before the decision."""

    reason = WorkText(terms.MAX_WORDS, required=True)


class FlagDecisionIn(CommandSchema):
    """What the second person says."""

    decision = Choice(terms.Decision, required=True)
    reason = WorkText(terms.MAX_WORDS, required=True)
    stands_without_protected_ground = Choice(("yes", "no"), required=True)
    teller_protected = Choice(
        ("yes", "no"),
        metadata={
            "description": "Whether no ground quotes or points to a reporter; required to confirm "
            "a flag on a concern"
        },
    )


class FlagWithdrawalIn(CommandSchema):
    """Why a flag is taken back."""

    reason = WorkText(terms.MAX_WORDS, required=True)


class FlagQuery(PageQuery):
    """What a list of flags is narrowed by."""

    status = Choice(terms.Status)
    unit = fields.String(validate=UNIT)


class GroundOut(BaseSchema):
    """A ground as it was stated."""

    indicator = fields.String(required=True)
    fact = fields.String(required=True)


class SubjectOut(BaseSchema):
    """Whom it may concern."""

    label = fields.String(required=True)
    category = fields.String(required=True)
    age = fields.String(required=True)
    identifying = fields.String(
        allow_none=True,
        metadata={"description": "To who told it, the lead for a child, and control in a case; else null"},
    )


class ReportRefOut(BaseSchema):
    """The report that a flag stands on, for those who may know of it."""

    kind = fields.String(required=True)
    id = Id(required=True)
    reference = fields.String(required=True)


class CosignOut(BaseSchema):
    """What the safeguarding lead said."""

    decision = fields.String(required=True)
    best_interests = fields.String(required=True)
    guardian_told = fields.String(required=True)
    decided_at = Moment(required=True)


class FlagDecisionWords(BaseSchema):
    """What the second person said, or why the flagger withdrew."""

    decision = fields.String(required=True)
    reason = fields.String(required=True)
    stands_without_protected_ground = fields.String(allow_none=True)
    teller_protected = fields.String(allow_none=True)
    decided_at = Moment(required=True)


class FlagItem(BaseSchema):
    """A flag in a list: no words."""

    id = Id(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    unit = fields.String(required=True)
    own = fields.Boolean(required=True)
    cosign_required = fields.Boolean(required=True)
    raised_at = Moment(required=True)
    due_at = Moment(required=True)
    overdue = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class ThresholdOut(BaseSchema):
    """What the second person asks, by the procedure under which the flag was raised."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    questions = fields.List(fields.Nested(TitledOut), required=True)


class FlagOut(Receipted, FlagItem):
    """One flag with its words."""

    report = fields.Nested(ReportRefOut, allow_none=True)
    exception = fields.String(required=True, allow_none=True)
    exception_reason = fields.String(required=True, allow_none=True)
    indicator_list_version = fields.Integer(required=True)
    grounds = fields.List(fields.Nested(GroundOut), required=True)
    alternative_explanation = fields.String(required=True)
    necessity = fields.String(required=True)
    proportionality = fields.String(required=True)
    subjects = fields.List(fields.Nested(SubjectOut), required=True)
    danger_to_life = fields.Boolean(required=True)
    threshold = fields.Nested(ThresholdOut, allow_none=True)
    lapses_at = Moment(required=True)
    cosign = fields.Nested(CosignOut, allow_none=True)
    decision = fields.Nested(FlagDecisionWords, allow_none=True)
    withdrawal = fields.Nested(FlagDecisionWords, allow_none=True)
    warnings = fields.List(fields.Nested(WarningOut))
    retention = fields.Nested(RetentionSchema, required=True)


class FlagStateOut(BaseSchema):
    """Where a flag stands."""

    id = Id(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)


class FlagActOut(Receipted):
    """The answer to a co-signature, a decision or a withdrawal."""

    id = Id(required=True)
    flag = fields.Nested(FlagStateOut, required=True)
    decision = fields.String(required=True)
    decided_at = Moment(required=True)
    referral_reference = fields.String(
        allow_none=True, metadata={"description": "Of the referral that a confirmation opened"}
    )
    retention = fields.Nested(RetentionSchema, required=True)


class ReportWithdrawnOut(Receipted):
    """The answer to taking a report back."""

    id = Id(required=True)
    observation = fields.Nested(
        BaseSchema.from_dict(
            {"id": Id(required=True), "status": fields.String(required=True)}, name="ObservationWithdrawnOut"
        ),
        required=True,
    )


FlagList = page_schema(FlagItem, "FlagList")
