"""The grid of places: what is near lies in the own field or in one around it, all over the world."""

from __future__ import annotations

from math import cos, radians, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.community.reports import places
from community_api.community.triage.terms import ACCURACY_MOST_M, PLACE_FADES_M, PLACE_SLACK_M

METRES = 111_195
# As far as the score of two places reaches, with all the inaccuracy that it forgives, each way.
REACH = (PLACE_FADES_M + 2 * ACCURACY_MOST_M + PLACE_SLACK_M) / sqrt(2)


@given(
    lat=st.floats(-85, 85),
    lon=st.floats(-180, 180),
    north=st.floats(-REACH, REACH),
    east=st.floats(-REACH, REACH),
)
def test_whatever_is_within_reach_is_in_a_field_that_is_looked_in(lat, lon, north, east):
    other_lat = lat + north / METRES
    other_lon = (lon + east / (METRES * cos(radians(lat))) + 180) % 360 - 180
    assert places.cell(other_lat, other_lon, "lin-a") in places.around(lat, lon, "lin-a")


@pytest.mark.parametrize(("lat", "lon"), [(90, 0), (-90, 180), (0, 0), (0, -180), (89.999, 179.999)])
def test_the_ends_of_the_earth_have_fields(lat, lon):
    assert places.cell(lat, lon, "lin-a") in places.around(lat, lon, "lin-a")


def test_what_has_no_place_is_looked_for_within_its_team():
    assert places.cell(None, None, "lin-a") == "@lin-a"
    assert places.around(None, None, "lin-a") == ("@lin-a",)
    assert "@lin-a" in places.around(51.0, 10.0, "lin-a")


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
def test_few_fields_are_looked_in_and_their_names_fit(lat, lon):
    around = places.around(lat, lon, "lin-a")
    assert len(around) == len(set(around)) <= places.MOST_AROUND
    assert all(len(name) <= 20 for name in around)
