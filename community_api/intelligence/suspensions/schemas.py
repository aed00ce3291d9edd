"""Suspensions in JSON."""

from __future__ import annotations

from marshmallow import fields

from community_api.core.schemas.fields import (
    Choice,
    CommandSchema,
    Id,
    Moment,
    Receipted,
    RetentionSchema,
    Text,
)
from community_api.intelligence.suspensions.terms import Subject


class SuspensionIn(CommandSchema):
    """Why it is stopped."""

    reason = Text(4000, required=True)


class SuspensionOut(Receipted):
    """What is stopped, since when; ``lifted_at`` null: still."""

    id = Id(required=True)
    subject = Choice(Subject, required=True)
    name = fields.String(required=True)
    reason = fields.String(required=True)
    suspended_at = Moment(required=True)
    lifted_at = Moment(required=True, allow_none=True)
    retention = fields.Nested(RetentionSchema, required=True)
