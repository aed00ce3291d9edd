"""What differs between nations around the chain: consent, partners, children, emergencies, words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.access.proposal_steps import decide, propose
from tests.api.procedure_adoption import adopt, further, today
from tests.support.app import Answer
from tests.support.workflow import ANALYST, MANAGER, OFFICER, SAFEGUARDING, Police

PUPIL = {"label": "The pupil", "category": "not_yet_categorised", "age": "child"}
MINIMUM = {"person": "Her form teacher knows", "need": "Somebody to talk to"}
ACCOUNT = "The caller was calm and named the house; it was right to go at once."


def errors(answer: Answer) -> list[tuple[str, str]]:
    return [(one["pointer"], one["code"]) for one in answer["errors"]]


def record_of(police: Police) -> str:
    """A safeguarding record that the desk opens."""
    report = police.observes()["id"]
    told = {"route": "safeguarding", "reason": "She needs support."}
    police.of("supervisor.lin-a").post(f"/observations/{report}/triage", told)
    (record,) = police.of(SAFEGUARDING).get("/safeguarding-records").items
    return str(record["id"])


def hand_over(police: Police, record: str, *, expect: int | None = None, **changed: Any) -> Answer:
    told = {"partner_unit": "school", "consent": "given", "minimum_dataset": MINIMUM, **changed}
    return police.of(SAFEGUARDING).post(f"/safeguarding-records/{record}/handovers", told, expect=expect)


# --- consent and partners -------------------------------------------------------------------------------


def test_where_support_is_voluntary_a_law_alone_does_not_replace_consent(
    under: Callable[[str], Police],
) -> None:
    police = under("prevent-panel")
    record = record_of(police)
    refused: dict[str, Any] = {"consent": "refused", "statutory_basis": "Children Act, section 47"}
    assert errors(hand_over(police, record, expect=422, **refused)) == [("/exception_ground", "required")]
    other = hand_over(police, record, expect=422, exception_ground="convenience", **refused)
    assert errors(other) == [("/exception_ground", "not_a_choice")]
    bare = hand_over(police, record, expect=422, consent="refused", exception_ground="child_protection")
    assert bare.code == "consent_or_basis_required"
    given = hand_over(police, record, exception_ground="child_protection", **refused)
    assert (given["consent"], given["exception_ground"]) == ("refused", "child_protection")


def test_under_the_baseline_a_law_is_enough_without_consent(under: Callable[[str], Police]) -> None:
    police = under("osce-baseline")
    given = hand_over(police, record_of(police), consent="not_asked", statutory_basis="Section 8a")
    assert (given["statutory_basis"], given["exception_ground"]) == ("Section 8a", None)


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        ({"person": "Her"}, [("/minimum_dataset/need", "required")]),
        (
            {"person": "Her", "need": "Talk", "safety": "A dog"},
            [("/minimum_dataset/safety", "not_for_this_partner")],
        ),
    ],
)
def test_each_kind_of_partner_gets_its_own_minimum(
    under: Callable[[str], Police], dataset: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    """A school is told what is needed, and under the determination nothing of what is feared."""
    police = under("nsi-determination")
    assert errors(hand_over(police, record_of(police), expect=422, minimum_dataset=dataset)) == expected


def test_the_list_of_partners_is_closed(under: Callable[[str], Police]) -> None:
    """An agency becomes a partner when two people have said what it is."""
    police = under("nsi-determination")
    record = record_of(police)
    unit = {"name": "clinic", "title": "Clinic", "level": "external"}
    decide(police.world, propose(police.world, "unit_create", unit))
    grant = {"account": "partner.school", "role": "partner", "unit": "clinic"}
    decide(police.world, propose(police.world, "grant", grant))
    unknown = hand_over(police, record, expect=422, partner_unit="clinic")
    assert errors(unknown) == [("/partner_unit", "partner_not_listed")]
    decide(police.world, propose(police.world, "unit_change", {"unit": "clinic", "partner": "health"}))
    units = {one["name"]: one["partner"] for one in police.of(OFFICER).pages("/units")}
    assert (units["clinic"], units["school"], units["lin"]) == ("health", "education", None)
    assert hand_over(police, record, partner_unit="clinic")["partner_unit"] == "clinic"


# --- children -------------------------------------------------------------------------------------------


def test_a_lead_who_agrees_has_told_the_guardian_or_says_why_not(under: Callable[[str], Police]) -> None:
    police = under("prevent-panel")
    raised = police.raises_flag(police.observes()["id"], subjects=[PUPIL])
    refused = police.cosigns(raised["id"], guardian_told="no", expect=422)
    assert errors(refused) == [("/guardian_told", "not_under_procedure")]
    agreed = police.cosigns(raised["id"], guardian_told="unsafe")
    assert agreed["flag"]["status"] == "awaiting_second_person"
    # Under the panel a lead looks within hours, not by the evening.
    (record,) = police.of(SAFEGUARDING).get("/safeguarding-records").items
    later = police.world.clock.now().isoformat()
    assert record["opened_at"][:13] == later[:13]
    assert int(record["due_at"][11:13]) - int(record["opened_at"][11:13]) == 8


# --- whom a flag speaks of ------------------------------------------------------------------------------


def test_nobody_is_called_a_suspect_without_saying_who_it_is(under: Callable[[str], Police]) -> None:
    police = under("nsi-determination")
    report = police.observes()["id"]
    suspect = {"label": "The driver", "category": "suspected", "age": "adult"}
    refused = police.raises_flag(report, subjects=[suspect], expect=422)
    assert errors(refused) == [("/subjects/0/identifying", "required")]
    raised = police.raises_flag(report, subjects=[{**suspect, "identifying": "Plate NR 11"}])
    assert raised["threshold"]["code"] == "reasonably_indicative"


def test_the_second_person_reads_the_threshold_in_their_own_language(under: Callable[[str], Police]) -> None:
    police = under("osce-baseline")
    raised = police.raises_flag(police.observes()["id"])
    second = police.of("supervisor.lin-b")
    second.patch("/me", {"language": "de"}, if_match=second.get("/me").headers.get("ETag"))
    seen = second.get(f"/flags/{raised['id']}", purpose="supervision")
    assert seen["threshold"]["title"] == "Begründete Sorge"
    assert [one["code"] for one in seen["threshold"]["questions"]] == [
        "behaviour", "innocent", "without_protected", "proportionate",
    ]  # fmt: skip


# --- emergencies ----------------------------------------------------------------------------------------


def in_danger(police: Police) -> str:
    emergency = police.observes(immediate_danger=True)["emergency"]
    return f"/emergencies/{emergency['id']}"


@pytest.mark.parametrize(("procedure", "hours"), [("osce-baseline", 24), ("nsi-determination", 48)])
def test_an_emergency_is_accounted_for_within_the_nations_time_or_the_manager_sees_the_breach(
    under: Callable[[str], Police], procedure: str, hours: int
) -> None:
    police = under(procedure)
    path = in_danger(police)
    police.of("commander.lin").post(f"{path}/acknowledgement", {})
    police.world.later(hours=hours, minutes=-1)
    about = path.rpartition("/")[2]
    assert police.duties(MANAGER, about) == []
    police.world.later(minutes=2)
    assert police.duties(MANAGER, about) == ["emergency_breach"]


def test_where_the_nation_wants_it_the_account_is_graded(under: Callable[[str], Police]) -> None:
    police = under("prevent-panel")
    path, commander = in_danger(police), police.of("commander.lin")
    seen = commander.get(path, purpose="emergency")
    assert [one["code"] for one in seen["triggers"]] == ["life", "attack", "child"]
    assert {one["code"] for one in seen["contacts"]} == {"rescue", "duty_prosecutor", "child_services"}
    commander.post(f"{path}/acknowledgement", {})
    refused = commander.post(f"{path}/justification", {"text": ACCOUNT, "source_grade": "B"}, expect=422)
    assert errors(refused) == [("/information_grade", "required")]
    told = {"text": ACCOUNT, "source_grade": "B", "information_grade": "2"}
    commander.post(f"{path}/justification", told)
    police.world.later(hours=30)
    assert police.duties(MANAGER, path.rpartition("/")[2]) == []


def test_an_emergency_keeps_the_rules_it_began_under(under: Callable[[str], Police]) -> None:
    """A version that is adopted meanwhile changes nothing for it."""
    police = under("osce-baseline")
    path = in_danger(police)
    stricter = (
        ("graded: false", "graded: true"),
        ("justified_within: {hours: 24}", "justified_within: {hours: 2}"),
    )
    adopt(police.world, further(today(police.world), *stricter))
    police.world.later(hours=3)
    commander = police.of("commander.lin")
    assert commander.get(path, purpose="emergency")["justification"]["overdue"] is False
    commander.post(f"{path}/justification", {"text": ACCOUNT})
    further_one = police.of("commander.lin").get(in_danger(police), purpose="emergency")["justification"]
    assert further_one["due_at"] < (police.world.clock.now().isoformat()[:10] + "T23")


# --- classification -------------------------------------------------------------------------------------


def test_nobody_is_given_what_is_classified_above_their_level(under: Callable[[str], Police]) -> None:
    police = under("osce-baseline")
    low = ("{level: regional, highest: confidential}", "{level: regional, highest: official}")
    adopt(police.world, further(today(police.world), low))
    case = police.brings_to("to_disseminate", police.confirmed())
    refused = police.takes_step(MANAGER, case, "disseminate", classification="restricted", expect=422)
    assert errors(refused) == [("/fields/to_units/0", "classification_forbids")]
    said = police.takes_step(MANAGER, case, "disseminate", classification="official")
    assert said["referral"]["state"] == "sent"


# --- the nation's own words -----------------------------------------------------------------------------


def test_an_adopted_procedure_speaks_the_readers_language_in_its_own_words(
    under: Callable[[str], Police],
) -> None:
    """Forms, actions, duties and the drawing: wherever a title of the procedure shows."""
    police = under("osce-baseline")
    titles = (
        ("title: To be assessed", "title: On the assessor's desk"),
        ("title: Assess\n", "title: Weigh it\n"),
    )
    words = """languages: [de, fr, lt, ru]
