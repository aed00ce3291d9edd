"""Browser apps of other origins: one layer around the application answers what browsers ask (CORS).

Without credentials: tokens travel in a header that the app sets itself, and there are no cookies. The layer
stands outside the one that takes a sender's headers away, so that public requests are answered as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]
ANY: Final = "*"
METHODS: Final = "GET, HEAD, POST, PATCH, PUT, DELETE"
# What clients send; more than these a browser app has no need for.
REQUEST_HEADERS: Final = (
    "Accept-Language, Authorization, Content-Type, If-Match, If-None-Match, X-Case, X-Device-Time, X-Purpose"
)
EXPOSED: Final = "Content-Language, ETag, Idempotent-Replay, Link, Location, Retry-After, X-Request-Id"
# For how many seconds a browser need not ask again; browsers cap it themselves.
PREFLIGHT_LASTS: Final = "7200"


class CrossOrigin:
    """Adds what browsers look for, for the origins that are allowed; answers preflight requests itself.

    ``origins`` are exact; ``*`` opens what is under ``public`` to every origin, and nothing else.
    """

    def __init__(self, application: WSGIApplication, public: str, origins: Collection[str]) -> None:
        self._application = application
        self._public = public
        self._origins = frozenset(origins)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        allowed = self._allowed(environ)
        headers = [("Vary", "Origin")]
        if allowed is not None:
            headers.append(("Access-Control-Allow-Origin", allowed))
        if allowed is not None and _is_preflight(environ):
            start_response("204 No Content", [*headers, *_PREFLIGHT])
            return []
        if allowed is not None:
            headers.append(("Access-Control-Expose-Headers", EXPOSED))

        def start(status: str, answered: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*answered, *headers], *rest)

        return self._application(environ, start)

    def _allowed(self, environ: dict[str, Any]) -> str | None:
        """The origin to name in the answer. None if it is not allowed, or no browser asks."""
        origin = environ.get("HTTP_ORIGIN")
        if origin in self._origins and origin != ANY:
            return str(origin)
        path = environ.get("PATH_INFO", "")
        is_public = path == self._public or path.startswith(f"{self._public}/")
        return ANY if origin and ANY in self._origins and is_public else None


_PREFLIGHT: Final = (
    ("Access-Control-Allow-Methods", METHODS),
    ("Access-Control-Allow-Headers", REQUEST_HEADERS),
    ("Access-Control-Max-Age", PREFLIGHT_LASTS),
    ("Cache-Control", "no-store"),
)


def _is_preflight(environ: dict[str, Any]) -> bool:
    return environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
