"""No word of what answers: the engine names itself wherever an answer has no Server header."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]


def without_banner(application: WSGIApplication) -> WSGIApplication:
    """The application whose answers have an empty Server header."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, [*headers, ("Server", "")], exc_info)

        return application(environ, start)

    return answer
