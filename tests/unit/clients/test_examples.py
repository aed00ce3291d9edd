from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from community_api.clients.importer.command import feed_group
from community_api.clients.importer.language import read_map
from community_api.clients.importer.rows import read_rows
from community_api.core.code_lists import code_lists
from tests.unit.clients.fake_public import FakePublic
from tests.unit.clients.fake_server import PASSWORD, FakeServer

EXAMPLES = Path(__file__).parents[3] / "examples"
MAP = EXAMPLES / "maps/london-stop-search.yaml"
SAMPLE = EXAMPLES / "data/london-stop-search-sample.csv"


def test_the_sample_is_fed_as_the_readme_says(tmp_path):
    file = tmp_path / "sample.csv"
    file.write_bytes(SAMPLE.read_bytes())
    group = feed_group({"COMMUNITY_FEED_PASSWORD": PASSWORD}, FakeServer().transport)
    runs = [CliRunner().invoke(group, ["observations", str(file), "--map", str(MAP)]) for _ in range(2)]
    assert [run.stdout.splitlines()[-1] for run in runs] == [
        "84 accepted, 0 refused, 0 already sent",
        "0 accepted, 0 refused, 84 already sent",
    ]


def test_the_sample_holds_what_makes_such_files_hard():
    feed_map = read_map(MAP)
    rows = list(read_rows(SAMPLE, feed_map))
    bodies = [feed_map.body(row.cells) for row in rows]
    assert 60 <= len(rows) <= 100
    assert sum(row.occurrence > 1 for row in rows) == 5
    assert sum("place" not in body for body in bodies) >= 3
    assert any("not stated" in body["facts"] for body in bodies)
    around_the_change = [b["occurred_at"] for b in bodies if b["occurred_at"].startswith("2024-10-2")]
    assert any(t < "2024-10-27T01" for t in around_the_change)
    assert any(t > "2024-10-27T01" for t in around_the_change)
    assert set(Counter(body["category"] for body in bodies)) == {
        "drugs", "theft_burglary", "vandalism", "weapons", "other",
    }  # fmt: skip


def test_age_gender_and_the_person_are_not_mapped():
    feed_map = read_map(MAP)
    assert {"age_range", "gender", "involved_person"} <= feed_map.left_out.keys()
    assert not {"age_range", "gender", "involved_person"} & set(feed_map.columns())


def test_every_report_says_that_it_is_imported():
    feed_map = read_map(MAP)
    for row in read_rows(SAMPLE, feed_map):
        assert feed_map.body(row.cells)["facts"].startswith("Imported from the stop-and-search records")


@pytest.mark.parametrize("path", sorted((EXAMPLES / "feed").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_map_is_sound_and_has_known_categories(path):
    feed_map = read_map(path)
    assert {code.code for code in feed_map.declared_codes if code.field == "category"} <= set(
        code_lists()["categories"].codes
    )


def test_the_map_to_begin_with_reads_the_file_that_it_describes():
    row = {"report_no": "1", "kind": "Graffiti", "description": "n/a", "reporter": "x", "date": "29/02/2024",
           "time": "09:30", "easting": "651409,804", "northing": "313177,450"}  # fmt: skip
    body = read_map(EXAMPLES / "feed/your-city.yaml").body(row)
    assert body["text"].endswith("Graffiti: no words given")
    assert (body["category"], body["occurred_on"]) == ("vandalism", "2024-02-29")
    assert (round(body["place"]["lat"], 4), round(body["place"]["lon"], 4)) == (52.658, 1.7161)


def test_berlins_day_and_hour_are_one_time():
    feed_map = read_map(EXAMPLES / "feed/berlin-bicycle-thefts.yaml")
    row = dict.fromkeys(feed_map.columns(), "") | {
        "TATZEIT_ANFANG_DATUM": "27.10.2024", "TATZEIT_ANFANG_STUNDE": "2", "DELIKT": "Fahrraddiebstahl",
        "TATZEIT_ENDE_DATUM": "27.10.2024", "TATZEIT_ENDE_STUNDE": "8", "ART_DES_FAHRRADS": "unbekannt",
    }  # fmt: skip
    body = feed_map.body(row)
    assert body["occurred_at"] == "2024-10-27T00:00:00Z"
    assert "Art des Rads nicht angegeben" in body["facts"]


BOSTON = EXAMPLES / "maps/boston-311.yaml"
ZURICH = EXAMPLES / "maps/zurich-zueriwieneu.yaml"
CONCERNS = {
    BOSTON: (EXAMPLES / "data/boston-311-sample.csv", 80),
    ZURICH: (EXAMPLES / "data/zurich-zueriwieneu-sample.csv", 65),
}


def concerns(path):
    feed_map = read_map(path, "concerns")
    rows = list(read_rows(CONCERNS[path][0], feed_map))
    return rows, [feed_map.body(row.cells) for row in rows]


@pytest.mark.parametrize("path", CONCERNS)
def test_samples_of_concerns_are_fed_as_the_readme_says(tmp_path, path):
    sample, number = CONCERNS[path]
    file = tmp_path / "sample.csv"
    file.write_bytes(sample.read_bytes())
    group = feed_group({}, FakePublic().transport)
    runs = [CliRunner().invoke(group, ["concerns", str(file), "--map", str(path)]) for _ in range(2)]
    assert [run.stdout.splitlines()[-1] for run in runs] == [
        f"{number} accepted, 0 refused, 0 already sent",
        f"0 accepted, 0 refused, {number} already sent",
    ]


@pytest.mark.parametrize("path", CONCERNS)
def test_concerns_say_that_they_are_imported_and_have_known_categories(path):
    for body in concerns(path)[1]:
        assert body["text"].startswith(("Imported from the published", "Übernommen aus den"))
        assert body["category"] in code_lists()["categories"].codes
        assert "immediate_danger" not in body
        assert "contact" not in body


def test_the_point_that_stands_for_no_place_in_boston_is_none():
    _, bodies = concerns(BOSTON)
    places = [body["place"] for body in bodies if "place" in body]
    assert len(bodies) - len(places) == 30
    assert not any((place["lat"], place["lon"]) == (42.3594, -71.0587) for place in places)
    assert all(42.2 < place["lat"] < 42.4 and -71.2 < place["lon"] < -70.9 for place in places)


def test_places_of_zurich_lie_in_zurich_and_equal_rows_stay_two():
    rows, bodies = concerns(ZURICH)
    assert sum(row.occurrence > 1 for row in rows) == 2
    assert all(47.31 < body["place"]["lat"] < 47.44 and 8.44 < body["place"]["lon"] < 8.63 for body in bodies)
    assert {body["language"] for body in bodies} == {"de"}
