"""Back-off: when an item that failed is tried again. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from community_api.outbox.terms import ATTEMPTS, FIRST_REST, LONGEST_REST


def is_dead(attempts: int) -> bool:
    """Whether an item that failed ``attempts`` times is given up."""
    return attempts >= ATTEMPTS


def backoff(attempts: int, draw: Callable[[float, float], float]) -> timedelta:
    """How long an item rests after its ``attempts``-th failure: anything up to a bound that doubles.

    Full jitter: ``draw(0, bound)`` spreads items that failed together, so that they do not fail
    together again. Source: AWS Architecture Blog, "Exponential backoff and jitter".
    """
    doublings = min(max(attempts, 1) - 1, 30)
    bound = min(FIRST_REST * 2**doublings, LONGEST_REST)
    return timedelta(seconds=draw(0, bound.total_seconds()))
