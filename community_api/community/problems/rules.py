"""How reports on a problem have gone, purely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from community_api.community.problems.terms import TREND_OVER, Trend


@dataclass(frozen=True)
class Course:
    """Reports of the last weeks, of as many weeks before, and of all time."""

    lately: int
    before: int
    reports: int

    @property
    def trend(self) -> Trend:
        """NONE: nothing was told in all these weeks."""
        if not self.lately and not self.before:
            return Trend.NONE
        if self.lately == self.before:
            return Trend.STEADY
        return Trend.RISING if self.lately > self.before else Trend.FALLING


def course(received: Iterable[datetime], now: datetime) -> Course:
    """Count reports by when they were received."""
    known = list(received)
    lately = sum(now - TREND_OVER < one <= now for one in known)
    before = sum(now - 2 * TREND_OVER < one <= now - TREND_OVER for one in known)
    return Course(lately, before, len(known))


def age_days(opened_at: datetime, ended_at: datetime | None, now: datetime) -> int:
    """How many whole days a problem has been open, or was until it was closed (None: it is open)."""
    return max(0, ((ended_at or now) - opened_at).days)
