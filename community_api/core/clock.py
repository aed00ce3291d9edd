"""The one clock: nothing else in the product tells the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Wall-clock time, shifted by ``offset`` for trying deadlines in demo and test mode."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """The present moment, aware, in UTC, with microseconds."""
        return datetime.now(UTC) + self._offset


class FixedClock(Clock):
    """A clock that stands still until it is advanced, for tests and what must be reproducible."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        if at.tzinfo is None:
            raise ValueError("a clock tells aware times only")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> datetime:
        """Move on (or back, by a negative ``by``) and tell the new time."""
        self._at += by
        return self._at

    def set(self, at: datetime) -> None:
        """Jump to ``at``, an aware time."""
        self._at = at.astimezone(UTC)
