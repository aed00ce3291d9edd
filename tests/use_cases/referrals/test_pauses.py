"""A clock that stands still: for a reason, for a time, and never for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from community_api.composition import make_worker
from tests.support.workflow import ANALYST, MANAGER, Police


def passes(police: Police, until: str) -> None:
    """It becomes that time (local and UTC alike on these days, but for an hour), with a worker at work."""
    police.world.clock.advance(datetime.fromisoformat(until) - police.world.clock.now())
    make_worker(police.world.settings, police.world.app.extensions["community"]).drain()


def due(police: Police, case: str) -> str:
    return str(police.reads_referral(case)["due_at"])[:10]


def test_a_pause_puts_the_deadline_off_at_once_by_its_longest_time(alone: Police) -> None:
    case = alone.confirmed()
    before = due(alone, case)
    alone.takes_step(MANAGER, case, "pause")
    read = alone.reads_referral(case)
    assert read["state"] == "to_assess"
    assert read["paused_until"] is not None
    assert read["due_at"] > read["paused_until"] > before
    assert alone.duties(ANALYST, case) == ["to_assess"]


def test_when_it_ends_early_only_the_days_that_it_touched_are_not_counted(alone: Police) -> None:
    case = alone.confirmed()
    assert due(alone, case) == "2026-03-09"
    passes(alone, "2026-03-03T10:00:00+00:00")
    alone.takes_step(MANAGER, case, "pause")
    passes(alone, "2026-03-05T09:00:00+00:00")
    alone.takes_step(ANALYST, case, "resume")
    # Tuesday to Thursday stood still: three working days more than Monday the ninth.
    assert due(alone, case) == "2026-03-12"
    assert alone.reads_referral(case)["paused_until"] is None
    (duty,) = (one for one in alone.of(ANALYST).pages("/duties") if one["subject"]["id"] == case)
    assert duty["due_at"].startswith("2026-03-12")


def test_nobody_hears_of_a_stage_that_is_late_only_without_its_pause(alone: Police) -> None:
    case = alone.confirmed()
    alone.takes_step(MANAGER, case, "pause")
    passes(alone, "2026-03-20T10:00:00+00:00")
    assert alone.duties(MANAGER, case) == []
    alone.takes_step(MANAGER, case, "resume")
    passes(alone, "2026-04-20T10:00:00+00:00")
    assert alone.duties(MANAGER, case) == ["referral_overdue"]


def test_a_pause_that_nobody_ends_ends_by_itself(alone: Police) -> None:
    case = alone.confirmed()
    alone.takes_step(MANAGER, case, "pause")
    until = alone.reads_referral(case)["paused_until"]
    passes(alone, until)
    read = alone.reads_referral(case)
    assert (read["paused_until"], read["overdue"]) == (None, False)
    alone.takes_step(MANAGER, case, "resume", expect=409)
    passes(alone, (datetime.fromisoformat(read["due_at"]) + timedelta(seconds=1)).isoformat())
    assert alone.duties(MANAGER, case) == ["referral_overdue"]


def test_a_clock_that_stands_still_is_not_stopped_again_and_one_that_runs_not_started(alone: Police) -> None:
    case = alone.confirmed()
    alone.takes_step(MANAGER, case, "resume", expect=409)
    alone.takes_step(MANAGER, case, "pause")
    alone.takes_step(MANAGER, case, "pause", expect=409)
    offered = [one["action"] for one in alone.of(MANAGER).get(f"/referrals/{case}/actions")["items"]]
    assert "resume" in offered
    assert "pause" not in offered


def test_the_next_stage_has_its_own_clock_and_no_pause(alone: Police) -> None:
    case = alone.confirmed()
    alone.takes_step(MANAGER, case, "pause")
    alone.takes_step(ANALYST, case, "assess")
    read = alone.reads_referral(case)
    assert (read["paused_until"], due(alone, case)) == (None, "2026-03-03")


def test_an_analyst_does_not_stop_the_own_clock(alone: Police) -> None:
    case = alone.confirmed()
    alone.takes_step(ANALYST, case, "pause", expect=403)


def test_what_was_late_before_it_was_paused_stays_late(alone: Police) -> None:
    case = alone.confirmed()
    passes(alone, "2026-03-10T10:00:00+00:00")
    alone.takes_step(MANAGER, case, "pause")
    read = alone.reads_referral(case)
    assert (read["overdue"], due(alone, case)) == (True, "2026-03-09")
    assert alone.duties(MANAGER, case) == ["referral_overdue"]
