"""What is answered, listed and named only to those whom it concerns, however wide their role reaches."""

from __future__ import annotations

import pytest

from tests.support.workflow import ANALYST, MANAGER, OTHER_ANALYST, SUPERVISOR, Police


@pytest.fixture
def police(shared_world):
    return Police(shared_world)


def owed_for_the_decision(police):
    """What the manager of the local unit owes the officer, once the unit has decided."""
    referral = police.brings_to("to_decide", police.confirmed())
    police.takes_step(MANAGER, referral, "decide", outcome="investigate")
    return next(one for one in police.owes(MANAGER) if one["subject"]["id"] == referral)


@pytest.mark.parametrize("who", ["commander.lin", "commander.nor", "supervisor.nor"])
def test_what_a_manager_owes_no_role_with_a_wider_reach_may_answer(police, who):
    owed = owed_for_the_decision(police)
    assert police.answers(who, owed["id"], expect=404).code == "not_found"
    assert police.answers(MANAGER, owed["id"])["obligation"]["state"] == "met"


@pytest.mark.parametrize("who", ["commander.lin", "supervisor.nor"])
def test_what_a_team_owes_the_team_answers(police, who):
    raised = police.raises_flag(police.observes()["id"])
    police.decides_flag(raised["id"], decision="refused")
    owed = next(one for one in police.owes(SUPERVISOR) if one["subject"]["id"] == raised["id"])
    assert police.answers(who, owed["id"], expect=404).code == "not_found"
    police.answers(SUPERVISOR, owed["id"])


def test_a_manager_who_is_told_of_a_breach_is_not_told_that_there_is_none(world):
    police = Police(world)
    raised = police.raises_flag(police.observes()["id"])
    police.decides_flag(raised["id"], decision="refused")
    (owed,) = police.owes(SUPERVISOR)
    assert police.answers(MANAGER, owed["id"], expect=404).code == "not_found", "it is not late"
    world.later(days=8)
    (seen,) = police.owes(MANAGER, overdue="true")
    assert (seen["id"], seen["owed_by"]) == (owed["id"], "supervisor.lin-a")
    assert police.answers(MANAGER, owed["id"], expect=403).code == "role_not_allowed"
    assert police.answers("manager.bru", owed["id"], expect=404).code == "not_found"
    police.answers(SUPERVISOR, owed["id"])


def test_a_second_reading_is_the_posts_own_as_well(police):
    owed = owed_for_the_decision(police)
    draft = police.answers(ANALYST, owed["id"])
    assert draft["state"] == "awaiting_second_reading"
    for who in ("commander.lin", "supervisor.nor"):
        police.of(who).post(f"/feedback/{draft['id']}/approval", {}, expect=404)
    police.of(OTHER_ANALYST).post(f"/feedback/{draft['id']}/approval", {}, expect=403)
    approved = police.of(MANAGER).post(f"/feedback/{draft['id']}/approval", {})
    assert approved["obligation"]["state"] == "met"


@pytest.mark.parametrize("who", ["commander.lin", "commander.nor"])
def test_a_flag_that_nobody_may_read_is_listed_to_nobody(police, who):
    raised = police.raises_flag(police.observes()["id"])
    police.of(who).get(f"/flags/{raised['id']}", purpose="emergency", expect=404)
    assert list(police.of(who).pages("/flags")) == []


def test_no_report_is_named_above_the_local_level(world):
    police = Police(world)
    owed = owed_for_the_decision(police)
    assert owed["report_reference"].startswith("LIN-A-")
    world.later(days=60)
    for who in ("manager.ost", "dpo.nor", "overseer.oversight"):
        seen = next(one for one in police.owes(who, overdue="true") if one["id"] == owed["id"])
        assert "report_reference" not in seen, who
    assert "report_reference" in next(one for one in police.owes(ANALYST) if one["id"] == owed["id"])


@pytest.mark.parametrize("who", ["records.nor", "dpo.nor", "overseer.oversight"])
def test_words_of_a_dissemination_are_read_for_a_purpose_and_in_a_case(police, who):
    referral = police.brings_to("sent", police.confirmed())
    report = police.reads_referral(referral)["report_id"]
    path = f"/intelligence-reports/{report}/disseminations"
    purpose = "audit" if who.startswith("overseer") else "review"
    assert police.of(who).get(path, expect=403).code == "purpose_required"
    assert police.of(who).get(path, purpose=purpose, expect=403).code == "case_required"
    case = police.of(who).post("/cases", {"kind": purpose, "reason": "A complaint."})
    assert len(police.of(who).get(path, purpose=purpose, case=case["id"]).items) == 1
    assert police.of(MANAGER).get(path, expect=403).code == "purpose_required"
