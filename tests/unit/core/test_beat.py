"""A refusal waits for whole beats since its request came, however long it took to find out."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.core.http import constant_time


@given(st.floats(min_value=0, max_value=10))
def test_it_is_told_when_whole_beats_have_passed_since_the_request_came(took: float) -> None:
    paused: list[float] = []
    started = time.perf_counter() - took
    constant_time.keep(started, paused.append)
    (seconds,) = paused
    assert 0 < seconds <= constant_time.BEAT_SECONDS
    # What passes between the two readings of the clock is little, and is the same for everybody.
    beats = (time.perf_counter() - started + seconds) / constant_time.BEAT_SECONDS
    assert beats - round(beats) == pytest.approx(0, abs=0.4)


@pytest.mark.parametrize("took", [0.001, 0.002, 0.024])
def test_those_that_differ_by_less_than_a_beat_are_told_at_one_moment(
    took: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "perf_counter", lambda: 100 + took)
    paused: list[float] = []
    constant_time.keep(100, paused.append)
    assert took + paused[0] == pytest.approx(constant_time.BEAT_SECONDS)
