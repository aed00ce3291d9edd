"""Bodies and answers of emergencies (contract section 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import fields, validate

from community_api.community.emergencies import rules, terms
from community_api.community.emergencies.models import Emergency
from community_api.community.emergencies.presenters import ShownEmergency, ShownEntry
from community_api.community.emergencies.service import Done
from community_api.core import retention
from community_api.core.code_lists import codes
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
)
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.special_fields import Href, TitledOut
from community_api.core.schemas.validators import Several
from community_api.procedure_engine.localize import listed as listed_words
from community_api.procedure_engine.localize import speaker
from community_api.units.words import subject_href


class EmergencyToldIn(BaseSchema):
    """Somebody who was told, police or not, and when."""

    who = Text(terms.MAX_WHO, required=True)
    when = Moment(required=True)


class EmergencyAcknowledgementIn(CommandSchema):
    """That a commander has taken note."""


class EmergencyActionIn(CommandSchema):
    """What was done, for whom, how soon it was needed, and who was told."""

    threat_target = Text(terms.MAX_TEXT, required=True, metadata={"description": "Who or what is in danger"})
    imminence = Text(terms.MAX_TEXT, required=True, metadata={"description": "How soon, as far as known"})
    action_taken = Text(terms.MAX_TEXT, required=True)
    told = fields.List(fields.Nested(EmergencyToldIn), required=True, validate=Several(0, terms.MAX_TOLD))


class EmergencyJustificationIn(CommandSchema):
    """Why it was right to act so, and afterwards how good the information was."""

    text = Text(terms.MAX_TEXT, required=True)
    source_grade = Choice(codes("grading_source"))
    information_grade = Choice(codes("grading_information"))


class EmergencyStandDownIn(CommandSchema):
    """Why there is no danger any more."""

    reason = Text(terms.MAX_TEXT, required=True)


class EmergencyQuery(PageQuery):
    """What a list of emergencies is narrowed by."""

    state = Choice(terms.State)
    gathered_with = Id(metadata={"description": "Only those that share the call of this emergency"})


class EmergencyJustificationState(BaseSchema):
    """Until when it is owed, and whether it was given."""

    due_at = Moment(required=True)
    given_at = Moment(allow_none=True)
    overdue = fields.Boolean(required=True)


class EmergencyCallOut(BaseSchema):
    """The call that an emergency is part of."""

    id = Id(required=True, metadata={"description": "The call's first emergency: duties and lists name it"})
    kind = Choice(terms.CallKind, required=True)
    emergencies = fields.Integer(required=True, metadata={"description": "How many it is about"})


class EmergencyItem(BaseSchema):
    """An emergency without content: whoever watches sees this."""

    id = Id(required=True)
    state = fields.String(required=True)
    unit = fields.String(required=True)
    owner = fields.Nested(BaseSchema.from_dict({"post": fields.String(required=True)}, name="EmergencyOwner"))
    call = fields.Nested(EmergencyCallOut, required=True)
    opened_at = Moment(required=True)
    paged_at = Moment(
        allow_none=True,
        metadata={"description": "When it was first called; null: its call is sent within five minutes"},
    )
    acknowledged_at = Moment(allow_none=True)
    stood_down_at = Moment(allow_none=True)
    justification = fields.Nested(EmergencyJustificationState, required=True)
    version = fields.Integer(required=True)


class EmergencyPageOut(BaseSchema):
    """A commander's post that was called; round 0 is at once, each further one five minutes later."""

    post = fields.String(required=True)
    round = fields.Integer(required=True)
    emergencies = fields.Integer(
        required=True, metadata={"description": "How many unanswered ones the call was about"}
    )
    paged_at = Moment(required=True)
    handed_over_at = Moment(allow_none=True)


class EmergencyToldOut(BaseSchema):
    """Who was told, and when."""

    who = fields.String(required=True)
    when = fields.String(required=True, metadata={"format": "date-time"})


class EmergencyEntryOut(BaseSchema):
    """What a commander did; the fields of the act that it is."""

    id = Id(required=True)
    act = fields.String(required=True, validate=validate.OneOf([one.value for one in terms.Act]))
    at = Moment(required=True)
    post = fields.String(required=True)
    threat_target = fields.String()
    imminence = fields.String()
    action_taken = fields.String()
    told = fields.List(fields.Nested(EmergencyToldOut))
    text = fields.String()
    source_grade = fields.String()
    information_grade = fields.String()
    reason = fields.String()


