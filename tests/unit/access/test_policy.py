"""The policy, case by case: who may do what to which thing, and what they are told when they may not."""

from __future__ import annotations

import pytest

from community_api.access.permissions import Permission
from community_api.access.target import Address, Target, persons
from community_api.access.terms import View
from tests.unit.access.country import (
    ADA,
    BEN,
    SUE,
    actor,
    ask,
    observation,
    person,
    reason,
    unit,
)

# --- own records ---------------------------------------------------------------------------------


def test_an_officer_reads_the_own_report_without_a_purpose():
    assert ask(ADA, Permission.OBSERVATION_READ, observation("ada")).allow


def test_a_colleague_of_the_same_team_does_not_learn_of_it():
    assert reason(BEN, Permission.OBSERVATION_READ, observation("ada")) == "not_found"


def test_a_supervisor_reads_an_own_report_without_a_purpose():
    sue = actor("sue", ("supervisor", "lin-a"))
    assert ask(sue, Permission.OBSERVATION_READ, observation("sue")).allow


def test_an_officer_reports_for_the_own_team_only():
    assert ask(ADA, Permission.OBSERVATION_CREATE, observation("ada", "lin-a")).allow
    assert reason(ADA, Permission.OBSERVATION_CREATE, observation("ada", "lin-b")) == "role_not_allowed"


def test_an_officer_reports_in_nobody_elses_name():
    assert not ask(ADA, Permission.OBSERVATION_CREATE, observation("ben", "lin-a")).allow


def test_what_belongs_to_the_team_and_to_nobody_is_in_an_officers_scope():
    problem = Target(kind="problem", unit_id=unit("lin-a"))
    assert ask(ADA, Permission.PROBLEM_ADD_ENTRY, problem).allow
    assert (
        reason(
            actor("bob", ("officer", "lin-b")),
            Permission.PROBLEM_ADD_ENTRY,
            problem,
        )
        == "not_found"
    )


# --- scope ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "at_unit", "team", "reaches"),
    [
        ("supervisor", "lin-a", "lin-a", True),
        ("supervisor", "lin", "lin-b", True),
        ("supervisor", "nor", "hav-a", True),
        ("supervisor", "lin-a", "lin-b", False),
        ("supervisor", "lin-a", "lin", False),
        ("supervisor", "bru", "lin-a", False),
    ],
)
def test_a_supervisor_reaches_the_own_unit_and_all_below_it(role, at_unit, team, reaches):
    who = actor("sue", (role, at_unit), purpose="triage")
    assert ask(who, Permission.OBSERVATION_READ, observation(team=team)).allow is reaches


@pytest.mark.parametrize(("at_unit", "allowed"), [("lin", True), ("ost", False), ("bru", False)])
def test_an_analyst_reaches_the_own_unit_and_nothing_below_it(at_unit, allowed):
    who = actor("ann", ("analyst", at_unit), purpose="assessment")
    target = Target(kind="referral", unit_id=unit("lin"))
    assert reason(who, Permission.REFERRAL_READ, target) == ("allowed" if allowed else "not_found")


def test_oversight_reaches_everything_with_a_case():
    who = actor("eve", ("oversight", "oversight"), purpose="audit", case=True)
    for target in (observation(), Target(kind="referral", unit_id=unit("nor"))):
        permission = Permission.OBSERVATION_READ if target.kind == "observation" else Permission.REFERRAL_READ
        assert ask(who, permission, target).allow


def test_a_partner_reaches_what_is_addressed_to_it_and_nothing_else():
    who = actor("pia", ("partner", "school"))
    ours = Target(kind="handover", unit_id=unit("lin"), addressed=(Address(unit_id=unit("school")),))
    theirs = Target(kind="handover", unit_id=unit("lin"), addressed=(Address(unit_id=unit("oversight")),))
    assert ask(who, Permission.HANDOVER_ANSWER, ours).allow
    assert reason(who, Permission.HANDOVER_ANSWER, theirs) == "not_found"


