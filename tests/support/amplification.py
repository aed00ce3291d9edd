"""Requests that would have an answer grow with what was sent, and what an answer may measure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from werkzeug.test import TestResponse

from community_api.core.errors import MAX_ERRORS
from community_api.core.http.views import BASE

# A hundred faults in words of the longest language, and the headers.
MOST_BYTES = 64_000
LONG_NAME = "a" * 39
SIZE = 880_000
JSON = {"content_type": "application/json"}


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Bodies of up to 880 kB, all of it unknown, by what is special about them."""
    yield "many keys", _body({f"k{number}": 0 for number in range(95_000)})
    yield "a thousand keys", _body({f"{LONG_NAME}{number}"[-40:]: 0 for number in range(1_000)})
    yield "one long key", _body({"k" * SIZE: 0})
    yield "a thousand long keys", _body({f"k{number}" + "k" * 850: 0 for number in range(1_000)})
    objects = [{f"k{number}": 0 for number in range(150)} for _ in range(500)]
    for name in ("place", "facts", "observations", "fields", "answers", "contact", "device", "body", "items"):
        yield f"lists of objects as {name}", _body({name: objects})
        yield f"one object as {name}", _body({name: {f"k{number}": 0 for number in range(1_000)}})
        yield f"a long word as {name}", _body({name: "x" * SIZE})
    yield "deep", _body(_deep(18))


def queries() -> Iterator[tuple[str, str]]:
    """Query strings of thousands of parameters, as long as the server takes them."""
    yield "many parameters", "&".join(f"p{number}=1" for number in range(6_000))
    yield "one many times", "&".join("limit=1" for _ in range(6_000))
    yield "one long name", "p" * 60_000 + "=1"
    yield "long values", "&".join(f"{name}={'9' * 20_000}" for name in ("cursor", "since", "bbox", "unit"))
    yield "escapes", "status=" + "%C3%A9" * 10_000


def headers() -> Iterator[tuple[str, dict[str, str]]]:
    """Header values that are long, or of many parts."""
    for name in (
        "Accept-Language",
        "If-Match",
        "If-None-Match",
        "X-Purpose",
        "X-Case",
        "X-Device-Time",
        "Accept",
    ):
        yield name, {name: ", ".join(f'"{number}.a"' for number in range(1_500))}
    yield "X-Request-Id", {"X-Request-Id": "x" * 12_000}
    yield "Authorization", {"Authorization": f"Bearer {'e' * 12_000}"}


def check_bounded(answer: TestResponse, *, plain: int = 0) -> None:
    """The whole answer, headers and all, stays within what answers may measure.

    ``plain``: bytes of the answer to the same without anything that would have it grow.
    """
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers)
    assert head < 4_000
    assert len(answer.data) + head < plain + MOST_BYTES
    if answer.mimetype == "application/problem+json":
        told = json.loads(answer.data)
        assert len(told.get("errors", [])) <= MAX_ERRORS
        assert all(len(one["pointer"]) <= 500 for one in told.get("errors", []))


def path_of(rule: str) -> str:
    """A path of this rule, of something that does not exist."""
    nothing = "00000000-0000-4000-8000-000000000000"
    parts = [
        nothing if "uuid:" in part else "x" if part.startswith("<") else part for part in rule.split("/")
    ]
    path = "/".join(parts)
    return path if path.startswith("/") else f"{BASE}/{path}"


def _body(value: Any) -> dict[str, Any]:
    return {"data": json.dumps(value, separators=(",", ":")), **JSON}


def _deep(levels: int) -> dict[str, Any]:
    return {LONG_NAME: _deep(levels - 1) if levels else {f"k{number}": 0 for number in range(1_000)}}
