"""What is known of a caller without an account: nothing that could name them (promises, section 5.7).

One layer around the application takes addresses, forwarded headers, user agent, cookies and all else that
tells who or where somebody is out of a public request, before anything behind it can read them.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Response

from community_api.core.clock import Clock

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]
# A number under which requests of one address can be counted for ten minutes; afterwards nobody can tell.
BUCKET: Final = "community.bucket"
BUCKET_LASTS: Final = timedelta(minutes=10)
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
# Answers are filled up to a multiple of this, so that their length does not tell what is in them.
PADDED_TO: Final = 1024


class Buckets:
    """Addresses as numbers: keyed by a key that lives in memory for ten minutes and in this process only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._key = b""
        self._good_until: datetime | None = None

    def of(self, address: str) -> str:
        """The bucket of an address at this moment."""
        return hmac.digest(self._current(), address.encode(), hashlib.sha256)[:8].hex()

    def _current(self) -> bytes:
        now = self._clock.now()
        with self._lock:
            if self._good_until is None or not now < self._good_until <= now + BUCKET_LASTS:
                self._key, self._good_until = os.urandom(32), now + BUCKET_LASTS
            return self._key


class Nameless:
    """The layer itself: a public request goes on without anything that tells of its sender."""

    def __init__(self, application: WSGIApplication, prefix: str, clock: Clock) -> None:
        self._application = application
        self._prefix = prefix
        self._buckets = Buckets(clock)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if is_under(environ.get("PATH_INFO", ""), self._prefix):
            environ = self._stripped(environ)
        return self._application(environ, start_response)

    def _stripped(self, environ: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in environ.items() if _is_needed(name)}
        kept[BUCKET] = self._buckets.of(str(environ.get("REMOTE_ADDR", "")))
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
    return name in NEEDED or name in ABOUT_THE_REQUEST
