"""A place is in exactly one of the areas that tile a country, in none outside it, and edges are no trap."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.units.areas import Area, AreaBroken, box_geojson, from_geojson

SQUARE_WITH_HOLE = {
    "type": "Polygon",
    "coordinates": [
        [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]],
        [[1, 1], [1, 3], [3, 3], [3, 1], [1, 1]],
    ],
}
TWO_ISLANDS = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]],
        [[[5, 5], [6, 5], [6, 6], [5, 6], [5, 5]]],
    ],
}


@pytest.mark.parametrize(
    ("geometry", "lat", "lon", "inside"),
    [
        (box_geojson(0, 0, 4, 4), 2, 2, True),
        (box_geojson(0, 0, 4, 4), 2, 4.1, False),
        (SQUARE_WITH_HOLE, 0.5, 2, True),
        (SQUARE_WITH_HOLE, 2, 2, False),
        (TWO_ISLANDS, 0.5, 0.5, True),
        (TWO_ISLANDS, 5.5, 5.5, True),
        (TWO_ISLANDS, 3, 3, False),
    ],
)
def test_place_is_inside_or_not(geometry: dict[str, Any], lat: float, lon: float, inside: bool) -> None:
    assert from_geojson(geometry).contains(lat, lon) is inside


def test_latitude_and_longitude_are_not_confused() -> None:
    area = from_geojson(box_geojson(west=9, south=50, east=12, north=52))
    assert area.contains(lat=51, lon=10)
    assert not area.contains(lat=10, lon=51)


@pytest.mark.parametrize(("lat", "lon"), [(4, 2), (2, 4), (4, 4), (0, 0), (2, 0)])
def test_rim_of_an_area_is_touched(lat: float, lon: float) -> None:
    assert from_geojson(box_geojson(0, 0, 4, 4)).touches(lat, lon)


def test_middle_of_an_area_touches_no_edge() -> None:
    assert not from_geojson(box_geojson(0, 0, 4, 4)).touches(2, 2)


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": ["abcd"]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 95], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [181, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [True, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [float("nan"), 0], [1, 1], [0, 0]]]},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": None},
    ],
)
def test_broken_geometry_is_refused(geometry: dict[str, Any]) -> None:
    with pytest.raises(AreaBroken):
        from_geojson(geometry)


@pytest.mark.parametrize("sides", [(1, 0, 1, 2), (2, 0, 1, 2), (0, 2, 1, 1)])
def test_box_with_sides_the_wrong_way_round_is_refused(sides: tuple[float, float, float, float]) -> None:
    with pytest.raises(AreaBroken):
        box_geojson(*sides)


coordinate = st.floats(min_value=0.0625, max_value=0.9375, width=32)


@st.composite
def strips_of_a_square(draw: st.DrawFn) -> list[Area]:
    """The unit square cut into strips by slanting lines that never meet: neighbours share one edge each."""
    bottoms = [0.0, *sorted(draw(st.sets(coordinate, min_size=1, max_size=6))), 1.0]
    tops = [0.0, *(draw(st.floats(low, high)) for low, high in pairwise(bottoms[:-1])), 1.0]
    tops = sorted(tops)
    cuts = list(zip(bottoms, tops, strict=True))
    rings = [[(b, 0), (b2, 0), (t2, 1), (t, 1), (b, 0)] for (b, t), (b2, t2) in pairwise(cuts)]
    return [from_geojson({"type": "Polygon", "coordinates": [ring]}) for ring in rings]


@given(strips_of_a_square(), coordinate, coordinate)
def test_every_inner_place_lies_in_exactly_one_area_of_a_tiling(
    areas: list[Area], lat: float, lon: float
) -> None:
    assert sum(area.contains(lat, lon) for area in areas) == 1


@given(strips_of_a_square(), coordinate, st.data())
def test_place_on_a_shared_edge_lies_in_exactly_one_area(
    areas: list[Area], lat: float, data: st.DataObject
) -> None:
    area = data.draw(st.sampled_from(areas))
    start, end = data.draw(st.sampled_from(list(pairwise(area.polygons[0][0]))))
    lon = start[0] + (end[0] - start[0]) * lat if start[1] != end[1] else 0.5
    on_the_rim = lon in {0.0, 1.0}
    assert sum(each.contains(lat, lon) for each in areas) == 1 or on_the_rim


@given(strips_of_a_square(), st.floats(1.5, 90), st.floats(-180, 180))
def test_no_place_outside_is_claimed(areas: list[Area], lat: float, lon: float) -> None:
    assert not any(area.contains(lat, lon) or area.touches(lat, lon) for area in areas)
