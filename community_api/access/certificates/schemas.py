"""Certificates in JSON."""

from __future__ import annotations

from marshmallow import fields

from community_api.access.certificates.service import courses
from community_api.access.terms import USERNAME_MAX
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    CommandSchema,
    Id,
    Moment,
    PageQuery,
    Receipted,
    Text,
    Whole,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.validators import Bounded

COURSES = sorted(courses())
_BOUNDS = Bounded(USERNAME_MAX)


class CertificateIn(CommandSchema):
    """Who has passed what; it counts from the day of ``passed_at`` to the one before ``expires_at``, UTC."""

    account = fields.String(required=True, validate=_BOUNDS, metadata={"example": "officer1.lin-a"})
    course = Choice(COURSES, required=True)
    passed_at = Moment(required=True)
    expires_at = Moment(required=True)
    course_version = Whole(1, 1_000, metadata={"description": "Left out: the one taught on that day"})
    score = Whole(0, 100, metadata={"description": "Share of the test's questions, in percent"})


class RevocationIn(CommandSchema):
    """Why it is taken back."""

    reason = Text(2000, required=True)


class CertificateQuery(PageQuery):
    """Which certificates are wanted."""

    account = fields.String(validate=_BOUNDS, metadata={"example": "officer1.lin-a"})
    course = Choice(COURSES)


class CertificateItem(BaseSchema):
    """A certificate in a list."""

    id = Id(required=True)
    account = fields.String(required=True, allow_none=True)
    course = Choice(COURSES, required=True)
    course_version = fields.Integer(required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)
    passed_at = Moment(required=True)
    expires_at = Moment(
        required=True, metadata={"description": "Earlier where a later version says that this is not enough"}
    )
    issued_at = Moment(required=True)
    revoked_at = Moment(required=True, allow_none=True)
    valid = fields.Boolean(required=True, metadata={"description": "Whether it counts now"})


class CertificateShown(CertificateItem, Receipted):
    """A certificate; ``reason``: why it was revoked."""

    reason = fields.String(required=True, allow_none=True)


CertificateList = page_schema(CertificateItem, "CertificateList")
