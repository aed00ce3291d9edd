"""What reaches back along a chain: recalls, new grades, corrections, returns, consent, reopening, abroad."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.app import Answer
from tests.support.workflow import ANALYST, MANAGER, OTHER_ANALYST, Police

REGION, NATION = "manager.ost", "manager.nor"
NEW_GRADE: dict[str, Any] = {
    "scheme": "4x4", "source_grade": "C", "information_grade": "4", "reason": "The source was mistaken.",
}  # fmt: skip
TRANSFER: dict[str, Any] = {
    "to_units": ["sudria"],
    "purpose": "To warn of a purchase over the border.",
    "legal_basis": "Police act, section 30.",
    "transfer_basis": "adequacy_decision",
    "assurance": "given_in_writing",
    "assurances": "Neither the death penalty nor ill-treatment.",
    "onward_limit": "To nobody without asking.",
    "handling_code": "H1",
    "need_to_know": "The buyer lives there.",
    "right_to_know": "Treaty of 2011, article 4.",
}


def step(
    police: Police, who: str, case: str, action: str, *, expect: int | None = None, **fields: Any
) -> Answer:
    """A step with the fields that are named and no others."""
    body = {"action": action, "fields": fields}
    tag = police.tag_of(case, who)
    return police.of(who).post(f"/referrals/{case}/steps", body, if_match=tag, expect=expect)


def sent(police: Police, **values: Any) -> tuple[str, str]:
    """A local case that was sent to the region, and the region's own."""
    case = police.brings_to("sent", police.confirmed(), **values)
    return case, police.referral_at("ost", parent=case)


def passed_on(police: Police) -> tuple[str, str, str]:
    """The same, and the region has passed it on to the nation."""
    case, regional = sent(police)
    police.takes_step("analyst1.ost", regional, "acknowledge")
    police.takes_step(REGION, regional, "decide", outcome="escalate")
    police.takes_step(REGION, regional, "disseminate", to_units=["nor"])
    return case, regional, police.referral_at("nor", parent=regional)


def given_to(police: Police, case: str, who: str) -> Any:
    """How a recipient's case came to its report."""
    return police.reads_referral(case, who)["received"]


@pytest.fixture
def police(world):
    return Police(world)


def test_a_recall_reaches_everybody_who_holds_the_report_and_waits_for_all_of_them(police):
    case, regional, national = passed_on(police)
    report = police.reads_referral(case, MANAGER)["report_id"]
    said = step(police, MANAGER, case, "recall", reason="Another man of the same name.")
    assert said["referral"]["state"] == "recalled"
    for held, who in ((regional, REGION), (national, NATION)):
        seen = police.reads_referral(held, who)
        assert (seen["state"], seen["phase"], seen["report"]) == ("recalled", "open", None)
        assert seen["received"]["state"] == "recalled"
        assert police.of(who).get(f"/intelligence-reports/{report}", purpose="assessment", expect=404)
        giving = seen["received"]["id"]
        told = police.of(who).post(f"/disseminations/{giving}/recall-confirmation", {"measure": "erased"})
        assert told["state"] == "recall_confirmed"
        assert police.reads_referral(held, who)["state"] == "to_feed_back"
        again = police.of(who).post(f"/disseminations/{giving}/recall-confirmation", {}, expect=409)
        assert again["code"] == "already_confirmed"
        waits = held == regional
        assert police.reads_referral(case, MANAGER)["state"] == ("recalled" if waits else "to_feed_back")
    assert [one["decision"]["kind"] for one in police.owes(MANAGER, state="open")].count("decision") >= 1


def test_a_recall_is_confirmed_once_when_it_is_sent_twice(police):
    case, regional = sent(police)
    step(police, MANAGER, case, "recall", reason="Sent in error.")
    giving = given_to(police, regional, REGION)["id"]
    body = {"id": "5f0c7a54-8f0f-4a0b-9d2b-0b9d7e0a1c11", "measure": "restricted"}
    first = police.of(REGION).post(f"/disseminations/{giving}/recall-confirmation", body)
    second = police.of(REGION).post(f"/disseminations/{giving}/recall-confirmation", body)
    assert first["id"] == second["id"] == giving
    assert police.reads_referral(case, MANAGER)["state"] == "to_feed_back"


