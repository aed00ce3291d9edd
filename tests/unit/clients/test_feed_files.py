"""What real files hold: words for nothing, times in two columns, points in one, commas, any national grid."""

from __future__ import annotations

import pytest

from community_api.clients.importer.language import read_map
from community_api.clients.importer.values import RowRefused
from community_api.clients.importer.yaml_lines import MapWrong

MAP = """\
map: 1
feed: observations
imported_from: a test
{csv}fields:
  occurred_at: {time}
  purpose: crime_prevention
  category: {{choose: kind, table: {{Drugs: drugs}}, default: other}}
  facts: {{template: "From {{imported_from}}: {{what|nothing said}}"}}
  source_relation: witnessed
  place: {place}
"""
TIME = '{column: when, format: "%Y-%m-%d", zone: UTC}'
PLACE = "{latitude: lat, longitude: lon}"
ROW = {"when": "2024-07-01", "what": "x", "kind": "Drugs", "lat": "51.5", "lon": "-0.1"}


def read(folder, csv="", time=TIME, place=PLACE):
    path = folder / "map.yaml"
    path.write_text(MAP.format(csv=csv and f"csv: {csv}\n", time=time, place=place), encoding="utf-8")
    return read_map(path)


def made(folder, cells, **parts):
    return read(folder, **parts).body(ROW | cells)


def refused(folder, cells, **parts):
    with pytest.raises(RowRefused) as why:
        made(folder, cells, **parts)
    return why.value


def mistakes(folder, **parts):
    with pytest.raises(MapWrong) as wrong:
        read(folder, **parts)
    return [mistake.removeprefix(f"{folder / 'map.yaml'}:") for mistake in wrong.value.mistakes]


@pytest.mark.parametrize("word", ["NULL", "null", " n/a ", "N/A"])
def test_declared_words_stand_for_an_empty_cell(tmp_path, word):
    body = made(tmp_path, {"what": word, "kind": word, "lat": word}, csv="{empty: [NULL, n/a]}")
    assert body["facts"] == "From a test: nothing said"
    assert body["category"] == "other"
    assert "place" not in body


def test_null_in_a_table_is_the_word_that_stands_in_the_cell(tmp_path):
    path = tmp_path / "map.yaml"
    text = MAP.format(csv="", time=TIME, place=PLACE).replace("{Drugs: drugs}", "{NULL: drugs}")
    path.write_text(text, encoding="utf-8")
    assert read_map(path).body(ROW | {"kind": "NULL"})["category"] == "drugs"


def test_words_that_nobody_declared_empty_are_words(tmp_path):
    assert made(tmp_path, {"what": "NULL"})["facts"] == "From a test: NULL"


def test_an_empty_word_in_a_table_is_a_mistake(tmp_path):
    (wrong,) = mistakes(tmp_path, csv="{empty: [drugs]}")
    assert wrong.startswith("8: 'Drugs' stands for an empty cell")


JOINED = '{columns: [day, hour], format: "%d/%m/%Y %I:%M %p", zone: Europe/London}'


def test_a_time_may_stand_in_two_columns(tmp_path):
    body = made(tmp_path, {"day": "29/02/2024", "hour": "11:30 PM"}, time=JOINED)
    assert body["occurred_at"] == "2024-02-29T23:30:00Z"


def test_half_a_time_is_none(tmp_path):
    why = refused(tmp_path, {"day": "29/02/2024", "hour": ""}, time=JOINED)
    assert (why.code, str(why.reason)) == (
        "empty_cell", "nothing for 'occurred_at': empty cell in 'day', 'hour'",
    )  # fmt: skip


def test_words_may_stand_for_the_empty_half_of_a_time(tmp_path):
    time = '{template: "{day} {hour|12:00}", format: "%Y-%m-%d %H:%M", zone: UTC}'
    assert made(tmp_path, {"day": "2024-05-01", "hour": ""}, time=time)["occurred_at"].startswith(
        "2024-05-01T12:00"
    )


