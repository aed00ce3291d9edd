from __future__ import annotations

from pathlib import Path

import pytest

from community_api.clients.importer.language import read_map
from community_api.clients.importer.values import RowRefused
from community_api.clients.importer.yaml_lines import MapWrong

GOOD = """\
map: 1
feed: observations
imported_from: the old register
left_out:
  age: not needed
fields:
  occurred_at: {column: when, format: "%Y-%m-%d %H:%M", zone: Europe/London, ambiguous: later}
  purpose: crime_prevention
  category: {choose: what, table: {Drugs: drugs}, default: other}
  facts: {template: "From {imported_from}: {what|unknown} {{sic}}"}
  source_relation: witnessed
  place: {latitude: lat, longitude: lon, nowhere: [[0, 0]], accuracy_m: 100, description: {column: street}}
"""
ROW = {"when": "2024-07-01 12:00", "what": "Drugs", "lat": "51.5", "lon": "-0.1", "street": "High Street"}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def body(tmp_path: Path, row: dict[str, str], text: str = GOOD) -> dict:
    return read_map(written(tmp_path, text)).body(row)


def test_a_row_becomes_an_observation(tmp_path):
    assert body(tmp_path, ROW) == {
        "occurred_at": "2024-07-01T11:00:00Z",
        "purpose": "crime_prevention",
        "category": "drugs",
        "facts": "From the old register: Drugs {sic}",
        "source_relation": "witnessed",
        "place": {"lat": 51.5, "lon": -0.1, "accuracy_m": 100, "description": "High Street"},
    }


@pytest.mark.parametrize("missing", [{"lat": ""}, {"lon": " "}, {"lat": "0", "lon": "0.0"}])
def test_a_missing_place_and_a_point_that_means_nowhere_are_no_place(tmp_path, missing):
    assert "place" not in body(tmp_path, ROW | missing)


def test_an_empty_cell_takes_the_words_for_it_or_the_default(tmp_path):
    made = body(tmp_path, ROW | {"what": "", "street": ""})
    assert made["facts"] == "From the old register: unknown {sic}"
    assert made["category"] == "other"
    assert "description" not in made["place"]


@pytest.mark.parametrize(
    ("rule", "local", "utc"),
    [
        ("earlier", "2024-10-27 01:30", "2024-10-27T00:30:00Z"),
        ("later", "2024-10-27 01:30", "2024-10-27T01:30:00Z"),
        ("refuse", "2024-10-27 00:59", "2024-10-26T23:59:00Z"),
        ("refuse", "2024-10-27 02:00", "2024-10-27T02:00:00Z"),
        ("refuse", "2024-03-31 02:00", "2024-03-31T01:00:00Z"),
    ],
)
def test_local_times_are_converted_across_the_change_of_clocks(tmp_path, rule, local, utc):
    text = GOOD.replace("ambiguous: later", f"ambiguous: {rule}")
    assert body(tmp_path, ROW | {"when": local}, text)["occurred_at"] == utc


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"when": "2024-03-31 01:30"}, "time_never_was"),
        ({"when": "2024-10-27 01:30"}, "time_twice"),
        ({"when": "yesterday"}, "time_unreadable"),
        ({"when": ""}, "empty_cell"),
        ({"what": "Cash"}, "not_in_table"),
        ({"lat": "north"}, "place_unreadable"),
        ({"lat": "nan"}, "place_unreadable"),
    ],
)
def test_the_map_refuses_what_it_cannot_read_and_shows_the_value_apart(tmp_path, cells, code):
    text = GOOD.replace("later", "refuse").replace(", default: other", "")
    with pytest.raises(RowRefused) as refused:
        body(tmp_path, ROW | cells, text)
    assert refused.value.code == code
    assert not any(cell and cell in str(refused.value.reason) for cell in cells.values())


def test_times_with_an_offset_need_no_zone_and_times_without_one_are_refused(tmp_path):
    text = GOOD.replace('format: "%Y-%m-%d %H:%M", zone: Europe/London, ambiguous: later', "format: rfc3339")
    assert (
        body(tmp_path, ROW | {"when": "2024-07-01T12:00:00+02:00"}, text)["occurred_at"]
        == "2024-07-01T10:00:00Z"
    )
    with pytest.raises(RowRefused) as refused:
        body(tmp_path, ROW | {"when": "2024-07-01T12:00:00"}, text)
    assert refused.value.code == "time_without_zone"


