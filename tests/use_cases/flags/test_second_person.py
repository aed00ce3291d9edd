"""Who may be the second person on a flag, who signs first for a child, and what either leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community_api.access.models import Account, RoleGrant
from community_api.core.ids import new_id
from community_api.intelligence.chain.referrals.models import Referral
from tests.support.workflow import ANALYST, OFFICER, SAFEGUARDING, SECOND_PERSON, SUPERVISOR, at_once, subject

CONFIRMED = {"decision": "confirmed", "reason": "Seen.", "stands_without_protected_ground": "yes"}
AGREED = {"decision": "agreed", "best_interests": "Help comes with it.", "guardian_told": "no"}


def waiting(police, who=OFFICER, **values):
    """The id of a flag that somebody has raised on a report of their own."""
    return police.raises_flag(police.observes(who)["id"], who, **values)["id"]


# --- who -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", [SUPERVISOR, "supervisor2.lin-a", SECOND_PERSON, "supervisor2.lin-b", SAFEGUARDING]
)
def test_certified_supervisors_and_the_safeguarding_lead_under_the_same_local_unit_decide(police, who):
    assert police.decides_flag(waiting(police), who)["flag"]["status"] == "confirmed"


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        (OFFICER, 403, "role_not_allowed"),  # may know of it, has no such part in it
        ("officer2.lin-a", 404, "not_found"),
        ("officer1.lin-b", 404, "not_found"),
        ("supervisor.bru-a", 404, "not_found"),
        ("safeguarding.bru", 404, "not_found"),
        ("supervisor.hav-a", 404, "not_found"),
        (ANALYST, 403, "role_not_allowed"),
        ("manager.lin", 403, "role_not_allowed"),
        ("trainer.nor", 403, "role_not_allowed"),
    ],
)
def test_nobody_else_decides(police, who, status, code):
    assert police.decides_flag(waiting(police), who, expect=status).code == code


def test_nobody_decides_on_their_own_flag(police):
    report = police.observes()
    raised = police.raises_flag(report["id"], SUPERVISOR)
    assert police.decides_flag(raised["id"], SUPERVISOR, expect=403).code == "same_person"
    assert police.decides_flag(raised["id"], "supervisor2.lin-a")["flag"]["status"] == "confirmed"


def test_nobody_decides_on_a_flag_about_their_own_report(police):
    report = police.observes("supervisor.lin-b")
    raised = police.raises_flag(report["id"], "supervisor2.lin-b")
    assert police.decides_flag(raised["id"], "supervisor.lin-b", expect=403).code == "same_person"


def test_whoever_signed_first_does_not_decide_as_well(police):
    raised = waiting(police, subjects=[subject("child")])
    police.cosigns(raised)
    assert police.decides_flag(raised, SAFEGUARDING, expect=403).code == "same_person"
    assert police.decides_flag(raised)["flag"]["status"] == "confirmed"


def test_nobody_decides_on_a_flag_of_the_one_they_answer_to(alone):
    """The national desk supervises every team: its flag is for its other supervisor to judge."""
    report = alone.observes()
    raised = alone.raises_flag(report["id"], "supervisor.nor")
    assert alone.decides_flag(raised["id"], SECOND_PERSON, expect=403).code == "not_independent"
    assert alone.decides_flag(raised["id"], "supervisor2.nor")["flag"]["status"] == "confirmed"


def test_a_second_account_of_the_same_person_is_the_same_person(alone):
    """Separation is by person: the flagger also supervises the team next door under another account."""
    world = alone.world
    with world.uow() as tx:
        both = {row.username: row for row in tx.all(select(Account))}
        flagger, other = both[SUPERVISOR], both["supervisor2.lin-b"]
        tx.update_where(Account, {"id": other.id}, {"person_id": flagger.person_id})
    report = alone.observes()
    raised = alone.raises_flag(report["id"], SUPERVISOR)
    assert alone.decides_flag(raised["id"], "supervisor2.lin-b", expect=403).code == "same_person"


def test_a_second_role_in_the_same_account_is_no_second_person(alone):
    world = alone.world
    with world.uow() as tx:
        account = tx.first(select(Account).where(Account.username == OFFICER))
        tx.add(
            RoleGrant(
                id=new_id(),
                account_id=account.id,
                role="supervisor",
                unit_id=world.unit_id("lin-b"),
                since=tx.now,
            )
        )
    raised = alone.raises_flag(alone.observes(unit="lin-a")["id"])
    assert alone.decides_flag(raised["id"], OFFICER, expect=403).code == "same_person"


def test_the_second_person_is_certified_too(alone, certify):
    raised = waiting(alone)
    certify(alone.world, SECOND_PERSON, expires_at=alone.world.clock.now() - timedelta(days=1))
    refused = alone.decides_flag(raised, expect=403)
    assert refused.code == "training_required"
    assert alone.of(OFFICER).get(f"/flags/{raised}")["status"] == "awaiting_second_person"


def test_whoever_may_decide_lists_and_reads_the_flag_only_while_it_waits(police):
    raised = waiting(police)
    other_team = police.of("supervisor2.lin-b")
    assert raised in [one["id"] for one in other_team.pages("/flags")]
    assert other_team.get(f"/flags/{raised}", purpose="supervision")["report"] is None
    assert other_team.get(f"/flags/{raised}", expect=403).code == "purpose_required"
    police.decides_flag(raised, decision="refused")
    assert raised not in [one["id"] for one in other_team.pages("/flags")]
    assert other_team.get(f"/flags/{raised}", purpose="supervision", expect=404).code == "not_found"


# --- decisions ---------------------------------------------------------------------------------------


def test_confirming_tells_the_reference_of_the_referral_and_nothing_more(police):
    said = police.decides_flag(waiting(police))
    assert set(said.body) == {
        "audit_receipt", "decided_at", "decision", "flag", "id", "referral_reference", "retention",
        "warnings",
    }  # fmt: skip
    assert set(said["flag"]) == {"id", "status", "version"}
    assert said["referral_reference"].startswith("LIN-R-")


def test_refusing_opens_no_referral_and_owes_the_flagger_an_answer(alone):
    raised = waiting(alone)
    assert alone.decides_flag(raised, decision="refused")["referral_reference"] is None
    with alone.world.uow() as tx:
        assert tx.all(select(Referral)) == []
    owed = alone.owes(SUPERVISOR)
    assert [one["decision"] for one in owed] == [{"kind": "flag_decision", "outcome": "refused"}]


@pytest.mark.parametrize("again", ["confirmed", "refused"])
def test_a_flag_is_decided_once(police, again):
    raised = waiting(police)
    police.decides_flag(raised)
    assert (
        police.decides_flag(raised, "supervisor2.lin-b", decision=again, expect=409).code == "already_decided"
    )


def test_of_twenty_decisions_at_the_same_moment_one_counts(alone):
    raised = waiting(alone)
    people = (SUPERVISOR, "supervisor2.lin-a", SECOND_PERSON, "supervisor2.lin-b")
    decisions = ("confirmed", "refused", "confirmed", "refused", "confirmed")
    acts = [
        lambda item, who=who, expected=said: item.of(who).call(
            "POST", f"/flags/{raised}/decision", body={**CONFIRMED, "decision": expected}
        )
        for who in people
        for said in decisions
    ]
    answers = at_once(alone.world, acts)
    won = [answer for answer in answers if answer.status == 201]
    assert len(won) == 1
    assert {answer.code for answer in answers} == {None, "already_decided"}
    with alone.world.uow() as tx:
        opened = tx.all(select(Referral))
    assert len(opened) == (won[0]["decision"] == "confirmed")


def test_the_outcome_ends_the_duty_of_everybody_who_could_have_decided(police):
    raised = waiting(police)
    for who in (SUPERVISOR, SECOND_PERSON):
        assert police.duties(who, raised) == ["flag_decide"]
    police.decides_flag(raised)
    for who in (SUPERVISOR, SECOND_PERSON):
        assert police.duties(who, raised) == []


# --- children ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ages", "first"),
    [([], False), (["adult"], False), (["child"], True), (["unknown"], True), (["adult", "unknown"], True)],
)
def test_a_safeguarding_lead_signs_first_when_somebody_is_or_may_be_a_child(police, ages, first):
    raised = police.raises_flag(police.observes()["id"], subjects=[subject(age) for age in ages])
    assert raised["cosign_required"] is first
    assert raised["status"] == ("awaiting_cosign" if first else "awaiting_second_person")


def test_nobody_decides_before_the_safeguarding_lead_has_signed(police):
    raised = waiting(police, subjects=[subject("unknown")])
    assert police.duties(SECOND_PERSON, raised) == []
    assert police.duties(SAFEGUARDING, raised) == ["flag_cosign"]
    assert police.decides_flag(raised, expect=409).code == "cosign_required"
    police.cosigns(raised)
    assert police.duties(SAFEGUARDING, raised) == []
    assert police.duties(SECOND_PERSON, raised) == ["flag_decide"]


def test_a_refused_co_signature_ends_the_flag_and_the_flagger_hears(alone):
    raised = waiting(alone, subjects=[subject("child")])
    said = alone.cosigns(raised, decision="refused")
    assert said["flag"]["status"] == "refused"
    assert alone.decides_flag(raised, expect=409).code == "already_decided"
    assert [one["decision"]["outcome"] for one in alone.owes(SUPERVISOR)] == ["refused"]
    with alone.world.uow() as tx:
        assert tx.all(select(Referral)) == []


@pytest.mark.parametrize(
    ("who", "status"),
    [(SUPERVISOR, 403), (SECOND_PERSON, 403), (OFFICER, 403), ("safeguarding.bru", 404), (ANALYST, 403)],
)
def test_only_the_safeguarding_lead_of_the_local_unit_signs(police, who, status):
    raised = waiting(police, subjects=[subject("child")])
    assert police.cosigns(raised, who, expect=status).code in {"role_not_allowed", "not_found"}


def test_there_is_nothing_to_sign_on_a_flag_about_adults(police):
    assert police.cosigns(waiting(police), expect=409).code == "already_decided"


def test_a_flag_is_signed_once(police):
    raised = waiting(police, subjects=[subject("child")])
    police.cosigns(raised)
    assert police.cosigns(raised, expect=409).code == "already_decided"


def test_the_second_person_reads_what_the_safeguarding_lead_said(police):
    raised = waiting(police, subjects=[subject("child")])
    police.cosigns(raised, guardian_told="unsafe")
    read = police.of(SECOND_PERSON).get(f"/flags/{raised}", purpose="supervision")
    assert (read["cosign"]["decision"], read["cosign"]["guardian_told"]) == ("agreed", "unsafe")


@pytest.mark.parametrize("age", ["child", "adult"])
def test_who_is_meant_is_shown_to_those_alone_who_need_it(police, age):
    """The second person judges acts and words; a name would add nothing to them."""
    raised = waiting(police, subjects=[subject(age, identifying="Pupil of class 7b")])
    path, seen = f"/flags/{raised}", {}
    case = {"kind": "audit", "reason": "A look"}
    opened = police.of("overseer.oversight").post("/cases", case)["id"]
    for who, told in (
        (OFFICER, {}),
        (SAFEGUARDING, {"purpose": "safeguarding"}),
        (SECOND_PERSON, {"purpose": "supervision"}),
        (SUPERVISOR, {"purpose": "supervision"}),
        ("overseer.oversight", {"purpose": "audit", "case": opened}),
    ):
        seen[who] = police.of(who).get(path, **told)["subjects"][0]["identifying"]
    assert {who for who, shown in seen.items() if shown == "Pupil of class 7b"} == {
        OFFICER, "overseer.oversight", *([SAFEGUARDING] if age == "child" else []),
    }  # fmt: skip
    assert set(seen.values()) == {"Pupil of class 7b", None}


def test_what_concerns_a_child_is_kept_for_less_time(police):
    child = police.of(OFFICER).get(f"/flags/{waiting(police, subjects=[subject('unknown')])}")
    adult = police.of(OFFICER).get(f"/flags/{waiting(police, subjects=[subject('adult')])}")
    assert child["retention"]["class"] == "flag_child"
    assert child["retention"]["review_on"] <= adult["retention"]["review_on"]
