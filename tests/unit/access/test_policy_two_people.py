"""The policy, case by case: two people, certificates, and oversight out of everybody's reach."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from community_api.access.permissions import Permission
from community_api.access.policy import Reason
from community_api.access.target import Address, Target, persons
from community_api.core.actor import Certificate
from tests.unit.access.country import (
    ADA,
    BEN,
    FAR,
    SUE,
    TOM,
    actor,
    ask,
    certificate,
    grant,
    observation,
    person,
    reason,
    unit,
)


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
    post = Address(role="intelligence_manager", unit_id=unit("lin"))
    owed = Target(kind="obligation", unit_id=unit("lin"), addressed=(post,))
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


def test_a_local_manager_approves_no_account_even_of_the_own_unit():
    proposal = Target(kind="proposal", unit_id=unit("lin"), proposers=persons(person("adm")))
    local = actor("mia", ("intelligence_manager", "lin"))
    assert not ask(local, Permission.ACCOUNT_APPROVE, proposal).allow
