"""A reporter allows or forbids, by code, that what they told is passed on; and changes their mind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from community_api.community.concerns.models import Concern
from community_api.core.database.unit_of_work import Transaction

_WHEN_FORBIDDEN: list[Callable[[Transaction, UUID], None]] = []


def also(follow: Callable[[Transaction, UUID], None]) -> None:
    """Let a feature that stands above this one take back what waits on a concern; composition tells."""
    if follow not in _WHEN_FORBIDDEN:
        _WHEN_FORBIDDEN.append(follow)


def consequences(tx: Transaction, row: Concern, *, pass_on: bool) -> dict[str, Any]:
    """What follows for the concern; what waits to be passed on is taken back, what was passed on is not."""
    if not pass_on:
        for follow in _WHEN_FORBIDDEN:
            follow(tx, row.id)
    return {"do_not_pass_on": not pass_on}
