"""Bodies and answers of problems (contract section 5)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.community.problems.models import Problem, ProblemReport
from community_api.community.problems.presenters import ListedProblem, OpenedEntry, OpenedProblem
from community_api.community.problems.terms import (
    MAX_NAME,
    MAX_PART,
    MAX_PARTNERS,
    MAX_REPORTS,
    MAX_TEXT,
    MAX_TITLE,
    Achieved,
    Stage,
    Status,
)
from community_api.core import retention
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
from community_api.core.schemas.validators import Several
from community_api.units.schemas import UNIT
from community_api.wording.fields import ListTitle, WorkText


def _reports() -> fields.List[Any]:
    return fields.List(Id(), validate=Several(0, MAX_REPORTS))


class PartnerIn(BaseSchema):
    """Who works on a problem, with their part; ``unit`` of a body that has an account here."""

    name = Text(MAX_NAME, required=True)
    part = WorkText(MAX_PART, required=True)
    unit = fields.String(validate=UNIT)


def _partners() -> fields.List[Any]:
    return fields.List(fields.Nested(PartnerIn), validate=Several(0, MAX_PARTNERS))


class ProblemIn(CommandSchema):
    """A problem. The title is sealed with it; lists show ``list_title``, or category and reference."""

    title = WorkText(MAX_TITLE, required=True)
    list_title = ListTitle()
    scanning = WorkText(
        MAX_TEXT, required=True, metadata={"description": "What troubles whom, where and when"}
    )
    observations = _reports()
    concerns = _reports()
    partners = _partners()
    unit = fields.String(validate=UNIT)


class ProblemEntryIn(CommandSchema):
    """What was found, done or assessed."""

    stage = Choice(Stage, required=True)
    text = WorkText(MAX_TEXT, required=True)
    partners = _partners()
    observations = _reports()
    concerns = _reports()


class ProblemClosingIn(CommandSchema):
    """What the work has come to."""

    achieved = Choice(Achieved, required=True)
    text = WorkText(MAX_TEXT, required=True)


class ProblemQuery(PageQuery):
    """What a list of problems is narrowed by; ``unit`` also means all units below it."""

    status = Choice(Status)
    unit = fields.String(validate=UNIT)


class ProblemItem(BaseSchema):
    """A problem in a list: how long it has been open, how reports on it have gone."""

    id = Id(required=True)
    reference = fields.String(required=True)
    title = fields.String(required=True)
    unit = fields.String(required=True)
    stage = fields.String(required=True)
    status = fields.String(required=True)
    achieved = fields.String(required=True, allow_none=True)
    opened_at = Moment(required=True)
    closed_at = Moment(required=True, allow_none=True)
    age_days = fields.Integer(required=True)
    reports = fields.Integer(required=True)
    reports_lately = fields.Integer(required=True, metadata={"description": "Of the last 28 days"})
    reports_before = fields.Integer(required=True, metadata={"description": "Of the 28 days before those"})
    trend = fields.String(required=True)
    version = fields.Integer(required=True)


class PartnerOut(BaseSchema):
    """Who works on a problem, with their part."""

    name = fields.String(required=True)
    part = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)


class ProblemEntryShown(BaseSchema):
    """One entry; ``achieved`` None: it did not close the problem."""

    id = Id(required=True)
    stage = fields.String(required=True)
    written_at = Moment(required=True)
    text = fields.String(required=True, allow_none=True)
    partners = fields.List(fields.Nested(PartnerOut), required=True)
    achieved = fields.String(required=True, allow_none=True)


class AttachedReport(BaseSchema):
    """A report that tells of a problem."""

    kind = fields.String(required=True)
    id = Id(required=True)


class ProblemOut(Receipted, ProblemItem):
    """One problem. ``attached`` None: a partner learns how many reports there are, not which."""

    list_title = fields.String(required=True)
    entries = fields.List(fields.Nested(ProblemEntryShown), required=True)
    partner_units = fields.List(fields.String(), required=True)
    attached = fields.List(fields.Nested(AttachedReport), required=True, allow_none=True)
    priority_in = fields.List(fields.String(), required=True, metadata={"description": "Months, as 2026-03"})
    retention = fields.Nested(RetentionSchema, required=True)


class ProblemStatusOut(BaseSchema):
    """Where a problem stands now."""

    id = Id(required=True)
    stage = fields.String(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)


class ProblemEntryOut(Receipted, ProblemEntryShown):
    """An entry, and where its problem stands now."""

    problem = fields.Nested(ProblemStatusOut, required=True)
    retention = fields.Nested(RetentionSchema, required=True)


ProblemList = page_schema(ProblemItem, "ProblemList")


def item_view(problem: ListedProblem) -> dict[str, Any]:
    """What a list shows of a problem."""
    row, course = problem.row, problem.course
    return {
        "id": row.id,
        "reference": row.reference,
        "title": row.list_title or row.reference,
        "unit": problem.unit,
        "stage": row.stage,
        "status": row.status,
        "achieved": row.achieved,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "age_days": problem.age_days,
        "reports": course.reports,
        "reports_lately": course.lately,
        "reports_before": course.before,
        "trend": course.trend.value,
        "version": row.version,
    }


def full_view(problem: OpenedProblem) -> dict[str, Any]:
    """What a single problem shows."""
    return {
        **item_view(problem),
        "title": problem.title,
        "list_title": problem.row.list_title or problem.row.reference,
        "entries": [_entry_shown(entry) for entry in problem.entries],
        "partner_units": list(problem.partners),
        "attached": None
        if problem.reports is None
        else [_attached_view(report) for report in problem.reports],
        "priority_in": problem.priority_in,
        "retention": _retention_of(problem.row),
    }


def entry_view(done: tuple[OpenedEntry, Problem]) -> dict[str, Any]:
    """What the answer to an entry shows."""
    entry, row = done
    return {
        **_entry_shown(entry),
        "problem": {"id": row.id, "stage": row.stage, "status": row.status, "version": row.version},
        "retention": retention.describe(entry.row.retention_class, entry.row.review_on, entry.row.legal_hold),
    }


def _retention_of(row: Problem) -> dict[str, Any]:
    return retention.describe(row.retention_class, row.review_on, row.legal_hold)


def _entry_shown(entry: OpenedEntry) -> dict[str, Any]:
    return {
        "id": entry.row.id,
        "stage": entry.row.stage,
        "written_at": entry.row.written_at,
        "text": entry.document.get("text"),
        "partners": [{"unit": None, **one} for one in entry.document.get("partners", ())],
        "achieved": entry.row.achieved,
    }


def _attached_view(report: ProblemReport) -> dict[str, Any]:
    return {"kind": report.report_kind, "id": report.report_id}
