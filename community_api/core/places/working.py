"""Working places: few requests work at once, in the order in which they came, and fairly.

No caller holds more than half of the places while others wait. While nobody else does, a caller may hold
more, but leaves one free: whoever comes next need not wait for them.
"""

from __future__ import annotations

import threading
from collections import Counter
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
        self._held: Counter[bytes] = Counter()
        self._queue: list[_Turn] = []

    def take(self, key: bytes) -> None:
        """Wait for a place and take it; ``key`` says whose it is."""
        with self._lock:
            if not self._queue and self._may_take(key, alone=True):
                self._give(key)
                return
            turn = _Turn(key)
            turn.came.acquire()
            self._queue.append(turn)
            self._call_next()
        turn.came.acquire()

    def give_back(self, key: bytes) -> None:
        """Give a place back; the next in order who may have it gets it."""
        with self._lock:
            self._free += 1
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]
            if self._queue:
                self._call_next()

    @property
    def held(self) -> int:
        """How many places are held."""
        with self._lock:
            return self._held.total()

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        with self._lock:
            return len(self._queue)

    def _may_take(self, key: bytes, *, alone: bool) -> bool:
        """Whether a caller may have one of the free places; ``alone``: nobody else waits."""
        if self._held[key] < self._half:
            return self._free > 0
        return alone and self._free > 1

    def _give(self, key: bytes) -> None:
        self._free -= 1
        self._held[key] += 1

    def _call_next(self) -> None:
        while self._free and (turn := self._next()) is not None:
            self._queue.remove(turn)
            self._give(turn.key)
            turn.came.release()

    def _next(self) -> _Turn | None:
        """The first in order who holds less than half; else the first, when no other caller waits."""
        for turn in self._queue:
            if self._may_take(turn.key, alone=False):
                return turn
        keys = {turn.key for turn in self._queue}
        if len(keys) == 1 and self._may_take(self._queue[0].key, alone=True):
            return self._queue[0]
        return None
