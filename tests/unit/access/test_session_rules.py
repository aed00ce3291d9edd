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
    ("token", "successor", "meaning"),
    [
        (Token(None), None, Renewal.ROTATE),
        (Token(NOW), Token(None), Renewal.RETRY),
        (Token(NOW - timedelta(hours=24)), Token(None), Renewal.RETRY),
        (Token(NOW - timedelta(hours=24, seconds=1)), Token(None), Renewal.REUSE),
        (Token(NOW), Token(NOW), Renewal.REUSE),
        (Token(NOW), None, Renewal.REUSE),
        (None, None, Renewal.REUSE),
    ],
)
def test_what_a_refresh_token_that_comes_back_means(token, successor, meaning):
    assert rules.judge(token, successor, NOW) is meaning


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
tokens = st.none() | st.builds(Token, st.none() | moments)


@given(tokens, tokens, moments)
def test_a_token_whose_successor_was_used_is_never_good(token, successor, now):
    if (
        token is not None
        and token.used_at is not None
        and (successor is None or successor.used_at is not None)
    ):
        assert rules.judge(token, successor, now) is Renewal.REUSE
