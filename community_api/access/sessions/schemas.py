"""Signing in, in JSON."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from marshmallow import fields

from community_api.access.terms import PASSWORD_MAX, USERNAME_MAX
from community_api.core.schemas.fields import BaseSchema, ClientId, Id, Moment, PageQuery, Receipted, Text
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.validators import Bounded

KEY_BYTES = 32
TOKEN_MAX = 200


class PublicKey(fields.Field[bytes]):
    """A raw Ed25519 public key in base64."""

    default_error_messages = {"invalid": "not_a_key"}  # noqa: RUF012 - marshmallow's own protocol

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        try:
            key = base64.b64decode(value, validate=True)
            if base64.b64encode(key).decode() != value:
                raise self.make_error("invalid")
        except (TypeError, ValueError, binascii.Error):
            raise self.make_error("invalid") from None
        if len(key) != KEY_BYTES:
            raise self.make_error("invalid")
        return key


class DeviceIn(BaseSchema):
    """The device an app runs on.

    ``id`` is made by the app, or is the ``device_id`` of an earlier answer; absent, the server makes one.
    """

    id = ClientId()
    name = Text(100, metadata={"example": "Patrol phone 7"})
    public_key = PublicKey(
        metadata={
            "type": "string",
            "format": "byte",
            "description": "Raw Ed25519 key, base64. Kept for the enrolment of devices.",
        }
    )


class LoginIn(BaseSchema):
    """Who signs in; a known device has a bucket of its own when wrong passwords are counted."""

    username = fields.String(
        required=True, validate=Bounded(USERNAME_MAX), metadata={"example": "officer1.lin-a"}
    )
    password = fields.String(required=True, validate=Bounded(PASSWORD_MAX))
    device = fields.Nested(DeviceIn)


class FirstPasswordIn(BaseSchema):
    """The token that whoever approved the account handed over, and a password of one's own choice."""

    token = fields.String(required=True, validate=Bounded(TOKEN_MAX))
    password = fields.String(required=True, validate=Bounded(PASSWORD_MAX))


class PasswordIn(BaseSchema):
    """The password of now, and another one of one's own choice."""

    old = fields.String(required=True, validate=Bounded(PASSWORD_MAX))
    new = fields.String(required=True, validate=Bounded(PASSWORD_MAX))


class PasswordOut(Receipted):
    """What remains for the person to do."""

    next_step = fields.String(required=True, metadata={"description": "In the account's language"})


class FirstPasswordSetOut(BaseSchema):
    """The password is set; now its owner signs in."""

    device_id = Id(
        required=True, metadata={"description": "Send it as device.id at the sign-in: this device is known"}
    )
    next_step = fields.String(required=True, metadata={"description": "In the account's language"})


class NothingIn(BaseSchema):
    """A body without fields; the proof of an enrolled device will stand here."""


class TokensOut(BaseSchema):
    """What the client keeps: the access token for 15 minutes, the refresh token for the next exchange."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.String(required=True, metadata={"example": "Bearer"})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds", "example": 900})
    device_id = Id(
        required=True,
        allow_none=True,
        metadata={
            "description": "Send it as device.id at the next sign-in: then guesses of strangers lock nobody "
            "out. null: a session from before devices had ids."
        },
    )


class SessionQuery(PageQuery):
    """Whose sessions; without it one's own."""

    account = fields.String(validate=Bounded(USERNAME_MAX), metadata={"example": "officer1.lin-a"})


class DeviceOut(BaseSchema):
    """A device as its sessions show it."""

    id = Id(required=True)
    name = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "null: none was given, or other people's"},
    )


class SessionOut(BaseSchema):
    """A sign-in that runs."""

    id = Id(required=True)
    device = fields.Nested(DeviceOut, required=True, allow_none=True)
    started_at = Moment(required=True)
    renewed_at = Moment(required=True)
    expires_at = Moment(required=True)
    current = fields.Boolean(required=True)


SessionList = page_schema(SessionOut, "SessionList")
