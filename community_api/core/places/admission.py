"""The WSGI layer around the application: who waits where, and who works (contract section 2).

A body is read in whole before its request takes a working place: a slow client keeps a thread, and nobody
waits for it.
The working place is given back before the pause of a refusal and before an answer that goes out in pieces.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import Any, Final

from community_api.core.errors import DomainError
from community_api.core.monitoring import metrics
from community_api.core.places import bodies, hosts
from community_api.core.places.callers import Callers
from community_api.core.places.terms import (
    BODY_SECONDS,
    BYTES_A_SECOND,
    REFUSAL,
    RETRY_SECONDS,
    VISIT,
    Full,
    Kind,
)
from community_api.core.places.visit import Places, Visit

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]
# Methods whose body somebody reads.
WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Admission:
    """The layer itself.

    ``most`` is how many bytes of a body are handed on. Requests for ``ungated`` paths need no working place,
    those for ``uncounted`` ones no place at all. ``clock`` gives seconds.
    """

    def __init__(
        self,
        application: WSGIApplication,
        callers: Callers,
        *,
        most: int,
        ungated: Collection[str] = (),
        uncounted: Collection[str] = (),
        places: Places | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.application = application
        self._callers = callers
        self._most = most
        self._ungated = frozenset(ungated)
        self._uncounted = frozenset(uncounted)
        self.places = places or Places()
        self._clock = clock

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not hosts.is_good(environ):
            return self._refuse(environ, start_response, DomainError("bad_request"))
        if environ.get("PATH_INFO") in self._uncounted:
            return _whole(self.application(environ, start_response))
        length = self._length(environ)
        kind = Kind.PLAIN if length == 0 else Kind.READING
        visit = self._enter(environ, kind)
        if visit is None:
            return self._refuse(environ, start_response, _busy(kind))
        try:
            return self._visited(environ, start_response, visit, length)
        finally:
            if visit.kind is not Kind.DOWNLOAD:
                visit.leave()

    def _length(self, environ: dict[str, Any]) -> int | None:
        """The length of the body to be read; what is too long stays unread, and is refused by its length."""
        length = bodies.declared_length(environ)
        if length != 0 and environ.get("REQUEST_METHOD") not in WITH_BODY:
            bodies.replace(environ, b"")
            return 0
        if length is not None and length >= self._most:
            environ["wsgi.input"] = io.BytesIO()
            environ["CONTENT_LENGTH"] = str(max(length, self._most + 1))
            return 0
        return length

    def _enter(self, environ: dict[str, Any], kind: Kind) -> Visit | None:
        """A waiting place; None if there is none."""
        try:
            return Visit(self.places, self._callers.of(environ), kind)
        except Full:
            return None

    def _visited(
        self, environ: dict[str, Any], start_response: Any, visit: Visit, length: int | None
    ) -> Iterable[bytes]:
        if length != 0:
            refusal = self._receive(environ, visit, length)
            if refusal is not None:
                return self._refuse(environ, start_response, refusal)
        environ[VISIT] = visit
        if environ.get("PATH_INFO") not in self._ungated:
            visit.work()
        answer = self.application(environ, start_response)
        return _Stream(answer, visit) if visit.kind is Kind.DOWNLOAD else _whole(answer)

    def _receive(self, environ: dict[str, Any], visit: Visit, length: int | None) -> DomainError | None:
        """Read the body; why it is refused, None if it has come in whole."""
        began = self._clock()
        try:
            body = bodies.read(environ["wsgi.input"], length, self._most, visit.add_bytes)
        except Full:
            return _busy(Kind.READING)
        except bodies.CutOff:
            return DomainError("request_timeout")
        # Chunks that are cut off at their deadline look as if they had ended.
        if length is None and self._clock() - began > BODY_SECONDS + len(body) / BYTES_A_SECOND:
            return DomainError("request_timeout")
        bodies.replace(environ, body)
        visit.change(Kind.HOLDING)
        return None

    def _refuse(self, environ: dict[str, Any], start_response: Any, refusal: DomainError) -> Iterable[bytes]:
        """Have the application say it, in the caller's language; it looks at nothing else of the request."""
        environ[REFUSAL] = refusal
        try:
            return _whole(self.application(environ, partial(_start_and_close, start_response)))
        finally:
            # Raised, it holds the frames that hold it: what came of the body would stay for the collector.
            refusal.__traceback__ = None


def _busy(kind: Kind) -> DomainError:
    """The refusal of a request for which there is no waiting place."""
    metrics.turned_away(kind.name.lower())
    return DomainError("service_unavailable", retry_after=RETRY_SECONDS)


def _start_and_close(
    start_response: Any, status: str, headers: list[tuple[str, str]], exc_info: Any = None
) -> Any:
    """Say that the connection ends: it does, because a body may be left that nobody has read."""
    return start_response(status, [*headers, ("Connection", "close")], exc_info)


class _Stream:
    """An answer that goes out in pieces: no working place, and its place for downloads until it is closed."""

    def __init__(self, answer: Iterable[bytes], visit: Visit) -> None:
        visit.rest()
        self._answer = answer
        self._visit = visit

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        try:
            _close(self._answer)
        finally:
            self._visit.leave()


def _whole(answer: Iterable[bytes]) -> list[bytes]:
    """All of an answer, so that nothing of ours is held while it goes out."""
    try:
        return [b"".join(answer)]
    finally:
        _close(answer)


def _close(answer: Any) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()
