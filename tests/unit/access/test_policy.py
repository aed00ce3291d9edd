"""The policy, case by case: who may do what to which thing, and what they are told when they may not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from community_api.access.permissions import Permission
from community_api.access.policy import Decision, Reason, decide
from community_api.access.target import Address, Target, persons
from community_api.access.terms import View
from community_api.core.actor import Actor, Certificate
from tests.unit.access.country import NOW, TREE, actor, certificate, grant, observation, person, unit


def ask(who: Actor, permission: Permission, target: Target | None = None, at: datetime = NOW) -> Decision:
    return decide(who, permission, target, tree=TREE, at=at)


def reason(who: Actor, permission: Permission, target: Target | None = None) -> str:
    return ask(who, permission, target).reason.value


def flag(
    by: str = "ada",
    team: str = "lin-a",
    *,
    cosigner: str | None = None,
    flagger_held: tuple[tuple[str, str], ...] = (),
) -> Target:
    return Target(
        kind="flag",
        unit_id=unit(team),
        owner=person(by),
        authors=persons(person(by), person(cosigner) if cosigner else None),
        proposers=persons(person(by)),
        proposer_grants=tuple(grant(*held) for held in flagger_held),
        addressed=(
            Address(role="supervisor", unit_id=unit("lin"), below=True),
            Address(role="safeguarding_lead", unit_id=unit("lin"), below=True),
        ),
    )


ADA = actor("ada", ("officer", "lin-a"))
BEN = actor("ben", ("officer", "lin-a"))
SUE = actor("sue", ("supervisor", "lin-a"), purpose="supervision", certificates=(certificate(),))
TOM = actor("tom", ("supervisor", "lin-b"), purpose="supervision", certificates=(certificate(),))
FAR = actor("far", ("supervisor", "hav-a"), purpose="supervision", certificates=(certificate(),))


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


# --- two people ----------------------------------------------------------------------------------


def test_a_certified_supervisor_of_another_team_under_the_same_local_unit_decides_a_flag():
    assert ask(TOM, Permission.FLAG_DECIDE, flag()).allow
    assert ask(TOM, Permission.FLAG_READ, flag()).allow
    assert reason(FAR, Permission.FLAG_DECIDE, flag()) == "not_found"


def test_a_decided_flag_is_no_longer_known_to_the_other_team():
    decided = Target(kind="flag", unit_id=unit("lin-a"), owner=person("ada"))
    assert reason(TOM, Permission.FLAG_READ, decided) == "not_found"


def test_nobody_decides_the_own_flag():
    sue = actor("sue", ("supervisor", "lin-a"), certificates=(certificate(),))
    assert reason(sue, Permission.FLAG_DECIDE, flag(by="sue")) == "same_person"


def test_a_second_role_does_not_help_to_approve_the_own_act():
    sue = actor("sue", ("supervisor", "lin-a"), ("safeguarding_lead", "lin"), certificates=(certificate(),))
    assert reason(sue, Permission.FLAG_DECIDE, flag(by="sue")) == "same_person"


def test_who_has_co_signed_does_not_decide():
    tom = actor("tom", ("safeguarding_lead", "lin"), certificates=(certificate(),))
    assert reason(tom, Permission.FLAG_DECIDE, flag(cosigner="tom")) == "same_person"


@pytest.mark.parametrize(
    ("decider", "flagger", "expected"),
    [
        (("supervisor", "lin-b"), ("supervisor", "lin"), "not_independent"),
        (("supervisor", "lin-a"), ("supervisor", "lin-a"), "allowed"),
        (("safeguarding_lead", "lin"), ("supervisor", "lin-a"), "allowed"),
        (("supervisor", "lin-b"), ("supervisor", "lin-a"), "allowed"),
    ],
)
def test_nobody_decides_on_whom_they_answer_to(decider, flagger, expected):
    who = actor("dan", decider, certificates=(certificate(),))
    assert reason(who, Permission.FLAG_DECIDE, flag(by="pat", flagger_held=(flagger,))) == expected


def test_an_officer_of_the_flaggers_team_who_supervises_another_is_not_independent():
    who = actor("dan", ("officer", "lin-a"), ("supervisor", "lin-b"), certificates=(certificate(),))
    target = flag(by="pat", flagger_held=(("supervisor", "lin-a"),))
    assert reason(who, Permission.FLAG_DECIDE, target) == "not_independent"


def test_ruling_on_what_nobody_is_named_as_having_proposed_is_a_fault_of_the_program():
    nameless = Target(kind="flag", unit_id=unit("lin-a"))
    with pytest.raises(ValueError, match="not named"):
        ask(SUE, Permission.FLAG_DECIDE, nameless)


def test_an_author_does_not_handle_the_own_report():
    assert reason(SUE, Permission.COMMUNITY_REPORT_TRIAGE, observation("sue")) == "same_person"


def test_an_analyst_proposes_feedback_and_a_manager_sends_it():
    owed = Target(kind="obligation", unit_id=unit("lin"))
    assert ask(actor("ann", ("analyst", "lin")), Permission.FEEDBACK_WRITE, owed).proposes
    decision = ask(actor("max", ("intelligence_manager", "lin")), Permission.FEEDBACK_WRITE, owed)
    assert (decision.allow, decision.proposes) == (True, False)


def test_nobody_answers_feedback_that_is_owed_to_themselves():
    owed = Target(kind="obligation", unit_id=unit("lin-a"), owner=person("sue"))
    assert reason(SUE, Permission.FEEDBACK_WRITE, owed) == "same_person"


# --- certificates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((), "training_required"),
        ((certificate(expires=date(2026, 5, 3)),), "training_required"),
        ((certificate(expires=date(2026, 5, 4)),), "allowed"),
        ((certificate(passed=date(2026, 5, 5)),), "training_required"),
        ((Certificate("bias", date(2026, 1, 1), date(2027, 1, 1)),), "training_required"),
        (
            (Certificate("verlt", date(2026, 1, 1), date(2027, 1, 1), datetime(2026, 4, 1, tzinfo=UTC)),),
            "training_required",
        ),
    ],
)
def test_a_flag_needs_a_certificate_that_is_good_today(held, expected):
    who = actor("ada", ("officer", "lin-a"), certificates=held)
    assert reason(who, Permission.FLAG_RAISE, observation("ada")) == expected


def test_the_missing_course_is_named():
    assert ask(ADA, Permission.FLAG_RAISE, observation("ada")).certificate == "verlt"


def test_the_day_is_that_of_the_unit():
    """22:30 UTC on 3 May is half past midnight on 4 May in the unit."""
    who = actor("ada", ("officer", "lin-a"), certificates=(certificate(expires=date(2026, 5, 3)),))
    night = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
    assert ask(who, Permission.FLAG_RAISE, observation("ada"), night).reason is Reason.TRAINING


def test_missing_training_is_not_told_about_a_foreign_report():
    assert reason(BEN, Permission.FLAG_RAISE, observation("ada")) == "not_found"


# --- oversight -----------------------------------------------------------------------------------


def test_nobody_reaches_the_account_or_sessions_of_oversight():
    administrator = actor("adm", ("administrator", "nor"))
    for kind, permission in [
        ("session", Permission.SESSION_REVOKE),
        ("device", Permission.DEVICE_REVOKE),
        ("proposal", Permission.ACCOUNT_PROPOSE),
    ]:
        target = Target(
            kind=kind,
            unit_id=unit("oversight"),
            owner=person("eve"),
            subject_roles=frozenset({"oversight"}),
        )
        assert not ask(administrator, permission, target).allow


def test_oversight_ends_its_own_sessions():
    eve = actor("eve", ("oversight", "oversight"))
    own = Target(kind="session", owner=person("eve"), subject_roles=frozenset({"oversight"}))
    assert ask(eve, Permission.SESSION_REVOKE, own).allow


def test_oversight_ends_nobody_elses_session():
    eve = actor("eve", ("oversight", "oversight"))
    assert not ask(eve, Permission.SESSION_REVOKE, Target(kind="session", owner=person("ada"))).allow


def test_oversight_suspends_an_indicator_list_and_reads_no_purpose_for_it():
    eve = actor("eve", ("oversight", "oversight"))
    assert ask(eve, Permission.INDICATOR_LIST_SUSPEND, Target(kind="indicator_list")).allow
    refused = ask(SUE, Permission.INDICATOR_LIST_SUSPEND, Target(kind="indicator_list"))
    assert refused.reason is Reason.ROLE


def test_somebody_without_any_role_may_do_nothing():
    nobody = actor("nan")
    assert {reason(nobody, permission) for permission in Permission if permission.value != "x"} <= {
        "role_not_allowed",
        "not_found",
    }


def test_an_administrator_who_also_manages_approves_no_own_proposal():
    who = actor("adm", ("administrator", "nor"), ("intelligence_manager", "nor"))
    proposal = Target(kind="proposal", unit_id=unit("nor"), proposers=persons(person("adm")))
    assert reason(who, Permission.ACCOUNT_APPROVE, proposal) == "same_person"


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


def test_a_local_manager_approves_no_account_even_of_the_own_unit():
    proposal = Target(kind="proposal", unit_id=unit("lin"), proposers=persons(person("adm")))
    local = actor("mia", ("intelligence_manager", "lin"))
    assert not ask(local, Permission.ACCOUNT_APPROVE, proposal).allow


@pytest.mark.parametrize(("below", "allowed"), [(True, True), (False, False)])
def test_an_address_reaches_units_below_only_where_it_says_so(below, allowed):
    sent = Target(
        kind="flag",
        unit_id=unit("hav-a"),
        addressed=(Address(role="supervisor", unit_id=unit("lin"), below=below),),
    )
    assert ask(SUE, Permission.FLAG_READ, sent).allow is allowed
