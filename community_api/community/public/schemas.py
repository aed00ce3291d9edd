"""Bodies and answers of the public endpoints (contract section 9)."""

from __future__ import annotations

import re
import uuid
from typing import Any, ClassVar, Final

from marshmallow import ValidationError, fields

from community_api.community.concerns import terms
from community_api.community.concerns.intake import IntakeResult
from community_api.community.concerns.public_thread import Added, FollowUp
from community_api.community.concerns.rules import day_shown, public_state
from community_api.community.concerns.schemas import ConcernContent
from community_api.community.concerns.thread import OpenedMessage, OpenedReply
from community_api.community.observations.schemas import InDangerOut
from community_api.core.schemas.fields import BaseSchema, Choice, CommandSchema, Day, Id, Text, Truth, Warned
from community_api.core.schemas.optional_details import LeftOut
from community_api.units.areas import Area
from community_api.units.rules import Unit

QUESTION: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
MAX_ANSWER: Final = 2_000
CODE: Final = {"description": "The receipt code; case, spaces and hyphens do not count"}
PROOF: Final = {"description": "Of the work that a challenge asked for; none is asked now"}


class ByCode(BaseSchema):
    """What is asked by a code."""

    code = fields.String(required=True, metadata=CODE)


class PublicConcernIn(ConcernContent, ByCode):
    """What somebody tells the police."""

    left_out: ClassVar = {**ConcernContent.left_out, "proof": LeftOut.ALWAYS}

    proof = fields.String(metadata=PROOF)


class PublicFollowUpIn(ByCode):
    """The code, to read on."""

    left_out: ClassVar = {"proof": LeftOut.ALWAYS}

    proof = fields.String(metadata=PROOF)


class PublicMessageIn(CommandSchema, ByCode):
    """What the reporter adds."""

    text = Text(terms.MAX_MESSAGE, required=True)


class PublicWithdrawalIn(CommandSchema, ByCode):
    """The reporter takes it back, and may say why."""

    left_out: ClassVar = {"text": LeftOut.EMPTY_OR_IN_DANGER}

    text = Text(terms.MAX_MESSAGE)


class PermissionIn(CommandSchema, ByCode):
    """Whether what was told may be passed on from now on; what was passed on before stays so."""

    pass_on = Truth(required=True)


class Answers(fields.Dict):
    """Answers by the name of their question: numbers, yes or no, or words."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        told: dict[str, Any] = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        if not told:
            raise ValidationError("blank")
        if len(told) > terms.MAX_ANSWERS:
            raise ValidationError(f"too_many|max={terms.MAX_ANSWERS}")
        if not all(QUESTION.fullmatch(question) for question in told):
            raise ValidationError("bad_format")
        if not all(isinstance(answer, str | int | float | bool) for answer in told.values()):
            raise ValidationError("wrong_type")
        if any(isinstance(answer, str) and len(answer) > MAX_ANSWER for answer in told.values()):
            raise ValidationError(f"too_long|max={MAX_ANSWER}")
        return told


class QuestionnaireIn(CommandSchema, ByCode):
    """How it was to tell the police something."""

    answers = Answers(required=True, metadata={"additionalProperties": True})


class ReceiptCodeOut(BaseSchema):
    """A code to be written down before anything is told; nothing of it is kept."""

    code = fields.String(required=True)
    groups = fields.List(fields.String(), required=True)
    challenge = fields.Dict(
        required=True, allow_none=True, metadata={"description": "Work to be proved; none is asked now"}
    )


class PublicToldOut(Warned):
    """What was told has arrived."""

    state = fields.String(required=True)
    received_on = Day(required=True)
    next_on = Day(required=True, allow_none=True, metadata={"description": "The next word comes by this day"})
    if_in_danger = fields.Nested(InDangerOut, required=True)


class PublicMessageOut(BaseSchema):
    """One message of the thread, by the reporter (``you``) or the desk (``police``)."""

    id = Id(required=True)
    sender = fields.String(required=True, data_key="from", attribute="from")
    kind = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    answers = fields.Dict()
    pass_on = fields.Boolean(metadata={"description": "Of a permission: whether it may be passed on"})
    language = fields.String()
    on = Day(required=True)


class PublicConcernOut(BaseSchema):
    """What the reporter had told."""

    category = fields.String(required=True)
    text = fields.String(required=True)
    pass_on = fields.Boolean(required=True, metadata={"description": "What you said last"})


class PublicFollowUpOut(Warned):
    """Where it stands, what was said, and by when the next word comes."""

    state = fields.String(required=True)
    received_on = Day(required=True)
    concern = fields.Nested(PublicConcernOut, required=True)
    messages = fields.List(fields.Nested(PublicMessageOut), required=True)
    next_on = Day(required=True, allow_none=True)
    if_in_danger = fields.Nested(InDangerOut, required=True)


class PublicAddedOut(Warned):
    """What was added has arrived."""

    id = Id(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    on = Day(required=True)
    next_on = Day(required=True, allow_none=True)


class CategoryOut(BaseSchema):
    """What something may be about."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    description = fields.String(required=True, allow_none=True)
    duty_to_pursue = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The law by which the police must pursue it, whatever you wish; null: none"},
    )


