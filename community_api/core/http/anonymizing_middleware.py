"""What is known of a caller without an account: nothing that could name them (P21).

One layer around the application takes addresses, forwarded headers, user agent, cookies and all else that
tells who or where somebody is out of a public request, before anything behind it can read them.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from flask import Response

from community_api.core.clock import Clock
from community_api.core.http.proxies import FORWARDED_PREFIX, Proxies
from community_api.core.places.terms import REFUSAL, VISIT

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]
# Under this name a request carries what counts it, by a number that tells nobody's address.
COUNT: Final = "community.count"
BUCKET_LASTS: Final = timedelta(minutes=10)
# So many addresses have counts of their own; further ones share one, so that no flood fills the memory.
MOST_BUCKETS: Final = 50_000
SHARED = "shared"
# The headers that answering takes. Whatever else a browser or a proxy says stays outside.
NEEDED: Final = frozenset(
    {
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_CONTENT_ENCODING",
        "HTTP_HOST",
        "HTTP_TRANSFER_ENCODING",
    }
)
ABOUT_THE_REQUEST: Final = frozenset(
    {
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "PATH_INFO",
        "QUERY_STRING",
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
    }
)
# What our own layers say of a request; nothing of it tells who asks.
OURS: Final = frozenset({REFUSAL, VISIT})
# Answers are filled up to a multiple of this, so that their length does not tell what is in them.
PADDED_TO: Final = 1024


class Tally(NamedTuple):
    """How often something was done in the time that is counted, and in how many seconds that begins anew."""

    number: int
    seconds: int


class Buckets:
    """Counts by address, under a key that lives in memory for ten minutes and in this process only.

    With the key the counts go, so that afterwards nobody can tell who called.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._key = b""
        self._good_until: datetime | None = None
        self._counts: dict[str, Counter[str]] = {}

    def of(self, address: str) -> str:
        """The bucket of an address at this moment."""
        with self._lock:
            self._renewed()
            return hmac.digest(self._key, address.encode(), hashlib.sha256)[:8].hex()

    def count(self, bucket: str, what: str) -> Tally:
        """Count that somebody of this bucket does something once more."""
        with self._lock:
            seconds = self._renewed()
            if bucket not in self._counts and len(self._counts) >= MOST_BUCKETS:
                bucket = SHARED
            counts = self._counts.setdefault(bucket, Counter())
            counts[what] += 1
            return Tally(counts[what], seconds)

    def _renewed(self) -> int:
        """Take another key when the last one has served its time; the seconds that this one has left."""
        now = self._clock.now()
        if self._good_until is None or not now < self._good_until <= now + BUCKET_LASTS:
            self._key, self._good_until = os.urandom(32), now + BUCKET_LASTS
            self._counts = {}
        return math.ceil((self._good_until - now).total_seconds())


class AnonymizingMiddleware:
    """The layer itself: a public request goes on without anything that tells of its sender.

    ``proxies`` are our own: they alone are believed about where a request comes from, and under which prefix
    the public finds us, which is all that remains of what they say (as `SCRIPT_NAME`).
    """

    def __init__(
        self, application: WSGIApplication, prefix: str, clock: Clock, proxies: Proxies | None = None
    ) -> None:
        self._application = application
        self._prefix = prefix
        self._proxies = proxies or Proxies()
        self._buckets = Buckets(clock)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if FORWARDED_PREFIX in environ:
            environ = {**environ, "SCRIPT_NAME": self._proxies.prefix_of(environ)}
        if is_under(environ.get("PATH_INFO", ""), self._prefix):
            environ = self._stripped(environ)
        return self._application(environ, start_response)

    def _stripped(self, environ: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in environ.items() if _is_needed(name)}
        network = self._proxies.network_of(environ)
        if network is not None:
            kept[COUNT] = partial(self._buckets.count, self._buckets.of(network))
        return kept


def is_under(path: str, prefix: str) -> bool:
    """Whether a path is ``prefix`` or lies below it."""
    return path == prefix or path.startswith(f"{prefix}/")


def pad(response: Response) -> Response:
    """Fill a JSON answer up with spaces, which JSON allows at its end."""
    if response.is_json:
        raw = response.get_data()
        response.set_data(raw + b" " * (-len(raw) % PADDED_TO))
    return response


def _is_needed(name: str) -> bool:
    if name.startswith("wsgi."):
        return True
    return name in NEEDED or name in ABOUT_THE_REQUEST or name in OURS
