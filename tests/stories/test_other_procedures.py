"""The same product under other nations' procedures: a safeguarding panel, and a two-part determination.

Journey 3 under the panel, where help comes first, and journey 7's remark under the determination, where facts
come first. Open here: ``OPEN["other procedures"]``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.app import Answer
from tests.support.workflow import ANALYST, MANAGER, OFFICER, OTHER_ANALYST, Police

PUPIL = {"label": "The pupil", "category": "not_yet_categorised", "age": "child"}
GRADES_3X5X2: dict[str, Any] = {
    "scheme": "3x5x2",
    "source_grade": "1",
    "source_reason": "A teacher who saw it.",
    "information_grade": "A",
    "information_reason": "Heard and seen by her.",
    "malicious_suspected": False,
}


def step(
    police: Police, who: str, case: str, action: str, *, expect: int | None = None, **fields: Any
) -> Answer:
    body = {"action": action, "fields": fields}
    tag = police.tag_of(case, who)
    return police.of(who).post(f"/referrals/{case}/steps", body, if_match=tag, expect=expect)


def assessed(police: Police, case: str, outcome: str, **values: Any) -> Answer:
    return police.takes_step(ANALYST, case, "assess", outcome=outcome, **values)


# --- the panel -----------------------------------------------------------------------------------------


def test_a_panel_owns_what_support_can_meet_and_the_police_only_wait(under: Callable[[str], Police]) -> None:
    police = under("prevent-panel")
    case = police.confirmed(subjects=[PUPIL])
    seen = police.reads_referral(case)
    assert seen["procedure"]["name"] == "prevent-panel"

    # The gateway: to the panel, which works on a safeguarding record that knows nothing of the flag.
    said = assessed(police, case, "safeguarding")
    assert said["referral"]["state"] == "with_panel"
    assert said["referral"]["phase"] == "waiting"
    records = police.of("safeguarding.lin").get("/safeguarding-records").items
    # One because a child was flagged, one because the panel is asked.
    assert [one["child"] for one in records] == [True, True]

    # Support without consent is refused, unless a law requires it; a child's consent is a guardian's.
    panel: dict[str, Any] = {
        "decision": "supported",
        "members": ["local_authority", "health", "education"],
        "reason": "He needs somebody to talk to.",
    }
    for consent in ("refused", "not_asked"):
        refused = step(police, MANAGER, case, "record_panel", expect=422, consent=consent, **panel)
        assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [
            ("/fields/consent", "does_not_fit")
        ]
    alone = {**panel, "members": ["education"]}
    few = step(police, MANAGER, case, "record_panel", expect=422, consent="guardian", **alone)
    assert few["errors"][0]["code"] == "too_few", "a panel is never the police alone"
    said = step(police, MANAGER, case, "record_panel", consent="guardian", **panel)
    assert said["referral"]["state"] == "supported"

    # Everybody has been told by now what became of it.
    for who in ("supervisor.lin-a", MANAGER):
        police.answers_everything(who, outcome="support_arranged")

    # It is reviewed, goes on, and ends; the officer hears of it, and the record is a child's.
    step(police, MANAGER, case, "review_support", outcome="goes_on", reason="It helps.")
    police.world.later(days=80)
    step(police, MANAGER, case, "review_support", outcome="finished", reason="He is well.")
    police.answers_everything(MANAGER, outcome="support_arranged")
    police.takes_step(MANAGER, case, "close")
    ended = police.reads_referral(case, MANAGER)
    assert (ended["phase"], ended["retention"]["class"]) == ("ended", "referral_child")
    assert {one["outcome"] for one in police.inbox(OFFICER)} == {"support_arranged"}


def test_what_the_panel_cannot_meet_goes_on_graded_and_shown_to_others_as_derived(
    under: Callable[[str], Police],
) -> None:
    police = under("prevent-panel")
    case = police.confirmed()
    assessed(police, case, "safeguarding")
    step(
        police, MANAGER, case, "record_panel", decision="police_led", consent="refused",
        members=["local_authority", "education", "health"], reason="He says what he is going to do.",
    )  # fmt: skip
    said = step(police, ANALYST, case, "evaluate", **GRADES_3X5X2)
    grades = {
        (one["scheme"], one["axis"]): (one["code"], one["derived_from"]) for one in said["referral"]["grades"]
    }
    assert grades == {
        ("3x5x2", "source"): ("1", None),
        ("3x5x2", "information"): ("A", None),
        ("4x4", "source"): ("B", "3x5x2:1"),
        ("4x4", "information"): ("2", "3x5x2:A"),
    }
    police.takes_step(ANALYST, case, "sanitise")
    police.takes_step(OTHER_ANALYST, case, "approve_sanitised")
    police.takes_step(MANAGER, case, "decide", outcome="escalate")
    given: dict[str, Any] = {
        "classification": "restricted",
        "handling_code": "C",
        "conditions": "Ask before use.",
        "handling_conditions": ["a1_covert_development"],
    }
    police.takes_step(MANAGER, case, "disseminate", **given)
    regional = police.referral_at("ost", parent=case)
    report = police.reads_referral(case, MANAGER)["report_id"]
    read = police.of("analyst1.ost").get(f"/intelligence-reports/{report}", purpose="assessment")
    assert {(one["scheme"], one["derived_from"] is None) for one in read["grades"]} == {
        ("3x5x2", True),
        ("4x4", False),
    }
    # What came under conditions is passed on only when the originator agrees.
    police.takes_step("analyst1.ost", regional, "acknowledge")
    police.takes_step("manager.ost", regional, "decide", outcome="escalate")
    refused = police.takes_step("manager.ost", regional, "disseminate", expect=409, to_units=["nor"], **given)
    assert refused.code == "originator_consent_needed"


def test_whoever_has_not_passed_the_course_for_it_neither_grades_nor_reviews(
    under: Callable[[str], Police],
) -> None:
    police = under("prevent-panel")
    case = police.confirmed()
    assessed(police, case, "continue")
    held = police.of("trainer.nor").pages("/certificates", account=ANALYST, course="grading")
    (certificate,) = list(held)
    police.of("trainer.nor").post(
        f"/certificates/{certificate['id']}/revocation", {"reason": "The test was not passed."}
    )
    refused = step(police, ANALYST, case, "evaluate", expect=403, **GRADES_3X5X2)
    assert refused.code == "training_required"
    said = step(police, OTHER_ANALYST, case, "evaluate", **GRADES_3X5X2)
    assert said["referral"]["state"] == "to_sanitise"


# --- the determination ----------------------------------------------------------------------------------


DETERMINED: dict[str, Any] = {
    "part_one": "met",
    "part_two": "met",
    "reasonable_suspicion": "He named the centre, the hour and the knife, and left in that direction.",
    "protected_activity": "none_kept",
}


def test_a_report_needs_both_parts_of_the_determination_and_facts(under: Callable[[str], Police]) -> None:
    police = under("nsi-determination")
    case = police.confirmed()
    half = assessed_wrong(police, case, {**DETERMINED, "part_two": "not_met"})
    assert half == [("/fields/part_two", "does_not_fit")]
    silent = {name: told for name, told in DETERMINED.items() if name != "reasonable_suspicion"}
    assert assessed_wrong(police, case, silent) == [("/fields/reasonable_suspicion", "required")]
    said = assessed(police, case, "continue", **DETERMINED)
    assert said["referral"]["state"] == "to_evaluate"


def assessed_wrong(police: Police, case: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    refused = police.takes_step(ANALYST, case, "assess", expect=422, outcome="continue", **body)
    return [(one["pointer"], one["code"]) for one in refused["errors"]]


def test_what_does_not_meet_both_parts_is_kept_for_the_shortest_time(under: Callable[[str], Police]) -> None:
    police = under("nsi-determination")
    case = police.confirmed()
    unmet: dict[str, Any] = {"part_one": "met", "part_two": "not_met", "protected_activity": "none_kept"}
    assessed(police, case, "no_further_action", **unmet)
    kept = police.reads_referral(case, MANAGER)["retention"]
    assert kept["class"] == "referral_no_further_action"
    assert kept["review_on"] == "2026-05-31"


def test_code_four_stays_with_the_agency_and_only_three_and_five_go_abroad(
    under: Callable[[str], Police],
) -> None:
    police = under("nsi-determination")
    case = police.confirmed()
    assessed(police, case, "continue", **DETERMINED)
    grades: dict[str, Any] = {"scheme": "5x5x5", "source_grade": "D", "information_grade": "5"}
    said = police.takes_step(ANALYST, case, "evaluate", **grades)
    derived = {one["axis"]: one["code"] for one in said["referral"]["grades"] if one["derived_from"]}
    assert derived == {"source": "C"}, "suspected to be false has no match: nothing is derived"
    police.takes_step(ANALYST, case, "sanitise")
    police.takes_step(OTHER_ANALYST, case, "approve_sanitised")
    police.takes_step(MANAGER, case, "decide", outcome="escalate")
    given: dict[str, Any] = {
        "conditions": "As agreed.",
        "right_to_know": "Statute 12.",
        "classification": "official",
    }
    stays = police.takes_step(MANAGER, case, "disseminate", expect=422, handling_code="4", **given)
    assert [(one["pointer"], one["code"]) for one in stays["errors"]] == [
        ("/fields/to_units/0", "handling_forbids")
    ]
    said = police.takes_step(MANAGER, case, "disseminate", **{**given, "handling_code": "1"})
    assert said["referral"]["state"] == "sent"
