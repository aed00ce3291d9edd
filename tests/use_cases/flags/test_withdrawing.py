"""Taking back a flag, or the report it stands on: what was not taken up goes without a trace in the chain."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community_api.community import valve
from community_api.outbox.models import OutboxItem
from tests.support.workflow import OFFICER, SAFEGUARDING, SECOND_PERSON, Police, at_once, flag

REASON = {"reason": "I mistook the house."}


@pytest.fixture
def police(shared_world):
    return Police(shared_world)


def withdraw_flag(police, flag_id, who=OFFICER, **values):
    return police.of(who).post(f"/flags/{flag_id}/withdrawal", REASON, **values)


def withdraw_report(police, report_id, who=OFFICER, **values):
    return police.of(who).post(f"/observations/{report_id}/withdrawal", REASON, **values)


def test_a_flag_taken_back_leaves_the_report_as_it_was(police):
    report = police.observes()
    before = police.of(OFFICER).get(f"/observations/{report['id']}")
    raised = police.raises_flag(report["id"])
    said = withdraw_flag(police, raised["id"])
    assert said["flag"]["status"] == "withdrawn"
    assert said["referral_reference"] is None
    after = police.of(OFFICER).get(f"/observations/{report['id']}")
    assert (after.body, after.etag) == (before.body, before.etag)


def test_nobody_owes_a_decision_on_a_flag_taken_back(police):
    raised = police.raises_flag(police.observes()["id"])
    assert police.duties(SECOND_PERSON, raised["id"]) == ["flag_decide"]
    withdraw_flag(police, raised["id"])
    assert police.duties(SECOND_PERSON, raised["id"]) == []
    assert police.decides_flag(raised["id"], expect=409).code == "already_decided"
    police.of(SECOND_PERSON).get(f"/flags/{raised['id']}", purpose="supervision", expect=404)


def test_a_flag_taken_back_never_lapses(world):
    police = Police(world)
    raised = police.raises_flag(police.observes()["id"])
    withdraw_flag(police, raised["id"])
    with world.uow() as tx:
        items = tx.all(select(OutboxItem).where(OutboxItem.kind == "flag_lapse"))
    assert [item.cancelled_at is not None for item in items] == [True]
    world.later(days=30)
    assert police.of(OFFICER).get(f"/flags/{raised['id']}")["status"] == "withdrawn"


def test_after_one_was_taken_back_another_may_be_raised(police):
    report = police.observes()
    withdraw_flag(police, police.raises_flag(report["id"])["id"])
    assert police.raises_flag(report["id"])["status"] == "awaiting_second_person"


def test_only_the_flagger_takes_a_flag_back(police):
    raised = police.raises_flag(police.observes()["id"])
    for who in ("supervisor.lin-a", SECOND_PERSON, "safeguarding.lin"):
        assert withdraw_flag(police, raised["id"], who, expect=403).code == "role_not_allowed"
    for who in ("officer2.lin-a", "officer1.lin-b"):
        assert withdraw_flag(police, raised["id"], who, expect=404).code == "not_found"


@pytest.mark.parametrize("decision", ["confirmed", "refused"])
def test_a_flag_that_was_decided_cannot_be_taken_back(police, decision):
    raised = police.raises_flag(police.observes()["id"])
    police.decides_flag(raised["id"], decision=decision)
    assert withdraw_flag(police, raised["id"], expect=409).code == "already_decided"


def test_a_flag_is_taken_back_once(police):
    raised = police.raises_flag(police.observes()["id"])
    withdraw_flag(police, raised["id"])
    assert withdraw_flag(police, raised["id"], expect=409).code == "already_withdrawn"


@pytest.mark.parametrize("age", ["adult", "child"])
def test_a_waiting_flag_goes_with_the_report_in_one_commit(police, age):
    report = police.observes()
    raised = police.raises_flag(
        report["id"], subjects=[{"label": "pupil", "category": "other_contact", "age": age}]
    )
    gone = withdraw_report(police, report["id"])
    assert gone["observation"] == {"id": report["id"], "status": "withdrawn"}
    assert police.of(OFFICER).get(f"/flags/{raised['id']}")["status"] == "withdrawn"
    assert police.duties(SECOND_PERSON, raised["id"]) == []
    assert police.duties(SAFEGUARDING, raised["id"]) == []


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_a_report_whose_flag_came_to_nothing_may_still_be_withdrawn(police, decision):
    report = police.observes()
    raised = police.raises_flag(report["id"])
    if decision == "refused":
        police.decides_flag(raised["id"], decision="refused")
    else:
        withdraw_flag(police, raised["id"])
    assert withdraw_report(police, report["id"])["observation"]["status"] == "withdrawn"


def test_a_report_whose_flag_was_confirmed_has_been_taken_up(police):
    report = police.observes()
    police.decides_flag(police.raises_flag(report["id"])["id"])
    assert withdraw_report(police, report["id"], expect=409).code == "already_taken_up"
    assert police.of(OFFICER).get(f"/observations/{report['id']}")["status"] == "received"


def test_no_flag_is_raised_on_a_withdrawn_report(police):
    report = police.observes()
    withdraw_report(police, report["id"])
    assert police.raises_flag(report["id"], expect=409).code == "already_withdrawn"
    assert withdraw_report(police, report["id"], expect=409).code == "already_withdrawn"


def raising(report):
    return lambda item: item.of(OFFICER).call("POST", f"/observations/{report['id']}/flags", body=flag())


def withdrawing(report):
    return lambda item: item.of(OFFICER).call("POST", f"/observations/{report['id']}/withdrawal", body=REASON)


def confirming(raised):
    said = {"decision": "confirmed", "reason": "Seen.", "stands_without_protected_ground": "yes"}
    return lambda item: item.of(SECOND_PERSON).call("POST", f"/flags/{raised['id']}/decision", body=said)


def test_a_flag_raised_while_the_report_is_withdrawn_goes_with_it(police, monkeypatch):
    """The withdrawal has seen that no flag waits; then one is raised; then the withdrawal commits."""
    report = police.observes()
    look, raced = valve.waiting, []

    def look_then_lose_the_race(*values):
        seen = look(*values)
        if not raced:
            raced.append(None)
            raced[0] = police.raises_flag(report["id"])
        return seen

    monkeypatch.setattr(valve, "waiting", look_then_lose_the_race)
    withdraw_report(police, report["id"])
    assert police.of(OFFICER).get(f"/flags/{raced[0]['id']}")["status"] == "withdrawn"


@pytest.mark.parametrize("before_the_look", [True, False])
def test_a_flag_confirmed_while_the_report_is_withdrawn_stays_confirmed(police, monkeypatch, before_the_look):
    """The withdrawal has begun; then the flag is confirmed, before or after it is seen to wait."""
    report = police.observes()
    raised = police.raises_flag(report["id"])
    look, raced = valve.waiting, []

    def confirm_meanwhile():
        if not raced:
            raced.append(police.decides_flag(raised["id"]))

    def look_in_a_race(*values):
        if before_the_look:
            confirm_meanwhile()
        seen = look(*values)
        confirm_meanwhile()
        return seen

    monkeypatch.setattr(valve, "waiting", look_in_a_race)
    refused = withdraw_report(police, report["id"], expect=409)
    assert refused.code == "already_taken_up"
    assert police.of(OFFICER).get(f"/flags/{raised['id']}")["status"] == "confirmed"
    assert police.of(OFFICER).get(f"/observations/{report['id']}")["status"] == "received"


def test_no_flag_waits_on_a_withdrawn_report_whoever_was_faster(world):
    police = Police(world)
    for _round in range(10):
        report = police.observes()
        raised, gone = at_once(world, [raising(report), withdrawing(report)])
        assert gone.status == 201
        assert (raised.status, raised.code) in {(201, None), (409, "already_withdrawn")}
    listed = police.of(OFFICER).get("/flags").items
    assert {one["status"] for one in listed} <= {"withdrawn"}


def test_confirming_and_withdrawing_at_once_has_one_winner(police):
    for _round in range(10):
        report = police.observes()
        raised = police.raises_flag(report["id"])
        confirmed, gone = at_once(police.world, [confirming(raised), withdrawing(report)])
        outcome = (confirmed.status, confirmed.code, gone.status, gone.code)
        assert outcome in {(201, None, 409, "already_taken_up"), (409, "already_decided", 201, None)}
