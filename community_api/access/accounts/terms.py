"""Words of accounts."""

from __future__ import annotations

from enum import StrEnum


class AccountState(StrEnum):
    """Whether its person can sign in."""

    ACTIVE = "active"
    AWAITING_PASSWORD = "awaiting_password"  # noqa: S105 - a state, not a password
    CLOSED = "closed"
