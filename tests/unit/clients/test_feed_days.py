"""Days and places of source files: the day as people there counted it, and Swiss metres in degrees."""

from __future__ import annotations

from math import cos, hypot, radians

import pytest

from community_api.clients.importer.coordinates import system_of
from community_api.clients.importer.language import read_map
from community_api.clients.importer.values import RowRefused
from community_api.clients.importer.yaml_lines import MapWrong

MAP = """\
map: 1
feed: concerns
imported_from: a test
fields:
  category: other
  text: {{template: "Imported from {{imported_from}}"}}
  occurred_on: {day}
"""


def day(folder, words, cell):
    path = folder / "map.yaml"
    path.write_text(MAP.format(day=words), encoding="utf-8")
    return read_map(path).body({"when": cell}).get("occurred_on")


# Clocks in New York: forward on 13 March 2011 at 07:00 UTC, back on 6 November 2011 at 06:00 UTC.
@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2011-03-13T04:59:59Z", "2011-03-12"),
        ("2011-03-13T05:00:00Z", "2011-03-13"),
        ("2011-03-14T03:59:59Z", "2011-03-13"),
        ("2011-03-14T04:00:00Z", "2011-03-14"),
        ("2011-11-06T03:59:59Z", "2011-11-05"),
        ("2011-11-06T04:00:00Z", "2011-11-06"),
        ("2011-11-07T04:59:59Z", "2011-11-06"),
        ("2011-11-07T05:00:00Z", "2011-11-07"),
        ("2011-07-01T23:30:00-04:00", "2011-07-01"),
        ("", None),
    ],
)
def test_day_of_a_time_with_an_offset_is_the_day_in_the_zone(tmp_path, cell, expected):
    assert day(tmp_path, "{column: when, format: rfc3339, zone: America/New_York}", cell) == expected


@pytest.mark.parametrize(
    ("pattern", "cell", "expected"),
    [
        ("%Y-%m-%d %H:%M:%S", "2011-07-01 23:59:59", "2011-07-01"),
        ("%Y-%m-%d %H:%M:%S", "2011-11-06 01:30:00", "2011-11-06"),  # came twice that night, on one day
        ("%Y-%m-%d", "2016-01-01", "2016-01-01"),
        ("%d.%m.%Y", "29.2.2016", "2016-02-29"),
    ],
)
def test_local_time_names_its_day(tmp_path, pattern, cell, expected):
    assert day(tmp_path, f'{{column: when, format: "{pattern}"}}', cell) == expected


@pytest.mark.parametrize("cell", ["yesterday", "2011-02-30", "2011-07-01 10:00"])
def test_what_is_no_day_is_refused(tmp_path, cell):
    with pytest.raises(RowRefused, match="column 'when' does not hold a time"):
        day(tmp_path, '{column: when, format: "%Y-%m-%d"}', cell)


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        ("{column: when, format: rfc3339}", "name the 'zone'"),
        ('{column: when, format: "%Y-%m-%d %H:%M %z"}', "name the 'zone'"),
        ('{column: when, format: "%Y-%m-%d", zone: Europe/Zurich}', "no 'zone' here"),
        ("{column: when, format: rfc3339, zone: Europe/Nowhere}", "no time zone of this name"),
        ("{column: when, format: day}", "a format is rfc3339 or strptime's"),
        ("{column: when}", "format"),
    ],
)
def test_a_day_that_cannot_be_told_is_a_mistake_of_the_map(tmp_path, words, mistake):
    with pytest.raises(MapWrong, match=mistake):
        day(tmp_path, words, "2011-07-01")


# The degrees are PROJ's (pyproj 3.7.2, EPSG:2056 to EPSG:4326).
@pytest.mark.parametrize(
    ("east", "north", "lat", "lon"),
    [
        (2_600_000, 1_200_000, 46.951083, 7.438632),  # Bern
        (2_485_000, 1_075_000, 45.816873, 5.959163),  # beyond Geneva
        (2_834_000, 1_296_000, 47.772639, 10.561059),  # beyond the Grisons
        (2_500_000, 1_118_000, 46.206007, 6.142954),
        (2_760_000, 1_080_000, 45.852730, 9.498534),
    ],
)
def test_swiss_metres_become_the_degrees_of_proj(east, north, lat, lon):
    found = system_of("lv95").to_wgs84(east, north)
    apart = hypot((found[0] - lat) * 111_200, (found[1] - lon) * 111_200 * cos(radians(lat)))
    assert apart < 0.2
