"""Everything that can go wrong before a use case answers in one shape: RFC 9457, in the caller's language."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy import exc
from werkzeug.test import TestResponse

from community_api.core.http import BASE
from community_api.core.uow import UnitOfWork
from tests.worlds import World

CANARY = "canary-7f3a"
REPORTS = f"{BASE}/observations"
JSON = "application/json"
KEYS = {"type", "code", "title", "detail", "status", "instance"}


def send(
    world: World, method: str, path: str, *, who: str | None = "officer1.lin-a", **told: Any
) -> TestResponse:
    headers = {"Authorization": f"Bearer {world.client(who).token()}"} if who else {}
    return world.http.open(path, method=method, headers={**headers, **told.pop("headers", {})}, **told)


def check(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The shape that every refusal has, and nothing of what was sent in it."""
    body: dict[str, Any] = json.loads(answer.data)
    assert (answer.status_code, body["code"]) == (status, code), body
    assert answer.mimetype == "application/problem+json"
    assert KEYS <= set(body) <= KEYS | {"errors"}
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"
    UUID(answer.headers["X-Request-Id"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    text = answer.get_data(as_text=True)
    assert CANARY not in text
    assert not any(word in text for word in ("Traceback", "SELECT", "sqlalchemy", "/work", ".py", "psycopg"))
    return body


BODIES = [
    ("no json", {"data": "{" + CANARY, "content_type": JSON}, 400, "malformed_json"),
    ("two objects", {"data": "{}{}", "content_type": JSON}, 400, "malformed_json"),
    ("duplicate key", {"data": '{"id":1,"id":2}', "content_type": JSON}, 400, "duplicate_key"),
    ("latin-1", {"data": b'{"facts":"\xe4"}', "content_type": JSON}, 400, "not_utf8"),
    ("NUL", {"data": '{"facts":"a\\u0000"}', "content_type": JSON}, 400, "nul_character"),
    ("lone surrogate", {"data": '{"facts":"\\ud800"}', "content_type": JSON}, 400, "lone_surrogate"),
    ("deep", {"data": '{"a":' * 30 + "1" + "}" * 30, "content_type": JSON}, 400, "too_deep"),
    ("long list", {"data": json.dumps({"a": [1] * 501}), "content_type": JSON}, 400, "array_too_long"),
    ("NaN", {"data": '{"a":NaN}', "content_type": JSON}, 400, "number_out_of_range"),
    ("plain text", {"data": CANARY, "content_type": "text/plain"}, 415, "unsupported_media_type"),
    ("no type", {"data": "{}"}, 415, "unsupported_media_type"),
    ("form", {"data": {"facts": CANARY}}, 415, "unsupported_media_type"),
    (
        "other charset",
        {"data": "{}", "content_type": f"{JSON}; charset=utf-16"},
        415,
        "unsupported_media_type",
    ),
    (
        "compressed",
        {"data": b"x", "content_type": JSON, "headers": {"Content-Encoding": "gzip"}},
        415,
        "unsupported_media_type",
    ),
    (
        "too large",
        {"data": '{"facts":"' + "x" * 1_048_576 + '"}', "content_type": JSON},
        413,
        "body_too_large",
    ),
    ("a list", {"data": "[]", "content_type": JSON}, 422, "validation_failed"),
    ("nothing", {}, 422, "validation_failed"),
    ("unknown field", {"json": {CANARY: 1}}, 422, "validation_failed"),
    ("wrong types", {"json": {"facts": 1, "occurred_at": CANARY, "place": []}}, 422, "validation_failed"),
]


@pytest.mark.parametrize(
    ("told", "status", "code"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES]
)
def test_what_cannot_be_read_is_refused_before_any_schema(
    shared_world: World, told: dict[str, Any], status: int, code: str
) -> None:
    answer = send(shared_world, "POST", REPORTS, **told)
    if code == "validation_failed" and "json" in told and CANARY in told["json"]:
        # The pointer names the field that was sent; only its place in the body is told.
        assert answer.status_code == 422
        return
    check(answer, status, code)


def test_plain_text_to_a_body_that_may_be_empty_is_no_success(shared_world: World) -> None:
    path = f"{BASE}/feedback/{uuid4()}/acknowledgement"
    check(
        send(shared_world, "POST", path, data="hello", content_type="text/plain"),
        415,
        "unsupported_media_type",
    )


ADDRESSES = [
    ("GET", f"{BASE}/nowhere-{CANARY}", 404, "not_found"),
    ("GET", f"{REPORTS}/{CANARY}", 404, "not_found"),
    ("GET", f"{REPORTS}/{uuid4()}", 404, "not_found"),
    ("DELETE", REPORTS, 405, "method_not_allowed"),
    ("OPTIONS", REPORTS, 405, "method_not_allowed"),
    ("GET", f"{REPORTS}?limit=0", 422, "validation_failed"),
    ("GET", f"{REPORTS}?limit=201", 422, "validation_failed"),
    ("GET", f"{REPORTS}?limit=ten", 422, "validation_failed"),
    ("GET", f"{REPORTS}?colour=red", 422, "validation_failed"),
    ("GET", f"{REPORTS}?limit=1&limit=2", 422, "validation_failed"),
    ("GET", f"{REPORTS}?since=2026-01-01T00:00:00", 422, "validation_failed"),
    ("GET", f"{REPORTS}?bbox=1,2,3", 422, "validation_failed"),
    ("GET", f"{BASE}/me?x=1", 422, "validation_failed"),
]


@pytest.mark.parametrize(("method", "path", "status", "code"), ADDRESSES)
def test_wrong_addresses_methods_and_parameters(
    shared_world: World, method: str, path: str, status: int, code: str
) -> None:
    answer = send(shared_world, method, path)
    check(answer, status, code)
    if status == 405:
        assert answer.headers["Allow"]


def test_a_cursor_that_was_changed_or_is_of_another_list_is_refused(shared_world: World) -> None:
    officer = shared_world.client("officer1.lin-a")
    for _ in range(3):
        officer.post("/observations", report())
    cursor = officer.get("/observations", query={"limit": 2})["next_cursor"]
    assert len(officer.get("/observations", query={"limit": 2, "cursor": cursor}).items) >= 1
    wrong = [cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB"), "", "x", "ä", cursor + "A"]
    queries = [{"cursor": one} for one in wrong] + [{"cursor": cursor, "category": "drugs"}]
    for query in queries:
        answer = officer.call("GET", "/observations", query=query)
        assert answer.code in {"cursor_invalid", "validation_failed"}, query
    assert shared_world.client("supervisor.lin-a").call(
        "GET", "/observations", query={"cursor": cursor}
    ).code == ("cursor_invalid")


def test_signing_in_is_asked_before_anything_is_read(shared_world: World) -> None:
    answer = send(shared_world, "POST", REPORTS, who=None, data="{", content_type="text/plain")
    check(answer, 401, "token_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_refusal_speaks_the_language_of_the_account_else_of_the_header(
    shared_world: World, language: str
) -> None:
    header = {"Accept-Language": f"{language}, fr;q=0.5"}
    answer = send(shared_world, "POST", REPORTS, who=None, headers=header)
    assert answer.headers["Content-Language"] == language
    shared_world.client("officer1.lin-a").call("GET", "/me")
    account = shared_world.client("officer1.lin-a").get("/me")["language"]
    assert (
        send(shared_world, "GET", f"{REPORTS}/{uuid4()}", headers=header).headers["Content-Language"]
        == account
    )


def test_two_identical_refusals_differ_in_their_number_alone(shared_world: World) -> None:
    path = f"{REPORTS}/{uuid4()}"
    first, second = (send(shared_world, "GET", path) for _ in range(2))
    one, other = json.loads(first.data), json.loads(second.data)
    assert one.pop("instance") != other.pop("instance")
    assert one == other
    assert {k: v for k, v in first.headers if k != "X-Request-Id"} == {
        k: v for k, v in second.headers if k != "X-Request-Id"
    }


FAULTS: list[tuple[str, Exception, int, str]] = [
    (
        "sqlite full",
        wrapped := exc.OperationalError("INSERT", {}, sqlite3.OperationalError()),
        503,
        "storage_full",
    ),
    ("postgres full", exc.OperationalError("INSERT", {}, pg.DiskFull()), 503, "storage_full"),
    ("driver full", pg.DiskFull(), 503, "storage_full"),
    ("gone", exc.OperationalError("SELECT", {}, psycopg.OperationalError()), 503, "database_unavailable"),
    ("driver gone", psycopg.OperationalError(), 503, "database_unavailable"),
    ("pool", exc.TimeoutError(), 503, "service_unavailable"),
    ("deadlock for ever", exc.OperationalError("UPDATE", {}, pg.DeadlockDetected()), 409, "conflict"),
    ("bug", ZeroDivisionError(CANARY), 500, "internal_error"),
    ("bad data", exc.DataError("INSERT", {}, pg.DataError(CANARY)), 500, "internal_error"),
]
wrapped.orig.sqlite_errorcode = sqlite3.SQLITE_FULL  # type: ignore[union-attr]


@contextmanager
def broken(uow: UnitOfWork, error: Exception, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every commit fails like this."""

    def fail(*_args: Any) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(uow, "_send", fail)
        yield


@pytest.mark.parametrize(
    ("error", "status", "code"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS]
)
def test_a_database_that_cannot_serve_is_said_so_and_nothing_is_acknowledged(
    shared_world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    told = report()
    with broken(shared_world.uow, error, monkeypatch):
        answer = send(shared_world, "POST", REPORTS, json=told)
    check(answer, status, code)
    if status == 503:
        assert int(answer.headers["Retry-After"]) > 0
    again = send(shared_world, "POST", REPORTS, json=told)
    assert (again.status_code, "Idempotent-Replay" in again.headers) == (201, False)


def report() -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "occurred_at": "2026-03-01T10:00:00+01:00",
        "purpose": "public_order",
        "category": "other",
        "facts": "A gate stood open.",
        "source_relation": "witnessed",
    }
