from __future__ import annotations

import json
import stat
from collections import Counter

import pytest
from click.testing import CliRunner

from community_api.clients.importer.command import feed_group
from tests.unit.clients.fake_server import PASSWORD, FakeServer, problem
from tests.unit.clients.feeding import MAP, WHEN, feed, last_line, ledger, report, write


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
        (
            "9", "", "time_unreadable",
            "column 'when' does not hold a time as 2024-05-01T14:30:00+02:00", "",
        ),
        ("10", "", "row_columns", "the row has not as many cells as the header", ""),
    ]  # fmt: skip
    assert [(r["value"], r["map"].rpartition(":")[2]) for r in report(folder)] == [
        ("Imported from a test: thing 2", "8"), ("yesterday", "5"), ("", ""),
    ]  # fmt: skip
    # Free words of a row stand in the report, and nowhere else.
    assert "thing 2" not in result.stderr
    assert "thing 2" not in ledger(folder).read_text()
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
    assert server.observations == {}
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