def test_what_was_closed_can_still_be_taken_back(police):
    case, regional = sent(police)
    police.finishes("ost", regional)
    police.answers_everything(MANAGER)
    police.takes_step(MANAGER, case, "close")
    step(police, MANAGER, case, "recall", reason="The address was wrong.")
    assert police.reads_referral(regional, REGION)["state"] == "recalled"


def test_what_was_given_up_is_passed_on_by_nobody_who_takes_the_case_up_again(police):
    case, regional = sent(police)
    police.takes_step("analyst1.ost", regional, "acknowledge")
    step(police, MANAGER, case, "recall", reason="Another man of the same name.")
    giving = given_to(police, regional, REGION)["id"]
    police.of(REGION).post(f"/disseminations/{giving}/recall-confirmation", {"measure": "erased"})
    police.answers_everything(MANAGER)
    police.takes_step(REGION, regional, "close")
    step(police, REGION, regional, "reopen", reason="The sender was asked about it.")
    police.takes_step(REGION, regional, "decide", outcome="escalate")
    assert given_to(police, regional, REGION)["state"] == "recall_confirmed"
    refused = police.takes_step(REGION, regional, "disseminate", expect=409, to_units=["nor"])
    assert refused.code == "action_not_allowed"
    offered = police.of(REGION).get(f"/referrals/{regional}/actions").items
    assert "disseminate" not in {one["action"] for one in offered}
    again = step(police, MANAGER, case, "recall", expect=409, reason="To be sure.")
    assert again.code == "action_not_allowed", "nobody holds it any more"


def test_what_its_maker_took_back_goes_out_only_as_a_report_made_anew(police):
    case, regional = sent(police)
    step(police, MANAGER, case, "recall", reason="The address was wrong.")
    giving = given_to(police, regional, REGION)["id"]
    police.of(REGION).post(f"/disseminations/{giving}/recall-confirmation", {"measure": "erased"})
    police.answers_everything(MANAGER)
    old = police.reads_referral(case, MANAGER)["report_id"]
    police.takes_step(MANAGER, case, "close")
    step(police, MANAGER, case, "reopen", reason="Now with the right address.")
    police.brings_to("sent", case)
    assert police.reads_referral(case, MANAGER)["report_id"] != old
    assert police.referral_at("ost", parent=case) != regional


def test_nobody_confirms_what_was_not_taken_back(police):
    _case, regional = sent(police)
    giving = given_to(police, regional, REGION)["id"]
    refused = police.of(REGION).post(f"/disseminations/{giving}/recall-confirmation", {}, expect=409)
    assert refused["code"] == "not_recalled"
    assert police.of("manager.wes").post(f"/disseminations/{giving}/recall-confirmation", {}, expect=404)


def test_whoever_holds_the_old_grade_is_told_of_the_new_one_and_confirms_it(police):
    case, regional = sent(police)
    said = step(police, MANAGER, case, "regrade", **NEW_GRADE)
    assert said["referral"]["state"] == "sent"
    codes = {one["axis"]: one["code"] for one in said["referral"]["grades"]}
    assert codes == {"source": "C", "information": "4"}
    received = given_to(police, regional, REGION)
    assert [(one["kind"], one["confirmed_at"]) for one in received["notices"]] == [("regrade", None)]
    report = police.of(REGION).get(f"/intelligence-reports/{received['report_id']}", purpose="assessment")
    assert {one["axis"]: one["code"] for one in report["grades"]} == codes
    assert police.duties("analyst1.ost", received["id"]) == ["report_notice"]
    notice = received["notices"][0]["id"]
    path = f"/disseminations/{received['id']}/notices/{notice}/confirmation"
    told = police.of("analyst1.ost").post(path, {})
    assert told["notices"][0]["confirmed_at"] is not None
    assert told["report_version"] == report["version"]
    assert police.duties("analyst1.ost", received["id"]) == []


