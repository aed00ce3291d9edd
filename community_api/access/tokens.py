"""Tokens: signed by flask-jwt-extended, judged by our clock, and worth nothing without their session.

An access token says who (``sub``, the account), in which session (``sid``) and until when. A refresh token's
``jti`` is the id of its row. Whatever is wrong with a token is refused with 401 and one of three codes.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Final, Literal, cast

import jwt
from flask import Flask, current_app
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException

from community_api.core.crypto.keys import KeyRing
from community_api.core.errors import DomainError

Kind = Literal["access", "refresh"]
ALGORITHM: Final = "HS256"
ISSUER: Final = "community-api"
AUDIENCE: Final = "community-api/v1"
# Ours are about 400 characters long; what is longer is not even looked at.
LONGEST: Final = 1024
# Processes of one installation may differ by a moment.
SKEW: Final = timedelta(seconds=5)
UNREADABLE: Final = (
    jwt.PyJWTError,
    JWTExtendedException,
    AttributeError,
    KeyError,
    # A moment that no calendar holds is an OSError or an OverflowError, as the platform likes.
    OSError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


# Three parts in the alphabet of RFC 7515, without padding.
COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}")

# Where the library puts its manager.
EXTENSION: Final = "flask-jwt-extended"
# Tokens of the clients of one process; about a kilobyte each.
REMEMBERED: Final = 2048


@dataclass(frozen=True)
class Claims:
    """What a good token says.

    ``token_id`` of a refresh token is the id of its row; an access token bears that of the refresh token with
    which it was issued, so that its use tells that the pair has arrived.
    """

    account_id: uuid.UUID
    session_id: uuid.UUID
    token_id: uuid.UUID
    expires_at: datetime


@dataclass(frozen=True)
class _Verified:
    kind: str
    claims: Claims
    begins_at: datetime


class Tokens(JWTManager):
    """The library's manager, without its own answers to errors: there is one error map.

    Checking a signature takes half a millisecond, and a client sends the same token for a quarter of an hour:
    what was found good is remembered by its text. Nothing of a time or a session is: these are judged anew.
    """

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.verified = lru_cache(maxsize=REMEMBERED)(partial(_verified, app))

    def _set_error_handler_callbacks(self, app: Flask) -> None:
        """Leave errors to ``read``, which turns each into a refusal."""


def install(app: Flask, keys: KeyRing) -> None:
    """Set up the library. Times are left to our clock: the library's leeway is longer than any life."""
    app.config.update(
        JWT_SECRET_KEY=keys.token,
        JWT_ALGORITHM=ALGORITHM,
        JWT_DECODE_ALGORITHMS=[ALGORITHM],
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_ENCODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_LEEWAY=timedelta(days=365 * 1000),
        JWT_TOKEN_LOCATION=["headers"],
        JWT_COOKIE_CSRF_PROTECT=False,
    )
    Tokens(app)


def write(kind: Kind, claims: Claims, now: datetime) -> str:
    """The signed token, valid from ``now``, in whole seconds."""
    create = create_access_token if kind == "access" else create_refresh_token
    issued = int(now.timestamp())
    told = {
        "sid": str(claims.session_id),
        "jti": str(claims.token_id),
        "iat": issued,
        "nbf": issued,
        "exp": int(claims.expires_at.timestamp()),
    }
    return str(create(str(claims.account_id), expires_delta=False, additional_claims=told))


def read(kind: Kind, token: str, now: datetime) -> Claims:
    """What the token says.

    Raises ``token_expired`` for a good one past its time, ``token_invalid`` for anything else that is wrong.
    """
    if len(token) > LONGEST:
        raise DomainError("token_invalid")
    try:
        found = cast("Tokens", current_app.extensions[EXTENSION]).verified(token)
    except UNREADABLE as broken:
        raise DomainError("token_invalid") from broken
    if found.kind != kind or now < found.begins_at - SKEW:
        raise DomainError("token_invalid")
    if now >= found.claims.expires_at:
        raise DomainError("token_expired")
    return found.claims


def account_of(app: Flask, token: str, now: datetime) -> uuid.UUID | None:
    """The account that a signed token of either kind names, in its time; None if it is no such token.

    For counting requests before anything else is done with them: it judges no session and opens nothing.
    """
    if len(token) > LONGEST:
        return None
    try:
        found = cast("Tokens", app.extensions[EXTENSION]).verified(token)
    except UNREADABLE:
        return None
    in_time = found.begins_at - SKEW <= now < found.claims.expires_at
    return found.claims.account_id if in_time else None


def _verified(app: Flask, token: str) -> _Verified:
    """What a token with a good signature says, whatever its time; raises one of UNREADABLE."""
    _refuse_other_spellings(token)
    with app.app_context():
        told = decode_token(token)
    claims = Claims(
        account_id=uuid.UUID(told["sub"]),
        session_id=uuid.UUID(told["sid"]),
        token_id=uuid.UUID(told["jti"]),
        expires_at=datetime.fromtimestamp(int(told["exp"]), UTC),
    )
    begins_at = datetime.fromtimestamp(max(int(told["nbf"]), int(told["iat"])), UTC)
    return _Verified(told["type"], claims, begins_at)


def _refuse_other_spellings(token: str) -> None:
    """Raises ValueError unless the token is spelled in the one way of RFC 7515.

    Readers of base64 skip characters that do not belong there, and the last one has bits that count for
    nothing: without this a token could be changed and still be good.
    """
    if COMPACT.fullmatch(token) is None or not all(map(_is_canonical, token.split("."))):
        raise ValueError("not in the compact form")


def _is_canonical(part: str) -> bool:
    try:
        read = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        return False
    return base64.urlsafe_b64encode(read).rstrip(b"=").decode() == part
