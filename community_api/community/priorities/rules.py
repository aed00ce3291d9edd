"""What may be agreed for which month, purely."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from community_api.community.priorities.terms import MONTHS_AHEAD, MOST
from community_api.core.errors import DomainError, invalid


def check_month(month: str, today: date) -> None:
    """Raises ``validation_failed`` for a month that is over, or further ahead than anybody can agree on."""
    away = (int(month[:4]) - today.year) * 12 + int(month[5:]) - today.month
    if away < 0:
        raise invalid("/month", "in_the_past")
    if away > MONTHS_AHEAD:
        raise invalid("/month", "too_far_ahead")


def free_place(occupied: Collection[int]) -> int:
    """The first place that is free; raises DomainError ``priorities_full``."""
    for place in range(1, MOST + 1):
        if place not in occupied:
            return place
    raise DomainError("priorities_full", most=MOST)
