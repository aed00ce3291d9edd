"""What must hold for an observation, and what follows from times that devices tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from community_api.community.observations.terms import AFTER, Act, Status
from community_api.core.errors import DomainError, FieldError

# Without these a report is a report: what is wrong with them leaves them out.
OPTIONAL = frozenset({"recorded_at"})
# A device that says what time it has is corrected by it; this much remains for the way.
TOLERANCE = timedelta(minutes=5)
# A device that does not say may be this far ahead before an event counts as not yet happened.
TOLERANCE_UNKNOWN = timedelta(hours=1)
# A clock that is decades off is kept as that far off; more does not fit and would say no more.
FURTHEST_SKEW_S = 2_000_000_000


def follow(status: str, act: Act) -> Status:
    """The status after an act; raises DomainError with the reason for which it cannot be done now."""
    after = AFTER[Status(status)][act]
    if not isinstance(after, Status):
        raise DomainError(after)
    return after


def clock_skew(device_time: datetime | None, now: datetime) -> int | None:
    """How far the device's clock is ahead, in whole seconds; None when it did not say."""
    if device_time is None:
        return None
    skew_s = round((device_time - now).total_seconds())
    return max(-FURTHEST_SKEW_S, min(FURTHEST_SKEW_S, skew_s))


def problems_with(body: Mapping[str, Any], skew_s: int | None, now: datetime) -> Iterator[FieldError]:
    """Rules on content that a schema cannot know: nobody reports what has not happened yet.

    A clock that is behind makes no past event a future one: the time may be told by the officer's watch.
    """
    ahead = None if skew_s is None else timedelta(seconds=max(0, skew_s))
    allowed = now + TOLERANCE_UNKNOWN if ahead is None else now + ahead + TOLERANCE
    for name in ("occurred_at", "recorded_at"):
        if body.get(name) is not None and body[name] > allowed:
            yield FieldError(f"/{name}", "in_the_future")
