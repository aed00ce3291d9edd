"""Bias reviews in JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

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
from community_api.oversight.bias.service import ShownReview
from community_api.oversight.bias.terms import MAX_REASON, Finding, State


class BiasReviewQuery(PageQuery):
    """What a list of reviews is narrowed by."""

    state = Choice(State)


class BiasReviewClosingIn(CommandSchema):
    """What was behind it."""

    finding = Choice(Finding, required=True)
    reason = Text(MAX_REASON, required=True)


class BiasReviewItem(BaseSchema):
    """A place with an unusual share of flags; figures to the nearest five, none below ten."""

    id = Id(required=True)
    unit = fields.String(required=True)
    state = fields.String(required=True)
    since = Moment(required=True)
    until = Moment(required=True)
    reports = fields.Integer(required=True)
    flags = fields.Integer(required=True)
    percent = fields.Integer(required=True)
    raised_at = Moment(required=True)
    closed_at = Moment(required=True, allow_none=True)
    finding = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class BiasReviewOut(BiasReviewItem):
    """One review with what was found."""

    reason = fields.String(required=True, allow_none=True)
    retention = fields.Nested(RetentionSchema, required=True)


class BiasReviewClosingOut(Receipted, BiasReviewOut):
    """A review that was closed."""


BiasReviewList = page_schema(BiasReviewItem, "BiasReviewList")


def item_view(review: ShownReview) -> dict[str, Any]:
    """What a list shows of a review."""
    row = review.row
    return {
        "id": row.id,
        "unit": review.unit,
        "state": row.state,
        "since": row.since,
        "until": row.until,
        "reports": row.reports,
        "flags": row.flags,
        "percent": row.percent,
        "raised_at": row.raised_at,
        "closed_at": row.closed_at,
        "finding": row.finding,
        "version": row.version,
    }


def full_view(review: ShownReview) -> dict[str, Any]:
    """What a single review shows."""
    row = review.row
    return {
        **item_view(review),
        "reason": review.reason,
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }
