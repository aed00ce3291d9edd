from __future__ import annotations

import csv
import json
import stat
from collections import Counter
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from community_api.clients.feed.command import feed_group
from tests.unit.clients.fake_server import PASSWORD, FakeServer, problem

MAP = """\
map: 1
feed: observations
imported_from: a test
fields:
  occurred_at: {column: when, format: rfc3339}
  purpose: crime_prevention
  category: other
  facts: {template: "Imported from {imported_from}: {what}"}
  source_relation: witnessed
"""
WHEN = "2024-09-01T10:00:00+00:00"


@pytest.fixture
def server():
    return FakeServer()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    write(tmp_path, *(f"thing {n}" for n in range(7)))
    return tmp_path


def write(folder: Path, *things: str) -> None:
    rows = "".join(f"{WHEN},{thing},secret {number}\n" for number, thing in enumerate(things))
    (folder / "rows.csv").write_text("when,what,who\n" + rows, encoding="utf-8")


def feed(folder: Path, server: FakeServer, *options: str, password: str = PASSWORD) -> Result:
    group = feed_group({"COMMUNITY_FEED_PASSWORD": password}, server.transport)
    words = ["observations", str(folder / "rows.csv"), "--map", str(folder / "map.yaml"), *options]
    return CliRunner().invoke(group, words, catch_exceptions=False)


def last_line(result: Result) -> str:
    return result.stdout.splitlines()[-1]


