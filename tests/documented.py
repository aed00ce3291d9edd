"""Every answer that a test gets has a status that the document declares for its operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import yaml
from flask import Flask, Response, request
from flask.testing import FlaskClient

from community_api.core.http import request_places
from community_api.core.http.docs_pages import DOCUMENT
from community_api.core.http.openapi import METHODS

# Of what is no call of the operation.
OF_NO_OPERATION = frozenset({405, 414, 431})
SEEN = "undocumented answers"


@cache
def declared() -> dict[tuple[str, str], frozenset[int]]:
    """The statuses of every operation, by method and address as Flask spells it."""
    document = yaml.load(DOCUMENT.read_bytes(), Loader=yaml.CSafeLoader)
    return {
        (method.upper(), address): frozenset(map(int, path[method]["responses"]))
        for address, path in document["paths"].items()
        for method in METHODS & path.keys()
    }


def watch(app: Flask) -> None:
    """Have the test clients of ``app`` fail on an answer that no client could expect; once for each."""
    if SEEN in app.extensions:
        return
    app.extensions[SEEN] = []
    app.test_client_class = DocumentedClient

    @app.after_request
    def look(response: Response) -> Response:
        # What the places refuse (no Host, a body cut off) is no call of any operation.
        if request.url_rule is not None and not request_places.is_turned_away():
            method = "GET" if request.method == "HEAD" else request.method
            address = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", request.url_rule.rule)
            expected = declared().get((method, address))
            if expected is not None and response.status_code not in expected | OF_NO_OPERATION:
                app.extensions[SEEN].append(f"{method} {address} answers {response.status_code}")
        return response


@contextmanager
def unwatched(app: Flask) -> Iterator[None]:
    """Let a test raise what no operation would, to see that it becomes an answer all the same."""
    kept, app.extensions[SEEN] = app.extensions[SEEN], _Nothing()
    yield
    app.extensions[SEEN] = kept


class _Nothing(list[str]):
    """Keeps nothing."""

    def append(self, answer: str) -> None:
        """Forget it."""


class DocumentedClient(FlaskClient):
    """A test client that holds the product to its document."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().open(*args, **kwargs)
        seen = self.application.extensions[SEEN]
        undocumented = seen.copy()
        seen.clear()
        assert not undocumented, undocumented
        return answer
