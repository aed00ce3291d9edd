"""A check sends no row, and asks the server which codes it takes; refusals are said in one language."""

from __future__ import annotations

import httpx
from click.testing import CliRunner

from community_api.clients.importer.command import feed_group
from tests.unit.clients.fake_public import FakePublic
from tests.unit.clients.fake_server import FakeServer, problem
from tests.unit.clients.feeding import MAP, WHEN, feed, last_line, report

CHOICE = """{choose: what
    , table: {thing 0: drugs,
              thing 1: weapns}
    , default: otter}"""
TOLD = """\
map: 1
feed: concerns
imported_from: a test
fields:
  category: trafic
  text: {template: "Imported from {imported_from}: {what}"}
  area: {column: where}
"""


def no_server(request):
    raise httpx.ConnectError("nobody there", request=request)


def run_feed(folder, server, *options):
    (folder / "map.yaml").write_text(TOLD, encoding="utf-8")
    words = ["concerns", str(folder / "rows.csv"), "--map", str(folder / "map.yaml"), *options]
    return CliRunner().invoke(feed_group({}, server.transport), words, catch_exceptions=False)


def test_codes_of_the_map_that_the_server_does_not_take_are_named_by_line(folder, server):
    (folder / "map.yaml").write_text(MAP.replace("category: other", f"category: {CHOICE}"))
    result = feed(folder, server, "--check")
    assert result.exit_code == 2
    file = folder / "map.yaml"
    assert f"{file}:9: 'weapns' is no code of 'category'; allowed: drugs · other" in result.stderr
    assert f"{file}:10: 'otter' is no code of 'category'; allowed: drugs · other" in result.stderr
    assert "'drugs' is no code" not in result.stderr
    assert server.observations == {}


def test_codes_that_rows_hold_are_counted(folder, server):
    (folder / "map.yaml").write_text(MAP.replace("purpose: crime_prevention", "purpose: {column: what}"))
    (folder / "rows.csv").write_text(f"when,what\n{WHEN},crime_prevention\n" + f"{WHEN},crime\n" * 3)
    result = feed(folder, server, "--check")
    assert result.exit_code == 2
    assert f"{folder / 'map.yaml'}:6: 3 rows: 'crime' is no code of 'purpose'" in result.stderr


def test_what_the_public_may_choose_is_asked_without_an_account(folder):
    (folder / "rows.csv").write_text("what,where\nx,lin-a\ny,lin-z\n")
    server = FakePublic()
    result = run_feed(folder, server, "--check")
    assert result.exit_code == 2
    assert (
        f"{folder / 'map.yaml'}:5: 'trafic' is no code of 'category'; allowed: other · traffic"
        in result.stderr
    )
    assert f"{folder / 'map.yaml'}:7: 1 rows: 'lin-z' is no code of 'area'; allowed: lin-a" in result.stderr
    assert server.concerns == {}
    assert server.issued == []


def test_without_a_server_the_map_and_the_rows_are_checked(folder):
    server = FakeServer(before=no_server)
    result = feed(folder, server, "--check")
    assert (result.exit_code, last_line(result)) == (
        0, "7 rows can be sent, 0 are refused by the map; nothing was sent",
    )  # fmt: skip
    assert (
        "The codes were not checked: The server at http://127.0.0.1:8000 cannot be reached" in result.stderr
    )
    named = feed(folder, server, "--check", "--url", "http://127.0.0.1:1")
    assert named.exit_code == 3


def test_a_check_with_a_wrong_password_says_so(folder, server):
    result = feed(folder, server, "--check", "--url", "http://127.0.0.1:1", password="guess")
    assert result.exit_code == 3
    assert "The codes were not checked: officer1.lin-a cannot sign in" in result.stderr


def test_what_the_map_refuses_is_shown_by_its_line(folder, server):
    (folder / "rows.csv").write_text("when,what\nn/a,x\nn/a,y\n" + f"{WHEN},z\n")
    result = feed(folder, server, "--check")
    assert f"'n/a' (line 2, {folder / 'map.yaml'}:5)" in result.stderr
    assert last_line(result) == "1 rows can be sent, 2 are refused by the map; nothing was sent"


def refusals(folder, server):
    fault = [{"pointer": "/category", "code": "not_one_of", "message": "Bitte wählen."}]
    german = lambda body: problem(422, "validation_failed", errors=fault) if "bad" in body["facts"] else None  # noqa: E731
    server.refuse = german
    (folder / "rows.csv").write_text(f"when,what\ngestern,x\n{WHEN},bad\n")
    return feed(folder, server), report(folder)


def test_one_report_is_in_the_language_of_the_account(folder, server):
    server.language = "de"
    result, (by_map, by_server) = refusals(folder, server)
    assert result.exit_code == 0
    assert by_map["reason"] == "in der Spalte „when“ steht keine Zeit der Form 2024-05-01T14:30:00+02:00"
    assert by_server["fields"] == (
        "/category: Bitte wählen. (was erlaubt ist: /api/v1/code-lists/categories)"
    )
    assert by_server["value"] == "other"


def test_a_language_that_nobody_translated_is_english(folder, server):
    server.language = "xx"
    _, (by_map, _) = refusals(folder, server)
    assert by_map["reason"].startswith("column 'when' does not hold a time")


def test_the_language_of_a_report_of_concerns_is_chosen(folder):
    server = FakePublic()
    (folder / "rows.csv").write_text("what,where\nonly one cell\n")
    result = run_feed(folder, server, "--language", "fr")
    assert result.exit_code == 0
    assert report(folder)[0]["reason"] == "la ligne n'a pas autant de cellules que l'en-tête"
    assert run_feed(folder, server, "--language", "xx").exit_code == 2


def test_a_lasting_401_says_signed_out(folder, server):
    real = server._answer

    def ended(request):
        if request.url.path.endswith("/observations"):
            return problem(401, "session_ended")
        return real(request)

    server.before = ended
    result = feed(folder, server)
    assert (result.exit_code, last_line(result)) == (3, "0 accepted, 0 refused, 0 already sent")
    assert "officer1.lin-a is signed out: Because session_ended." in result.stderr
    assert not (folder / "rows.csv.refused.csv").exists()
