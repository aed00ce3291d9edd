"""What cannot be read is refused before any schema sees it, by one parser, on every operation alike."""

from __future__ import annotations

import gzip
import io
import json
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from community_api.core.http.json_parser import MAX_BODY_BYTES, MAX_DEPTH, MAX_ITEMS, MAX_MEMBERS
from community_api.core.http.views import BASE
from tests.api.forced_errors import CANARY, JSON, REPORTS, check, send
from tests.support.app import World
from tests.support.operations import operations

CHUNKED = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}


def text(content: bytes | str, kind: str = JSON, **headers: str) -> dict[str, Any]:
    """A body with a length."""
    return {"data": content, "content_type": kind, "headers": headers}


def stream(content: bytes) -> dict[str, Any]:
    """A body in chunks: nobody says how long it is."""
    environ = {**CHUNKED, "CONTENT_TYPE": JSON}
    return {"input_stream": io.BytesIO(content), "environ_overrides": environ}


def cut_off(content: bytes, told_length: int) -> dict[str, Any]:
    """A body that ends before the length that was told."""
    environ = {"CONTENT_TYPE": JSON, "CONTENT_LENGTH": str(told_length)}
    return {"input_stream": io.BytesIO(content), "environ_overrides": environ}


def words(length: int) -> bytes:
    """A readable body of that many bytes."""
    frame = '{"facts":"' + CANARY + '"}'
    return frame.replace(CANARY, CANARY + "x" * (length - len(frame))).encode()


def nested(depth: int) -> str:
    return '{"a":' * (depth - 1) + "{}" + "}" * (depth - 1)


