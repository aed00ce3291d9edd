"""A child is never passed on without the safeguarding lead, whatever box was ticked."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from community_api.intelligence.flags.models import Flag, FlagDecision
from tests.support.workflow import (
    COLLEAGUE,
    OFFICER,
    SAFEGUARDING,
    SECOND_PERSON,
    at_once,
    flag,
    ground,
    subject,
)

BOY = "A 12 year old boy of class 7 asked how the bags must be stored."
WHY = {"reason": "The label speaks of a pupil. Please look first."}


def asks(police, flag_id, who=SECOND_PERSON, *, expect=None, **more):
    return police.of(who).post(f"/flags/{flag_id}/cosign-request", {**WHY, **more}, expect=expect)


def codes(raised):
    return [(one["pointer"], one["code"]) for one in raised["warnings"]]


def test_an_age_said_in_a_ground_outweighs_the_box_adult(police):
    report = police.observes()
    told = flag(grounds=[ground(fact=BOY)], subjects=[subject("adult")])
    raised = police.raises_flag(report["id"], **told)
    assert (raised["status"], raised["cosign_required"]) == ("awaiting_cosign", True)
    assert raised["retention"]["class"] == "flag_child"
    assert police.decides_flag(raised["id"], expect=409).code == "cosign_required"


@pytest.mark.parametrize(
    "changes",
    [
        {"alternative_explanation": "Er ist ein zwölfjähriger Schüler."},
        {"necessity": "Il a douze ans et personne ne lui parle."},
        {"proportionality": "Ему 12 лет, больше ничего не сказано."},
        {"subjects": [subject("adult", label="berniukas, 12 metų")]},
        {"subjects": [subject("adult", identifying="on iki yaşında, Lindhaven")]},
        {"subjects": [subject("adult", label="ابن ١٢ سنة")]},
    ],
)
def test_an_age_is_heard_in_every_text_of_the_flag_in_every_public_language(police, changes):
    report = police.observes()
    assert police.raises_flag(report["id"], **changes)["status"] == "awaiting_cosign"


@pytest.mark.parametrize(
    "values", [{"category": "child_at_risk"}, {"facts": BOY}, {"assessment": "He is 14."}]
)
def test_the_report_alone_can_say_that_a_child_is_concerned(police, values):
    report = police.observes(**values)
    assert police.raises_flag(report["id"], subjects=[])["status"] == "awaiting_cosign"


def test_a_supplement_of_the_report_counts_before_the_flag_and_after_it(police):
    before = police.observes()
    police.of(OFFICER).post(f"/observations/{before['id']}/supplements", {"facts": BOY})
    assert police.raises_flag(before["id"])["status"] == "awaiting_cosign"
    after = police.observes()
    raised = police.raises_flag(after["id"])
    police.of(OFFICER).post(f"/observations/{after['id']}/supplements", {"facts": BOY})
    assert police.decides_flag(raised["id"], expect=409).code == "cosign_required"
    asks(police, raised["id"])
    police.cosigns(raised["id"])
    assert police.decides_flag(raised["id"])["decision"] == "confirmed"


def test_other_words_about_age_are_warned_of_and_require_nothing(police):
    report = police.observes(facts="A pupil of class 7 pushed the bin over.")
    raised = police.raises_flag(report["id"], necessity="The boy left on bus 12, twelve minutes later.")
    assert raised["status"] == "awaiting_second_person"
    assert codes(raised) == [("/necessity", "words_about_age"), ("/subjects", "words_about_age")]


def test_a_flag_that_speaks_of_no_age_is_not_warned_about_it(police):
    assert codes(police.raises_flag(police.observes()["id"])) == []


@pytest.mark.parametrize(
    "fact",
    ["." * 24, "-" * 60, "aaaa aaaa aaaa aaaa aaaa", "12 34 56 78 90 12 34 56", "yes yes no no yes yes no"],
)
def test_signs_and_repetition_are_no_fact_however_long(police, fact):
    report = police.observes()
    refused = police.raises_flag(report["id"], grounds=[ground(fact=fact)], expect=422)
    assert (refused.code, refused["errors"][0]["pointer"]) == ("fact_too_thin", "/grounds/0/fact")


# --- the second person asks for it ------------------------------------------------------------------


def test_the_second_person_asks_and_the_safeguarding_lead_owes_the_word(police):
    raised = police.raises_flag(police.observes()["id"])["id"]
    said = asks(police, raised)
    assert (said["flag"]["status"], said["decision"], said["referral_reference"]) == (
        "awaiting_cosign",
        "requested",
        None,
    )
    assert police.duties(SAFEGUARDING, raised) == ["flag_cosign"]
    assert police.duties(SECOND_PERSON, raised) == []
    assert police.decides_flag(raised, expect=409).code == "cosign_required"
    police.cosigns(raised)
    assert police.duties(SECOND_PERSON, raised) == ["flag_decide"]
    assert police.decides_flag(raised)["flag"]["status"] == "confirmed"


@pytest.mark.parametrize(
    ("who", "status"), [(OFFICER, 403), (COLLEAGUE, 404), ("officer1.bru-a", 404), ("analyst1.lin", 403)]
)
def test_nobody_else_asks(police, who, status):
    raised = police.raises_flag(police.observes()["id"])["id"]
    assert asks(police, raised, who, expect=status).status == status
    assert police.duties(SAFEGUARDING, raised) == []


def test_it_is_asked_once_and_not_after_the_end(police):
    raised = police.raises_flag(police.observes()["id"])["id"]
    asks(police, raised)
    assert asks(police, raised, expect=409).code == "cosign_required"
    police.cosigns(raised)
    assert asks(police, raised, expect=409).code == "already_decided"
    police.decides_flag(raised)
    assert asks(police, raised, expect=409).code == "already_decided"


def test_asking_again_by_the_same_id_is_the_same_request(police):
    raised, mine = police.raises_flag(police.observes()["id"])["id"], str(uuid4())
    first, again = asks(police, raised, id=mine), asks(police, raised, id=mine)
    assert again.headers["Idempotent-Replay"] == "true"
    assert (again["id"], again["audit_receipt"]) == (first["id"], first["audit_receipt"])


def test_of_a_decision_and_a_request_at_once_one_wins(alone):
    raised = alone.raises_flag(alone.observes()["id"])["id"]
    decision = {"decision": "confirmed", "reason": "Seen.", "stands_without_protected_ground": "yes"}
    acts = [
        lambda item, path=path, body=body: item.of(SECOND_PERSON).call(
            "POST", f"/flags/{raised}/{path}", body=body
        )
        for path, body in (("decision", decision), ("cosign-request", WHY))
    ]
    answers = at_once(alone.world, acts)
    assert sorted(one.status for one in answers) == [201, 409]
    with alone.world.uow() as tx:
        row = tx.get(Flag, UUID(raised))
        acts = tx.all(select(FlagDecision.act).where(FlagDecision.flag_id == row.id))
    assert (row.status, acts) in [("confirmed", ["decide"]), ("awaiting_cosign", ["ask_cosign"])]
