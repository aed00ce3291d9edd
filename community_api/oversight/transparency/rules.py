"""For which times figures are published. Pure.

Only what is over is published, a calendar quarter at a time, so that nobody sees a single event arrive by
asking again. No sums are published beside their parts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

QUARTERS: Final = 4


def quarters_over(now: datetime) -> list[tuple[datetime, datetime]]:
    """The last quarters of the calendar (UTC) that are over, newest first: from when until before when."""
    end = datetime(now.year, (now.month - 1) // 3 * 3 + 1, 1, tzinfo=UTC)
    found = []
    for _ in range(QUARTERS):
        start = _three_months_before(end)
        found.append((start, end))
        end = start
    return found


def _three_months_before(moment: datetime) -> datetime:
    if moment.month > 3:
        return moment.replace(month=moment.month - 3)
    return moment.replace(year=moment.year - 1, month=moment.month + 9)
