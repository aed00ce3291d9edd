"""What the system shows of procedures: drawn, and what differs between versions."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from community_api.cli import shell
from community_api.procedure_engine.repository import SHIPPED

PACKS = "community_api/procedure_engine/packs"
VERSION = "/api/v1/procedures/osce-baseline/versions/2"


@pytest.fixture
def pack_page(world):
    """GET as an analyst, whatever the media type."""
    token = world.client("analyst1.lin").token()
    return lambda path: world.http.get(f"{VERSION}/{path}", headers={"Authorization": f"Bearer {token}"})


def test_a_procedure_is_drawn_in_the_language_of_those_who_work_by_it(pack_page):
    answer = pack_page("diagram")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    # The analyst's account is German.
    assert answer.headers["Content-Language"] == "de"
    assert "To be assessed" not in answer.text
    assert "dringend: 24 Stunden" in answer.text
    assert ET.fromstring(answer.text).tag.endswith("svg")  # noqa: S314  (our own)


def test_what_is_new_is_marked_in_the_drawing(pack_page):
    assert "(neu)" in pack_page("diagram?since=1").text
    assert "(neu)" not in pack_page("diagram").text


def test_differences_are_told_place_by_place(pack_page):
    answer = pack_page("differences?since=1")
    assert answer.status_code == 200
    assert pack_page("differences").json == answer.json, "left out: the version before"
    found = {one["place"]: one for one in answer.json["differences"]}
    assert found["procedure.effective_from"] == {
        "kind": "changed",
        "place": "procedure.effective_from",
        "before": "2025-01-01",
        "after": "2026-01-01",
        "text": "procedure.effective_from: vorher 2025-01-01, jetzt 2026-01-01",
    }
    assert found["stages.recalled"]["text"] == "stages.recalled ist neu"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("diagram?since=0", 404),
        ("diagram?since=9", 404),
        ("diagram?since=x", 422),
        ("differences?since=x", 422),
        ("differences?since=9", 404),
    ],
)
def test_what_is_not_there_is_not_drawn(pack_page, path, status):
    assert pack_page(path).status_code == status


def test_an_author_draws_a_file_and_compares_two(tmp_path):
    run = shell().test_cli_runner().invoke
    old, new = f"{PACKS}/osce-baseline.v1.yaml", f"{PACKS}/osce-baseline.v2.yaml"
    output = tmp_path / "drawing.svg"
    told = run(args=["procedure", "draw", new, "--since", old, "--output", str(output)])
    assert (told.exit_code, told.output) == (0, "")
    assert "Grade anew (new)" in output.read_text(encoding="utf-8")
    assert run(args=["procedure", "draw", new, "--language", "de"]).output.startswith("<svg")
    assert "stages.recalled is new\n" in run(args=["procedure", "compare", old, new]).output
    assert run(args=["procedure", "compare", new, new]).output == "Nothing differs.\n"


def test_a_broken_file_is_not_drawn_but_told_line_by_line(tmp_path):
    broken = tmp_path / "broken.v1.yaml"
    broken.write_text("procedure: {}\n", encoding="utf-8")
    told = shell().test_cli_runner().invoke(args=["procedure", "draw", str(broken)])
    assert told.exit_code == 2
    assert "broken.v1.yaml:1:1: the key `actions` is missing here" in told.output


def test_an_author_is_told_in_their_language(tmp_path):
    run = shell().test_cli_runner().invoke
    broken = tmp_path / "broken.v1.yaml"
    broken.write_text("procedure: {}\n", encoding="utf-8")
    told = run(args=["procedure", "check", str(broken), "--language", "lt"])
    assert told.exit_code == 1
    first, *_, last = told.output.splitlines()
    assert first.endswith("broken.v1.yaml:1:1: čia trūksta rakto `actions`")
    assert last.endswith("netinkama naudoti")
    new, old = (str(SHIPPED / f"osce-baseline.v{version}.yaml") for version in (4, 3))
    assert run(args=["procedure", "check", new, "--language", "de"]).output.startswith(f"{new}: schlüssig\n")
    assert "ist neu\n" in run(args=["procedure", "compare", old, new, "--language", "de"]).output
