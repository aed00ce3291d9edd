"""Who may not, when not, and why: every refusal of the engine and the order in which they are asked."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.state import ActorView, Refusal, Step, UnitView
from community_api.procedure_engine.terms import Code, Entry
from tests.unit.procedure_engine.chain import (
    BRU,
    FILLED_IN,
    LIN,
    NOR,
    OSLO,
    OST,
    SUDRIA,
    TUESDAY,
    WES,
    analyst,
    baseline,
    case,
    decide,
    facts,
    manager,
    person,
)


def done(**acts: str) -> dict[str, frozenset[uuid.UUID]]:
    return {act.replace("__", "."): frozenset({person(name)}) for act, name in acts.items()}


ROLES = (
    ("assess", "to_assess", {"analyst"}),
    ("evaluate", "to_evaluate", {"analyst"}),
    ("sanitise", "to_sanitise", {"analyst"}),
    ("approve_sanitised", "to_approve", {"analyst", "intelligence_manager"}),
    ("decide", "to_decide", {"intelligence_manager"}),
    ("disseminate", "to_disseminate", {"intelligence_manager"}),
    ("acknowledge", "to_acknowledge", {"analyst"}),
    ("close", "to_feed_back", {"intelligence_manager"}),
)
EVERY_ROLE = (
    "officer",
    "supervisor",
    "safeguarding_lead",
    "analyst",
    "intelligence_manager",
    "dpo",
    "oversight",
)


@pytest.mark.parametrize("role", EVERY_ROLE)
@pytest.mark.parametrize(("action", "stage", "roles"), ROLES)
def test_only_the_roles_of_an_action_may_take_it(action, stage, roles, role):
    answer = decide(stage, ActorView(person("x"), frozenset({role})), action)
    assert answer.allow is (role in roles)
    assert answer.code == ("allowed" if role in roles else "role_not_allowed")


@pytest.mark.parametrize("stage", [stage.code for stage in baseline().stages])
@pytest.mark.parametrize(("action", "own_stage", "_roles"), ROLES)
def test_no_action_is_possible_in_a_stage_that_is_not_its_own(action, own_stage, _roles, stage):
    who = ActorView(person("x"), frozenset({"analyst", "intelligence_manager"}))
    answer = decide(stage, who, action)
    assert answer.allow is (stage == own_stage)
    assert answer.code == ("allowed" if stage == own_stage else "action_not_allowed")


SAME_PERSON = (
    ("assess", "to_assess", analyst, "flag__raise"),
    ("assess", "to_assess", analyst, "flag__confirm"),
    ("assess", "to_assess", analyst, "report__author"),
    ("assess", "to_assess", analyst, "report__supplement"),
    ("evaluate", "to_evaluate", analyst, "flag__raise"),
    ("approve_sanitised", "to_approve", analyst, "sanitise"),
    ("approve_sanitised", "to_approve", analyst, "evaluate"),
    ("approve_sanitised", "to_approve", manager, "sanitise"),
    ("decide", "to_decide", manager, "assess"),
    ("disseminate", "to_disseminate", manager, "report__author"),
    ("acknowledge", "to_acknowledge", analyst, "report__author"),
    ("close", "to_feed_back", manager, "flag__raise"),
)


@pytest.mark.parametrize(("action", "stage", "who", "act"), SAME_PERSON)
def test_nobody_acts_upon_what_they_did_themselves(action, stage, who, act):
    known = facts(acts=done(**{act: "same"}))
    answer = decide(stage, who("same"), action, given_facts=known)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.reason) == (Code.SAME_PERSON, act.replace("__", "."))
    assert decide(stage, who("other"), action, given_facts=known).allow


@pytest.mark.parametrize(("action", "stage", "who", "act"), SAME_PERSON)
def test_a_second_role_does_not_make_a_second_person(action, stage, who, act):
    known = facts(acts=done(**{act: "same"}))
    many = ActorView(person("same"), frozenset({"analyst", "intelligence_manager", "supervisor"}))
    assert decide(stage, many, action, given_facts=known).code == Code.SAME_PERSON


@pytest.mark.parametrize(("action", "stage", "who", "act"), SAME_PERSON)
def test_an_action_withheld_from_the_same_person_is_listed_with_the_reason(action, stage, who, act):
    known = facts(acts=done(**{act: "same"}))
    offers = engine.actions_for(baseline(), case(stage), who("same"), known)
    offer = next(offer for offer in offers if offer.action == action)
    assert offer.withheld is not None
    assert offer.withheld.code == Code.SAME_PERSON


def test_who_confirmed_the_flag_may_still_grade():
    assert decide(
        "to_evaluate", analyst("cy"), "evaluate", given_facts=facts(acts=done(flag__confirm="cy"))
    ).allow


def test_unknown_action_is_a_matter_of_state():
    answer = engine.decide(baseline(), case("to_assess"), analyst(), "promote", {}, at=TUESDAY, facts=facts())
    assert answer.code == Code.ACTION_NOT_ALLOWED
    assert engine.permit(baseline(), "promote", analyst(), facts()) is None


def test_permission_is_judged_before_state_and_state_before_content():
    nothing: dict[str, object] = {}
    assert decide("closed", manager(), "assess", nothing).code == Code.ROLE_NOT_ALLOWED
    same = facts(acts=done(flag__raise="ana"))
    assert decide("closed", analyst("ana"), "assess", nothing, given_facts=same).code == Code.SAME_PERSON
    assert decide("closed", analyst("ana"), "assess", nothing).code == Code.ACTION_NOT_ALLOWED
    assert decide("to_assess", analyst("ana"), "assess", nothing).code == Code.VALIDATION_FAILED


def test_feedback_owed_is_said_before_the_missing_reason():
    assert decide("to_feed_back", manager(), "close", {}, given_facts=facts(open_obligations=1)).code == (
        Code.FEEDBACK_OWED
    )


def test_permit_agrees_with_decide_on_permission():
    same = facts(acts=done(assess="mia"))
    refused = engine.permit(baseline(), "decide", manager("mia"), same)
    assert refused == decide("closed", manager("mia"), "decide", given_facts=same)
    assert engine.permit(baseline(), "decide", manager("noa"), same) is None


RECIPIENTS = (
    (LIN, ["ost"], True),
    (LIN, ["nor"], True),
    (LIN, ["ost", "nor"], True),
    (LIN, ["wes"], False),
    (LIN, ["bru"], False),
    (LIN, ["lin"], False),
    (LIN, ["sudria"], False),
    (LIN, ["nowhere"], False),
    (OST, ["nor"], True),
    (OST, ["lin"], False),
    (OST, ["wes"], False),
)


@pytest.mark.parametrize(("sender", "recipients", "permitted"), RECIPIENTS)
def test_the_level_graph_decides_who_may_receive(sender, recipients, permitted):
    answer = decide(
        "to_disseminate", manager(), "disseminate", given_facts=facts(sender), to_units=recipients
    )
    assert answer.allow is permitted
    if isinstance(answer, Refusal):
        assert [(e.pointer, e.code) for e in answer.errors] == [("/to_units/0", "unit_not_permitted")]


def test_only_the_wrong_one_of_several_recipients_is_named():
    answer = decide("to_disseminate", manager(), "disseminate", to_units=["ost", "wes", "nor", "ost"])
    assert isinstance(answer, Refusal)
    assert [(error.pointer, error.code) for error in answer.errors] == [
        ("/to_units/1", "unit_not_permitted"),
        ("/to_units/3", "repeated"),
    ]


def test_who_has_nobody_to_send_to_is_not_offered_to_disseminate():
    for unit in (NOR, SUDRIA):
        known = facts(unit)
        assert (
            decide("to_disseminate", manager(), "disseminate", given_facts=known).code
            == Code.ACTION_NOT_ALLOWED
        )
        offer = engine.actions_for(baseline(), case("to_disseminate", unit.level), manager(), known)[0]
        assert offer.withheld is not None


@pytest.mark.parametrize(
    ("unit", "offered"),
    [(LIN, True), (BRU, True), (OST, True), (WES, True), (NOR, False)],
)
def test_escalation_is_offered_only_where_an_edge_leads_on(unit, offered):
    schema = engine.json_schema(baseline(), "decide", case("to_decide", unit.level), facts(unit))
    assert ("escalate" in schema["properties"]["outcome"]["enum"]) is offered
    offer = engine.actions_for(baseline(), case("to_decide", unit.level), manager(), facts(unit))[0]
    assert offer.to_stages == (("to_disseminate", "to_feed_back") if offered else ("to_feed_back",))


def test_closing_is_shown_while_feedback_is_owed_but_blocked():
    owed = facts(open_obligations=2)
    offer = engine.actions_for(baseline(), case("to_feed_back"), manager(), owed)[0]
    assert offer.withheld is None
    assert offer.blocked is not None
    assert offer.blocked.code == Code.FEEDBACK_OWED
    free = engine.actions_for(baseline(), case("to_feed_back"), manager(), facts())[0]
    assert free.withheld is free.blocked is None


def test_an_end_offers_nothing():
    assert engine.actions_for(baseline(), case("closed"), manager(), facts()) == ()


def test_handling_code_h3_needs_stated_conditions():
    answer = decide("to_disseminate", manager(), "disseminate", handling_code="H3")
    assert isinstance(answer, Refusal)
    assert [(error.pointer, error.code) for error in answer.errors] == [("/conditions", "required")]
    stated = decide(
        "to_disseminate", manager(), "disseminate", handling_code="H3", conditions="Not to be stored."
    )
    assert stated.allow


@pytest.mark.parametrize(
    ("review_on", "fits"),
    [
        ("2026-02-02", False),
        ("2026-02-03", True),
        ("2031-02-03", True),
        ("2031-02-04", False),
        ("1999-12-31", False),
    ],
)
def test_review_lies_between_today_and_five_years(review_on, fits):
    answer = decide("to_decide", manager(), "decide", review_on=review_on)
    assert answer.allow is fits
    if isinstance(answer, Refusal):
        assert [(error.pointer, error.code) for error in answer.errors] == [
            ("/review_on", "date_out_of_range")
        ]


def test_today_is_the_day_of_the_unit_and_not_of_the_server():
    late = TUESDAY.replace(hour=23, minute=30)
    assert not decide("to_decide", manager(), "decide", at=late, review_on="2026-02-03").allow
    assert decide("to_decide", manager(), "decide", at=late, review_on="2026-02-04").allow


def test_factor_named_twice_is_refused_at_its_second_place():
    twice = [
        {"code": "status", "not_known": True},
        {"code": "grievance", "not_known": True},
        {"code": "status", "evidence": "Said so."},
    ]
    answer = decide("to_assess", analyst(), "assess", factors=twice)
    assert isinstance(answer, Refusal)
    assert [(error.pointer, error.code) for error in answer.errors] == [("/factors/2/code", "repeated")]


def test_refusals_never_repeat_what_was_submitted():
    secret = "Zebra"
    answer = decide(
        "to_assess", analyst(), "assess", outcome=secret, summary=[secret], factors=[{"code": secret}]
    )
    assert isinstance(answer, Refusal)
    assert secret not in repr(answer)


def test_urgent_case_has_urgent_clocks():
    urgent = replace(case("to_disseminate"), urgent=True)
    answer = engine.decide(
        baseline(), urgent, manager(), "disseminate", FILLED_IN["disseminate"], at=TUESDAY, facts=facts()
    )
    assert isinstance(answer, Step)
    assert answer.case.urgent
    opening = engine.open_case(baseline(), Entry.DISSEMINATION, "regional", TUESDAY, OSLO, urgent=True)
    assert opening.duty.due_at.isoformat() == "2026-02-03T10:30:00+00:00"


def test_case_with_a_child_is_kept_by_the_class_for_children():
    child = replace(case("to_assess"), child=True)
    stopped = engine.decide(
        baseline(),
        child,
        analyst(),
        "assess",
        {**FILLED_IN["assess"], "outcome": "no_further_action"},
        at=TUESDAY,
        facts=facts(),
    )
    assert isinstance(stopped, Step)
    assert stopped.retention is not None
    assert (stopped.retention.code, stopped.retention.review_on.isoformat()) == (
        "referral_no_further_action_child",
        "2026-08-05",
    )
    assert engine.open_case(baseline(), Entry.FLAG, "local", TUESDAY, OSLO, child=True).retention.code == (
        "referral_child"
    )


@pytest.mark.parametrize(("by", "level"), [(Entry.FLAG, "regional"), (Entry.DISSEMINATION, "local")])
def test_no_case_begins_where_the_pack_knows_no_entrance(by, level):
    with pytest.raises(ValueError, match="opens no case"):
        engine.open_case(baseline(), by, level, TUESDAY, OSLO)


def test_lateral_unit_is_no_recipient_even_when_its_name_is_prefixed_alike():
    twin = UnitView("ost-b", "regional", frozenset({"nor"}))
    known = replace(facts(), units=(*facts().units, twin))
    assert not decide("to_disseminate", manager(), "disseminate", given_facts=known, to_units=["ost-b"]).allow
