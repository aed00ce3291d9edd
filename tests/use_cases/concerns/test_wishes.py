"""What a teller forbids to pass on stays with the team: ways out, exceptions, and a change of mind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community_api.community.concerns.models import Concern
from community_api.intelligence.flags.models import Flag, FlagDecision
from community_api.units.models import Duty
from tests.support import public
from tests.support.app import Answer, World
from tests.support.workflow import ANALYST, SAFEGUARDING, Police
from tests.use_cases.concerns.wishes import (
    BECAUSE,
    DESK,
    SECOND,
    WEAPONS,
    acknowledged,
    bound,
    closed,
    flagged,
    handed_over,
    pursues,
    record_of,
    triaged,
)


@pytest.fixture
def police(world: World) -> Police:
    return Police(world)


# --- what it binds --------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["crime", "safeguarding"])
def test_no_triage_passes_on_what_must_stay(world: World, route: str):
    _who, concern = bound(world)
    assert triaged(world, concern, route, expect=409).code == "not_to_be_passed_on"
    assert list(world.client(SAFEGUARDING).pages("/safeguarding-records")) == []
    assert triaged(world, concern, "problem")["report"]["status"] == "in_community_work"


@pytest.mark.parametrize("route", ["crime", "safeguarding", "no_police_purpose"])
def test_no_service_takes_over_what_must_stay(world: World, route: str):
    _who, concern = bound(world)
    refused = triaged(world, concern, route, expect=409, hand_over="The town's youth office")
    assert refused.code == "not_to_be_passed_on"
    assert triaged(world, concern, "no_police_purpose")["report"]["status"] == "in_community_work"


def test_no_closing_hands_over_what_must_stay(world: World):
    _who, concern = bound(world)
    triaged(world, concern, "problem")
    assert closed(world, concern, expect=409).code == "not_to_be_passed_on"
    body = {"reason": "solved", "text_for_reporter": "We spoke to the owner."}
    assert world.client(DESK).post(f"/concerns/{concern}/closing", body)["reply_id"]


def test_a_refusal_leaves_no_trace_and_may_be_sent_again(world: World):
    _who, concern = bound(world)
    body = {"id": "0b8f4a52-6a8f-4f7e-9c38-2c6d5b2f7d11", "route": "crime", "reason": "Weapons."}
    path = f"/concerns/{concern}/triage"
    assert world.client(DESK).post(path, body, expect=409).code == "not_to_be_passed_on"
    assert world.client(DESK).post(path, {**body, "route": "problem"})["route"] == "problem"


def test_what_nobody_forbade_goes_its_way(world: World, police: Police):
    _who, concern = public.concern(world, **WEAPONS)
    assert triaged(world, concern, "crime", hand_over="The prosecutor")["report"]["status"] == "passed_on"
    report = police.observes()["id"]
    said = {"route": "safeguarding", "reason": "Somebody needs support."}
    assert police.of(DESK).post(f"/observations/{report}/triage", said)["route"] == "safeguarding"
    assert handed_over(world, record_of(world))["state"] == "sent"


def test_who_flags_a_linked_report_is_warned_and_who_may_not_know_of_it_is_not(world: World, police: Police):
    _who, concern = bound(world)
    warned = []
    for who in (DESK, "officer1.lin-a"):
        report = police.observes()["id"]
        ends = {"a": {"kind": "observation", "id": report}, "b": {"kind": "concern", "id": concern}}
        police.of(DESK).post("/links", {**ends, "reason": "The same garage."})
        raised = police.raises_flag(report, who)
        warned.append([one["code"] for one in raised["warnings"] if one["pointer"] == "/grounds"])
    assert warned == [["linked_must_stay"], []]


# --- the exceptions -------------------------------------------------------------------------------


def test_an_exception_is_claimed_with_its_reason_and_not_otherwise(world: World):
    _who, concern = bound(world)
    bare = triaged(world, concern, "crime", expect=422, exception="danger_to_life")
    assert [(one["pointer"], one["code"]) for one in bare["errors"]] == [("/exception_reason", "needed_here")]
    alone = flagged(world, concern, expect=422, **BECAUSE)
    assert [(one["pointer"], one["code"]) for one in alone["errors"]] == [("/exception_reason", "not_needed")]
    odd = triaged(world, concern, "crime", expect=422, exception="curiosity", **BECAUSE)
    assert [(one["pointer"], one["code"]) for one in odd["errors"]] == [("/exception", "not_one_of")]


def test_danger_to_life_opens_every_way_once_the_commander_knows(world: World):
    _who, concern = bound(world, immediate_danger=True)
    danger: dict[str, Any] = {"exception": "danger_to_life", **BECAUSE}
    assert flagged(world, concern, expect=409, **danger).code == "not_to_be_passed_on"
    assert triaged(world, concern, "crime", expect=409, **danger).code == "not_to_be_passed_on"
    acknowledged(world)
    assert flagged(world, concern, expect=409, danger_to_life=True).code == "not_to_be_passed_on"
    raised = flagged(world, concern, **danger)
    assert (raised["exception"], raised["exception_reason"]) == (
        "danger_to_life",
        BECAUSE["exception_reason"],
    )
    done = triaged(world, concern, "crime", hand_over="The prosecutor", **danger)
    assert (done["exception"], done["exception_reason"]) == ("danger_to_life", BECAUSE["exception_reason"])


def test_serious_harm_reaches_the_lead_alone_with_the_minimum_and_without_the_teller(world: World):
    who, concern = bound(world, category="child_at_risk", text="The boy next door cries every night.")
    harm: dict[str, Any] = {"exception": "serious_harm", **BECAUSE}
    for route in ("crime", "no_police_purpose"):
        told: dict[str, Any] = {"hand_over": "The town"} if route == "no_police_purpose" else {}
        assert triaged(world, concern, route, expect=409, **told, **harm).code == "not_to_be_passed_on"
    more = triaged(world, concern, "safeguarding", expect=409, hand_over="The school", **harm)
    assert more.code == "not_to_be_passed_on"
    assert flagged(world, concern, expect=409, **harm).code == "not_to_be_passed_on"
    triaged(world, concern, "safeguarding", reason="A boy of Tannery Lane may be beaten.", **harm)
    lead = world.client(SAFEGUARDING)
    record = lead.get(f"/safeguarding-records/{record_of(world)}", purpose="safeguarding")
    assert record["child"] is True
    assert record["need"] == "A boy of Tannery Lane may be beaten."
    assert record["exception"] == {"code": "serious_harm", "reason": BECAUSE["exception_reason"]}
    assert record["subject"] is None
    assert concern not in str(record.body)
    lead.get(f"/concerns/{concern}", purpose="safeguarding", expect=404)
    assert who.follow_up()["state"] == "in_progress"


def test_a_partner_is_told_of_it_by_an_exception_only(world: World):
    _who, concern = bound(world, category="child_at_risk")
    harm: dict[str, Any] = {"exception": "serious_harm", **BECAUSE}
    triaged(world, concern, "safeguarding", **harm)
    record = record_of(world)
    assert handed_over(world, record, expect=409).code == "not_to_be_passed_on"
    assert handed_over(world, record, expect=409, exception="duty_to_pursue", **BECAUSE).code == (
        "not_to_be_passed_on"
    )
    given = handed_over(world, record, **harm)
    assert (given["exception"], given["exception_reason"]) == ("serious_harm", BECAUSE["exception_reason"])
    seen = world.client("partner.school").get(f"/safeguarding-records/{record}", purpose=None)
    assert BECAUSE["exception_reason"] not in str(seen.body)
    assert concern not in str(seen.body)


def test_a_wish_that_comes_later_binds_handovers_that_are_still_to_come(world: World):
    who, concern = public.concern(world, category="child_at_risk")
    triaged(world, concern, "safeguarding")
    record = record_of(world)
    who.post("permissions", pass_on=False)
    assert handed_over(world, record, expect=409).code == "not_to_be_passed_on"
    who.post("permissions", pass_on=True)
    assert handed_over(world, record)["state"] == "sent"


def test_the_law_obliges_for_the_categories_that_the_procedure_names(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    _who, concern = bound(world)
    duty: dict[str, Any] = {"exception": "duty_to_pursue", **BECAUSE}
    assert triaged(world, concern, "crime", expect=409, **duty).code == "not_to_be_passed_on"
    pursues(monkeypatch, "drugs")
    assert triaged(world, concern, "crime", expect=409, **duty).code == "not_to_be_passed_on"
    pursues(monkeypatch, "weapons")
    assert triaged(world, concern, "crime", **duty)["report"]["status"] == "passed_on"


def test_the_case_of_an_exception_hears_nothing_of_the_wish(world: World, police: Police):
    _who, concern = bound(world, immediate_danger=True)
    acknowledged(world)
    raised = flagged(world, concern, exception="danger_to_life", **BECAUSE)
    case = police.referral_called(police.decides_flag(raised["id"], SECOND)["referral_reference"])
    assert BECAUSE["exception_reason"] not in str(police.reads_referral(case).body)
    assert "exception" not in police.reads_referral(case)["content"]


# --- a change of mind -----------------------------------------------------------------------------


def test_forbidding_takes_back_what_waits_and_lifting_allows_it_again(world: World, police: Police):
    who, concern = public.concern(world, **WEAPONS)
    raised = flagged(world, concern)
    who.post("permissions", pass_on=False)
    seen = world.client(DESK).get(f"/flags/{raised['id']}", purpose="supervision")
    assert (seen["status"], seen["withdrawal"]["decision"]) == ("withdrawn", "withdrawn")
    assert [
        one for one in police.of(SECOND).get("/duties").items if one["subject"]["id"] == raised["id"]
    ] == []
    assert police.decides_flag(raised["id"], SECOND, expect=409).code == "already_decided"
    assert flagged(world, concern, expect=409).code == "not_to_be_passed_on"
    who.post("permissions", pass_on=True)
    assert flagged(world, concern)["status"] == "awaiting_second_person"


def test_forbidding_undoes_nothing_that_was_confirmed(world: World, police: Police):
    who, concern = public.concern(world, **WEAPONS)
    raised = flagged(world, concern)
    case = police.referral_called(police.decides_flag(raised["id"], SECOND)["referral_reference"])
    who.post("permissions", pass_on=False)
    assert police.reads_referral(case)["phase"] == "open"
    assert flagged(world, concern, expect=409).code == "not_to_be_passed_on"
    assert list(police.of(ANALYST).pages("/referrals"))


def test_a_confirmation_that_saw_the_flag_wait_finds_the_wish_all_the_same(world: World, police: Police):
    """Of a wish and a confirmation at one moment the later one is tried again, and reads this."""
    _who, concern = public.concern(world, **WEAPONS)
    raised = flagged(world, concern)
    with world.uow() as tx:
        tx.update_where(Concern, {"reference": tx.first(select(Concern.reference))}, {"do_not_pass_on": True})
    refused = police.decides_flag(raised["id"], SECOND, expect=409)
    assert refused.code == "not_to_be_passed_on"
    assert list(police.of(ANALYST).pages("/referrals")) == []


def test_what_waits_by_an_exception_goes_on_waiting(world: World):
    who, concern = bound(world, immediate_danger=True)
    acknowledged(world)
    raised = flagged(world, concern, exception="danger_to_life", **BECAUSE)
    who.post("permissions", pass_on=False)
    seen = world.client(DESK).get(f"/flags/{raised['id']}", purpose="supervision")
    assert seen["status"] == "awaiting_second_person"


def plain(answer: Answer) -> dict[str, Any]:
    return {**answer.body, "id": ""}


def test_the_public_answer_is_the_same_whatever_has_become_of_it(world: World, police: Police):
    told: list[Any] = []
    for became in ("nothing", "flagged", "confirmed", "refused"):
        who, concern = public.concern(world, **WEAPONS)
        if became != "nothing":
            raised = flagged(world, concern)["id"]
            if became != "flagged":
                police.decides_flag(raised, SECOND, decision=became)
        for pass_on in (False, True, False):
            answer = who.post("permissions", pass_on=pass_on)
            told.append((pass_on, plain(answer), dict(answer.headers).keys()))
        told.append((None, {**who.follow_up().body, "messages": ""}, set()))
    for index in range(4):
        assert all(told[index] == told[index + 4 * further] for further in (1, 2, 3))
    assert told[0][1] == told[1][1], "and the same for both wishes"


def test_the_teller_reads_what_they_said_last_and_the_desk_does_too(world: World):
    who, concern = public.concern(world, **WEAPONS)
    assert who.follow_up()["concern"]["pass_on"] is True
    who.post("permissions", pass_on=False)
    seen = who.follow_up()
    assert seen["concern"]["pass_on"] is False
    assert [(one["kind"], one["pass_on"]) for one in seen["messages"]] == [("permission", False)]
    desk = world.client(DESK).get(f"/concerns/{concern}", purpose="triage")
    assert desk["do_not_pass_on"] is True
    assert [(one["kind"], one["pass_on"]) for one in desk["messages"]] == [("permission", False)]
    assert [one["kind"] for one in world.client(DESK).get("/duties").items if one["subject"]["id"] == concern]


def test_a_change_of_mind_keeps_the_day_alone(world: World):
    who, concern = public.concern(world, **WEAPONS)
    raised = flagged(world, concern)
    world.clock.advance(timedelta(hours=1, minutes=7))
    before = public.everything_kept(world)
    who.post("permissions", pass_on=False)
    now = world.clock.now()
    changed = public.new_rows(before, public.everything_kept(world))
    assert changed
    for table, row in changed:
        for name, value in row.items():
            assert value != now, f"{table}.{name}"
            assert f"{now:%Y-%m-%dT%H:%M}" not in str(value), f"{table}.{name}"
    with world.uow() as tx:
        (said,) = tx.all(select(FlagDecision).where(FlagDecision.act == "withdraw"))
        row = tx.all(select(Flag))[0]
        assert str(row.id) == raised["id"]
        assert said.decided_at == row.ended_at == tx.today
        assert {one.discharged_at for one in tx.all(select(Duty).where(Duty.subject_id == row.id))} == {
            tx.today
        }
