"""Replies, files, maps and disks that are not as they should be: nothing is lost, doubled or a traceback."""

from __future__ import annotations

import errno
import json
import os

import httpx
import pytest
from click.testing import CliRunner

from community_api.clients.importer.command import feed_group
from tests.unit.clients.fake_public import FakePublic
from tests.unit.clients.fake_server import problem
from tests.unit.clients.feeding import MAP, WHEN, feed, last_line, ledger, report, write

HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}
ANOTHER = "0b7c6f0e-7f5e-4c3a-9d64-3a5f8a2d1c11"
NOT_OURS = {
    "portal page": lambda: httpx.Response(200, text="<html>Accept our terms</html>", headers=HTML),
    "proxy's page as created": lambda: httpx.Response(201, text="<html>ok</html>", headers=HTML),
    "empty success": lambda: httpx.Response(200),
    "no content": lambda: httpx.Response(204),
    "accepted for later": lambda: httpx.Response(202, json={"id": ANOTHER}),
    "another service": lambda: httpx.Response(200, json={"ok": True}),
    "another id": lambda: httpx.Response(201, json={"id": ANOTHER, "reference": "X"}),
    "a list": lambda: httpx.Response(201, json=[{"id": ANOTHER}]),
    "null": lambda: httpx.Response(201, json=None),
    "truncated JSON": lambda: httpx.Response(201, text='{"id": "0b7c', headers=JSON),
    "deep JSON": lambda: httpx.Response(201, text="[" * 100_000, headers=JSON),
    "not UTF-8": lambda: httpx.Response(201, content=b'{"id": "\xff"}', headers=JSON),
    "moved": lambda: httpx.Response(302, headers={"Location": "http://portal.example/login"}),
    "moved for good": lambda: httpx.Response(308, headers={"Location": "https://127.0.0.1:9/"}),
    "not modified": lambda: httpx.Response(304),
    "refused by a proxy": lambda: httpx.Response(403, text="<html>Blocked</html>", headers=HTML),
    "not found by a proxy": lambda: httpx.Response(404, text="nothing here", headers=HTML),
    "too large for a proxy": lambda: httpx.Response(413, text="<html/>", headers=HTML),
    "refused by another service": lambda: httpx.Response(400, json={"error": "bad"}),
    "portal's network sign-in": lambda: httpx.Response(511, text="<html/>", headers=HTML),
}


def instead_of_rows(answer):
    return lambda request: answer() if request.url.path.endswith("/observations") else None


@pytest.mark.parametrize("name", NOT_OURS)
def test_an_answer_that_is_not_the_products_leaves_the_row_unknown(folder, server, name):
    server.before = instead_of_rows(NOT_OURS[name])
    result = feed(folder, server)
    assert (result.exit_code, last_line(result)) == (3, "0 accepted, 0 refused, 0 already sent")
    server.before = lambda _: None
    assert last_line(feed(folder, server)) == "7 accepted, 0 refused, 0 already sent"
    assert len(server.observations) == 7


@pytest.mark.parametrize("name", NOT_OURS)
def test_a_concern_is_accepted_only_in_the_public_shape(tmp_path, name):
    (tmp_path / "map.yaml").write_text(
        "map: 1\nfeed: concerns\nimported_from: a test\nfields:\n"
        '  category: other\n  text: {template: "From {imported_from}: {what}"}\n'
    )
    write(tmp_path, "one", "two", "three")
    public = FakePublic()
    words = ["concerns", str(tmp_path / "rows.csv"), "--map", str(tmp_path / "map.yaml")]
    group = feed_group({}, public.transport)
    public.before = lambda request: NOT_OURS[name]() if request.url.path.endswith("/concerns") else None
    result = CliRunner().invoke(group, words, catch_exceptions=False)
    assert (result.exit_code, last_line(result)) == (3, "0 accepted, 0 refused, 0 already sent")
    public.before = lambda _: None
    result = CliRunner().invoke(group, words, catch_exceptions=False)
    assert last_line(result) == "3 accepted, 0 refused, 0 already sent"
    assert len(public.concerns) == 3