def test_what_is_addressed_to_a_post_is_reached_by_its_holders_only():
    target = Target(
        kind="observation",
        unit_id=unit("hav-a"),
        owner=person("ada"),
        addressed=(Address(role="duty_commander", unit_id=unit("lin")),),
    )
    commander = actor("kim", ("duty_commander", "lin"), purpose="emergency")
    assert ask(commander, Permission.OBSERVATION_READ, target).allow
    other = actor("lea", ("duty_commander", "bru"), purpose="emergency")
    assert reason(other, Permission.OBSERVATION_READ, target) == "not_found"
    lead = actor("sam", ("safeguarding_lead", "lin"), purpose="safeguarding")
    assert reason(lead, Permission.OBSERVATION_READ, target) == "not_found"


def test_an_empty_address_is_nobodys():
    target = Target(kind="handover", unit_id=unit("lin"), addressed=(Address(),))
    assert not ask(actor("pia", ("partner", "school")), Permission.HANDOVER_ANSWER, target).allow


def test_several_grants_are_each_judged_alone():
    """A supervisor elsewhere who is an analyst here is no supervisor here."""
    who = actor("sue", ("supervisor", "hav-a"), ("analyst", "lin"), purpose="triage")
    assert reason(who, Permission.OBSERVATION_READ, observation(team="lin-a")) == "not_found"


def test_only_a_national_manager_approves_accounts():
    proposal = Target(
        kind="proposal",
        unit_id=unit("lin-a"),
        proposers=persons(person("adm")),
    )
    national = actor("max", ("intelligence_manager", "nor"))
    local = actor("mia", ("intelligence_manager", "lin"))
    assert ask(national, Permission.ACCOUNT_APPROVE, proposal).allow
    assert not ask(local, Permission.ACCOUNT_APPROVE, proposal).allow


def test_a_national_administrator_also_reaches_bodies_outside_the_chain():
    proposal = Target(kind="proposal", unit_id=unit("school"))
    assert ask(actor("adm", ("administrator", "nor")), Permission.ACCOUNT_PROPOSE, proposal).proposes
    assert not ask(actor("loc", ("administrator", "lin")), Permission.ACCOUNT_PROPOSE, proposal).allow


# --- what may be known of ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "permission", [p for p in Permission if p.value.startswith(("observation.", "referral.", "emergency."))]
)
@pytest.mark.parametrize("role", ["officer", "supervisor", "analyst", "trainer", "partner", "duty_commander"])
def test_a_foreign_thing_and_a_missing_one_get_the_same_answer(role, permission):
    kind = permission.value.partition(".")[0]
    who = actor("who", (role, "hav-a"), purpose="triage")
    foreign = Target(kind=kind, unit_id=unit("lin-a"), owner=person("ada"))
    if permission is Permission.OBSERVATION_CREATE:
        return
    assert reason(who, permission, foreign) == reason(who, permission, Target.absent(kind))


def test_a_kind_that_is_closed_to_the_role_is_refused_whether_there_or_not():
    analyst = actor("ann", ("analyst", "lin"), purpose="assessment")
    for target in (observation(), Target.absent("observation"), None):
        assert reason(analyst, Permission.OBSERVATION_READ, target) == "role_not_allowed"
    assert reason(analyst, Permission.OBSERVATION_LIST) == "role_not_allowed"


def test_who_may_see_a_thing_is_told_that_the_role_does_not_allow_the_act():
    assert reason(ADA, Permission.COMMUNITY_REPORT_TRIAGE, observation("ada")) == "role_not_allowed"
    assert reason(BEN, Permission.COMMUNITY_REPORT_TRIAGE, observation("ada")) == "not_found"


def test_without_a_purpose_a_foreign_thing_stays_unknown():
    who = actor("far", ("supervisor", "hav-a"))
    assert reason(who, Permission.OBSERVATION_READ, observation()) == "not_found"


