"""One's own profile in JSON."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from community_api.core.http import views
from community_api.core.schemas.fields import BaseSchema, Id, Moment, Receipted
from community_api.core.schemas.validators import Bounded
from community_api.units.terms import is_timezone

_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class QuietHours(BaseSchema):
    """From when to when nothing but danger may disturb, on the person's own clock; may span midnight."""

    start = fields.String(
        required=True,
        data_key="from",
        validate=validate.Regexp(rf"{_HOUR.pattern}\Z", error="not_an_hour"),
        metadata={"example": "22:00"},
    )
    end = fields.String(
        required=True,
        data_key="to",
        validate=validate.Regexp(rf"{_HOUR.pattern}\Z", error="not_an_hour"),
        metadata={"example": "06:00"},
    )

    @validates_schema
    def _must_differ(self, body: dict[str, Any], **_kwargs: Any) -> None:
        if body.get("start") == body.get("end"):
            raise ValidationError("same_as_other", "to")


class MeIn(BaseSchema):
    """What one may set; what is left out stays."""

    language = fields.String(validate=Bounded(35))
    timezone = fields.String(validate=Bounded(64), metadata={"example": "Europe/Berlin"})
    quiet_hours = fields.Nested(QuietHours, allow_none=True)

    @validates_schema
    def _must_be_known(self, body: dict[str, Any], **_kwargs: Any) -> None:
        if not body:
            raise ValidationError("nothing_told")
        if "language" in body and body["language"] not in views.services().words.offered:
            raise ValidationError("not_a_language", "language")
        if "timezone" in body and not is_timezone(body["timezone"]):
            raise ValidationError("not_a_timezone", "timezone")


class RoleOut(BaseSchema):
    """A role in a unit."""

    role = fields.String(required=True, metadata={"example": "officer"})
    unit = fields.String(required=True, metadata={"example": "lin-a"})


class CertificateOut(BaseSchema):
    """A course that was passed."""

    course = fields.String(required=True, metadata={"example": "verlt"})
    valid = fields.Boolean(required=True, metadata={"description": "Whether it counts today"})
    expires_at = Moment(required=True)


class MeOut(Receipted):
    """The caller as the product knows them."""

    id = Id(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True, metadata={"example": "de"})
    timezone = fields.String(required=True)
    quiet_hours = fields.Nested(QuietHours, required=True, allow_none=True)
    roles = fields.List(fields.Nested(RoleOut), required=True)
    posts = fields.List(fields.String(), required=True, metadata={"example": ["officer.lin-a"]})
    certificates = fields.List(fields.Nested(CertificateOut), required=True)
    indicator_list_version = fields.Integer(required=True, allow_none=True)
