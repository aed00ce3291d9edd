"""How much one address, and everybody together, may ask of the public side, and who is never held back.

Nothing of it is kept: counts live in memory, in each process its own, as long as the key of addresses lives
(``anonymizing_middleware``). Whoever tells of immediate danger is taken at once, however much came before.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import current_app, g, request

from community_api.core.clock import Clock
from community_api.core.errors import DomainError
from community_api.core.http import anonymizing_middleware, views
from community_api.core.http.anonymizing_middleware import Tally
from community_api.core.http.views import Blueprint

WINDOW: Final = timedelta(minutes=1)
EXTENSION: Final = "public_limits"


@dataclass(frozen=True)
class Limit:
    """``by_address``: in ten minutes; ``by_all``: of everybody in a minute, so that staff find room."""

    by_address: int
    by_all: int


# What is told by one address is bounded tightly, reading on hardly: a family shares a telephone, a library
# its computers, and somebody who waits for an answer looks often.
LIMITS: Final[Mapping[str, Limit]] = {
    "receipts": Limit(by_address=60, by_all=6_000),
    "concerns": Limit(by_address=20, by_all=3_000),
    "follow-ups": Limit(by_address=240, by_all=6_000),
    "messages": Limit(by_address=60, by_all=3_000),
    "disputes": Limit(by_address=20, by_all=3_000),
    "withdrawals": Limit(by_address=20, by_all=3_000),
    "permissions": Limit(by_address=20, by_all=3_000),
    "questionnaires": Limit(by_address=20, by_all=3_000),
}
# So large a part of everybody's minute is for senders with an address: all who have none (behind a proxy that
# was not named, or an onion service) may be a single source.
FOR_ADDRESSES: Final = 0.5
# What only reads what everybody may read.
READING: Final = Limit(by_address=600, by_all=12_000)


class Everybody:
    """Counts of everybody together, minute by minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until: datetime | None = None
        self._counts: Counter[str] = Counter()

    def count(self, what: str) -> Tally:
        """Count that somebody does something once more."""
        with self._lock:
            now = self._clock.now()
            if self._until is None or not now < self._until <= now + WINDOW:
                self._until, self._counts = now + WINDOW, Counter()
            self._counts[what] += 1
            return Tally(self._counts[what], math.ceil((self._until - now).total_seconds()))

    def wait(self, what: str, limit: Limit, *, has_address: bool) -> int:
        """The seconds to wait; 0 for a request that has its place in this minute."""
        if not has_address:
            without = self.count(f"{what} without address")
            if without.number > limit.by_all * (1 - FOR_ADDRESSES):
                return without.seconds
        together = self.count(what)
        return together.seconds if together.number > limit.by_all else 0


def install(blp: Blueprint) -> None:
    """Bound what is asked of a feature's routes; each of them may then answer 429."""
    blp.before_request(heed)
    blp.refused_everywhere = frozenset({429})


def heed() -> None:
    """Count this request; raises DomainError ``public_too_many`` with the seconds to wait."""
    what = request.path.removeprefix(f"{views.PUBLIC}/")
    limit = LIMITS.get(what, READING)
    if what not in LIMITS:
        what = "reading"
    seconds = _wait(what, limit, request.environ.get(anonymizing_middleware.COUNT))
    if seconds and not _tells_of_danger(what, g.get("body")):
        raise DomainError("public_too_many", retry_after=seconds)


def _wait(what: str, limit: Limit, by_address: Callable[[str], Tally] | None) -> int:
    """What an address asks beyond its own limit takes nothing from everybody's minute."""
    if by_address is not None:
        tally = by_address(what)
        if tally.number > limit.by_address:
            return tally.seconds
    return _everybody().wait(what, limit, has_address=by_address is not None)


def _tells_of_danger(what: str, body: Any) -> bool:
    return what == "concerns" and isinstance(body, dict) and body.get("immediate_danger") is True


def _everybody() -> Everybody:
    """Those of this application; made when it is first asked."""
    known = current_app.extensions.get(EXTENSION)
    if known is None:
        known = current_app.extensions.setdefault(EXTENSION, Everybody(views.uow().clock))
    found: Everybody = known
    return found
