"""Bodies and answers of community priorities."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from community_api.community.priorities.service import ShownPriority
from community_api.community.priorities.terms import (
    MAX_AGREED_WITH,
    MAX_NAME,
    MAX_REASON,
    MAX_TEXT,
    MAX_TITLE,
    State,
    With,
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

MONTH = validate.Regexp(r"(19|2[01])\d\d-(0[1-9]|1[0-2])\Z", error="not_a_month")


def _month(**values: Any) -> fields.String:
    return fields.String(validate=MONTH, metadata={"example": "2026-03"}, **values)


class AgreedWith(BaseSchema):
    """Who agreed: residents as they met, or a partner; ``unit`` of one that has an account here."""

    kind = Choice(With, required=True)
    name = Text(MAX_NAME, required=True)
    unit = fields.String(validate=UNIT)


class PriorityIn(CommandSchema):
    """What was agreed for a team's month. The title is sealed with it; lists show ``list_title``."""

    month = _month(required=True)
    title = WorkText(MAX_TITLE, required=True)
    list_title = ListTitle()
    text = WorkText(MAX_TEXT, required=True, metadata={"description": "What will be done, and by whom"})
    agreed_with = fields.List(
        fields.Nested(AgreedWith),
        required=True,
        validate=Several(1, MAX_AGREED_WITH),
    )
    problem = Id()
    unit = fields.String(validate=UNIT)


class PriorityWithdrawalIn(CommandSchema):
    """Why it does not hold any more."""

    reason = WorkText(MAX_REASON, required=True)


class PriorityQuery(PageQuery):
    """What a list of priorities is narrowed by; ``unit`` also means all units below it."""

    unit = fields.String(validate=UNIT)
    month = _month()


class PriorityItem(BaseSchema):
    """A priority in a list; ``problem`` None: it is about none."""

    id = Id(required=True)
    unit = fields.String(required=True)
    month = fields.String(required=True)
    title = fields.String(required=True)
    problem = Id(required=True, allow_none=True)
    state = Choice(State, required=True)
    agreed_at = Moment(required=True)
    withdrawn_at = Moment(required=True, allow_none=True)
    version = fields.Integer(required=True)


class AgreedWithOut(BaseSchema):
    """Who agreed."""

    kind = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)


class PriorityOut(Receipted, PriorityItem):
    """One priority with its words."""

    list_title = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    agreed_with = fields.List(fields.Nested(AgreedWithOut), required=True)
    retention = fields.Nested(RetentionSchema, required=True)


PriorityList = page_schema(PriorityItem, "PriorityList")


def item_view(priority: ShownPriority) -> dict[str, Any]:
    """What a list shows of a priority."""
    row = priority.row
    return {
        "id": row.id,
        "unit": priority.unit,
        "month": row.month,
        "title": _list_title(priority),
        "problem": row.problem_id,
        "state": priority.state.value,
        "agreed_at": row.agreed_at,
        "withdrawn_at": row.withdrawn_at,
        "version": row.version,
    }


def _list_title(priority: ShownPriority) -> str:
    """What lists show: the title that fitted, or team, month and place."""
    return priority.row.list_title or f"{priority.unit} {priority.row.month} {priority.row.place}"


def full_view(priority: ShownPriority) -> dict[str, Any]:
    """What a single priority shows."""
    row, document = priority.row, priority.document or {}
    return {
        **item_view(priority),
        "title": document.get("title", row.title),
        "list_title": _list_title(priority),
        "text": document.get("text"),
        "agreed_with": document.get("agreed_with", []),
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }
