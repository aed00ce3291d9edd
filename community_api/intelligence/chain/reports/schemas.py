"""Answers about intelligence reports (contract section 7)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.core import retention
from community_api.core.schemas.fields import BaseSchema, Id, Moment, RetentionSchema
from community_api.core.schemas.list_schema import page_schema
from community_api.intelligence.chain.reports.models import ReportNotice
from community_api.intelligence.chain.reports.service import ShownDissemination, ShownReport


class ReportGradeOut(BaseSchema):
    """A grade, never without its scheme and axis."""

    scheme = fields.String(required=True)
    axis = fields.String(required=True)
    code = fields.String(required=True)
    derived_from = fields.String(allow_none=True)


class HandlingOut(BaseSchema):
    """How the caller's unit may use a report that it was given."""

    scheme = fields.String(required=True)
    code = fields.String(required=True)


class ReportItem(BaseSchema):
    """A report in a list: no text."""

    id = Id(required=True)
    number = fields.String(required=True)
    unit = fields.String(required=True)
    produced_at = Moment(required=True)
    grades = fields.List(fields.Nested(ReportGradeOut), required=True)
    handling = fields.Nested(HandlingOut, required=True, allow_none=True)
    version = fields.Integer(required=True)


class ReportOut(ReportItem):
    """One report with its sanitised text."""

    text = fields.String(required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class NoticeOut(BaseSchema):
    """What the holder of a report was told of it afterwards; ``confirmed_at`` null: not confirmed yet."""

    id = Id(required=True)
    kind = fields.String(required=True)
    report_version = fields.Integer(required=True)
    sent_at = Moment(required=True)
    due_at = Moment(required=True)
    confirmed_at = Moment(required=True, allow_none=True)


class TransferOut(BaseSchema):
    """The rules under which a report went to another state."""

    basis = fields.String(required=True, allow_none=True)
    assurance = fields.String(required=True, allow_none=True)
    assurances = fields.String(required=True, allow_none=True)
    onward_limit = fields.String(required=True, allow_none=True)


class DisseminationOut(BaseSchema):
    """One giving of one version of a report to one unit."""

    id = Id(required=True)
    report_id = Id(required=True)
    report_version = fields.Integer(required=True)
    from_unit = fields.String(required=True)
    to_unit = fields.String(required=True)
    purpose = fields.String(allow_none=True)
    legal_basis = fields.String(allow_none=True)
    handling = fields.Nested(HandlingOut, required=True)
    conditions = fields.String(allow_none=True)
    need_to_know = fields.String(allow_none=True)
    right_to_know = fields.String(allow_none=True)
    transfer = fields.Nested(TransferOut, allow_none=True)
    state = fields.String(required=True)
    sent_at = Moment(required=True)
    acknowledged_at = Moment(allow_none=True)
    decided_at = Moment(allow_none=True)
    recalled_at = Moment(allow_none=True)
    recall_confirmed_at = Moment(allow_none=True)
    notices = fields.List(fields.Nested(NoticeOut), required=True)
    version = fields.Integer(required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class DisseminationsOut(BaseSchema):
    """Every giving of a report that the caller may see, oldest first."""

    items = fields.List(fields.Nested(DisseminationOut), required=True)


ReportList = page_schema(ReportItem, "IntelligenceReportList")


def item_view(report: ShownReport) -> dict[str, Any]:
    """What a list shows of a report."""
    row, given = report.row, report.handling
    return {
        "id": row.id,
        "number": row.number,
        "unit": report.unit,
        "produced_at": row.produced_at,
        "grades": [
            {"scheme": one.scheme, "axis": one.axis, "code": one.code, "derived_from": one.derived_from}
            for one in report.grades
        ],
        "handling": None if given is None else {"scheme": given.handling_scheme, "code": given.handling_code},
        "version": row.version,
    }


def full_view(report: ShownReport) -> dict[str, Any]:
    """What a single report shows."""
    row = report.row
    return {
        **item_view(report),
        "text": report.text,
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def dissemination_view(dissemination: ShownDissemination) -> dict[str, Any]:
    """What is shown of one giving."""
    row = dissemination.row
    return {
        "id": row.id,
        "report_id": row.report_id,
        "report_version": row.report_version,
        "from_unit": dissemination.from_unit,
        "to_unit": dissemination.to_unit,
        "purpose": dissemination.words.get("purpose"),
        "legal_basis": dissemination.words.get("legal_basis"),
        "handling": {"scheme": row.handling_scheme, "code": row.handling_code},
        "conditions": dissemination.words.get("conditions"),
        "need_to_know": dissemination.words.get("need_to_know"),
        "right_to_know": dissemination.words.get("right_to_know"),
        "transfer": _transfer(dissemination) if row.child_id is None else None,
        "state": row.state,
        "sent_at": row.sent_at,
        "acknowledged_at": row.acknowledged_at,
        "decided_at": row.decided_at,
        "recalled_at": row.recalled_at,
        "recall_confirmed_at": row.recall_confirmed_at,
        "notices": [notice_view(one) for one in dissemination.notices],
        "version": row.version,
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def notice_view(row: ReportNotice) -> dict[str, Any]:
    """What is shown of a notice."""
    return {
        "id": row.id,
        "kind": row.kind,
        "report_version": row.report_version,
        "sent_at": row.sent_at,
        "due_at": row.due_at,
        "confirmed_at": row.confirmed_at,
    }


def _transfer(dissemination: ShownDissemination) -> dict[str, Any]:
    return {
        "basis": dissemination.words.get("transfer_basis"),
        "assurance": dissemination.words.get("assurance"),
        "assurances": dissemination.words.get("assurances"),
        "onward_limit": dissemination.words.get("onward_limit"),
    }
