"""What must hold for an observation, and what follows from times that devices tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from community_api.core.errors import FieldError

# A device that says what time it has is corrected by it; this much remains for the way.
TOLERANCE = timedelta(minutes=5)
# A device that does not say may be this far ahead before an event counts as not yet happened.
TOLERANCE_UNKNOWN = timedelta(hours=1)


def clock_skew(device_time: datetime | None, now: datetime) -> int | None:
    """How far the device's clock is ahead, in whole seconds; None when it did not say."""
    return None if device_time is None else round((device_time - now).total_seconds())


def problems_with(told: Mapping[str, Any], skew_s: int | None, now: datetime) -> Iterator[FieldError]:
    """Rules on content that a schema cannot know: nobody reports what has not happened yet."""
    allowed = now + TOLERANCE_UNKNOWN if skew_s is None else now + timedelta(seconds=skew_s) + TOLERANCE
    for name in ("occurred_at", "recorded_at"):
        if told.get(name) is not None and told[name] > allowed:
            yield FieldError(f"/{name}", "in_the_future")