class EmergencySubjectOut(BaseSchema):
    """The report that told of the danger."""

    kind = fields.String(required=True)
    id = Id(required=True)
    href = Href(allow_none=True)


class EmergencyGatheredOut(BaseSchema):
    """One of those that share a call."""

    id = Id(required=True)
    state = fields.String(required=True)
    opened_at = Moment(required=True)
    first_line = fields.String(allow_none=True, metadata={"description": "Of its report; null once erased"})


class EmergencyOut(EmergencyItem):
    """One emergency; to those who see metadata only, without report, pages and entries."""

    subject = fields.Nested(EmergencySubjectOut)
    triggers = fields.List(
        fields.Nested(TitledOut), metadata={"description": "What the procedure calls an emergency"}
    )
    contacts = fields.List(
        fields.Nested(TitledOut), metadata={"description": "Who else to call, by the procedure"}
    )
    gathered = fields.List(
        fields.Nested(EmergencyGatheredOut),
        metadata={"description": "All that share its call, unanswered and oldest first; at most 500"},
    )
    pages = fields.List(fields.Nested(EmergencyPageOut))
    entries = fields.List(fields.Nested(EmergencyEntryOut))
    retention = fields.Nested(RetentionSchema, required=True)


class EmergencyActOut(Receipted, EmergencyEntryOut):
    """An act, and where its emergency stands now."""

    emergency = fields.Nested(
        BaseSchema.from_dict(
            {
                "id": Id(required=True),
                "state": fields.String(required=True),
                "version": fields.Integer(required=True),
            },
            name="EmergencyStateOut",
        ),
        required=True,
    )
    retention = fields.Nested(RetentionSchema, required=True)


EmergencyList = page_schema(EmergencyItem, "EmergencyList")


def item_view(emergency: ShownEmergency) -> dict[str, Any]:
    """What a list shows of an emergency."""
    row = emergency.row
    return {
        "id": row.id,
        "state": row.state,
        "unit": emergency.unit,
        "owner": {"post": emergency.owner},
        "call": {"id": row.call_id, "kind": emergency.kind, "emergencies": emergency.members},
        "opened_at": row.opened_at,
        "paged_at": row.paged_at,
        "acknowledged_at": row.acknowledged_at,
        "stood_down_at": row.stood_down_at,
        "justification": {
            "due_at": row.justify_by,
            "given_at": row.justified_at,
            "overdue": rules.is_overdue(row.justify_by, row.justified_at, emergency.now),
        },
        "version": row.version,
    }


def full_view(emergency: ShownEmergency, language: str) -> dict[str, Any]:
    """What a single emergency shows, the procedure's words in the reader's language."""
    row, view = emergency.row, item_view(emergency)
    view["retention"] = retention.describe(row.retention_class, row.review_on, row.legal_hold)
    if emergency.pages is not None and emergency.entries is not None:
        href = subject_href(row.subject_kind, row.subject_id)
        view["subject"] = {"kind": row.subject_kind, "id": row.subject_id, "href": href}
        if emergency.pack is not None and emergency.pack.emergency is not None:
            say = speaker(emergency.pack, language)
            view["triggers"] = listed_words(emergency.pack.emergency.triggers, say)
            view["contacts"] = listed_words(emergency.pack.emergency.contacts, say)
        if emergency.gathered is not None:
            view["gathered"] = gathered_view(emergency.gathered, emergency.lines or {})
        view["pages"] = [vars(one) for one in emergency.pages]
        view["entries"] = [entry_view(one) for one in emergency.entries]
    return view


def entry_view(entry: ShownEntry) -> dict[str, Any]:
    """What an act shows."""
    row = entry.row
    return {"id": row.id, "act": row.act, "at": row.entered_at, "post": entry.post, **entry.words}


def done_view(done: Done) -> dict[str, Any]:
    """What the answer to an act shows."""
    row, entry = done.emergency, done.entry.row
    return {
        **entry_view(done.entry),
        "emergency": {"id": row.id, "state": row.state, "version": row.version},
        "retention": retention.describe(entry.retention_class, entry.review_on, entry.legal_hold),
    }


def gathered_view(rows: Iterable[Emergency], lines: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is shown of several at once."""
    return [
        {
            "id": row.id,
            "state": row.state,
            "opened_at": row.opened_at,
            "first_line": lines.get(str(row.id)),
        }
        for row in rows
    ]