translations:
  - {text: On the assessor's desk, de: Auf dem Tisch, fr: Sur la table, lt: Ant stalo, ru: Под рукой}
  - {text: Weigh it, de: Abwägen, fr: Peser, lt: Pasverti, ru: Взвесить}
"""
    adopt(police.world, further(today(police.world), *titles, ("languages: [de, fr, lt, ru]\n", words)))
    case = police.confirmed()
    analyst = police.of(ANALYST)
    analyst.patch("/me", {"language": "de"}, if_match=analyst.get("/me").headers.get("ETag"))
    offered = analyst.get(f"/referrals/{case}/actions").items
    assert "Abwägen" in {one["title"] for one in offered}
    assert "Auf dem Tisch" in {one["title"] for one in analyst.pages("/duties")}
    shown = analyst.get("/procedures/osce-baseline/versions/5")
    assert "Auf dem Tisch" in {one["title"] for one in shown["stages"]}
    assert shown["around"]["threshold"]["title"] == "Begründete Sorge"
    english = police.of("analyst2.lin").get(f"/referrals/{case}/actions").items
    assert "Weigh it" in {one["title"] for one in english}


def test_a_proposed_procedure_with_a_word_that_is_not_translated_is_refused(
    under: Callable[[str], Police],
) -> None:
    police = under("osce-baseline")
    content = further(today(police.world), ("title: To be assessed", "title: On the assessor's desk"))
    body = {"content": content, "reason": "Our own words."}
    refused = police.of("manager.nor").post(
        "/proposals", {"kind": "procedure_adopt", "body": body}, expect=422
    )
    (found,) = refused["errors"]
    assert found["code"] == "pack_unsound"
    assert "is not said in `de`, `fr`, `lt`, `ru`" in found["message"]


# --- what an officer hears ------------------------------------------------------------------------------


def test_an_answer_begins_with_the_procedures_own_sentence(under: Callable[[str], Police]) -> None:
    police = under("osce-baseline")
    police.confirmed()
    police.answers_everything("supervisor.lin-a", outcome="cannot_say")
    (message,) = police.inbox(OFFICER)
    read = police.of(OFFICER).get(f"/feedback/{message['id']}")
    assert read["opening"] == (
        "Was daraus geworden ist, kann nicht gesagt werden. Das ist kein Urteil über Ihre Meldung."
    ), "in the language of whoever is answered"


def test_how_long_a_case_is_kept_depends_on_whom_it_names(under: Callable[[str], Police]) -> None:
    police = under("osce-baseline")
    passage = "title: Referral\n    review_after_days: 365\n    at_most_days: 1825\n"
    instead = "{categories: [victim, other_witness], retention: referral_no_further_action}"
    shorter = (passage, f"{passage}    for_categories:\n      - {instead}\n")
    adopt(police.world, further(today(police.world), shorter))
    victim = {"label": "The neighbour", "category": "victim", "age": "adult"}
    driver = {"label": "The driver", "category": "other_contact", "age": "adult"}
    kept = []
    for subjects in ([victim], [victim, driver], []):
        case = police.confirmed(subjects=subjects)
        kept.append(police.reads_referral(case)["retention"]["class"])
    assert kept == ["referral_no_further_action", "referral", "referral"]
