"""How long what failed rests."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.outbox.backoff import backoff, is_dead
from community_api.outbox.terms import ATTEMPTS, FIRST_REST, LONGEST_REST


def longest(_low: float, high: float) -> float:
    return high


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 5), (1, 5), (2, 10), (3, 20), (8, 640), (10, 2560), (11, 3600), (99, 3600)]
)
def test_the_bound_doubles_and_then_stays(attempts, seconds):
    assert backoff(attempts, longest) == timedelta(seconds=seconds)


@given(st.integers(min_value=0, max_value=10**6), st.floats(min_value=0, max_value=1))
def test_a_rest_is_anything_up_to_its_bound(attempts, share):
    taken = backoff(attempts, lambda low, high: low + share * (high - low))
    assert timedelta(0) <= taken <= LONGEST_REST


def test_a_fault_of_an_hour_is_lived_through():
    """On average a rest is half its bound."""
    total = sum((backoff(attempt, longest) / 2 for attempt in range(1, ATTEMPTS)), timedelta(0))
    assert timedelta(hours=1) < total < timedelta(hours=6)
    assert timedelta(minutes=1) > FIRST_REST, "a moment's fault is over in moments"


def test_an_item_dies_of_its_last_attempt():
    assert [attempts for attempts in range(ATTEMPTS + 3) if is_dead(attempts)] == [
        ATTEMPTS,
        ATTEMPTS + 1,
        ATTEMPTS + 2,
    ]
