"""Figures of timeliness tell what was late."""

from datetime import UTC, datetime, timedelta

from community_api.feedback.rules import Owed, figures
from community_api.feedback.terms import State

OPENED = datetime(2026, 3, 2, 8, tzinfo=UTC)
DUE = OPENED + timedelta(days=5)


def answered(met_at):
    return figures([Owed("triage", "lin-a", State.WAIVED, OPENED, DUE, met_at)], [], DUE + timedelta(days=9))


def test_an_answer_after_its_day_is_late_and_not_met():
    late = answered(DUE + timedelta(seconds=1))
    assert (late.met_in_time, late.late) == (0, 1)


def test_an_answer_on_its_last_moment_is_met_and_not_late():
    met = answered(DUE)
    assert (met.met_in_time, met.late) == (1, 0)