# Written as they are: an outline has thousands of positions, and a field for each would take its time.
_POSITION: Final = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_POLYGON: Final = {"type": "array", "items": {"type": "array", "items": _POSITION}}
_MULTI_POLYGON: Final = {"type": "array", "items": _POLYGON}


class OutlineOut(BaseSchema):
    """An outline on the map: a GeoJSON geometry (RFC 7946), longitude before latitude, WGS 84."""

    type = Choice(("MultiPolygon",), required=True)
    coordinates = fields.Raw(
        required=True,
        metadata={"description": "Polygons, each an outer ring and its holes", **_MULTI_POLYGON},
    )


class PublicAreaOut(BaseSchema):
    """An area that a team answers for."""

    area = fields.String(required=True)
    title = fields.String(required=True)
    outline = fields.Nested(OutlineOut, required=True)


class CategoriesOut(BaseSchema):
    """Everything that something may be about, in the order of choosing."""

    items = fields.List(fields.Nested(CategoryOut), required=True)


class PublicAreasOut(BaseSchema):
    """The areas of all teams, by name."""

    items = fields.List(fields.Nested(PublicAreaOut), required=True)


class EmergencyNumberOut(InDangerOut):
    """Whom to call at once."""


class PursuedOut(BaseSchema):
    """A category that the police must pursue, and by what law."""

    category = fields.String(required=True)
    label = fields.String(required=True)
    law = fields.String(required=True)


class PublicNoticeOut(BaseSchema):
    """What to know before telling something."""

    language = fields.String(required=True)
    emergency_number = fields.String(required=True)
    if_in_danger = fields.Nested(EmergencyNumberOut, required=True)
    controller = fields.String(required=True)
    purposes = fields.String(required=True)
    possible_use = fields.String(required=True)
    exceptions = fields.String(required=True)
    once_passed_on = fields.String(required=True)
    duty_to_pursue = fields.List(
        fields.Nested(PursuedOut),
        required=True,
        metadata={"description": "What the law obliges the police to pursue whatever you wish; may be empty"},
    )
    danger_to_life = fields.String(required=True)
    what_is_kept = fields.String(required=True)
    how_long = fields.String(required=True)
    rights = fields.String(required=True)
    complaint_path = fields.String(required=True)
    answers = fields.String(required=True)


def area_view(team: Unit, area: Area) -> dict[str, Any]:
    """A team's area with its name and its outline."""
    outline = {"type": "MultiPolygon", "coordinates": area.polygons}
    return {"area": team.name, "title": team.title, "outline": outline}


def told_view(done: IntakeResult, danger: dict[str, str]) -> dict[str, Any]:
    """What whoever told something is answered."""
    row, due = done.row, done.row.answer_due_at
    return {
        "state": public_state(row, done.shown.now).value,
        "received_on": row.received_at.date(),
        "next_on": None if due is None else day_shown(due, done.shown.timezone),
        "if_in_danger": danger,
    }


def follow_up_view(follow_up: FollowUp, danger: dict[str, str]) -> dict[str, Any]:
    """What the holder of a code reads."""
    return {
        "state": follow_up.state.value,
        "received_on": follow_up.row.received_at.date(),
        "concern": {
            "category": follow_up.row.category,
            "text": follow_up.document.get("text"),
            "pass_on": not follow_up.row.do_not_pass_on,
        },
        "messages": [_said_view(one, follow_up.timezone) for one in follow_up.thread],
        "next_on": follow_up.next_on,
        "if_in_danger": danger,
    }


def added_view(done: Added, sent_id: uuid.UUID | None) -> dict[str, Any]:
    """What the answer to something added shows; ``sent_id`` None: the client made no id."""
    return {
        "id": sent_id or done.row.id,
        "kind": done.row.kind,
        "state": done.state.value,
        "on": done.row.said_on,
        "next_on": done.next_on,
    }


def _said_view(item: OpenedMessage | OpenedReply, timezone: str) -> dict[str, Any]:
    row = item.row
    if isinstance(item, OpenedReply):
        released_at = item.row.released_at or item.row.written_at
        said = {"from": "police", "text": item.text, "language": item.row.language}
        return {"id": row.id, "kind": row.kind, **said, "on": day_shown(released_at, timezone)}
    known_as = item.document.get("id", row.id)
    shown = {"id": known_as, "from": "you", "kind": row.kind, "text": item.document.get("text")}
    if "answers" in item.document:
        shown["answers"] = item.document["answers"]
    if "pass_on" in item.document:
        shown["pass_on"] = item.document["pass_on"]
    return {**shown, "on": item.row.said_on}
