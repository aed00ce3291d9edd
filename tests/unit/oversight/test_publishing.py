"""Which numbers are published: none that is small, and none of a time that is not over."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.oversight.suppression import publishable
from community_api.oversight.transparency.rules import quarters_over


@pytest.mark.parametrize(
    ("number", "published"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (50, 50)]
)
def test_a_number_below_ten_is_not_published_and_the_others_to_the_nearest_five(number, published):
    assert publishable(number) == published


@given(st.integers(0, 10_000))
def test_what_is_published_is_never_small_and_never_far_off(number):
    published = publishable(number)
    if published is None:
        assert number < 10
    else:
        assert published >= 10
        assert published % 5 == 0
        assert abs(published - number) <= 2


def test_the_quarters_are_the_last_four_that_are_over():
    quarters = quarters_over(datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert [(start.date().isoformat(), end.date().isoformat()) for start, end in quarters] == [
        ("2025-10-01", "2026-01-01"),
        ("2025-07-01", "2025-10-01"),
        ("2025-04-01", "2025-07-01"),
        ("2025-01-01", "2025-04-01"),
    ]


@given(st.integers(0, 100 * 366 * 24))
def test_quarters_are_over_and_follow_each_other_without_a_gap(hours):
    now = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    quarters = quarters_over(now)
    assert quarters[0][1] <= now
    assert (now - quarters[0][1]).days <= 92
    for later, earlier in pairwise(quarters):
        assert earlier[1] == later[0]
    assert all(89 < (end - start).days < 93 for start, end in quarters)
