"""Versions of single resources: entity tags, If-Match, If-None-Match, HEAD, and what may be stored."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import yaml
from sqlalchemy import select
from werkzeug.test import TestResponse

from community_api.audit.models import AuditEvent
from community_api.core.http.docs_pages import DOCUMENT
from community_api.core.http.views import BASE
from tests.api.forced_errors import check, send
from tests.api.matrix.things import ADMINISTRATOR, HERE, make_things
from tests.support.app import World
from tests.support.operations import operations
from tests.support.workflow import ANALYST, MANAGER, OFFICER, SUPERVISOR, Police, fields

OVERSEER = "overseer.oversight"
# What holds nothing that somebody told about somebody.
NO_CONTENT = ("/me", "/indicators", "/code-lists")
TAG = re.compile(r'"(?P<version>[1-9][0-9]*)\.[0-9a-z]+"')


@pytest.fixture(scope="module")
def police(shared_world: World) -> Police:
    return Police(shared_world)


@pytest.fixture(scope="module")
def single(police: Police) -> list[tuple[str, str, str]]:
    """One of every single resource that has a tag: who reads it, for what, and where."""
    things = make_things(police.world, HERE)
    flagged = police.observes()["id"]
    raised = police.raises_flag(flagged)["id"]
    referral = police.brings_to("sent", police.confirmed())
    told_report = police.reads_referral(referral, MANAGER)["report_id"]
    police.answers_everything(SUPERVISOR)
    police.world.work()
    message = police.inbox()[0]["id"]
    return [
        (OFFICER, "", f"/observations/{flagged}"),
        (SUPERVISOR, "triage", f"/observations/{flagged}"),
        (SUPERVISOR, "supervision", f"/flags/{raised}"),
        (ANALYST, "assessment", f"/referrals/{referral}"),
        (ANALYST, "assessment", f"/referrals/{referral}/actions"),
        (ANALYST, "assessment", f"/intelligence-reports/{told_report}"),
        (OFFICER, "", f"/feedback/{message}"),
        (SUPERVISOR, "triage", f"/concerns/{things['concern'].id}"),
        (OFFICER, "", f"/problems/{things['problem'].id}"),
        (OFFICER, "", f"/priorities/{things['priority'].id}"),
        (HERE.who("commander"), "emergency", f"/emergencies/{things['emergency'].id}"),
        (HERE.who("commander"), "emergency", f"/emergencies/stand-downs/{things['stand_down'].id}"),
        (HERE.who("safeguarding"), "safeguarding", f"/safeguarding-records/{things['record'].id}"),
        (MANAGER, "assessment", f"/disseminations/{things['giving'].id}"),
        (OVERSEER, "inspection", f"/bias-reviews/{things['bias_review'].id}"),
        (ADMINISTRATOR, "", f"/proposals/{things['proposal'].id}"),
        (OFFICER, "", "/me"),
        (OFFICER, "", "/indicators"),
        (OFFICER, "", "/code-lists/categories"),
    ]


def ask(world: World, who: str, purpose: str, path: str, method: str = "GET", **headers: str) -> TestResponse:
    """Read it, for a purpose where one is needed."""
    named = {"X-Purpose": purpose} if purpose else {}
    return send(world, method, BASE + path, who=who, headers={**named, **headers})


def consultations(world: World) -> int:
    with world.uow() as tx:
        return len(tx.all(select(AuditEvent.id).where(AuditEvent.action == "consult")))


def each(single: list[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    assert single
    return iter(single)


def is_content(path: str) -> bool:
    """Whether to read it is a consultation, which leaves a leaf."""
    return not path.startswith(NO_CONTENT)


def tagged_addresses() -> set[str]:
    """The addresses of the document whose GET answers with a tag, with a star for each name."""
    document = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return {
        re.sub(r"{[a-z_]+}", "*", path.removeprefix(BASE))
        for path, operations_there in document["paths"].items()
        if "ETag" in operations_there.get("get", {}).get("responses", {}).get("200", {}).get("headers", {})
    }


def test_each_address_of_the_document_that_has_a_tag_is_among_them(single: Any) -> None:
    tried = {re.sub(r"[0-9a-f-]{36}|(?<=code-lists/).*", "*", path) for _, _, path in each(single)}
    assert tried == tagged_addresses()


def test_every_single_resource_has_a_strong_tag(shared_world: World, single: Any) -> None:
    for who, purpose, path in each(single):
        first, second = (ask(shared_world, who, purpose, path) for _ in range(2))
        assert first.status_code == 200, (path, first.data)
        assert TAG.fullmatch(first.headers["ETag"]), path
        assert first.headers["Vary"] == "Authorization"
        assert (first.headers["ETag"], first.data) == (second.headers["ETag"], second.data), path
        told = json.loads(first.data)
        # A call is shown with those gathered under it, and its tag counts their changes as well.
        if "version" in told and "versions" not in path and path.count("/") == 2 and "emergenc" not in path:
            assert TAG.fullmatch(first.headers["ETag"])["version"] == str(told["version"]), path  # type: ignore[index]


def test_a_head_tells_what_a_get_would_without_its_body(shared_world: World, single: Any) -> None:
    for who, purpose, path in each(single):
        before = consultations(shared_world)
        shown = ask(shared_world, who, purpose, path)
        between = consultations(shared_world)
        head = ask(shared_world, who, purpose, path, "HEAD")
        assert consultations(shared_world) - between == between - before, "the leaf of a GET"
        assert (between - before > 0) == is_content(path), path
        assert head.data == b""
        assert visible(head) == visible(shown), path


def visible(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name not in {"X-Request-Id", "Content-Length"}}


@pytest.mark.parametrize(
    "written",
    ["{tag}", "W/{tag}", '"1.x", {tag}', '"1.x",W/{tag}', "*", " {tag} ", '{half}-gzip"', 'W/{half}--gzip"'],
)
def test_what_the_reader_has_already_is_not_sent_again(
    shared_world: World, single: Any, written: str
) -> None:
    for who, purpose, path in each(single):
        shown = ask(shared_world, who, purpose, path)
        header = {
            "If-None-Match": written.format(
                tag=shown.headers["ETag"], half=shown.headers["ETag"].removesuffix('"')
            )
        }
        before = consultations(shared_world)
        for method in ("GET", "HEAD"):
            again = ask(shared_world, who, purpose, path, method, **header)
            assert (again.status_code, again.data) == (304, b""), path
            assert again.headers["ETag"] == shown.headers["ETag"]
            assert again.headers["Vary"] == "Authorization"
            assert again.headers["Cache-Control"] == "no-store"
            assert "Content-Type" not in again.headers
        assert (consultations(shared_world) - before >= 2) == is_content(path), path


@pytest.mark.parametrize("written", ['"0.x"', "x", '"', "", '"1.x" "2.y"', "W/*", "null", '"1.ä"'])
def test_anything_else_is_no_reason_not_to_send(shared_world: World, single: Any, written: str) -> None:
    for who, purpose, path in each(single):
        answer = ask(shared_world, who, purpose, path, **{"If-None-Match": written})
        assert answer.status_code == 200, path


def test_nobody_learns_by_a_tag_that_something_is_there(shared_world: World, single: Any) -> None:
    records = [path for _, _, path in each(single) if path.count("/") > 1 and "code-lists" not in path]
    for path in records:
        for header in ({"If-None-Match": "*"}, {"If-Match": "*"}):
            answer = ask(shared_world, "officer1.hav-a", "", path, **header)
            assert answer.status_code in {403, 404}, path


def test_a_refusal_has_no_tag_and_is_never_304(shared_world: World) -> None:
    path = f"{BASE}/observations/{uuid4()}"
    check(shared_world, send(shared_world, "GET", path, headers={"If-None-Match": "*"}), 404, "not_found")


# --- If-Match --------------------------------------------------------------------------------------

WRONG = [
    ("", 428, "precondition_required"),
    ("*", 428, "precondition_required"),
    (" * ", 428, "precondition_required"),
    ("{stale}", 412, "precondition_failed"),
    ("W/{stale}", 412, "precondition_failed"),
    ("w/{tag}", 412, "precondition_failed"),
    ('{half}-x"', 412, "precondition_failed"),
    ("x{tag}", 412, "precondition_failed"),
    ("{tag}x", 412, "precondition_failed"),
    ("{bare}", 412, "precondition_failed"),
    ('"{version}"', 412, "precondition_failed"),
    ('"{version}."', 412, "precondition_failed"),
    ('"-{version}.x"', 412, "precondition_failed"),
    ('"99999999999999999999.x"', 412, "precondition_failed"),
    ("canary-7f3a", 412, "precondition_failed"),
    ('"{version}.canary-7f3a"', 412, "precondition_failed"),
    ("\xff\xfe", 412, "precondition_failed"),
]


def written(header: str, tag: str) -> str:
    version = tag.strip('"').partition(".")[0]
    stale = f'"{int(version) + 1}.abc"'
    return header.format(
        tag=tag, version=version, bare=tag.strip('"'), stale=stale, half=tag.removesuffix('"')
    )


@pytest.mark.parametrize(("header", "status", "code"), WRONG)
def test_a_change_names_the_version_that_it_changes(
    shared_world: World, header: str, status: int, code: str
) -> None:
    tag = ask(shared_world, OFFICER, "", "/me").headers["ETag"]
    headers = {"If-Match": written(header, tag)}
    answer = send(shared_world, "PATCH", f"{BASE}/me", json={"language": "de"}, headers=headers)
    check(shared_world, answer, status, code)


@pytest.mark.parametrize(("header", "status", "code"), WRONG)
def test_a_step_names_the_version_that_it_starts_from(
    police: Police, a_referral: str, header: str, status: int, code: str
) -> None:
    tag = police.tag_of(a_referral, ANALYST)
    body = {"action": "assess", "fields": fields(police.world, "assess")}
    headers = {"If-Match": written(header, tag)}
    path = f"{BASE}/referrals/{a_referral}/steps"
    answer = send(police.world, "POST", path, who=ANALYST, json=body, headers=headers)
    check(police.world, answer, status, code)


@pytest.fixture(scope="module")
def a_referral(police: Police) -> str:
    return police.confirmed()


@pytest.mark.parametrize("header", ["{tag}", '"999.x", {tag}', '"999.x",{tag} ', "\t{tag}"])
def test_one_tag_of_a_list_is_enough(world: World, header: str) -> None:
    client = world.client(OFFICER)
    tag = client.get("/me").etag
    changed = client.patch("/me", {"quiet_hours": None}, if_match=header.format(tag=tag))
    assert changed.etag != tag or changed.body == client.get("/me").body


def test_the_answer_to_a_change_has_the_tag_of_what_it_made(world: World) -> None:
    client = world.client(OFFICER)
    before = client.get("/me")
    changed = client.patch("/me", {"language": "en"}, if_match=before)
    assert changed.etag == client.get("/me").etag != before.etag
    assert client.patch("/me", {"language": "de"}, if_match=before, expect=412).code == "precondition_failed"
    client.patch("/me", {"language": "de"}, if_match=changed)


def test_the_tag_of_a_step_is_good_for_the_next(world: World) -> None:
    police = Police(world)
    referral = police.confirmed()
    first = police.takes_step(ANALYST, referral, "assess")
    second = police.takes_step(ANALYST, referral, "evaluate", if_match=first.etag)
    stale = police.takes_step(ANALYST, referral, "sanitise", if_match=first.etag, expect=412)
    assert stale.code == "precondition_failed"
    police.takes_step(ANALYST, referral, "sanitise", if_match=second.etag)


def test_a_tag_is_the_same_in_every_language(world: World) -> None:
    """Of records; lists of words have another view in each."""
    police = Police(world)
    report = police.observes()["id"]
    client = world.client(OFFICER)
    tags, words = [], []
    for language in ("en", "de"):
        client.patch("/me", {"language": language}, if_match=client.get("/me"))
        tags.append(client.get(f"/observations/{report}").etag)
        words.append(client.get("/code-lists/categories").etag)
    assert tags[0] == tags[1]
    assert words[0] != words[1]


# --- what may be stored, and what no answer carries ------------------------------------------------


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_nothing_but_what_is_the_same_for_all_may_be_stored(shared_world: World) -> None:
    static = {"/docs", "/openapi.json", "/problems", "/problems/<string:code>"}
    for one in operations(shared_world.app):
        address = one.address(code="not_found", name="categories")
        answer = send(shared_world, one.method, address, who=None if one.public else "commander.lin")
        stored = "public" in answer.headers["Cache-Control"]
        assert stored == (one.rule in static), one.name
        assert stored or answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_no_answer_sets_a_cookie_or_says_what_runs_here(shared_world: World) -> None:
    for one in operations(shared_world.app):
        for who in (None, OFFICER, "commander.lin"):
            if who and one.rule.endswith("/logout"):
                continue
            answer = send(shared_world, one.method, one.address(), who=who, headers={"Cookie": "session=x"})
            assert not {"Set-Cookie", "Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(
                answer.headers.keys()
            ), one.name
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_token_elsewhere_than_in_its_header_is_none(shared_world: World) -> None:
    token = shared_world.client(OFFICER).token()
    places: list[dict[str, Any]] = [
        {"headers": {"Cookie": f"access_token_cookie={token}"}},
        {"query_string": {"jwt": token}},
        {"query_string": {"access_token": token}},
        {"headers": {"X-Access-Token": token}},
    ]
    for place in places:
        answer = send(shared_world, "GET", f"{BASE}/me", who=None, **place)
        check(shared_world, answer, 401, "token_missing")
