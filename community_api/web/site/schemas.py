"""The front page as a program reads it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.core.schemas.fields import BaseSchema


class FrontLinksOut(BaseSchema):
    """Where to go; paths, under the public prefix."""

    api = fields.String(required=True)
    docs = fields.String(required=True)
    openapi = fields.String(required=True)
    problems = fields.String(required=True)
    notice = fields.String(required=True)
    health = fields.String(required=True)


class FrontAccountOut(BaseSchema):
    """Somebody of the demo organisation."""

    username = fields.String(required=True)
    role = fields.String(required=True)


class FrontDemoOut(BaseSchema):
    """How to sign in to a demonstration."""

    accounts = fields.List(fields.Nested(FrontAccountOut), required=True)
    password = fields.String(required=True)


class FrontOut(BaseSchema):
    """What answers here, and where to go."""

    name = fields.String(required=True)
    description = fields.String(required=True)
    language = fields.String(required=True)
    emergency_number = fields.String(required=True)
    links = fields.Nested(FrontLinksOut, required=True)
    demo = fields.Nested(
        FrontDemoOut, required=True, allow_none=True, metadata={"description": "Null: no demonstration"}
    )


LINKS: dict[str, Any] = {
    "api": "/api/v1",
    "docs": "/docs",
    "openapi": "/openapi.json",
    "problems": "/problems",
    "notice": "/api/v1/public/notice",
    "health": "/health/ready",
}
