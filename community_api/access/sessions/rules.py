"""How long a session and its tokens live, and what a refresh token that comes back means. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

from community_api.access.terms import (
    ACCESS_SECONDS,
    IDLE_DAYS_OFFICER,
    IDLE_HOURS_OTHERS,
    RETRY_HOURS,
    SESSION_DAYS,
    TOGETHER_SECONDS,
)
from community_api.units.terms import Role


class Exchanged(Protocol):
    """What the rules read of a refresh token's row."""

    used_at: datetime | None


class Renewal(Enum):
    """What is to be done with a refresh token that was sent."""

    # Unused: it gets its successor.
    ROTATE = auto()
    # Exchanged already: by another thread of the same app, or the reply got lost. The same successor again.
    RETRY = auto()
    # Somebody has a copy.
    REUSE = auto()


def idle_time(roles: Collection[str]) -> timedelta:
    """How long a refresh token may lie: officers are out for days, everybody else sits at a desk."""
    if roles and set(roles) == {Role.OFFICER}:
        return timedelta(days=IDLE_DAYS_OFFICER)
    return timedelta(hours=IDLE_HOURS_OTHERS)


def session_end(now: datetime) -> datetime:
    """The end of a session that begins now, which no renewal moves."""
    return now + timedelta(days=SESSION_DAYS)


def access_end(now: datetime, session_expires_at: datetime) -> datetime:
    return min(now + timedelta(seconds=ACCESS_SECONDS), session_expires_at)


def refresh_end(now: datetime, session_expires_at: datetime, roles: Collection[str]) -> datetime:
    return min(now + idle_time(roles), session_expires_at)


def forgets(now: datetime) -> datetime:
    """Tokens that were exchanged before this moment, and whose successor was used, are copies."""
    return now - timedelta(seconds=TOGETHER_SECONDS)


def judge(
    token: Exchanged | None, successor: Exchanged | None, now: datetime, *, has_arrived: bool
) -> Renewal:
    """What a refresh token that was sent means (contract section 3; RFC 9700 section 4.14.2).

    ``token`` None: it is signed by us, but its row is gone, so it is older than the last two generations.
    ``successor`` None: it has none, or that one's row is gone, which is to say used twice over.
    ``has_arrived``: an access token that was issued with the successor has been used.
    A session belongs to one device, so a retry within it comes from the same one.
    """
    if token is None:
        return Renewal.REUSE
    if token.used_at is None:
        return Renewal.ROTATE
    if successor is None:
        return Renewal.REUSE
    if token.used_at >= forgets(now):
        return Renewal.RETRY
    in_time = now - token.used_at <= timedelta(hours=RETRY_HOURS)
    return Renewal.RETRY if in_time and successor.used_at is None and not has_arrived else Renewal.REUSE
