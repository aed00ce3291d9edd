"""Certificates in JSON."""

from __future__ import annotations

from marshmallow import fields, validate

from community_api.access.certificates.service import courses
from community_api.access.terms import USERNAME_MAX
from community_api.core.schemas import (
    BaseSchema,
    Choice,
    CommandSchema,
    Id,
    Moment,
    PageQuery,
    Receipted,
    Text,
    listed,
)

COURSES = sorted(courses())
_BOUNDS = validate.Length(min=1, max=USERNAME_MAX, error=f"too_long|max={USERNAME_MAX}")


class CertificateIn(CommandSchema):
    """Who has passed what; it counts from the day of ``passed_at`` to the one before ``expires_at``, UTC."""

    account = fields.String(required=True, validate=_BOUNDS, metadata={"example": "officer1.lin-a"})
    course = Choice(COURSES, required=True)
    passed_at = Moment(required=True)
    expires_at = Moment(required=True)


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
    passed_at = Moment(required=True)
    expires_at = Moment(required=True)
    issued_at = Moment(required=True)
    revoked_at = Moment(required=True, allow_none=True)
    valid = fields.Boolean(required=True, metadata={"description": "Whether it counts now"})


class CertificateShown(CertificateItem, Receipted):
    """A certificate; ``reason``: why it was revoked."""

    reason = fields.String(required=True, allow_none=True)


CertificateList = listed(CertificateItem, "CertificateList")