def test_a_correction_needs_a_second_person_and_reaches_every_copy(police):
    case, regional = sent(police)
    step(police, ANALYST, case, "correct", text="Corrected: ten bags.", reason="Counted again.")
    same = step(police, ANALYST, case, "approve_correction", expect=403, decision="approved", reason="So.")
    assert same["code"] == "same_person"
    step(police, OTHER_ANALYST, case, "approve_correction", decision="approved", reason="Tells nobody.")
    seen = police.reads_referral(regional, REGION)
    assert seen["report"]["text"] == "Corrected: ten bags."
    assert [one["kind"] for one in seen["received"]["notices"]] == ["correction"]


def test_a_report_under_h2_is_passed_on_only_with_the_originators_consent(police):
    case, regional = sent(police, handling_code="H2")
    police.takes_step("analyst1.ost", regional, "acknowledge")
    police.takes_step(REGION, regional, "decide", outcome="escalate")
    refused = police.takes_step(REGION, regional, "disseminate", to_units=["nor"], expect=409)
    assert refused["code"] == "originator_consent_needed"
    step(police, REGION, regional, "ask_originator", use="pass_on", reason="The nation compares.")
    assert "originator_question" in police.duties(MANAGER, case)
    [question] = police.reads_referral(case, MANAGER)["questions"]
    assert (question["asked_by"], question["asked"]["reason"]) == ("ost", "The nation compares.")
    named = {"question": question["id"], "reason": "It may."}
    step(police, MANAGER, case, "answer_originator", answer="agreed", conditions="Not abroad.", **named)
    assert "originator_question" not in police.duties(MANAGER, case)
    [answered] = police.reads_referral(regional, REGION)["questions"]
    assert (answered["answer"], answered["answered"]["conditions"]) == ("agreed", "Not abroad.")
    police.takes_step(REGION, regional, "disseminate", to_units=["nor"])


def test_what_a_recipient_sends_back_is_decided_anew(police):
    case, regional = sent(police)
    step(
        police, REGION, regional, "return_to_sender", reason="Not ours.", feedback_outcome="still_open"
    )  # fmt: skip
    police.answers_everything(REGION)
    police.takes_step(REGION, regional, "close")
    assert police.reads_referral(case, MANAGER)["state"] == "to_decide"


def test_only_the_nation_sends_abroad_and_writes_down_what_came_back(police):
    _case, _regional, national = passed_on(police)
    police.takes_step("analyst1.nor", national, "acknowledge")
    police.takes_step(NATION, national, "decide", outcome="escalate")
    step(police, NATION, national, "transfer", expect=422, **{**TRANSFER, "to_units": ["school"]})
    said = step(police, NATION, national, "transfer", **TRANSFER)
    assert said["referral"]["state"] == "sent_abroad"
    step(police, NATION, national, "record_answer", kind="answered", text="Known there.")
    assert police.reads_referral(national, NATION)["state"] == "to_feed_back"


def test_an_assessor_sees_what_was_closed_before_about_the_same_person_and_may_reopen_it(police):
    person = {"label": "the man", "category": "not_yet_categorised", "age": "adult"}
    first = police.confirmed(subjects=[{**person, "identifying": "Jon Dóe, 12 Mill Lane"}])
    police.takes_step(ANALYST, first, "assess", outcome="no_further_action")
    police.answers_everything(MANAGER)
    police.takes_step(MANAGER, first, "close")
    second = police.confirmed(subjects=[{**person, "identifying": "JON DOE 12 mill lane"}])
    other = police.confirmed(subjects=[{**person, "identifying": "Somebody else"}])
    seen = police.reads_referral(second)
    assert seen["earlier_closed"] == [first]
    assert [(one["kind"], one["how"], one["why"]) for one in seen["earlier"]] == [
        ("referral", "closed", ["subject"])
    ]
    assert police.reads_referral(other)["earlier_closed"] == []
    wrong = step(police, MANAGER, first, "reopen", expect=422, reason="New.", because_of=other)
    assert wrong["errors"][0]["code"] == "not_linked"
    said = step(police, MANAGER, first, "reopen", reason="It comes together.", because_of=second)
    assert said["referral"]["state"] == "to_assess"