MALFORMED = (
    "{" + CANARY,
    f'{{"facts":"{CANARY}',
    f"{{'facts': '{CANARY}'}}",
    "{}{}",
    '{"facts":1,}',
    '{"facts":01}',
    "   ",
    "\ufeff{}",
    '{"facts":"\n"}',
    "/* hello */{}",
)
TOO_LARGE_NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9007199254740993", "9" * 5000)
OTHER_KINDS = (
    "text/plain",
    "text/plain; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/vnd.api+json",
    "application/problem+json",
    "text/json",
    "*/*",
    ";;;",
    f"{CANARY}/json",
    f"{JSON}; charset=utf-16",
    f"{JSON}; charset=iso-8859-1",
    f"{JSON}; charset={CANARY}",
)
CODINGS = ("gzip", "deflate", "br", "identity, gzip", CANARY)
Case = tuple[str, dict[str, Any], int, str]
UNREADABLE: list[Case] = [
    *(("malformed", text(body), 400, "malformed_json") for body in MALFORMED),
    *(("number", text(f'{{"a":{one}}}'), 400, "number_out_of_range") for one in TOO_LARGE_NUMBERS),
    *(("kind", text("{}", kind), 415, "unsupported_media_type") for kind in OTHER_KINDS),
    *(
        ("coding", text(b"{}", **{"Content-Encoding": coding}), 415, "unsupported_media_type")
        for coding in CODINGS
    ),
    ("no kind", {"data": CANARY}, 415, "unsupported_media_type"),
    ("a form", {"data": {"facts": CANARY}}, 415, "unsupported_media_type"),
    ("a kind without content", {"content_type": "text/plain"}, 415, "unsupported_media_type"),
    (
        "a bomb",
        text(gzip.compress(b" " * 50_000_000), **{"Content-Encoding": "gzip"}),
        415,
        "unsupported_media_type",
    ),
    ("compressed in secret", text(gzip.compress(b"{}")), 400, "not_utf8"),
    ("latin-1", text(b'{"facts":"\xe4"}'), 400, "not_utf8"),
    ("utf-16", text("{}".encode("utf-16")), 400, "not_utf8"),
    ("overlong", text(b'{"facts":"\xc0\x80"}'), 400, "not_utf8"),
    ("a surrogate in bytes", text(b'{"facts":"\xed\xa0\x80"}'), 400, "not_utf8"),
    ("a key twice", text(f'{{"id":"{CANARY}","id":2}}'), 400, "duplicate_key"),
    ("a key twice, spelled otherwise", text('{"id":1,"\\u0069d":2}'), 400, "duplicate_key"),
    ("a key twice inside", text('{"place":{"lat":1,"lat":2}}'), 400, "duplicate_key"),
    ("NUL", text('{"facts":"a\\u0000"}'), 400, "nul_character"),
    ("NUL in a name", text('{"a\\u0000":1}'), 400, "nul_character"),
    ("half a character", text('{"facts":"\\ud800"}'), 400, "lone_surrogate"),
    ("half a character in a name", text('{"\\udfff":1}'), 400, "lone_surrogate"),
    ("halves the wrong way round", text('{"facts":"\\udc00\\ud800"}'), 400, "lone_surrogate"),
    ("deep", text(nested(MAX_DEPTH + 1)), 400, "too_deep"),
    ("deeper than Python", text("[" * 200_000), 400, "too_deep"),
    ("a long list", text(json.dumps({"a": [1] * (MAX_ITEMS + 1)})), 400, "array_too_long"),
    (
        "a large object",
        text(json.dumps({str(n): n for n in range(MAX_MEMBERS + 1)})),
        400,
        "too_many_members",
    ),
    ("too large", text(words(MAX_BODY_BYTES + 1)), 413, "body_too_large"),
    ("much too large", text(words(4 * MAX_BODY_BYTES)), 413, "body_too_large"),
    ("too large in chunks", stream(words(MAX_BODY_BYTES + 1)), 413, "body_too_large"),
    ("much too large in chunks", stream(words(4 * MAX_BODY_BYTES)), 413, "body_too_large"),
    ("malformed in chunks", stream(b"{"), 400, "malformed_json"),
    ("broken off", cut_off(b'{"facts":', 500), 408, "request_timeout"),
    ("broken off where it is JSON", cut_off(b"{}", 500), 408, "request_timeout"),
]
READABLE: list[tuple[str, dict[str, Any]]] = [
    ("as large as may be", text(words(MAX_BODY_BYTES))),
    ("as large as may be, in chunks", stream(words(MAX_BODY_BYTES))),
    ("as deep as may be", text(nested(MAX_DEPTH))),
    ("as long as may be", text(json.dumps({"a": [1] * MAX_ITEMS}))),
    ("as many members as may be", text(json.dumps({str(n): n for n in range(MAX_MEMBERS)}))),
    ("a charset", text("{}", f"{JSON}; charset=UTF-8")),
    ("a quoted charset", text("{}", f'{JSON};charset="utf-8"')),
    ("capitals", text("{}", "Application/JSON")),
    ("identity", text("{}", **{"Content-Encoding": "Identity"})),
    ("both halves", text('{"facts":"\\ud83d\\ude00"}')),
    ("no object", text("[]")),
    ("a word", text(f'"{CANARY}"')),
    ("a number", text("1")),
    ("null", text("null")),
    ("true", text("true")),
    ("nothing", {}),
    ("an object in chunks", stream(b"{}")),
]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [case[1:] for case in UNREADABLE],
    ids=[f"{case[0]}-{number}" for number, case in enumerate(UNREADABLE)],
)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_cannot_be_read_is_refused_with_the_code_of_what_is_wrong(
    shared_world: World, body: dict[str, Any], status: int, code: str
) -> None:
    check(shared_world, send(shared_world, "POST", REPORTS, **body), status, code)


@pytest.mark.parametrize(("name", "body"), READABLE, ids=[case[0] for case in READABLE])
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_can_be_read_is_left_to_the_schema(shared_world: World, name: str, body: dict[str, Any]) -> None:
    check(shared_world, send(shared_world, "POST", REPORTS, **body), 422, "validation_failed")


EVERYWHERE: list[tuple[dict[str, Any], int, str]] = [
    (text(CANARY, "text/plain"), 415, "unsupported_media_type"),
    (text("{" + CANARY), 400, "malformed_json"),
    (text('{"id":1,"id":2}'), 400, "duplicate_key"),
    (text(words(MAX_BODY_BYTES + 1)), 413, "body_too_large"),
    (text(json.dumps({CANARY: CANARY})), 422, "validation_failed"),
    (text(f'"{CANARY}"'), 422, "validation_failed"),
]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_operation_reads_by_the_one_parser(shared_world: World) -> None:
    """Those to which everything is optional too, and those that take nothing at all."""
    writes = [one for one in operations(shared_world.app) if one.method != "GET"]
    assert len(writes) > 15
    for operation, (told, status, code) in product(writes, EVERYWHERE):
        who = "officer2.lin-a" if "/auth/" not in operation.rule else None
        if who is None and not operation.public:
            continue
        answer = send(shared_world, operation.method, operation.address(), who=who, **told)
        check(shared_world, answer, status, code)


