"""Waiting places: how many threads may wait for clients, of each kind and for each caller.

Nothing here blocks. Who finds no place is told so at once.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

from community_api.core.places.terms import Caller, Full, Kind, Limits

K = TypeVar("K", bound=Hashable)
_BODIES = frozenset({Kind.READING, Kind.HOLDING})


class WaitingPlaces:
    """The waiting places of one process; safe for threads."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._total: Counter[Kind] = Counter()
        self._each: Counter[tuple[Kind, bytes]] = Counter()
        self._bytes = 0
        self._bytes_each: Counter[bytes] = Counter()

    def enter(self, kind: Kind, caller: Caller) -> None:
        """Take a place; raises Full."""
        with self._lock:
            self._refuse_full(kind, caller)
            self._count(kind, caller, 1)

    def change(self, old: Kind, new: Kind, caller: Caller) -> None:
        """Exchange a place for one of another kind; raises Full, and then the old one is still held."""
        with self._lock:
            self._count(old, caller, -1)
            try:
                if (old, new) != (Kind.READING, Kind.HOLDING):
                    self._refuse_full(new, caller)
            except Full:
                self._count(old, caller, 1)
                raise
            self._count(new, caller, 1)

    def leave(self, kind: Kind, caller: Caller) -> None:
        """Give a place back."""
        with self._lock:
            self._count(kind, caller, -1)

    def add_bytes(self, amount: int, caller: Caller) -> None:
        """Take room for bytes of a large body; raises Full."""
        limits = self.limits
        with self._lock:
            room = limits.bytes - (0 if caller.signed else limits.signed_only_bytes)
            if self._bytes + amount > room or self._bytes_each[caller.key] + amount > limits.each_bytes:
                raise Full
            self._bytes += amount
            self._bytes_each[caller.key] += amount

    def free_bytes(self, amount: int, caller: Caller) -> None:
        """Give room for bytes back."""
        if not amount:
            return
        with self._lock:
            self._bytes -= amount
            _lower(self._bytes_each, caller.key, amount)

    def in_use(self) -> dict[str, int]:
        """How many places of each kind are held at this moment."""
        with self._lock:
            return {kind.value: self._total[kind] for kind in Kind}

    def _refuse_full(self, kind: Kind, caller: Caller) -> None:
        limits, total = self.limits, self._total
        if kind in _BODIES:
            room = limits.bodies - (0 if caller.signed else limits.signed_only)
            full = total[Kind.READING] + total[Kind.HOLDING] >= room or self._has_enough_bodies(kind, caller)
        else:
            others = total[Kind.PLAIN] + total[Kind.DOWNLOAD] + total[Kind.POLL]
            most, each = self._limits_of(kind)
            full = (
                others >= limits.without_body or total[kind] >= most or self._each[kind, caller.key] >= each
            )
        if full:
            raise Full

    def _has_enough_bodies(self, kind: Kind, caller: Caller) -> bool:
        reading = self._each[Kind.READING, caller.key]
        both = reading + self._each[Kind.HOLDING, caller.key]
        return both >= self.limits.each_bodies or (
            kind is Kind.READING and reading >= self.limits.each_reading
        )

    def _limits_of(self, kind: Kind) -> tuple[int, int]:
        limits = self.limits
        if kind is Kind.DOWNLOAD:
            return limits.downloads, limits.each_download
        if kind is Kind.POLL:
            return limits.polls, limits.each_poll
        return limits.without_body, limits.each_plain

    def _count(self, kind: Kind, caller: Caller, number: int) -> None:
        self._total[kind] += number
        if number > 0:
            self._each[kind, caller.key] += number
        else:
            _lower(self._each, (kind, caller.key), -number)


def _lower(counts: Counter[K], key: K, amount: int) -> None:
    """Count down; who holds nothing leaves no trace."""
    counts[key] -= amount
    if counts[key] <= 0:
        del counts[key]