@pytest.mark.parametrize(
    ("pattern", "stands_in", "cell", "expected"),
    [
        ("%Y-%m", "{day: 15}", "2024-02", "2024-02-15T00:00:00Z"),
        ("%Y-%m", "{day: 15, hour: 12}", "2024-02", "2024-02-15T12:00:00Z"),
        ("%Y", "{month: 7, day: 31}", "2024", "2024-07-31T00:00:00Z"),
        ("%d.%m.", "{year: 2024}", "29.02.", "2024-02-29T00:00:00Z"),
        ("%d.%m.%Y", "{hour: 12, minute: 30}", "1.2.2024", "2024-02-01T12:30:00Z"),
    ],
)
def test_the_map_says_what_stands_in_for_missing_parts_of_a_time(
    tmp_path, pattern, stands_in, cell, expected
):
    time = f'{{column: when, format: "{pattern}", stands_in: {stands_in}, zone: UTC}}'
    assert made(tmp_path, {"when": cell}, time=time)["occurred_at"] == expected


@pytest.mark.parametrize(
    ("pattern", "stands_in", "words"),
    [
        ("%Y-%m", "{hour: 3}", "year, month and day"),
        ("%Y-%m", "{day: 30}", "not every month has this day"),
        ("%Y-%m", "{day: 0}", "a whole number from 1 to 31"),
        ("%Y-%m", "{day: half}", "expected a number"),
        ("%Y-%m", "{day: nan}", "expected a number"),
        ("%Y-%m", "{week: 3}", "'week' is not known here"),
        ("%Y-%m-%d", "{day: 3}", "reads no time by"),
        ("rfc3339", "{day: 3}", "lack nothing"),
        ("%m-%d", "{year: 2023}", ""),
    ],
)
def test_what_cannot_stand_in_is_a_mistake_of_the_map(tmp_path, pattern, stands_in, words):
    time = f'{{column: when, format: "{pattern}", stands_in: {stands_in}, zone: UTC}}'
    if not words:
        read(tmp_path, time=time)
        why = refused(tmp_path, {"when": "02-29"}, time=time)
        assert why.code == "time_unreadable"
        return
    assert any(wrong.startswith("5: ") and words in wrong for wrong in mistakes(tmp_path, time=time))


@pytest.mark.parametrize(
    "time",
    [
        '{format: "%Y-%m-%d", zone: UTC}',
        '{column: a, columns: [b, c], format: "%Y-%m-%d", zone: UTC}',
        '{columns: [], format: "%Y-%m-%d", zone: UTC}',
    ],
)
def test_a_time_stands_in_one_place_of_the_map(tmp_path, time):
    assert any(wrong.startswith("5: ") for wrong in mistakes(tmp_path, time=time))


BOSTON = {"lat": 42.3594, "lon": -71.0587}


@pytest.mark.parametrize(
    "cell",
    [
        "(42.3594, -71.0587)",
        "42.3594,-71.0587",
        "42.3594 -71.0587",
        "POINT (-71.0587 42.3594)",
        "SRID=4326;point(-71.0587 42.3594)",
        '{"type": "Point", "coordinates": [-71.0587, 42.3594]}',
        "INTERSECTION OF A ST & B ST\nBoston, MA\n(42.3594, -71.0587)",
    ],
)
def test_a_point_may_stand_in_one_column(tmp_path, cell):
    assert made(tmp_path, {"at": cell}, place="{point: at}")["place"] == BOSTON


def test_the_order_in_one_column_may_be_the_other_way_round(tmp_path):
    place = "{point: at, order: lon_lat}"
    assert made(tmp_path, {"at": "(-71.0587, 42.3594)"}, place=place)["place"] == BOSTON


@pytest.mark.parametrize("cell", ["", "  ", "POINT EMPTY", "(0.0, 0.0)"])
def test_no_point_is_no_place(tmp_path, cell):
    assert "place" not in made(tmp_path, {"at": cell}, place="{point: at, nowhere: [[0, 0]]}")


@pytest.mark.parametrize("cell", ["somewhere", "(42.3594)", "42", "(1, 2, 3)", "POINT (1)", "(" * 5000])
def test_what_is_no_point_is_refused(tmp_path, cell):
    why = refused(tmp_path, {"at": cell}, place="{point: at}")
    assert (why.code, why.value, why.map_line) == ("place_unreadable", cell, 10)


@pytest.mark.parametrize("cell", ["(51,5; -0,1)", "51,5 -0,1", "51,5, -0,1"])
def test_a_point_may_have_decimal_commas(tmp_path, cell):
    body = made(tmp_path, {"at": cell}, place="{point: at}", csv='{decimal: ","}')
    assert body["place"] == {"lat": 51.5, "lon": -0.1}