def test_nothing_at_all_is_an_object_without_fields(shared_world: World) -> None:
    path = f"{BASE}/feedback/{uuid4()}/acknowledgement"
    for told in ({}, text("{}"), {"content_type": JSON}):
        check(shared_world, send(shared_world, "POST", path, **told), 404, "not_found")


def test_an_unknown_field_is_named_when_its_name_could_be_one_of_ours(shared_world: World) -> None:
    body = {"colour": 1, "place": {"lat": 1, "lon": 1, "height": 2, f"{CANARY} {CANARY}": 1}}
    told = check(shared_world, send(shared_world, "POST", REPORTS, json=body), 422, "validation_failed")
    unknown = [error["pointer"] for error in told["errors"] if error["code"] == "unknown_field"]
    assert sorted(unknown) == ["/colour", "/place", "/place/height"]


QUERIES = [
    ("unit=%ff", 400, "not_utf8"),
    ("unit=%ed%a0%80", 400, "not_utf8"),
    ("%ff=1", 400, "not_utf8"),
    ("unit=a%00", 400, "nul_character"),
    ("%00=1", 400, "nul_character"),
    (f"{CANARY}=1", 422, "validation_failed"),
    ("colour=red", 422, "validation_failed"),
    ("limit=1&limit=2", 422, "validation_failed"),
    ("limit=0", 422, "validation_failed"),
    ("limit=201", 422, "validation_failed"),
    ("limit=-1", 422, "validation_failed"),
    ("limit=ten", 422, "validation_failed"),
    ("limit=1.5", 422, "validation_failed"),
    ("limit=", 422, "validation_failed"),
    ("limit=%D9%A3", 422, "validation_failed"),
    ("limit=" + "9" * 400, 422, "validation_failed"),
    ("since=2026-01-01T00:00:00", 422, "validation_failed"),
    ("since=yesterday", 422, "validation_failed"),
    ("since=0001-01-01T00:00:00Z", 422, "validation_failed"),
    ("bbox=1,2,3", 422, "validation_failed"),
    ("bbox=nan,nan,nan,nan", 422, "validation_failed"),
    ("bbox=1,60,2,50", 422, "validation_failed"),
    (f"status={CANARY}", 422, "validation_failed"),
    ("status=", 422, "validation_failed"),
    ("unit=" + "x" * 41, 422, "validation_failed"),
    ("cursor=" + "x" * 601, 422, "validation_failed"),
]


@pytest.mark.parametrize(("query", "status", "code"), QUERIES)
def test_a_query_is_read_as_strictly_as_a_body(
    shared_world: World, query: str, status: int, code: str
) -> None:
    told = check(shared_world, send(shared_world, "GET", f"{REPORTS}?{query}"), status, code)
    pointers = {error["pointer"] for error in told.get("errors", [])}
    name = query.partition("=")[0]
    assert pointers <= ({""} if CANARY in name else {f"/{name}"})


@pytest.mark.parametrize("query", ["x=1", f"{CANARY}=", "limit=1"])
def test_where_no_parameter_is_taken_each_is_unknown(shared_world: World, query: str) -> None:
    for path in (f"{BASE}/me", f"{REPORTS}/{uuid4()}", "/openapi.json", "/health/live", "/problems"):
        told = check(shared_world, send(shared_world, "GET", f"{path}?{query}"), 422, "validation_failed")
        assert [error["code"] for error in told["errors"]] == ["unknown_parameter"]


@pytest.mark.parametrize(
    "made", ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]
)
def test_an_id_that_is_nobodys_is_refused(shared_world: World, made: str) -> None:
    answer = send(shared_world, "POST", f"{BASE}/observations", json={"id": made})
    assert ("/id", "reserved_id") in {(one["pointer"], one["code"]) for one in answer.get_json()["errors"]}
