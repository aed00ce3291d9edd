"""Working places: few requests work at once, in the order in which they came, and fairly.

No caller holds more than half of the places while others wait. While nobody else does, a caller may hold
more, but leaves one free: whoever comes next need not wait for them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from community_api.core.places.terms import WORKING


@dataclass(eq=False)
class _Turn:
    """Somebody who waits; ``came`` opens when the place is theirs."""

    key: bytes
    came: Any = field(default_factory=threading.Lock)


class WorkingPlaces:
    """The working places of one process; safe for threads."""

    def __init__(self, number: int = WORKING) -> None:
        self._half = max(1, number // 2)
        self._free = number
        self._lock = threading.Lock()
        self._held: dict[bytes, int] = {}
        self._queue: list[_Turn] = []
        # How many of each caller wait.
        self._waiting: dict[bytes, int] = {}

    def take(self, key: bytes) -> None:
        """Wait for a place and take it; ``key`` says whose it is."""
        with self._lock:
            if not self._queue and self._may_take(key, alone=True):
                self._give(key)
                return
            turn = _Turn(key)
            turn.came.acquire()
            self._queue.append(turn)
            self._waiting[key] = self._waiting.get(key, 0) + 1
            self._call_next()
        turn.came.acquire()

    def give_back(self, key: bytes) -> None:
        """Give a place back; the next in order who may have it gets it."""
        with self._lock:
            self._free += 1
            _lower(self._held, key)
            if self._queue:
                self._call_next()

    @property
    def held(self) -> int:
        """How many places are held."""
        with self._lock:
            return sum(self._held.values())

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        with self._lock:
            return len(self._queue)

    def _may_take(self, key: bytes, *, alone: bool) -> bool:
        """Whether a caller may have one of the free places; ``alone``: nobody else waits."""
        if self._held.get(key, 0) < self._half:
            return self._free > 0
        return alone and self._free > 1

    def _give(self, key: bytes) -> None:
        self._free -= 1
        self._held[key] = self._held.get(key, 0) + 1

    def _call_next(self) -> None:
        while self._free and self._queue and (turn := self._next()) is not None:
            self._queue.remove(turn)
            _lower(self._waiting, turn.key)
            self._give(turn.key)
            turn.came.release()

    def _next(self) -> _Turn | None:
        """The first in order who holds less than half; of a caller who waits alone, the first."""
        if len(self._waiting) == 1:
            turn = self._queue[0]
            return turn if self._may_take(turn.key, alone=True) else None
        return next((turn for turn in self._queue if self._may_take(turn.key, alone=False)), None)


def _lower(counts: dict[bytes, int], key: bytes) -> None:
    """Count one down; who has none is forgotten."""
    if counts[key] == 1:
        del counts[key]
    else:
        counts[key] -= 1