def test_a_portal_in_the_midst_loses_no_row(folder, server):
    def portal(request):
        return NOT_OURS["portal page"]() if len(server.observations) >= 3 else None

    server.before = lambda request: portal(request) if "observations" in request.url.path else None
    result = feed(folder, server, "--parallel", "1")
    assert (result.exit_code, last_line(result)) == (3, "3 accepted, 0 refused, 0 already sent")
    server.before = lambda _: None
    assert last_line(feed(folder, server)) == "4 accepted, 0 refused, 3 already sent"
    assert len(server.observations) == 7


@pytest.mark.parametrize("status", [500, 501, 502, 504])
def test_a_failure_of_the_server_is_unknown_and_never_a_refusal(folder, server, status):
    server.refuse = lambda body: problem(status, "internal") if "thing 2" in body["facts"] else None
    result = feed(folder, server, "--parallel", "1")
    assert (result.exit_code, last_line(result)) == (3, "6 accepted, 0 refused, 0 already sent")
    assert "of 1 sent nobody knows the fate" in result.stderr
    server.refuse = lambda _: None
    assert last_line(feed(folder, server)) == "1 accepted, 0 refused, 6 already sent"


def test_a_body_that_cannot_be_unpacked_is_a_broken_line(folder, server, no_waiting):
    def broken(request):
        return httpx.Response(201, content=b"no gzip", headers=JSON | {"Content-Encoding": "gzip"})

    server.before = lambda request: broken(request) if "observations" in request.url.path else None
    result = feed(folder, server, "--parallel", "1")
    assert result.exit_code == 3
    assert "cannot be reached" in result.stderr


def test_a_lasting_401_says_signed_out(folder, server):
    server.refuse = lambda _: problem(401, "token_invalid")
    result = feed(folder, server, "--parallel", "1")
    assert result.exit_code == 3
    assert "officer1.lin-a is signed out" in result.stderr


def test_a_changed_column_that_nobody_reads_doubles_nothing(folder, server):
    feed(folder, server)
    path = folder / "rows.csv"
    path.write_text(path.read_text().replace("secret", "changed"))
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 7 already sent"
    path.write_text(path.read_text().replace("when,what,who", "when,what,more"))
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 7 already sent"


def test_a_map_that_reads_another_column_later_doubles_nothing(folder, server):
    feed(folder, server)
    (folder / "map.yaml").write_text(MAP.replace("{what}", "{what} {who}"))
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 7 already sent"


def test_a_declared_key_alone_tells_rows_apart(folder, server):
    (folder / "map.yaml").write_text(MAP.replace("fields:", "key: [who]\nfields:"))
    feed(folder, server)
    path = folder / "rows.csv"
    path.write_text(path.read_text().replace("thing", "other thing"))
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 7 already sent"


def test_a_key_that_the_file_lacks_sends_nothing(folder, server):
    (folder / "map.yaml").write_text(MAP.replace("fields:", "key: [number]\nfields:"))
    result = feed(folder, server)
    assert result.exit_code == 2
    assert "columns that the header lacks: 'number'" in result.stderr


def test_a_ledger_of_an_older_run_keeps_its_own_way_of_telling_rows_apart(folder, server):
    ledger(folder).write_text(
        json.dumps({"ledger": 1, "account": "officer1.lin-a", "salt": "00" * 32}) + "\n"
    )
    assert last_line(feed(folder, server)) == "7 accepted, 0 refused, 0 already sent"
    assert last_line(feed(folder, server)) == "0 accepted, 0 refused, 7 already sent"
    path = folder / "rows.csv"
    path.write_text(path.read_text().replace("secret 1", "changed"))
    assert last_line(feed(folder, server)) == "1 accepted, 0 refused, 6 already sent"


@pytest.mark.parametrize(
    "when",
    ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00", "0000-00-00", "2024-13-01T00:00:00Z", "\0"],
)
def test_a_time_beyond_the_calendar_is_refused_with_its_value(folder, server, when):
    (folder / "rows.csv").write_text(f"when,what\n{when},thing\n{WHEN},thing\n")
    result = feed(folder, server)
    assert (result.exit_code, last_line(result)) == (0, "1 accepted, 1 refused, 0 already sent")
    assert report(folder)[0]["value"] == when


@pytest.mark.parametrize("encoding", ["rot13", "zip", "base64", "hex", "bz2", "runes", '"\\0"'])
def test_what_is_no_encoding_of_text_is_a_mistake_of_the_map(folder, server, encoding):
    (folder / "map.yaml").write_text(MAP.replace("fields:", f"csv: {{encoding: {encoding}}}\nfields:"))
    result = feed(folder, server)
    assert result.exit_code == 2
    assert "map.yaml:4: " in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf-8-sig"])