def test_a_subject_does_not_learn_of_the_thing_that_is_about_them():
    about_sue = Target(
        kind="observation", unit_id=unit("lin-a"), owner=person("ada"), subjects=persons(person("sue"))
    )
    assert reason(SUE, Permission.OBSERVATION_READ, about_sue) == "not_found"
    assert reason(SUE, Permission.COMMUNITY_REPORT_TRIAGE, about_sue) == "not_found"


# --- purposes and cases --------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", [None, "audit", "review", "curiosity", "emergency"])
def test_a_supervisor_states_a_purpose_of_the_role(purpose):
    who = actor("sue", ("supervisor", "lin-a"), purpose=purpose)
    assert reason(who, Permission.OBSERVATION_READ, observation()) == "purpose_required"


def test_lists_ask_neither_purpose_nor_case():
    for role in ("supervisor", "records_manager", "dpo", "oversight"):
        assert ask(actor("who", (role, "nor")), Permission.OBSERVATION_LIST).allow


@pytest.mark.parametrize(
    ("role", "purpose"),
    [("records_manager", "review"), ("dpo", "rights_request"), ("oversight", "inspection")],
)
def test_who_reads_for_control_needs_a_purpose_and_a_case(role, purpose):
    for stated, case, expected in [
        (None, True, "purpose_required"),
        (purpose, False, "case_required"),
        (purpose, True, "allowed"),
    ]:
        who = actor("who", (role, "nor"), purpose=stated, case=case)
        assert reason(who, Permission.OBSERVATION_READ, observation()) == expected


def test_the_purpose_belongs_to_the_role_by_which_one_reads():
    """Being a supervisor somewhere else does not lend its purposes to the data protection officer."""
    who = actor("who", ("dpo", "nor"), ("supervisor", "hav-a"), purpose="triage", case=True)
    assert reason(who, Permission.OBSERVATION_READ, observation(team="lin-a")) == "purpose_required"


def test_a_list_for_control_shows_metadata_only():
    assert ask(actor("who", ("dpo", "nor")), Permission.OBSERVATION_LIST).view is View.METADATA
    assert ask(SUE, Permission.OBSERVATION_LIST).view is View.CONTENT


def test_a_manager_sees_metadata_of_an_emergency_in_the_own_unit():
    who = actor("max", ("intelligence_manager", "lin"), purpose="assessment")
    emergency = Target(kind="emergency", unit_id=unit("lin"))
    decision = ask(who, Permission.EMERGENCY_READ, emergency)
    assert (decision.allow, decision.view) == (True, View.METADATA)
    assert reason(who, Permission.EMERGENCY_ACT, emergency) == "role_not_allowed"


def test_the_widest_view_among_several_grants_counts():
    who = actor("max", ("dpo", "nor"), ("supervisor", "lin-a"), purpose="triage")
    decision = ask(who, Permission.OBSERVATION_LIST)
    assert decision.view is View.CONTENT
    assert decision.via is not None
    assert decision.via.role == "supervisor"


def test_a_secret_thing_that_belongs_to_no_unit_is_out_of_every_scope_but_oversights():
    stray = Target(kind="observation")
    desk = actor("sue", ("supervisor", "nor"), purpose="triage")
    assert reason(desk, Permission.OBSERVATION_READ, stray) == "not_found"
    eve = actor("eve", ("oversight", "oversight"), purpose="audit", case=True)
    assert ask(eve, Permission.OBSERVATION_READ, stray).allow


def test_what_a_colleague_owns_is_not_the_teams():
    owned = Target(kind="problem", unit_id=unit("lin-a"), owner=person("ada"))
    assert reason(BEN, Permission.PROBLEM_READ, owned) == "not_found"
    assert ask(ADA, Permission.PROBLEM_READ, owned).allow


@pytest.mark.parametrize(("below", "allowed"), [(True, True), (False, False)])
def test_an_address_reaches_units_below_only_where_it_says_so(below, allowed):
    sent = Target(
        kind="flag",
        unit_id=unit("hav-a"),
        addressed=(Address(role="supervisor", unit_id=unit("lin"), below=below),),
    )
    assert ask(SUE, Permission.FLAG_READ, sent).allow is allowed
