"""How reports on a problem have gone, and how long it has been open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from community_api.community.problems import rules
from community_api.community.problems.terms import Trend

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days_ago", "lately", "before", "trend"),
    [
        ([], 0, 0, Trend.NONE),
        ([100], 0, 0, Trend.NONE),
        ([1, 2, 30], 2, 1, Trend.RISING),
        ([1, 30], 1, 1, Trend.STEADY),
        ([40, 41, 3], 1, 2, Trend.FALLING),
        # Exactly four and eight weeks ago: each is counted once, with the older weeks.
        ([28], 0, 1, Trend.FALLING),
        ([56], 0, 0, Trend.NONE),
    ],
)
def test_the_last_four_weeks_are_set_against_the_four_before(days_ago, lately, before, trend):
    found = rules.course([NOW - timedelta(days=days) for days in days_ago], NOW)
    assert (found.lately, found.before, found.trend) == (lately, before, trend)
    assert found.reports == len(days_ago)


def test_a_problem_ages_until_it_is_closed():
    opened = NOW - timedelta(days=10, hours=23)
    assert rules.age_days(opened, None, NOW) == 10
    assert rules.age_days(opened, opened + timedelta(days=3), NOW) == 3