def test_the_mark_at_the_beginning_is_no_part_of_the_first_column(folder, server, encoding):
    (folder / "map.yaml").write_text(MAP.replace("fields:", f"csv: {{encoding: {encoding}}}\nfields:"))
    path = folder / "rows.csv"
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert last_line(feed(folder, server)) == "7 accepted, 0 refused, 0 already sent"


@pytest.mark.parametrize(
    "content", [b"\x1f\x8b\x08\x00broken", b"\xff\xfe\x00", b"\x00" * 64, b"PK\x03\x04\xff"]
)
def test_a_file_that_is_no_text_is_said_in_a_sentence(folder, server, content):
    (folder / "rows.csv").write_bytes(content)
    result = feed(folder, server)
    assert result.exit_code == 2
    assert "rows.csv" in result.stderr


def test_cells_may_be_of_any_size(folder, server):
    (folder / "rows.csv").write_text(f"when,what,who\n{WHEN},thing,{'x' * 300_000}\n")
    assert last_line(feed(folder, server)) == "1 accepted, 0 refused, 0 already sent"


def test_deeply_nested_yaml_is_no_map(folder, server):
    (folder / "map.yaml").write_text("[" * 20_000)
    result = feed(folder, server)
    assert result.exit_code == 2
    assert "map.yaml:" in result.stderr


def test_a_folder_where_the_report_goes_is_said(folder, server):
    (folder / "rows.csv.refused.csv").mkdir()
    result = feed(folder, server)
    assert (result.exit_code, last_line(result)) == (3, "7 accepted, 0 refused, 0 already sent")
    assert "rows.csv.refused.csv cannot be written" in result.stderr
    with (folder / "rows.csv").open("a") as file:
        file.write("yesterday,thing,x\n")
    assert last_line(feed(folder, server)) == "0 accepted, 1 refused, 7 already sent"


def test_a_full_disk_stops_the_run_and_loses_nothing(folder, server, monkeypatch):
    real, written = os.write, []

    def full(handle, data):
        written.append(data)
        if len(written) > 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data[: len(data) // 2]) if len(written) == 10 else real(handle, data)

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        result = feed(folder, server)
    assert result.exit_code == 3
    assert "cannot be written: No space left on device" in result.stderr
    assert feed(folder, server).exit_code == 0
    assert len(server.observations) == 7


def test_refusals_are_counted_by_value(folder, server):
    (folder / "rows.csv").write_text("when,what\n" + "n/a,x\n" * 3 + "gone,x\n")
    result = feed(folder, server)
    why = "time_unreadable: column 'when' does not hold a time as 2024-05-01T14:30:00+02:00"
    assert f"3 rows, {why}: 'n/a' (line 2, {folder / 'map.yaml'}:5)" in result.stderr
    assert f"1 rows, {why}: 'gone' (line 5, {folder / 'map.yaml'}:5)" in result.stderr
    assert "gone" not in ledger(folder).read_text()


@pytest.mark.parametrize(
    "pattern", ["%H:%M", "%Y", "%d.%m.", "%Y-%m", "%m/%d", "%Q", "%Y-%m-%d %", "%d %d %m %Y"]
)
def test_a_format_without_year_month_and_day_is_a_mistake_of_the_map(folder, server, pattern):
    told = f'{{column: when, format: "{pattern}", zone: Europe/London}}'
    (folder / "map.yaml").write_text(MAP.replace("{column: when, format: rfc3339}", told))
    result = feed(folder, server, "--check")
    assert result.exit_code == 2
    assert "map.yaml:5: " in result.stderr


@pytest.mark.parametrize(
    "pattern", ["%Y-%m-%d", "%d.%m.%y", "%Y %j", "%d %B %Y %I %p", "%Y%m%dT%H%M%S", "%G-W%V-%u"]
)
def test_a_format_with_year_month_and_day_is_taken(folder, server, pattern):
    told = f'{{column: when, format: "{pattern}", zone: Europe/London}}'
    (folder / "map.yaml").write_text(MAP.replace("{column: when, format: rfc3339}", told))
    assert feed(folder, server, "--check").exit_code == 0
