"""One request's way through the places of its process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from community_api.core.places.terms import Caller, Kind
from community_api.core.places.waiting_places import WaitingPlaces
from community_api.core.places.working_places import WorkingPlaces


@dataclass(frozen=True)
class Places:
    """All places of one process."""

    waiting: WaitingPlaces = field(default_factory=WaitingPlaces)
    working: WorkingPlaces = field(default_factory=WorkingPlaces)


class Visit:
    """The places that one request holds. ``rest`` and ``leave`` may be called again without harm."""

    def __init__(self, places: Places, caller: Caller, kind: Kind) -> None:
        """Take a waiting place; raises Full."""
        places.waiting.enter(kind, caller)
        self._places = places
        self._caller = caller
        self._kind: Kind | None = kind
        self._bytes = 0
        self._works = False

    @property
    def kind(self) -> Kind | None:
        """What the waiting place is for; None: it was given back."""
        return self._kind

    def change(self, kind: Kind) -> None:
        """Exchange the waiting place for one of another kind; raises Full, and then the old one is kept."""
        if self._kind is not None and self._kind is not kind:
            self._places.waiting.change(self._kind, kind, self._caller)
            self._kind = kind

    def add_bytes(self, amount: int) -> None:
        """Take room for bytes of a large body, until the request ends; raises Full."""
        self._places.waiting.add_bytes(amount, self._caller)
        self._bytes += amount

    def work(self) -> None:
        """Wait for a working place and take it."""
        if not self._works:
            self._places.working.take(self._caller.key)
            self._works = True

    def rest(self) -> None:
        """Give the working place back: what follows only waits, and asks nothing of the database."""
        if self._works:
            self._works = False
            self._places.working.give_back(self._caller.key)

    @contextmanager
    def polling(self) -> Iterator[None]:
        """Wait for news within, on one of the places for polls and without a working place; raises Full."""
        self.change(Kind.POLL)
        self.rest()
        try:
            yield
        finally:
            self.work()

    def leave(self) -> None:
        """Give everything back."""
        self.rest()
        self._places.waiting.free_bytes(self._bytes, self._caller)
        self._bytes = 0
        if self._kind is not None:
            self._places.waiting.leave(self._kind, self._caller)
            self._kind = None
