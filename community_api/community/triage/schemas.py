"""Bodies and answers of the desk (contract section 5)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.community.concerns.models import Concern
from community_api.community.shared.models import Link
from community_api.community.shared.terms import MAX_REASON, MAX_SERVICE, MAX_TEXT, ClosingReason, Route
from community_api.community.triage.links import OpenedLink
from community_api.community.triage.report_adapters import KINDS
from community_api.community.triage.rules import LikelyDuplicate, Reason
from community_api.community.triage.service import Acted, Waiting
from community_api.core import retention
from community_api.core.moments import moment_text
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    CommandSchema,
    Id,
    Moment,
    PageQuery,
    Receipted,
    RetentionSchema,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.procedures.schemas import ExceptionFields
from community_api.wording.fields import WorkText


class TriageIn(ExceptionFields, CommandSchema):
    """What happens with a report. The reason of a return is what its reporter is asked to complete."""

    route = Choice(Route, required=True)
    reason = WorkText(MAX_REASON, required=True)
    hand_over = WorkText(MAX_SERVICE, metadata={"description": "The service that takes over"})


class ClosingIn(ExceptionFields, CommandSchema):
    """How the work on a report ends, and what its reporter is told."""

    reason = Choice(ClosingReason, required=True)
    hand_over = WorkText(MAX_SERVICE, metadata={"description": "The service that takes over"})
    text_for_reporter = WorkText(MAX_TEXT, required=True)


class ReopeningIn(CommandSchema):
    """Why work on a report begins again."""

    reason = WorkText(MAX_REASON, required=True)


class ReportNamed(BaseSchema):
    """A report by kind and id."""

    kind = Choice(KINDS, required=True)
    id = Id(required=True)


class LinkIn(CommandSchema):
    """Two reports that belong together."""

    a = fields.Nested(ReportNamed, required=True)
    b = fields.Nested(ReportNamed, required=True)
    reason = WorkText(MAX_REASON, required=True)


class LinkQuery(PageQuery):
    """Links of one report, or of all."""

    report = Id()


class TriageQuery(PageQuery):
    """The queue takes nothing but a page."""


class SignOut(BaseSchema):
    """One part of a score: what speaks for it, how many points it gives, what was measured."""

    sign = fields.String(required=True)
    points = fields.Integer(required=True)
    amount = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Metres, hours, days or per cent, as the sign says"},
    )


class DuplicateOut(BaseSchema):
    """Another report that may tell of the same; the score (0 to 100) is the sum of its reasons."""

    kind = fields.String(required=True)
    id = Id(required=True)
    score = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(SignOut), required=True)


class WaitingOut(BaseSchema):
    """A report that waits for triage."""

    kind = fields.String(required=True)
    id = Id(required=True)
    reference = fields.String(required=True)
    category = fields.String(required=True)
    unit = fields.String(required=True)
    place_area = fields.String(required=True, allow_none=True)
    received = fields.String(
        required=True,
        metadata={"description": "The moment; of a concern the day, all that is kept"},
    )
    due_at = Moment(required=True)
    overdue = fields.Boolean(required=True)
    why = fields.String(required=True)
    duplicates = fields.List(fields.Nested(DuplicateOut), required=True)


TriageList = page_schema(WaitingOut, "TriageList")


class ReportStatusOut(BaseSchema):
    """Where a report stands now."""

    kind = fields.String(required=True)
    id = Id(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)


class _ActOut(Receipted, BaseSchema):
    id = Id(required=True)
    acted_at = Moment(required=True)
    report = fields.Nested(ReportStatusOut, required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class TriagedOut(_ActOut):
    """A triage. ``reply_id``: the question to a member of the public, which a second person must approve."""

    route = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    hand_over = fields.String(required=True, allow_none=True)
    exception = fields.String(required=True, allow_none=True)
    exception_reason = fields.String(required=True, allow_none=True)
    reply_id = Id(required=True, allow_none=True)


class ClosedOut(_ActOut):
    """A closing. ``reply_id``: the word to a member of the public, by whose approval the concern closes."""

    reason = fields.String(required=True)
    hand_over = fields.String(required=True, allow_none=True)
    exception = fields.String(required=True, allow_none=True)
    exception_reason = fields.String(required=True, allow_none=True)
    text_for_reporter = fields.String(required=True, allow_none=True)
    reply_id = Id(required=True, allow_none=True)


class ReopenedOut(_ActOut):
    """A reopening."""

    reason = fields.String(required=True, allow_none=True)


class LinkItem(BaseSchema):
    """A link in a list: no words."""

    id = Id(required=True)
    a = fields.Nested(ReportNamed, required=True)
    b = fields.Nested(ReportNamed, required=True)
    made_at = Moment(required=True)


class LinkOut(Receipted, LinkItem):
    """A link; ``ended_at`` None: the two still belong together."""

    reason = fields.String(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    retention = fields.Nested(RetentionSchema, required=True)


LinkList = page_schema(LinkItem, "LinkList")


def waiting_view(waiting: Waiting) -> dict[str, Any]:
    """What the queue shows of a report."""
    row = waiting.row
    day = isinstance(row, Concern)
    return {
        "kind": waiting.kind,
        "id": row.id,
        "reference": row.reference,
        "category": row.category,
        "unit": waiting.unit,
        "place_area": waiting.place_area,
        "received": row.received_at.date().isoformat() if day else moment_text(row.received_at),
        "due_at": waiting.duty.due_at,
        "overdue": waiting.overdue,
        "why": waiting.why.value,
        "duplicates": [_duplicate_view(likely) for likely in waiting.duplicates],
    }


def _duplicate_view(likely: LikelyDuplicate) -> dict[str, Any]:
    return {
        "kind": likely.other.kind,
        "id": likely.other.id,
        "score": likely.score,
        "reasons": [_reason_view(reason) for reason in likely.reasons],
    }


def _reason_view(reason: Reason) -> dict[str, Any]:
    return {"sign": reason.sign.value, "points": round(reason.points), "amount": reason.amount}


def triaged_view(done: Acted) -> dict[str, Any]:
    """What the answer to a triage shows."""
    said = done.act.document
    return {
        **_act_view(done),
        "route": done.act.row.code,
        "reason": said.get("reason"),
        "hand_over": said.get("hand_over"),
        "exception": said.get("exception"),
        "exception_reason": said.get("exception_reason"),
        "reply_id": done.act.row.reply_id,
    }


def closed_view(done: Acted) -> dict[str, Any]:
    """What the answer to a closing shows."""
    said = done.act.document
    return {
        **_act_view(done),
        "reason": done.act.row.code,
        "hand_over": said.get("hand_over"),
        "exception": said.get("exception"),
        "exception_reason": said.get("exception_reason"),
        "text_for_reporter": said.get("text_for_reporter"),
        "reply_id": done.act.row.reply_id,
    }


def reopened_view(done: Acted) -> dict[str, Any]:
    """What the answer to a reopening shows."""
    return {**_act_view(done), "reason": done.act.document.get("reason")}


def link_item(row: Link) -> dict[str, Any]:
    """What a list shows of a link."""
    return {
        "id": row.id,
        "a": {"kind": row.a_kind, "id": row.a_id},
        "b": {"kind": row.b_kind, "id": row.b_id},
        "made_at": row.made_at,
    }


def link_view(opened: OpenedLink) -> dict[str, Any]:
    """What a link shows."""
    row = opened.row
    return {
        **link_item(row),
        "reason": opened.reason,
        "ended_at": row.ended_at,
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def _act_view(done: Acted) -> dict[str, Any]:
    row, report = done.act.row, done.report
    return {
        "id": row.id,
        "acted_at": row.acted_at,
        "report": {
            "kind": row.report_kind,
            "id": report.id,
            "status": report.status,
            "version": report.version,
        },
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }
