"""The grid of places: what is near lies in the own field or in one around it, all over the world."""

from __future__ import annotations

from math import cos, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.community.shared import geogrid
from community_api.community.triage.weights import weights

METRES = 111_195
REACH = weights().place.reach_m


@given(
    lat=st.floats(-85, 85),
    lon=st.floats(-180, 180),
    turn=st.floats(0, 2 * pi),
    apart=st.floats(0, REACH),
)
def test_whatever_is_within_reach_is_in_a_field_that_is_looked_in(lat, lon, turn, apart):
    other_lat = lat + apart * sin(turn) / METRES
    other_lon = (lon + apart * cos(turn) / (METRES * cos(radians(lat))) + 180) % 360 - 180
    assert geogrid.cell(other_lat, other_lon, "lin-a") in geogrid.within(lat, lon, REACH)


@pytest.mark.parametrize(("lat", "lon"), [(90, 0), (-90, 180), (0, 0), (0, -180), (89.999, 179.999)])
def test_the_ends_of_the_earth_have_fields(lat, lon):
    assert geogrid.cell(lat, lon, "lin-a") in geogrid.within(lat, lon, REACH)


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
def test_few_fields_are_looked_in_and_their_names_fit(lat, lon):
    around = geogrid.within(lat, lon, REACH)
    assert len(around) == len(set(around)) <= geogrid.MOST_AROUND
    assert all(len(name) <= 20 for name in around)
