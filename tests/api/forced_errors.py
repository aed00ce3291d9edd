"""How refusals are judged: sending raw requests, and the one shape that every answer of a fault has."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID, uuid4

from werkzeug.test import TestResponse

from community_api.core.http.views import BASE
from tests.support.app import World

OFFICER = "officer1.lin-a"
REPORTS = f"{BASE}/observations"
JSON = "application/json"
# Stands in everything that tests submit and must never come back.
CANARY = "canary-7f3a"
KEYS = {"type", "code", "title", "detail", "status", "instance"}
FIELD_KEYS = {"pointer", "code", "message"}
# Words of the inside: stacks, queries, paths, versions, and placeholders that nobody filled.
INSIDE = re.compile(
    r"Traceback|SELECT|INSERT|UPDATE |sqlalchemy|sqlite|psycopg|werkzeug|marshmallow|granian|flask"
    r"|\.py\b|/work|/usr|/home|/var|\bline \d|\d+\.\d+\.\d+|\{\w*\}|Error\b|Exception",
)
# What a refusal may say beyond the shape, by its code.
NAMED = {"training_required": {"asked"}}


def send(world: World, method: str, path: str, *, who: str | None = OFFICER, **values: Any) -> TestResponse:
    """One request as it stands; ``who`` None: without a token. ``values`` as of werkzeug's client."""
    headers = {"Authorization": f"Bearer {world.client(who).token()}"} if who else {}
    return world.http.open(path, method=method, headers={**headers, **values.pop("headers", {})}, **values)


def check(
    world: World, answer: TestResponse, status: int, code: str, *, language: str | None = None
) -> dict[str, Any]:
    """The body, once it has the shape of every refusal and the words of ``code``, and nothing besides."""
    body: dict[str, Any] = json.loads(answer.data)
    assert (answer.status_code, body["code"]) == (status, code), body
    assert answer.mimetype == "application/problem+json"
    assert set(body) - NAMED.get(code, set()) - {"errors"} == KEYS
    assert ("errors" in body) == (code == "validation_failed" or bool(body.get("errors")))
    assert (body["type"], body["status"]) == (f"/problems/{code}", status)
    assert body["instance"] == f"urn:uuid:{UUID(answer.headers['X-Request-Id'])}"
    _check_words(world, answer, body, language)
    _check_headers(answer)
    return body


def check_nothing_told(answer: TestResponse) -> None:
    """Nothing of what was submitted, and nothing of the inside."""
    told = answer.get_data(as_text=True)
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    assert CANARY not in told + headers
    assert INSIDE.search(told) is None, told
    assert not {"Server", "X-Powered-By", "Set-Cookie"} & set(answer.headers.keys())


def without_number(answer: TestResponse) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
    """Status, body and headers but for the request's own number: what identical refusals share."""
    body = json.loads(answer.data)
    body.pop("instance")
    headers = [(name, value) for name, value in answer.headers if name != "X-Request-Id"]
    return answer.status_code, body, headers


def report(**changes: Any) -> dict[str, Any]:
    """The body of an observation under an id of its own."""
    told = {
        "id": str(uuid4()),
        "occurred_at": "2026-03-01T10:00:00+01:00",
        "purpose": "public_order",
        "category": "other",
        "facts": "A gate stood open.",
        "source_relation": "witnessed",
    }
    return {**told, **changes}


def _check_words(world: World, answer: TestResponse, body: dict[str, Any], language: str | None) -> None:
    services = world.app.extensions["community"]
    spoken = answer.headers["Content-Language"]
    assert language in {None, spoken}
    declared = services.problems.problems[body["code"]]
    assert declared.status == body["status"]
    assert body["title"] == services.words.translate(declared.title, spoken)
    for error in body.get("errors", []):
        assert set(error) == FIELD_KEYS
        assert error["code"] in services.problems.fields
        assert error["message"]
    check_nothing_told(answer)


def _check_headers(answer: TestResponse) -> None:
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "ETag" not in answer.headers
    assert ("WWW-Authenticate" in answer.headers) == (answer.status_code == 401)
    assert answer.status_code not in {429, 503} or int(answer.headers["Retry-After"]) > 0
    assert (answer.status_code == 405) == ("Allow" in answer.headers)
