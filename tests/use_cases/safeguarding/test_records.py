"""Safeguarding: who may read what, what a partner is given and on which ground, and that nothing crosses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from community_api import safeguarding
from community_api.community.observations.models import Observation
from community_api.safeguarding.models import SafeguardingRecord
from community_api.safeguarding.rules import more_than_the_minimum
from tests.support.workflow import ANALYST, MANAGER, OFFICER, SAFEGUARDING, Police, subject

CANARY = "the aunt in the yellow house"
MINIMUM = {"person": "The class teacher knows", "need": f"Somebody to talk to, as {CANARY} said."}


def opened(world, unit="lin-a", *, child=False, **values):
    with world.uow() as tx:
        return str(safeguarding.open_record(tx, unit_id=world.unit_id(unit), child=child, **values).id)


def handed_over(world, record, *, expect=None, **changes):
    told = {"partner_unit": "school", "consent": "given", "minimum_dataset": MINIMUM, **changes}
    return world.client(SAFEGUARDING).post(f"/safeguarding-records/{record}/handovers", told, expect=expect)


def owed(world, who=SAFEGUARDING):
    return [one for one in world.client(who).get("/duties").items if one["kind"].startswith("safeguarding")]


@pytest.mark.parametrize(
    ("child", "due"),
    [
        (True, datetime(2026, 3, 2, 22, 59, 59, tzinfo=UTC)),
        (False, datetime(2026, 3, 3, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_child_is_looked_at_the_same_day_and_an_adult_within_one(world, child, due):
    world.clock.set(datetime(2026, 3, 2, 21, 30, tzinfo=UTC))
    record = opened(world, child=child)
    (duty,) = owed(world)
    assert (duty["subject"]["id"], duty["due_at"]) == (record, due.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    shown = world.client(SAFEGUARDING).get(f"/safeguarding-records/{record}", purpose="safeguarding")
    days = {True: "2027-03-02", False: "2028-03-01"}
    assert shown["retention"]["review_on"] == days[child]
    assert owed(world, "safeguarding.hav") == []


def test_a_partner_reads_what_it_was_given_and_nothing_else(world):
    record = opened(world, need=f"Told at length: {CANARY} again", safety="A dog")
    other = opened(world, need="Not yours")
    partner = world.client("partner.school")
    partner.get(f"/safeguarding-records/{record}", expect=404)
    given = handed_over(world, record, statutory_basis="Section 8a")
    (listed,) = partner.get("/handovers").items
    assert listed["id"] == given["id"]
    assert CANARY not in str(listed)
    shown = partner.get(f"/safeguarding-records/{record}")
    (theirs,) = shown["handovers"]
    assert theirs["minimum_dataset"] == MINIMUM
    assert {"consent", "statutory_basis"} & set(theirs) == set()
    assert {"need", "safety", "subject", "closing_reason"} & set(shown.body) == set()
    partner.get(f"/safeguarding-records/{other}", expect=404)


@pytest.mark.parametrize("consent", ["refused", "not_asked", "not_possible"])
def test_without_consent_a_statute_is_needed(world, consent):
    record = opened(world)
    assert handed_over(world, record, consent=consent, expect=422).code == "consent_or_basis_required"
    assert world.client("partner.school").get("/handovers").items == []
    assert handed_over(world, record, consent=consent, statutory_basis="Section 8a")["consent"] == consent


@pytest.mark.parametrize("unit", ["sudria", "oversight", "lin-b", "nowhere"])
def test_the_list_of_partners_is_closed(world, unit):
    refusal = handed_over(world, opened(world), partner_unit=unit, expect=422)
    assert [error["pointer"] for error in refusal["errors"]] == ["/partner_unit"]


@pytest.mark.parametrize(
    "expected",
    [
        "acquiring_materials was seen",
        "Graded B2 by the unit",
        "Source B2",
        "By the 4x4 scheme",
        "There is a flag on him",
        "VERLT",
        "See 0d6b59a7-52a5-4c9a-9f3e-3c3f1f4d5c11",
    ],
)
def test_no_indicator_grade_or_flag_reaches_a_partner(expected):
    for name in ("person", "need", "safety"):
        (found,) = more_than_the_minimum({"need": "Support", name: expected}, "/minimum_dataset")
        assert (found.pointer, found.code) == (f"/minimum_dataset/{name}", "more_than_minimum")


def test_what_people_need_is_said_without_refusal():
    said = {
        "person": "Form teacher of class 4b",
        "need": "He sleeps at 3 places; school at 8.",
        "safety": None,
    }
    assert list(more_than_the_minimum(said, "")) == []


def test_more_than_the_minimum_is_refused_and_nothing_is_handed_over(world):
    refusal = handed_over(world, opened(world), minimum_dataset={"need": "acquiring_materials"}, expect=422)
    assert [error["code"] for error in refusal["errors"]] == ["more_than_minimum"]
    assert world.client("partner.school").get("/handovers").items == []


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_the_partners_answer_reaches_the_lead_who_closes(world, answer):
    record = opened(world)
    given = handed_over(world, record)
    assert owed(world) == []
    path, told = f"/handovers/{given['id']}/answer", {"answer": answer, "text": "We will see her on Monday."}
    said = world.client("partner.school").post(path, told)
    assert said["handover"]["state"] == answer
    again = {"answer": "declined"}
    assert world.client("partner.school").post(path, again, expect=409).code == "already_decided"
    (duty,) = owed(world)
    assert duty["kind"] == "safeguarding_answered"
    lead = world.client(SAFEGUARDING)
    lead.post(f"/safeguarding-records/{record}/closing", {"reason": "Support runs."})
    assert owed(world) == []
    shown = lead.get(f"/safeguarding-records/{record}", purpose="safeguarding")
    assert (shown["state"], shown["closing_reason"]) == ("closed", "Support runs.")
    assert shown["handovers"][0]["answer"]["text"] == told["text"]
    assert handed_over(world, record, expect=409).code == "already_closed"


def test_a_replay_hands_over_once(world):
    record = opened(world)
    told = {"id": "0d6b59a7-52a5-4c9a-9f3e-3c3f1f4d5c12"}
    first, again = handed_over(world, record, **told), handed_over(world, record, **told)
    assert (first.status, again.status, again["audit_receipt"]) == (201, 200, first["audit_receipt"])
    assert len(world.client("partner.school").get("/handovers").items) == 1


def test_a_manager_sees_that_there_is_a_record_and_not_one_word(world):
    record = opened(world, need=CANARY)
    handed_over(world, record)
    shown = world.client(MANAGER).get(f"/safeguarding-records/{record}", purpose="assessment")
    assert {"need", "safety", "subject", "handovers", "closing_reason"} & set(shown.body) == set()
    assert CANARY not in str(shown.body)
    for who in (ANALYST, "analyst1.nor", OFFICER, "supervisor.lin-a", "commander.lin"):
        assert world.client(who).call("GET", f"/safeguarding-records/{record}").status == 403


def test_the_lead_reads_the_report_that_was_passed_on(world):
    police = Police(world)
    report, calm = police.observes()["id"], police.observes()["id"]
    lead = world.client(SAFEGUARDING)
    lead.get(f"/observations/{report}", purpose="safeguarding", expect=404)
    with world.uow() as tx:
        row = tx.first(select(Observation).where(Observation.reference == reference_of(police, report)))
        tx.update_row(row, status="passed_on")
        safeguarding.open_record(tx, unit_id=row.unit_id, child=True, subject=("observation", row.id))
    assert lead.get(f"/observations/{report}", purpose="safeguarding")["id"] == report
    lead.get(f"/observations/{calm}", purpose="safeguarding", expect=404)
    world.client("safeguarding.hav").get(f"/observations/{report}", purpose="safeguarding", expect=404)


def reference_of(police, report):
    return police.of(OFFICER).get(f"/observations/{report}")["reference"]


@pytest.mark.parametrize("decision", ["agreed", "refused"])
def test_a_cosignature_opens_a_record_the_same_day_with_the_leads_own_words(world, decision):
    police = Police(world)
    flag = police.raises_flag(police.observes()["id"], OFFICER, subjects=[subject("child")])["id"]
    told = {"decision": decision, "best_interests": CANARY, "guardian_told": "yes"}
    world.client(SAFEGUARDING).post(f"/flags/{flag}/cosign", told)
    (listed,) = world.client(SAFEGUARDING).get("/safeguarding-records").items
    assert listed["child"] is True
    shown = world.client(SAFEGUARDING).get(f"/safeguarding-records/{listed['id']}", purpose="safeguarding")
    assert (shown["need"], shown["subject"]) == (CANARY, None)


def test_an_outcome_of_the_chain_hands_down_the_minimum_and_gets_nothing_back(world):
    police = Police(world)
    referral = police.brings_to("to_decide", police.confirmed())
    police.takes_step(MANAGER, referral, "decide", outcome="safeguarding")
    with world.uow() as tx:
        (row,) = tx.all(select(SafeguardingRecord))
    lead = world.client(SAFEGUARDING)
    shown = lead.get(f"/safeguarding-records/{row.id}", purpose="safeguarding")
    assert (shown["need"], shown["safety"], shown["subject"]) == (None, None, None)
    handed_over(world, str(row.id))
    # The intelligence side keeps who referred to another service, and when; nothing of the service's.
    seen = world.client(MANAGER).get(f"/referrals/{referral}", purpose="assessment")
    steps = world.client(MANAGER).get(f"/referrals/{referral}/steps")
    assert CANARY not in str(seen.body) + str(steps.body)
    assert str(row.id) not in str(seen.body) + str(steps.body)


def test_the_lead_lists_the_reports_that_were_passed_on_to_them_and_no_others(world):
    police = Police(world)
    passed, kept = police.observes(), police.observes()
    for report, route in ((passed, "safeguarding"), (kept, "problem")):
        told = {"route": route, "reason": "As it is."}
        world.client("supervisor.lin-a").post(f"/observations/{report['id']}/triage", told)
    listed = world.client(SAFEGUARDING).get("/observations").items
    assert [one["id"] for one in listed] == [passed["id"]]
    assert world.client("safeguarding.hav").get("/observations").items == []
