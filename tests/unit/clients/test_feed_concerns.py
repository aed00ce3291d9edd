"""Concerns are fed as the public tells them: by codes that are on disk before they are on the wire."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from community_api.clients.importer.command import feed_group
from community_api.clients.importer.senders import is_whole
from tests.unit.clients.fake_public import FakePublic, new_code
from tests.unit.clients.fake_server import problem
from tests.unit.clients.feeding import MAP as OBSERVATIONS
from tests.unit.clients.feeding import last_line, ledger, report

MAP = """\
map: 1
feed: concerns
imported_from: a test
fields:
  category: other
  text: {template: "Imported from {imported_from}: {what}"}
  occurred_on: {column: when, format: "%Y-%m-%d"}
"""


@pytest.fixture
def server():
    return FakePublic()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    write(tmp_path, *(f"thing {n}" for n in range(7)))
    return tmp_path


def write(folder: Path, *things: str) -> None:
    rows = "".join(f"2024-09-0{number + 1},{thing},secret\n" for number, thing in enumerate(things))
    (folder / "rows.csv").write_text("when,what,who\n" + rows, encoding="utf-8")


def feed(folder: Path, server: FakePublic, *options: str) -> Result:
    words = ["concerns", str(folder / "rows.csv"), "--map", str(folder / "map.yaml"), *options]
    return CliRunner().invoke(feed_group({}, server.transport), words, catch_exceptions=False)


def entries(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in ledger(folder).read_text().splitlines()]


def test_every_row_is_told_once_and_a_second_run_adds_nothing(folder, server):
    first, second = feed(folder, server), feed(folder, server)
    assert (first.exit_code, last_line(first)) == (0, "7 accepted, 0 refused, 0 already sent")
    assert (second.exit_code, last_line(second)) == (0, "0 accepted, 0 refused, 7 already sent")
    assert len(server.concerns) == len(server.issued) == 7
    assert {body["occurred_on"] for body in server.concerns.values()} == {
        f"2024-09-0{n}" for n in range(1, 8)
    }


def test_equal_rows_stay_two(folder, server):
    (folder / "rows.csv").write_text("when,what\n" + "2024-09-01,same\n" * 3)
    assert last_line(feed(folder, server)) == "3 accepted, 0 refused, 0 already sent"
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 3 already sent"
    assert len(server.concerns) == 3


def test_nobody_signs_in_and_the_code_travels_in_bodies_only(folder, server):
    asked = []
    server.before = lambda request: asked.append(str(request.url))
    feed(folder, server)
    assert not any("authorization" in headers for headers in server.headers)
    assert not any(code in url for url in asked for code in server.issued)
    assert feed(folder, server, "--account", "officer1.lin-a").exit_code == 2


def test_codes_are_on_disk_before_the_first_is_sent(folder, server, monkeypatch):
    synced: set[str] = set()
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        synced.update(code for code in server.issued if code in ledger(folder).read_text())

    monkeypatch.setattr(os, "fsync", fsync)
    unsynced = []

    def look(request: httpx.Request) -> None:
        if request.url.path.endswith("/concerns"):
            code = json.loads(request.content)["code"]
            unsynced.extend({code} - synced)

    server.before = look
    assert last_line(feed(folder, server)) == "7 accepted, 0 refused, 0 already sent"
    assert unsynced == []
    assert len(synced) == 7


def test_the_ledger_is_for_its_owner_and_holds_the_codes_and_no_content(folder, server):
    feed(folder, server)
    assert stat.S_IMODE(ledger(folder).stat().st_mode) == 0o600
    assert "thing" not in ledger(folder).read_text()
    accepted = {entry["receipt"] for entry in entries(folder)[1:] if entry["state"] == "accepted"}
    assert accepted == server.concerns.keys()


def test_an_interruption_after_the_codes_are_on_disk_loses_no_row_and_doubles_none(folder, server):
    server.refuse = lambda body: problem(422, "validation_failed") if "thing 2" in body["text"] else None
    feed(folder, server, "--parallel", "1")
    whole = ledger(folder).read_bytes()
    lines = whole.splitlines(keepends=True)
    journaled = len(b"".join(lines[:8]))
    for cut in [*range(journaled, len(whole), 29), len(whole)]:
        ledger(folder).write_bytes(whole[:cut])
        accepted, refused, already = (int(w) for w in last_line(feed(folder, server)).split() if w.isdigit())
        assert accepted + already == 6
        assert refused == 1
        assert len(server.concerns) == 6
    assert len(server.issued) == 7


def test_codes_that_were_got_and_never_journaled_open_nothing(folder, server):
    """Killed between the receipts and the journal: others are got, and nothing was told by the first."""

    def die(request):
        if len(server.issued) == 7:
            raise KeyboardInterrupt

    server.after = die
    feed(folder, server, "--parallel", "1")
    assert server.concerns == {}
    server.after = lambda _: None
    assert last_line(feed(folder, server)) == "7 accepted, 0 refused, 0 already sent"


def test_a_lost_reply_is_sent_again_by_the_same_code(folder, server, no_waiting):
    lost = []

    def lose_some_replies(request):
        if request.url.path.endswith("/concerns") and len(lost) < 3:
            lost.append(request)
            raise httpx.ReadError("gone", request=request)

    server.after = lose_some_replies
    assert last_line(feed(folder, server, "--parallel", "1")) == "7 accepted, 0 refused, 0 already sent"
    assert len(lost) == 3
    assert len(server.concerns) == 7
    assert max(Counter(server.sent).values()) == 4


def test_a_row_on_its_way_is_known_again_when_the_map_changed_since(folder, server):
    feed(folder, server, "--parallel", "1")
    lines = ledger(folder).read_bytes().splitlines(keepends=True)
    ledger(folder).write_bytes(b"".join(lines[:-2]))
    (folder / "map.yaml").write_text(MAP.replace("Imported from", "Taken from"))
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 7 already sent"
    assert len(server.concerns) == 7


def test_refused_rows_are_tried_again_by_the_same_code(folder, server):
    server.refuse = lambda body: problem(422, "validation_failed") if "thing 2" in body["text"] else None
    assert last_line(feed(folder, server)) == "6 accepted, 1 refused, 0 already sent"
    assert [(row["line"], row["code"]) for row in report(folder)] == [("4", "validation_failed")]
    assert "receipt" not in report(folder)[0]
    server.refuse = lambda _: None
    assert last_line(feed(folder, server)) == "1 accepted, 0 refused, 6 already sent"
    assert len(server.issued) == 7


def test_a_code_that_the_server_does_not_know_is_replaced_in_the_next_run(folder, server):
    def forget_one(request):
        if request.url.path.endswith("/concerns") and len(server.issued) == 7 and not server.sent:
            server.issued.remove(json.loads(request.content)["code"])

    server.before = forget_one
    assert last_line(feed(folder, server, "--parallel", "1")) == "6 accepted, 1 refused, 0 already sent"
    assert [row["code"] for row in report(folder)] == ["receipt_unknown"]
    assert last_line(feed(folder, server)) == "1 accepted, 0 refused, 6 already sent"
    assert len(server.concerns) == 7


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda server: setattr(server, "challenge", {"bits": 20}), "asks for proof of work"),
        (
            lambda server: setattr(server, "make_code", lambda: "ABCD" * 7 + "ABCE"),
            "as a receipt code is none",
        ),
        (
            lambda server: setattr(server, "before", lambda _: problem(404, "not_found")),
            "gives no receipt codes: Because not_found.",
        ),
    ],
)
def test_a_server_without_usable_codes_is_told_nothing(folder, server, spoil, words):
    spoil(server)
    result = feed(folder, server)
    assert result.exit_code == 3
    assert words in result.stderr
    assert last_line(result) == "0 accepted, 0 refused, 0 already sent"
    assert server.concerns == {}


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_to_wait_is_given_the_time(folder, server, no_waiting, status):
    busy = iter([True, False, True])
    server.before = lambda _: problem(status, "busy", {"Retry-After": "7"}) if next(busy, False) else None
    assert last_line(feed(folder, server, "--parallel", "1")) == "7 accepted, 0 refused, 0 already sent"
    assert [round(wait) for wait in no_waiting] == [7, 7]


def test_another_server_than_the_ledgers_is_noticed(folder, server):
    feed(folder, server)
    result = feed(folder, FakePublic())
    assert result.exit_code == 3
    assert "rows that this server does not know" in result.stderr


def test_a_ledger_of_an_account_is_not_used_for_the_public(folder, server):
    (folder / "rows.csv.ledger.jsonl").write_text('{"ledger":1,"account":"officer1.lin-a","salt":"00"}\n')
    result = feed(folder, server)
    assert result.exit_code == 3
    assert "belongs to officer1.lin-a" in result.stderr


def test_a_map_for_something_else_sends_nothing(folder, server):
    (folder / "map.yaml").write_text(OBSERVATIONS)
    result = feed(folder, server)
    assert result.exit_code == 2
    assert "map.yaml:2: this map is for `flask feed observations`, not for concerns" in result.stderr
    assert server.issued == []


@pytest.mark.parametrize("times", range(20))
def test_one_wrong_letter_in_a_code_is_noticed(times):
    code = new_code()
    assert is_whole(code)
    place = times % 32
    other = next(letter for letter in "0Z" if letter != code[place])
    assert not is_whole(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "0" * 31, "U" * 32, "0" * 33])
def test_what_has_not_the_form_of_a_code_is_none(code):
    assert not is_whole(code)
