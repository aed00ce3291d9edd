"""Clocks of devices are wrong: that is kept beside the report, and loses none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.workflow import OFFICER, Police, observation


@pytest.fixture
def police(shared_world):
    return Police(shared_world)


def sent(police, device_time, *, expect=None, **values):
    body = observation(police.world, **values)
    headers = {"X-Device-Time": device_time}
    return police.of(OFFICER).post("/observations", body, headers=headers, expect=expect)


@pytest.mark.parametrize("year", ["1900", "1970", "2016", "2036", "2100", "2199"])
def test_a_clock_that_is_years_off_keeps_no_report_back(police, year):
    answer = sent(police, f"{year}-06-01T12:00:00Z")
    assert (answer["clock_skew_s"] > 0) == (int(year) > police.world.clock.now().year)
    read = police.of(OFFICER).get(f"/observations/{answer['id']}")
    assert read["clock_skew_s"] == answer["clock_skew_s"]
    assert read["received_at"] == answer["received_at"]


def test_what_happened_two_days_ago_is_told_by_a_clock_that_is_forty_minutes_ahead(police):
    now = police.world.clock.now()
    ahead = timedelta(minutes=40)
    told = sent(police, (now + ahead).isoformat(), occurred_at=(now - timedelta(days=2) + ahead).isoformat())
    assert told["clock_skew_s"] == 2400


def test_just_now_is_no_future_to_a_clock_that_is_ahead_or_behind(police):
    now = police.world.clock.now()
    for minutes in (40, -40):
        device = now + timedelta(minutes=minutes)
        seen = max(device, now)
        sent(police, device.isoformat(), occurred_at=seen.isoformat(), recorded_at=seen.isoformat())


def test_tomorrow_is_a_future_by_every_clock(police):
    now = police.world.clock.now()
    tomorrow = (now + timedelta(days=1)).isoformat()
    for minutes in (40, 0, -40):
        device = (now + timedelta(minutes=minutes)).isoformat()
        refused = sent(police, device, occurred_at=tomorrow, expect=422)
        assert [one["code"] for one in refused["errors"]] == ["in_the_future"]