def report(folder: Path) -> list[dict[str, str]]:
    with (folder / "rows.csv.refused.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def ledger(folder: Path) -> Path:
    return folder / "rows.csv.ledger.jsonl"


def test_every_row_is_sent_once_and_a_second_run_adds_nothing(folder, server):
    first, second = feed(folder, server), feed(folder, server)
    assert (first.exit_code, last_line(first)) == (0, "7 accepted, 0 refused, 0 already sent")
    assert (second.exit_code, last_line(second)) == (0, "0 accepted, 0 refused, 7 already sent")
    assert len(server.observations) == 7
    assert Counter(server.sent).most_common(1)[0][1] == 1


def test_equal_rows_stay_two(folder, server):
    (folder / "rows.csv").write_text("when,what\n" + f"{WHEN},same\n" * 3)
    assert last_line(feed(folder, server)) == "3 accepted, 0 refused, 0 already sent"
    assert len(server.observations) == 3
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 3 already sent"


def test_a_limit_takes_the_first_rows_and_the_rest_follows_later(folder, server):
    assert last_line(feed(folder, server, "--limit", "3")) == "3 accepted, 0 refused, 0 already sent"
    assert last_line(feed(folder, server, "--limit", "3")) == "0 accepted, 0 refused, 3 already sent"
    assert last_line(feed(folder, server)) == "4 accepted, 0 refused, 3 already sent"


def test_refusals_are_reported_with_their_reasons_and_tried_again(folder, server):
    fault = [{"pointer": "/facts", "code": "too_long", "message": "too long"}]
    server.refuse = lambda body: (
        problem(422, "validation_failed", errors=fault) if "thing 2" in body["facts"] else None
    )
    with (folder / "rows.csv").open("a") as file:
        file.write("yesterday,thing 7,x\nonly one cell\n")
    result = feed(folder, server)
    assert (result.exit_code, last_line(result)) == (0, "6 accepted, 3 refused, 0 already sent")
    assert [(r["line"], r["status"], r["code"], r["reason"], r["fields"]) for r in report(folder)] == [
        ("4", "422", "validation_failed", "Because validation_failed.", "/facts: too long"),
        ("9", "", "time_unreadable", "column 'when' does not hold a time", ""),
        ("10", "", "row_columns", "the row has not as many cells as the header", ""),
    ]
    server.refuse = lambda _: None
    assert last_line(feed(folder, server)) == "1 accepted, 2 refused, 6 already sent"
    assert [r["line"] for r in report(folder)] == ["9", "10"]
    write(folder, *(f"thing {n}" for n in range(7)))
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 7 already sent"
    assert not (folder / "rows.csv.refused.csv").exists()


def test_ledger_and_report_are_for_the_owner_only_and_hold_no_content(folder, server):
    server.refuse = lambda body: problem(422, "validation_failed") if "thing 2" in body["facts"] else None
    feed(folder, server)
    for path in (ledger(folder), folder / "rows.csv.refused.csv"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "thing" not in path.read_text()
        assert "secret" not in path.read_text()


def test_columns_that_are_not_mapped_are_not_sent(folder, server):
    feed(folder, server)
    assert "secret" not in json.dumps(list(server.observations.values()))


def test_an_interruption_at_any_byte_loses_no_row_and_doubles_none(folder, server):
    server.refuse = lambda body: problem(422, "validation_failed") if "thing 2" in body["facts"] else None
    feed(folder, server, "--parallel", "1")
    whole = ledger(folder).read_bytes()
    header = whole.index(b"\n") + 1
    for cut in [*range(header, len(whole), 37), len(whole)]:
        ledger(folder).write_bytes(whole[:cut])
        result = feed(folder, server)
        accepted, refused, already = (int(w) for w in last_line(result).split() if w.isdigit())
        assert accepted + refused + already == 7
        assert refused == 1
        assert len(server.observations) == 6


def test_a_row_on_its_way_when_the_process_died_is_already_sent(folder, server):
    """Killed between the journal and the reply: the same id goes again and the server replays."""
    feed(folder, server, "--parallel", "1")
    lines = ledger(folder).read_bytes().splitlines(keepends=True)
    ledger(folder).write_bytes(b"".join(lines[:-2]))
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 7 already sent"
    assert len(server.observations) == 7


def test_a_row_on_its_way_is_known_again_when_the_map_changed_since(folder, server):
    feed(folder, server)
    lines = ledger(folder).read_bytes().splitlines(keepends=True)
    ledger(folder).write_bytes(b"".join(lines[:-2]))
    (folder / "map.yaml").write_text(MAP.replace("Imported from", "Taken from"))
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 7 already sent"
    assert len(server.observations) == 7


def test_a_lost_reply_is_sent_again_and_counts_as_accepted(folder, server, no_waiting):
    lost = []

    def lose_some_replies(request):
        if (
            request.url.path.endswith("/observations")
            and len(lost) < 3
            and len(server.observations) == len(lost) + 2
        ):
            lost.append(request)
            raise httpx.ReadError("gone", request=request)

    server.after = lose_some_replies
    result = feed(folder, server, "--parallel", "1")
    assert len(lost) == 3
    assert last_line(result) == "7 accepted, 0 refused, 0 already sent"
    assert len(server.observations) == 7


def test_when_the_network_is_lost_the_run_stops_and_goes_on_later(folder, server, no_waiting):
    def break_after_three(request):
        if len(server.observations) >= 3:
            raise httpx.ConnectError("no route", request=request)

    server.before = break_after_three
    result = feed(folder, server, "--parallel", "1")
    assert result.exit_code == 3
    assert "cannot be reached (tried 6 times: no connection)" in result.stderr
    assert "4 rows were not reached: the same command goes on" in result.stderr
    assert last_line(result) == "3 accepted, 0 refused, 0 already sent"
    server.before = lambda _: None
    assert last_line(feed(folder, server)) == "4 accepted, 0 refused, 3 already sent"


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_given_the_time_it_asks_for(folder, server, no_waiting, status):
    busy = iter([True, False, True])
    server.before = lambda request: (
        problem(status, "busy", {"Retry-After": "7"})
        if request.url.path.endswith("/observations") and next(busy, False)
        else None
    )
    assert last_line(feed(folder, server, "--parallel", "1")) == "7 accepted, 0 refused, 0 already sent"
    assert [round(wait) for wait in no_waiting] == [7, 7]


def test_a_server_that_asks_for_too_long_a_wait_stops_the_run(folder, server, no_waiting):
    server.before = lambda request: (
        problem(503, "database_down", {"Retry-After": "9999"})
        if request.url.path.endswith("/observations")
        else None
    )
    result = feed(folder, server)
    assert result.exit_code == 3
    assert "asks to come back in 9999 s" in result.stderr
    assert last_line(result) == "0 accepted, 0 refused, 0 already sent"


def test_tokens_are_renewed_when_they_expire(folder, server):
    expired = []

    def expire_once(_):
        if len(server.observations) == 4 and not expired:
            expired.append(True)
            server.expire_all_tokens()

    server.after = expire_once
    assert last_line(feed(folder, server, "--parallel", "1")) == "7 accepted, 0 refused, 0 already sent"
    assert (server.logins, server.refreshes) == (1, 1)


def test_tokens_are_renewed_before_they_expire(folder, server):
    server.lifetime = 0
    assert last_line(feed(folder, server, "--parallel", "1")) == "7 accepted, 0 refused, 0 already sent"
    assert server.logins == 1
    assert server.refreshes >= 7


def test_a_session_that_was_ended_is_begun_anew(folder, server):
    ended = []

    def end_the_session_once(request):
        if len(server.observations) == 4 and not ended:
            ended.append(True)
            server._good.clear()

    server.before = end_the_session_once
    assert last_line(feed(folder, server, "--parallel", "1")) == "7 accepted, 0 refused, 0 already sent"
    assert server.logins == 2


def test_a_wrong_password_is_said_clearly(folder, server):
    result = feed(folder, server, password="wrong")
    assert result.exit_code == 3
    assert (
        "officer1.lin-a cannot sign in at http://127.0.0.1:8000: Because login_refused. (401" in result.stderr
    )
    assert server.observations == {}


def test_an_account_that_may_not_report_stops_at_once(folder, server):
    server.refuse = lambda _: problem(403, "role_not_allowed")
    result = feed(folder, server, "--account", "analyst1.lin", "--parallel", "1")
    assert result.exit_code == 3
    assert "analyst1.lin may not send /observations" in result.stderr
    assert len(server.sent) == 1


def test_a_server_that_fails_on_every_row_stops_the_run(folder, server):
    server.refuse = lambda _: problem(500, "internal")
    result = feed(folder, server, "--parallel", "1")
    assert result.exit_code == 3
    assert "failed on 5 rows in succession" in result.stderr


def test_another_server_than_the_ledgers_is_noticed(folder, server):
    feed(folder, server)
    result = feed(folder, FakeServer())
    assert result.exit_code == 3
    assert "rows that this server does not know" in result.stderr


def test_a_ledger_belongs_to_one_account(folder, server):
    feed(folder, server)
    result = feed(folder, server, "--account", "officer2.lin-b")
    assert result.exit_code == 3
    assert "belongs to officer1.lin-a" in result.stderr


def test_a_damaged_ledger_is_refused_by_line(folder, server):
    feed(folder, server)
    lines = ledger(folder).read_bytes().splitlines(keepends=True)
    ledger(folder).write_bytes(lines[0] + b"garbage\n" + b"".join(lines[1:]))
    result = feed(folder, server)
    assert result.exit_code == 3
    assert f"{ledger(folder)}:2: the ledger is damaged" in result.stderr


def test_a_wrong_map_sends_nothing(folder, server):
    (folder / "map.yaml").write_text(MAP.replace("purpose", "porpoise"))
    result = feed(folder, server)
    assert result.exit_code == 2
    assert "map.yaml:6: 'porpoise' is not known here; did you mean 'purpose'?" in result.stderr
    assert server.logins == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"when,who\n", "columns that the header lacks: 'what'"),
        (b"when,what,what\n", "column 'what' stands in the header twice"),
        (b'when,what\n"2024,open quote\n', "is no CSV"),
        (b"when,what\n\xff,x\n", "is not utf-8-sig"),
        (b"", "columns that the header lacks"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_sends_nothing(folder, server, content, words):
    (folder / "rows.csv").write_bytes(content)
    result = feed(folder, server)
    assert result.exit_code == 2
    assert words in result.stderr
    assert server.logins == 0


def test_a_check_sends_nothing_and_shows_the_first_row(folder, server):
    result = feed(folder, server, "--check")
    assert result.exit_code == 0
    assert '"facts": "Imported from a test: thing 0"' in result.stdout
    assert last_line(result) == "7 rows can be sent, 0 are refused by the map; nothing was sent"
    assert server.logins == 0
    assert not ledger(folder).exists()


def test_there_is_no_progress_bar_where_there_is_no_terminal(folder, server):
    assert feed(folder, server).stderr == ""


def test_the_demo_password_serves_where_no_other_is_set(folder, server, monkeypatch):
    monkeypatch.chdir(folder)
    words = ["observations", "rows.csv", "--map", "map.yaml"]
    nothing = CliRunner().invoke(feed_group({}, server.transport), words)
    assert nothing.exit_code == 3
    assert (
        "COMMUNITY_FEED_PASSWORD is not set. No demo password: var/demo-password is missing" in nothing.stderr
    )
    (folder / "var").mkdir()
    (folder / "var/demo-password").write_text(PASSWORD + "\n")
    assert CliRunner().invoke(feed_group({}, server.transport), words).exit_code == 0


def test_plain_http_to_another_machine_is_warned_of(folder, server):
    result = feed(folder, server, "--url", "http://police.example")
    assert "readable on the way" in result.stderr
