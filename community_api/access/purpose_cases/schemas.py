"""Cases in JSON."""

from __future__ import annotations

from marshmallow import fields

from community_api.access.terms import CASE_DAYS, CaseKind
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

STATES = ("open", "closed")


class CaseIn(CommandSchema):
    """Why somebody needs to read what is not theirs."""

    kind = Choice(CaseKind, required=True)
    reason = Text(4000, required=True)
    reference = Text(100, metadata={"description": "The number under which another system knows it"})


class CaseQuery(PageQuery):
    """Which cases are wanted."""

    state = Choice(STATES)


class CaseItem(BaseSchema):
    """A case in a list: without its reason."""

    id = Id(required=True)
    kind = Choice(CaseKind, required=True)
    reference = fields.String(required=True, allow_none=True)
    opened_at = Moment(required=True)
    closes_at = Moment(required=True, metadata={"description": f"It closes itself after {CASE_DAYS} days"})
    state = Choice(STATES, required=True)


class CaseOut(CaseItem, Receipted):
    """A case with its reason."""

    reason = fields.String(required=True, allow_none=True)
    retention = fields.Nested(RetentionSchema, required=True)


CaseList = page_schema(CaseItem, "CaseList")
