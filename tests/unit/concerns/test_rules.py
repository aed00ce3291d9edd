"""What a reporter sees and by when, purely."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.community.concerns import rules
from community_api.community.concerns.terms import PublicState
from community_api.community.observations.terms import Status
from community_api.procedure_engine.engine.clocks import Calendar, Clock

FIRST_ANSWER, STATUS_EVERY = Clock(working_days=5), Clock(working_days=20)
NOW = datetime(2026, 3, 4, 13, 37, tzinfo=UTC)
DAY = datetime(2026, 3, 4, tzinfo=UTC)
HERE = Calendar("Europe/Berlin")


@dataclass
class Row:
    status: str = "received"
    answered: bool = False
    earlier_state: str | None = None
    earlier_until: datetime | None = None


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("status", Status)
def test_every_status_shows_one_of_four_states(status: Status, answered: bool):
    seen = rules.public_state(Row(status.value, answered), NOW)
    ended = status in {Status.WITHDRAWN, Status.CLOSED}
    open_ = PublicState.RECEIVED if status is Status.RECEIVED else PublicState.IN_PROGRESS
    assert seen is (PublicState.CLOSED if ended else PublicState.ANSWERED if answered else open_)


def test_what_is_passed_on_looks_like_what_is_worked_on():
    states = {
        rules.public_state(Row(status), NOW) for status in ("passed_on", "in_community_work", "returned")
    }
    assert states == {PublicState.IN_PROGRESS}


def test_until_its_release_the_state_before_is_shown():
    row = Row("closed", earlier_state="received", earlier_until=NOW)
    assert rules.public_state(row, NOW - timedelta(seconds=1)) is PublicState.RECEIVED
    assert rules.public_state(row, NOW) is PublicState.CLOSED


@pytest.mark.parametrize(
    ("now", "displayed"),
    [
        (datetime(2026, 3, 4, 10, tzinfo=UTC), datetime(2026, 3, 4, 17, tzinfo=UTC)),
        (datetime(2026, 3, 4, 17, tzinfo=UTC), datetime(2026, 3, 4, 17, tzinfo=UTC)),
        (datetime(2026, 3, 4, 17, 0, 1, tzinfo=UTC), datetime(2026, 3, 5, 17, tzinfo=UTC)),
        # The night in which the clocks go forward.
        (datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 3, 29, 16, tzinfo=UTC)),
    ],
)
def test_release_is_at_the_hour_where_the_desk_is(now: datetime, displayed: datetime):
    assert rules.release(now, 18, "Europe/Berlin") == displayed
    assert rules.release(now, None, "Europe/Berlin") == now


@given(st.integers(0, 86_399))
def test_a_promise_follows_from_the_day_alone(second: int):
    moment = DAY + timedelta(seconds=second)
    start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    assert rules.promised(FIRST_ANSWER, start, HERE) == rules.promised(FIRST_ANSWER, DAY, HERE)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Europe/Berlin", "UTC", "America/Los_Angeles"])
def test_promises_are_counted_in_working_days(zone: str):
    calendar = Calendar(zone)
    first = rules.promised(FIRST_ANSWER, DAY, calendar)
    assert calendar.local_day(first) <= date(2026, 3, 12)
    assert calendar.local_day(first) >= date(2026, 3, 11)
    later = rules.promised(STATUS_EVERY, DAY, calendar)
    assert date(2026, 4, 1) <= calendar.local_day(later) <= date(2026, 4, 2)


@pytest.mark.parametrize("version", range(1, 9))
def test_ids_that_tell_their_time_are_known(version: int):
    made = UUID(f"0190163d-8694-{version}39b-aea5-966c26f8ad91")
    assert rules.tells_time(made) == (version in {1, 2, 6, 7})
    assert not rules.tells_time(None)
