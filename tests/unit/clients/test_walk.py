from __future__ import annotations

import io
import re
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from community_api.clients.demo_tour.command import walk_command
from community_api.clients.demo_tour.stage import WIDTH, Stage
from tests.unit.clients.fake_product import FakeProduct, ok
from tests.unit.clients.fake_server import PASSWORD, problem


@pytest.fixture
def product():
    return FakeProduct()


def walk(product, password=PASSWORD):
    command = walk_command({"COMMUNITY_DEMO_PASSWORD": password}, product.transport)
    return CliRunner().invoke(command, [], catch_exceptions=False)


def test_the_walk_plays_the_main_job_to_its_end(product):
    result = walk(product)
    assert result.exit_code == 0, result.output
    assert "As promised: 22 steps, 15 people" in result.stdout
    assert [r["state"] for r in product.rows["referrals"].values()] == ["closed"] * 3
    assert {o["state"] for o in product.rows["obligations"].values()} == {"met"}


def test_the_walk_can_be_repeated_on_the_same_server(product):
    assert [walk(product).exit_code for _ in range(3)] == [0, 0, 0]
    assert len(product.rows["observations"]) == 6


def test_everybody_signs_out(product):
    walk(product)
    assert product.sessions == set()


def test_the_narration_fits_the_page_and_is_plain_where_there_is_no_terminal(product):
    text = walk(product).stdout
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "\x1b" not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)


def test_the_narration_is_coloured_on_a_terminal():
    stream = io.StringIO()
    stream.isatty = lambda: True  # type: ignore[method-assign]
    Stage(stream).open("Title", "words")
    assert "\x1b[1mTitle\x1b[0m" in stream.getvalue()


def broken(condition, answer):
    """The product breaks one promise: where ``condition`` holds, it answers otherwise."""
    return lambda request, who, path: answer if condition(request, who, path) else None


CONSULTED = {"action": "export", "leaf_hash": "0123456789abcdef"}
SEEN = httpx.Response(200, json={"facts": "…"})
BROKEN_PROMISES = {
    "an analyst reads an observation": (
        lambda _, who, path: who == "analyst1.lin" and path.startswith("/observations/"),
        SEEN,
        "analyst1.lin asked GET /observations/",
    ),
    "a flag on identity is taken": (
        lambda r, _, path: path.endswith("/flags") and b"religion" in r.content,
        httpx.Response(201, json={"status": "awaiting_second_person"}),
        "should have had 422 protected_ground_only",
    ),
    "the writer approves their own text": (
        lambda r, who, _: who == "analyst1.lin" and b"approve_sanitised" in r.content,
        httpx.Response(201, json={}),
        "should have had 403 same_person",
    ),
    "a matter closes unanswered": (
        lambda r, _, path: path.endswith("/steps") and b'"close"' in r.content,
        httpx.Response(201, json={}),
        "should have had 409 feedback_owed",
    ),
    "the report tells its source": (
        lambda _, __, path: path.startswith("/intelligence-reports/"),
        httpx.Response(200, json={"text": "seen at the allotments by the old tannery"}),
        "the officer's own words is in it",
    ),
    "a report is closed unanswered": (
        lambda _, __, path: path.startswith("/observations/") and path.endswith("/closing"),
        httpx.Response(201, json={"report": {"status": "closed"}}),
        "should have had 409 feedback_owed",
    ),
    "a partner learns which reports there are": (
        lambda r, who, path: who == "partner.school" and path.startswith("/problems/") and r.method == "GET",
        httpx.Response(200, json={"reports": 2, "attached": [{"kind": "concern", "id": "c"}]}),
        "A partner should learn how many reports there are, not which.",
    ),
    "danger wakes nobody": (
        lambda _, who, path: who == "commander.lin" and path == "/emergencies",
        httpx.Response(200, json={"items": [], "next_cursor": None}),
        "commander.lin should find one new emergency",
    ),
    "the trail misses disclosures": (
        lambda _, __, path: path == "/audit/events",
        httpx.Response(200, json={"items": [CONSULTED], "next_cursor": None}),
        "should hold entries of alter, collect, consult, denied, disclose",
    ),
    "an answer lacks a field": (
        lambda _, __, path: path == "/duties",
        httpx.Response(200, json={"items": [{"kind": "to_assess"}], "next_cursor": None}),
        "an answer lacks 'subject'",
    ),
    "the server fails": (
        lambda _, __, path: path == "/indicators",
        problem(500, "internal_error"),
        "The server answered 500 internal_error: Because internal_error.",
    ),
}


@pytest.mark.parametrize("promise", BROKEN_PROMISES)
def test_a_broken_promise_ends_the_walk_with_a_sentence(product, promise):
    condition, answer, sentence = BROKEN_PROMISES[promise]
    product.instead = broken(condition, answer)
    result = walk(product)
    assert result.exit_code == 1
    assert result.stderr.startswith("\nNot as promised in step ")
    assert sentence in result.stderr


def test_a_hidden_report_must_look_like_no_report(product):
    def tell_them_apart(request, who, path):
        if who != "analyst1.lin" or not path.startswith("/observations/"):
            return None
        known = path.rsplit("/", 1)[-1] in product.rows["observations"]
        return problem(404, "not_found", detail="You may not see it." if known else "There is none.")

    product.instead = tell_them_apart
    assert "exactly as one that does not exist" in walk(product).stderr


def test_a_second_record_for_a_lost_reply_is_noticed(product):
    def no_replay(request, who, path):
        if request.method == "POST" and path == "/observations" and product.rows["observations"]:
            return ok({"reference": "LIN-A-2", "status": "received"}, 201)
        return None

    product.instead = no_replay
    assert "should have had 200" in walk(product).stderr


def test_without_a_server_a_newcomer_learns_what_to_do(no_waiting):
    def refuse(request):
        raise httpx.ConnectError("refused", request=request)

    command = walk_command({"COMMUNITY_DEMO_PASSWORD": "x"}, httpx.MockTransport(refuse))
    result = CliRunner().invoke(command, [])
    assert result.exit_code == 1
    assert "cannot be reached" in result.stderr
    assert "Start it by `make run` in another terminal." in result.stderr


def test_without_a_password_a_newcomer_learns_where_it_comes_from(product, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(walk_command({}, product.transport), [])
    assert result.exit_code == 1
    assert "var/demo-password is missing" in result.stderr
    Path("var").mkdir()
    Path("var/demo-password").write_text(PASSWORD)
    assert CliRunner().invoke(walk_command({}, product.transport), []).exit_code == 0