def test_coordinates_may_have_decimal_commas(tmp_path):
    body = made(tmp_path, {"lat": "51,5", "lon": "-0,1"}, csv='{delimiter: ";", decimal: ","}')
    assert body["place"] == {"lat": 51.5, "lon": -0.1}


@pytest.mark.parametrize("cell", ["1_0", "٥١", "0x1", "inf", "1e400", "51.5.1", "1,234.5"])  # noqa: RUF001
def test_what_only_looks_like_a_number_is_none(tmp_path, cell):
    assert refused(tmp_path, {"lat": cell}).code == "place_unreadable"


def test_a_point_is_no_decimal_comma(tmp_path):
    why = refused(tmp_path, {}, csv='{decimal: ","}')
    assert "such as 42,36" in str(why.reason)


# The second is a test point of the Ordnance Survey; the others are PROJ's degrees (pyproj 3.7.2), whose grids
# for the last metre are not shipped.
@pytest.mark.parametrize(
    ("system", "columns", "first", "second", "lat", "lon"),
    [
        ("EPSG:27700", "east: lat, north: lon", "530000", "180000", 51.50399, -0.12835),
        ("27700", "east: lat, north: lon", "651409.804", "313177.450", 52.658008, 1.716074),
        ("epsg:25832", "east: lat, north: lon", "691607.86", "5334760.38", 48.13711, 11.57540),
        ("EPSG:2249", "east: lat, north: lon", "775000", "2956000", 42.358575, -71.06033),
        ("EPSG:4258", "latitude: lat, longitude: lon", "52.5", "13.4", 52.5, 13.4),
        ("wgs84", "latitude: lat, longitude: lon", "52.5", "13.4", 52.5, 13.4),
    ],
)
def test_any_system_of_coordinates_becomes_degrees(tmp_path, system, columns, first, second, lat, lon):
    place = f'{{system: "{system}", {columns}}}'
    found = made(tmp_path, {"lat": first, "lon": second}, place=place)["place"]
    assert abs(found["lat"] - lat) < 0.0002
    assert abs(found["lon"] - lon) < 0.0002


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("{system: EPSG:999999, east: a, north: b}", "no coordinate system EPSG:999999 is known"),
        ("{system: the city's, east: a, north: b}", "or a number such as EPSG:27700"),
        ("{system: EPSG:5773, east: a, north: b}", "no two coordinates"),  # heights only
        ("{system: EPSG:4979, latitude: a, longitude: b}", "no two coordinates"),  # with heights
        ("{system: EPSG:27700, latitude: a, longitude: b}", "EPSG:27700 has east and north"),
        ("{system: wgs84, east: a, north: b}", "EPSG:4326 has latitude and longitude"),
        ("{point: a, latitude: b}", "or by one point"),
        ("{latitude: a, north: b}", "or by one point"),
        ("{}", "or by one point"),
        ("{point: a, order: north_east}", "is one of: lat_lon, lon_lat"),
        ("{latitude: a, longitude: b, order: lat_lon}", "for a place in one column"),
        ("{latitude: a, longitude: b, precision: roughly}", "is one of: exact, street, area"),
        ("{latitude: a, longitude: b, accuracy_m: .inf}", "expected a number"),
    ],
)
def test_a_place_that_cannot_be_read_is_a_mistake_of_the_map(tmp_path, place, words):
    assert any(wrong.startswith("10: ") and words in wrong for wrong in mistakes(tmp_path, place=place))


@pytest.mark.parametrize(
    ("place", "lat", "lon"),
    [
        ("{system: EPSG:27700, east: lat, north: lon}", "180000", "5300000"),
        ("{system: EPSG:27700, east: lat, north: lon}", "2679329", "1248930"),
        ("{east: lat, north: lon}", "1248930", "2679329"),  # the wrong way round
        (PLACE, "-71.0587", "242.3594"),
        (PLACE, "151.5", "-0.1"),
    ],
)
def test_what_lies_outside_its_system_is_refused_by_the_maps_line(tmp_path, place, lat, lon):
    why = refused(tmp_path, {"lat": lat, "lon": lon}, place=place)
    assert (why.code, why.value, why.map_line) == ("place_outside", f"{lat} / {lon}", 10)
    assert "is used from" in str(why.reason)
