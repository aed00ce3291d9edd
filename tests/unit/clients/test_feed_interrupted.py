from __future__ import annotations

import httpx
import pytest

from tests.unit.clients.fake_server import problem
from tests.unit.clients.feeding import MAP, feed, last_line, ledger


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
