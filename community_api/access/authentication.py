"""From the headers of a request to the person behind it, as the database knows them at this moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from flask import Flask, Request, g

from community_api.access import caller_snapshot, tokens
from community_api.access.caller_snapshot import CallerSnapshot
from community_api.access.sessions import arrivals
from community_api.access.terms import Purpose
from community_api.access.tokens import Claims, Kind
from community_api.core.actor import Actor
from community_api.core.clock import Clock
from community_api.core.database import errors
from community_api.core.database.engine import Database
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.http.views import BASE

SCHEME = "bearer"
# The one operation whose bearer is the refresh token.
REFRESH_PATH = f"{BASE}/auth/refresh"
PURPOSES = frozenset(purpose.value for purpose in Purpose)


def authenticator(uow: UnitOfWork) -> Callable[[Request], Actor]:
    """What tells who sends a request; it raises DomainError (401) for everybody it does not know.

    The first use of an access token that came with a renewal is written down: from then on the refresh token
    before it is a copy. That is one write for each renewal, and none at other requests.
    """

    def authenticate(request: Request) -> Actor:
        now = uow.clock.now()
        renews = request.url_rule is not None and request.url_rule.rule == REFRESH_PATH
        claims = bearer(request, "refresh" if renews else "access", now)
        g.token_id = claims.token_id
        with errors.translated():
            known = _standing(uow.database, claims, now)
            if not renews and known.pending_token_id == claims.token_id:
                arrivals.confirm(uow, claims.session_id, claims.token_id)
            return _actor(uow.database, known, request, now)

    return authenticate


def bearer(request: Request, kind: Kind, now: datetime) -> Claims:
    """The claims of the token in the Authorization header; raises DomainError (401)."""
    header = request.headers.get("Authorization")
    if header is None:
        raise DomainError("token_missing")
    token = _token_in(header)
    if token is None:
        raise DomainError("token_missing" if not header.strip() else "token_invalid")
    return tokens.read(kind, token, now)


def account_teller(app: Flask, clock: Clock) -> Callable[[str], uuid.UUID | None]:
    """What tells the account of an Authorization header with a signed token; None if there is none.

    It only tells callers apart before their request is looked at (core/places): no session is judged.
    """

    def account_of(header: str) -> uuid.UUID | None:
        token = _token_in(header)
        return tokens.account_of(app, token, clock.now()) if token is not None else None

    return account_of


def _token_in(header: str) -> str | None:
    """The bearer token of an Authorization header; None if it holds none."""
    scheme, _, token = header.partition(" ")
    return token.lstrip(" ") if scheme.lower() == SCHEME and token else None


def _standing(database: Database, claims: Claims, now: datetime) -> CallerSnapshot:
    """The standing behind a token whose session runs; raises DomainError (401)."""
    found = caller_snapshot.of_session(database, claims.session_id, now)
    if found is None or found.account_id != claims.account_id or found.session_ends_at is None:
        raise DomainError("token_invalid")
    if found.session_ended or found.disabled or found.device_lost:
        raise DomainError("token_revoked")
    if now >= found.session_ends_at:
        raise DomainError("token_expired")
    return found


def _actor(database: Database, snapshot: CallerSnapshot, request: Request, now: datetime) -> Actor:
    return snapshot.actor(
        session_id=snapshot.session_id,
        device_id=snapshot.device_id,
        purpose=_purpose(request),
        case_id=_case(database, request, snapshot.person_id, now),
        request_id=g.get("request_id"),
    )


def _purpose(request: Request) -> str | None:
    """A known purpose; whether it is one of the caller's roles is the policy's to say."""
    told = request.headers.get("X-Purpose")
    return told if told in PURPOSES else None


def _case(database: Database, request: Request, person_id: uuid.UUID, now: datetime) -> uuid.UUID | None:
    """The case that the caller named, if it is their own and open; None: as if none was named."""
    told = request.headers.get("X-Case")
    if told is None:
        return None
    try:
        case_id = uuid.UUID(told)
    except ValueError:
        return None
    return case_id if caller_snapshot.open_case(database, case_id, person_id, now) else None