def test_swiss_coordinates_are_converted(tmp_path):
    text = GOOD.replace("latitude: lat, longitude: lon, nowhere: [[0, 0]]", "east: lat, north: lon")
    # The old observatory of Bern, the system's origin: 46°57'03.9" N 7°26'19.1" E in WGS 84.
    place = body(tmp_path, ROW | {"lat": "2600000", "lon": "1200000"}, text)["place"]
    assert place["lat"] == pytest.approx(46.95108, abs=2e-5)
    assert place["lon"] == pytest.approx(7.43864, abs=2e-5)
    # Zürich main station.
    place = body(tmp_path, ROW | {"lat": "2683190", "lon": "1248066"}, text)["place"]
    assert (place["lat"], place["lon"]) == (pytest.approx(47.378, abs=1e-3), pytest.approx(8.540, abs=1e-3))


@pytest.mark.parametrize(
    ("was", "becomes", "line", "words"),
    [
        ("purpose: crime", "purpos: crime", 8, "'purpos' is not known here; did you mean 'purpose'?"),
        ("purpose: crime", "purpos: crime", 7, "'purpose' is missing"),
        ("map: 1", "map: 2", 1, "version 1"),
        ("feed: observations", "feed: rumours", 2, "rows can become: observations"),
        ("{imported_from}: ", "", 10, "must say that the row is imported"),
        ("{column: street}", "{column: age}", 12, "is left out by this map: not needed"),
        ("{what|unknown}", "{age}", 10, "is left out by this map: not needed"),
        ("{{sic}}", "{sic", 10, "a lone {"),
        ("Europe/London", "Europe/Londinium", 7, "no time zone"),
        (", zone: Europe/London", "", 7, "need a 'zone'"),
        ("ambiguous: later", "ambiguous: never", 7, "earlier, later, refuse"),
        ('format: "%Y-%m-%d %H:%M"', "format: rfc3339", 7, "carry their own offset"),
        (", longitude: lon", "", 12, "'longitude' is missing"),
        ("[[0, 0]]", "[[0]]", 12, "expected two numbers"),
        ("accuracy_m: 100", "accuracy_m: near", 12, "expected a number"),
        ("age: not needed", "age:", 5, "say why"),
        ("purpose: crime_prevention", 'purpose: "{what}"', 8, "looks like a template"),
        ("purpose: crime_prevention", "purpose: [a]", 8, "expected"),
        ("source_relation: witnessed", "source_relation: ''", 11, "cannot be empty"),
        ("  source_relation: witnessed", "  purpose: witnessed", 11, "stands here twice"),
        ("map: 1", "map: 1\ncsv: {delimiter: '::'}", 2, "the delimiter is one character"),
        ("map: 1", "map: 1\ncsv: {encoding: runes}", 2, "no encoding"),
        ("choose: what, table: {Drugs: drugs}", "choose: what", 9, "needs a 'table'"),
        (
            "feed: observations",
            "feed: observations\nimmediate_danger: true",
            3,
            "'immediate_danger' is not known here",
        ),
        ("map: 1", "map: [1", 2, ""),
    ],
)
def test_a_mistake_in_a_map_is_named_by_file_and_line(tmp_path, was, becomes, line, words):
    assert was in GOOD
    path = written(tmp_path, GOOD.replace(was, becomes, 1))
    with pytest.raises(MapWrong) as wrong:
        read_map(path)
    assert any(m.startswith(f"{path}:{line}: ") and words in m for m in wrong.value.mistakes), str(
        wrong.value
    )


def test_all_mistakes_are_told_at_once(tmp_path):
    path = written(tmp_path, GOOD.replace("London", "Londinium").replace("map: 1", "map: 7"))
    with pytest.raises(MapWrong) as wrong:
        read_map(path)
    assert len(wrong.value.mistakes) == 2


def test_an_emergency_cannot_be_mapped(tmp_path):
    path = written(tmp_path, GOOD + "  immediate_danger: true\n")
    with pytest.raises(MapWrong, match="immediate_danger"):
        read_map(path)
