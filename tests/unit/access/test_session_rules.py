"""How long sign-ins live, and what a refresh token that comes back means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.access.sessions import rules
from community_api.access.sessions.rules import Renewal

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Token:
    used_at: datetime | None


def ago(**time: int) -> Token:
    """A token that was exchanged so long ago."""
    return Token(NOW - timedelta(**time))


@pytest.mark.parametrize(
    ("roles", "idle"),
    [
        ({"officer"}, timedelta(days=14)),
        ({"supervisor"}, timedelta(hours=12)),
        ({"officer", "supervisor"}, timedelta(hours=12)),
        (set(), timedelta(hours=12)),
    ],
)
def test_only_who_is_nothing_but_an_officer_may_stay_away_for_days(roles, idle):
    assert rules.idle_time(roles) == idle


def test_no_token_outlives_its_session():
    end = rules.session_end(NOW)
    assert end - NOW == timedelta(days=30)
    late = end - timedelta(minutes=1)
    assert rules.access_end(late, end) == end
    assert rules.refresh_end(late, end, {"officer"}) == end


def test_an_access_token_lives_a_quarter_of_an_hour():
    assert rules.access_end(NOW, rules.session_end(NOW)) - NOW == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("token", "successor", "has_arrived", "meaning"),
    [
        (Token(None), None, False, Renewal.ROTATE),
        (ago(seconds=0), Token(None), False, Renewal.RETRY),
        (ago(seconds=60), Token(NOW), True, Renewal.RETRY),
        (ago(seconds=60), Token(None), True, Renewal.RETRY),
        (ago(seconds=61), Token(None), True, Renewal.REUSE),
        (ago(seconds=61), Token(NOW), False, Renewal.REUSE),
        (ago(seconds=61), Token(None), False, Renewal.RETRY),
        (ago(hours=24), Token(None), False, Renewal.RETRY),
        (ago(hours=24, seconds=1), Token(None), False, Renewal.REUSE),
        (ago(seconds=0), None, False, Renewal.REUSE),
        (None, None, False, Renewal.REUSE),
    ],
)
def test_what_a_refresh_token_that_comes_back_means(token, successor, has_arrived, meaning):
    assert rules.judge(token, successor, NOW, has_arrived=has_arrived) is meaning


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
tokens = st.none() | st.builds(Token, st.none() | moments)


@given(tokens, tokens, st.booleans(), moments)
def test_after_a_minute_whatever_was_used_makes_a_copy_of_the_token(token, successor, arrived, now):
    if token is None or token.used_at is None or now - token.used_at <= timedelta(seconds=60):
        return
    if successor is None or successor.used_at is not None or arrived:
        assert rules.judge(token, successor, now, has_arrived=arrived) is Renewal.REUSE
