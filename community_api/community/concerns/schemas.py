"""Bodies and answers of concerns for the staff (contract section 5)."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from community_api.community.concerns import terms
from community_api.community.observations import terms as observations
from community_api.community.observations.schemas import (
    CalledOut,
    InDangerOut,
    PlaceIn,
    PlaceOut,
)
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    CommandSchema,
    Day,
    Id,
    Moment,
    Receipted,
    RetentionSchema,
    Text,
    Truth,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.optional_details import LeftOut
from community_api.core.schemas.special_fields import LanguageTag, PeriodQuery
from community_api.units.schemas import UNIT
from community_api.wording.fields import WorkText


class ContactIn(BaseSchema):
    """How the reporter wants to be reached; by explicit choice only, kept apart."""

    left_out: ClassVar = dict.fromkeys(("safe_when", "never_when"), LeftOut.EMPTY)

    channel = Choice(terms.ContactChannel, required=True)
    value = Text(terms.MAX_CONTACT, required=True)
    safe_when = Text(terms.MAX_CONTACT)
    never_when = Text(terms.MAX_CONTACT)
    say_police = Truth(required=True, metadata={"description": "Whether whoever calls may say who they are"})


class ConcernContent(BaseSchema):
    """What somebody tells, by whatever way."""

    left_out: ClassVar = {
        "occurred_on": LeftOut.ALWAYS,
        "language": LeftOut.ALWAYS,
        "may_publish": LeftOut.ALWAYS,
        "how_known": LeftOut.EMPTY_OR_IN_DANGER,
        "place": LeftOut.EMPTY_OR_IN_DANGER,
        "area": LeftOut.EMPTY_OR_IN_DANGER,
        "contact": LeftOut.EMPTY_OR_IN_DANGER,
    }

    category = Choice(observations.CATEGORIES, required=True)
    text = Text(terms.MAX_TEXT, required=True)
    how_known = Text(terms.MAX_HOW_KNOWN)
    place = fields.Nested(PlaceIn)
    area = fields.String(validate=UNIT, metadata={"description": "One of /public/areas"})
    occurred_on = Day()
    language = LanguageTag()
    immediate_danger = Truth()
    contact = fields.Nested(ContactIn)
    do_not_pass_on = Truth(
        metadata={"description": "It stays with the community team, the exceptions of the notice apart"}
    )
    may_publish = Truth()


class ConcernIn(ConcernContent, CommandSchema):
    """What somebody told or telephoned, taken down by the staff."""

    channel = Choice([terms.Channel.TOLD, terms.Channel.TELEPHONED], required=True)


class ConcernReplyIn(CommandSchema):
    """What the reporter is to be told, once another person has read it."""

    text = WorkText(terms.MAX_REPLY, required=True)
    language = LanguageTag(required=True)
    kind = Choice(terms.ReplyKind, required=True)


class ConcernApprovalIn(CommandSchema):
    """The second person agrees."""

    reason = WorkText(terms.MAX_REASON)


class ConcernRefusalIn(CommandSchema):
    """The second person does not agree, and says why."""

    reason = WorkText(terms.MAX_REASON, required=True)


class ContactUnlockIn(CommandSchema):
    """Why somebody must be reached otherwise than by their code."""

    reason = WorkText(terms.MAX_REASON, required=True)


class ConcernTranslationIn(CommandSchema):
    """A text of the reporter in another language."""

    language = LanguageTag(required=True)
    text = Text(terms.MAX_TEXT, required=True)
    of = Id(metadata={"description": "The concern or one of its reporter's messages; absent: the concern"})
    by_machine = Truth()


class ConcernQuery(PeriodQuery):
    """What a list of concerns is narrowed by; times are those of receipt, by the day."""

    status = Choice(observations.Status)
    category = Choice(observations.CATEGORIES)
    unit = fields.String(validate=UNIT)


class ConcernItem(BaseSchema):
    """A concern in a list: no narrative, and of the time the day only."""

    id = Id(required=True)
    reference = fields.String(required=True)
    status = fields.String(required=True)
    public_state = fields.String(required=True, metadata={"description": "What its reporter sees"})
    category = fields.String(required=True)
    unit = fields.String(required=True)
    channel = fields.String(required=True)
    immediate_danger = fields.Boolean(required=True)
    do_not_pass_on = fields.Boolean(required=True)
    received_on = Day(required=True)
    occurred_on = Day(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    answer_due_on = Day(required=True, allow_none=True)
    version = fields.Integer(required=True)


class ConcernMessageOut(BaseSchema):
    """What the reporter added."""

    id = Id(required=True)
    kind = fields.String(required=True)
    said_on = Day(required=True)
    text = fields.String(allow_none=True)
    answers = fields.Dict(allow_none=True)
    pass_on = fields.Boolean(
        allow_none=True, metadata={"description": "Of a permission: whether it may be passed on"}
    )


class ConcernReplyOut(BaseSchema):
    """What the desk wrote; ``author`` null: the product said it."""

    id = Id(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    status = fields.String(required=True)
    language = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    author = Id(required=True, allow_none=True)
    written_at = Moment(required=True)
    released_at = Moment(required=True, allow_none=True)


class ConcernTranslationOut(BaseSchema):
    """A text in another language."""

    id = Id(required=True)
    of = Id(required=True)
    language = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    by_machine = fields.Boolean(required=True)
    author = Id(required=True)
    written_at = Moment(required=True)


class ContactUnlockOut(BaseSchema):
    """Who asked to read how to reach the reporter."""

    id = Id(required=True)
    state = fields.String(required=True)
    proposer = Id(required=True)
    proposed_at = Moment(required=True)
    until = Moment(required=True, allow_none=True)


class ConcernOut(Receipted, ConcernItem):
    """One concern with its texts and its thread, to its desk."""

    text = fields.String(required=True)
    how_known = fields.String(required=True, allow_none=True)
    area = fields.String(required=True, allow_none=True)
    place = fields.Nested(PlaceOut, required=True, allow_none=True)
    may_publish = fields.Boolean(required=True)
    has_contact = fields.Boolean(required=True)
    contact_unlocks = fields.List(fields.Nested(ContactUnlockOut), required=True)
    messages = fields.List(fields.Nested(ConcernMessageOut), required=True)
    replies = fields.List(fields.Nested(ConcernReplyOut), required=True)
    translations = fields.List(fields.Nested(ConcernTranslationOut), required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class ConcernTakenOut(Receipted, ConcernItem):
    """What was taken down, with the code to read out; it is shown to nobody else."""

    code = fields.String(required=True)
    groups = fields.List(fields.String(), required=True)
    if_in_danger = fields.Nested(InDangerOut, required=True)
    emergency = fields.Nested(CalledOut, metadata={"description": "Since when somebody is called"})
    retention = fields.Nested(RetentionSchema, required=True)


ConcernStatusOut = BaseSchema.from_dict(
    {
        "id": Id(required=True),
        "status": fields.String(required=True),
        "version": fields.Integer(required=True),
    },
    name="ConcernStatusOut",
)


class ConcernRepliedOut(Receipted, ConcernReplyOut):
    """A reply, and where its concern stands now."""

    concern = fields.Nested(ConcernStatusOut, required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class ContactUnlockingOut(Receipted, ContactUnlockOut):
    """A request to read contact details, and where its concern stands."""

    concern = fields.Nested(ConcernStatusOut, required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class ContactOut(BaseSchema):
    """How to reach the reporter; ``until`` null: it is read for another reason than an unlocking."""

    channel = fields.String(required=True)
    value = fields.String(required=True)
    safe_when = fields.String(required=True, allow_none=True)
    never_when = fields.String(required=True, allow_none=True)
    say_police = fields.Boolean(required=True)
    until = Moment(required=True, allow_none=True)
    retention = fields.Nested(RetentionSchema, required=True)


class ConcernTranslatedOut(Receipted, ConcernTranslationOut):
    """A translation, and where its concern stands."""

    concern = fields.Nested(ConcernStatusOut, required=True)
    retention = fields.Nested(RetentionSchema, required=True)


ConcernList = page_schema(ConcernItem, "ConcernList")
