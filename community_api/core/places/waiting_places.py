"""Waiting places: how many threads may wait for clients, of each kind and for each caller.

Nothing here blocks. Who finds no place is told so at once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from community_api.core.places.terms import Caller, Full, Kind, Limits

_NONE = (0,) * len(Kind)


@dataclass
class _Share:
    """What one caller holds: places by kind, and bytes of large bodies."""

    places: list[int] = field(default_factory=lambda: [*_NONE])
    bytes: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.bytes and not any(self.places)


class WaitingPlaces:
    """The waiting places of one process; safe for threads."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._all = _Share()
        self._each: dict[bytes, _Share] = {}

    def enter(self, kind: Kind, caller: Caller) -> None:
        """Take a place; raises Full."""
        with self._lock:
            share = self._each.get(caller.key) or _Share()
            self._refuse_full(kind, caller, share)
            self._each[caller.key] = share
            self._add(kind, share, 1)

    def change(self, old: Kind, new: Kind, caller: Caller) -> None:
        """Exchange a place for one of another kind; raises Full, and then the old one is still held."""
        with self._lock:
            share = self._each[caller.key]
            self._add(old, share, -1)
            try:
                # A body that has come in holds the place that it waited on.
                if (old, new) != (Kind.READING, Kind.HOLDING):
                    self._refuse_full(new, caller, share)
            except Full:
                self._add(old, share, 1)
                raise
            self._add(new, share, 1)

    def leave(self, kind: Kind, caller: Caller) -> None:
        """Give a place back; who holds nothing is forgotten."""
        with self._lock:
            share = self._each[caller.key]
            self._add(kind, share, -1)
            if share.is_empty:
                del self._each[caller.key]

    def add_bytes(self, amount: int, caller: Caller) -> None:
        """Take room for bytes of a large body; raises Full."""
        limits = self.limits
        with self._lock:
            share = self._each.get(caller.key) or _Share()
            room = limits.bytes - (0 if caller.signed else limits.signed_only_bytes)
            if self._all.bytes + amount > room or share.bytes + amount > limits.each_bytes:
                raise Full
            self._each[caller.key] = share
            self._all.bytes += amount
            share.bytes += amount

    def free_bytes(self, amount: int, caller: Caller) -> None:
        """Give room for bytes back."""
        if not amount:
            return
        with self._lock:
            share = self._each[caller.key]
            self._all.bytes -= amount
            share.bytes -= amount
            if share.is_empty:
                del self._each[caller.key]

    def in_use(self) -> dict[str, int]:
        """How many places of each kind are held at this moment."""
        with self._lock:
            return {kind.name.lower(): self._all.places[kind] for kind in Kind}

    def _refuse_full(self, kind: Kind, caller: Caller, share: _Share) -> None:
        is_body = kind is Kind.READING or kind is Kind.HOLDING
        is_full = self._has_no_body_place if is_body else self._has_no_other_place
        if is_full(kind, caller, share):
            raise Full

    def _has_no_body_place(self, kind: Kind, caller: Caller, share: _Share) -> bool:
        limits, reading, total = self.limits, share.places[Kind.READING], self._all.places
        room = limits.bodies - (0 if caller.signed else limits.signed_only)
        return (
            total[Kind.READING] + total[Kind.HOLDING] >= room
            or reading + share.places[Kind.HOLDING] >= limits.each_bodies
            or (kind is Kind.READING and reading >= limits.each_reading)
        )

    def _has_no_other_place(self, kind: Kind, _caller: Caller, share: _Share) -> bool:
        total = self._all.places
        most, each = self._limits_of(kind)
        others = total[Kind.PLAIN] + total[Kind.DOWNLOAD] + total[Kind.POLL]
        return others >= self.limits.without_body or total[kind] >= most or share.places[kind] >= each

    def _limits_of(self, kind: Kind) -> tuple[int, int]:
        limits = self.limits
        if kind is Kind.DOWNLOAD:
            return limits.downloads, limits.each_download
        if kind is Kind.POLL:
            return limits.polls, limits.each_poll
        return limits.without_body, limits.each_plain

    def _add(self, kind: Kind, share: _Share, number: int) -> None:
        self._all.places[kind] += number
        share.places[kind] += number
