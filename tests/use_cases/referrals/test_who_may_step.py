"""Every action of the chain by the right person, by the wrong one, in the wrong stage and too late."""

from __future__ import annotations

from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.access.models import Account
from tests.support.workflow import ANALYST, MANAGER, OFFICER, OTHER_ANALYST, SECOND_PERSON, fields
from tests.use_cases.referrals.conftest import BASELINE, every_action, raw_step, tag

OF_ANALYSTS = ("assess", "evaluate", "sanitise")
OF_MANAGERS = ("decide", "disseminate", "close")
STAGE_OF = {action.code: action.sources[0] for action in BASELINE.actions}
NOWHERE_IN_THE_CHAIN = (
    OFFICER, SECOND_PERSON, "safeguarding.lin", "commander.lin", "registrar.lin", "chair.lin", "trainer.nor",
    "admin1.nor", "partner.school",
)  # fmt: skip
# They may look with a case of their own, and take no step anywhere.
LOOKERS_ON = ("records.nor", "dpo.nor", "overseer.oversight")
ELSEWHERE = ("analyst1.bru", "manager.bru", "analyst1.wes", "manager.wes", "analyst1.nor", "manager.nor")


def attempt(police, standing, action, who):
    """A step by somebody who may not take it, which is judged before the version that they saw."""
    case = standing[STAGE_OF[action]]
    body = {"action": action, "fields": fields(police.world, action)}
    return raw_step(police, who, case.id, body, if_match='"1.a"')


# --- roles and units ----------------------------------------------------------------------------------


@pytest.mark.parametrize("action", every_action())
def test_a_role_without_a_part_in_the_chain_takes_no_step(shared_police, standing, action):
    for who in (*NOWHERE_IN_THE_CHAIN, *LOOKERS_ON):
        answer = attempt(shared_police, standing, action, who)
        assert (answer.status, answer.code) == (403, "role_not_allowed"), who


@pytest.mark.parametrize("action", every_action())
def test_to_another_unit_the_case_does_not_exist(shared_police, standing, action):
    for who in ELSEWHERE:
        there = attempt(shared_police, standing, action, who)
        absent = raw_step(
            shared_police, who, str(uuid4()), {"action": action, "fields": {}}, if_match='"1.a"'
        )
        assert (there.status, there.code) == (404, "not_found"), who
        assert {**there.body, "instance": ""} == {**absent.body, "instance": ""}


@pytest.mark.parametrize(
    ("action", "who"),
    [
        *((action, MANAGER) for action in OF_ANALYSTS),
        *((action, ANALYST) for action in OF_MANAGERS),
        ("acknowledge", "manager.ost"),
    ],
)
def test_analysts_and_managers_do_not_do_each_others_work(shared_police, standing, action, who):
    answer = attempt(shared_police, standing, action, who)
    assert (answer.status, answer.code) == (403, "role_not_allowed")


@pytest.mark.parametrize("action", every_action())
def test_the_person_is_judged_before_the_precondition(shared_police, standing, action):
    case = standing[STAGE_OF[action]]
    stranger = ANALYST if action in OF_MANAGERS else f"manager.{case.unit}"
    if action == "approve_sanitised":
        stranger = ANALYST
    body = {"action": action, "fields": {"nonsense": 1}}
    assert raw_step(shared_police, stranger, case.id, body).status == 403


# --- second persons -----------------------------------------------------------------------------------


@contextmanager
def held_by(world, account, person):
    """An account in the hands of the person of another one: separation is by person."""
    with world.uow() as tx:
        found = {row.username: (row.id, row.person_id) for row in tx.all(select(Account))}
    mine, own_person = found[account]

    def hand_to(person_id):
        with world.uow() as tx:
            tx.update_where(Account, {"id": mine}, {"person_id": person_id})

    hand_to(found[person][1])
    try:
        yield
    finally:
        hand_to(own_person)


def test_who_graded_and_sanitised_does_not_approve_and_is_told_so(shared_police, standing):
    answer = attempt(shared_police, standing, "approve_sanitised", ANALYST)
    assert (answer.status, answer.code) == (403, "same_person")
    case = standing["to_approve"].id
    for who, offered in (
        (ANALYST, []),
        (OTHER_ANALYST, ["approve_sanitised"]),
        (MANAGER, ["approve_sanitised", "pause"]),
    ):
        listed = shared_police.of(who).get(f"/referrals/{case}/actions").items
        assert [one["action"] for one in listed] == offered


@pytest.mark.parametrize(
    ("action", "account", "person"),
    [
        ("assess", ANALYST, OFFICER),  # author and flagger
        ("assess", ANALYST, SECOND_PERSON),  # confirmer
        ("evaluate", ANALYST, OFFICER),
        ("sanitise", ANALYST, OFFICER),
        ("approve_sanitised", OTHER_ANALYST, OFFICER),
        ("approve_sanitised", OTHER_ANALYST, ANALYST),  # who graded and sanitised
        ("approve_sanitised", MANAGER, ANALYST),
        ("decide", MANAGER, ANALYST),  # who assessed
        ("decide", MANAGER, OFFICER),
        ("disseminate", MANAGER, OFFICER),
        ("close", MANAGER, OFFICER),
    ],
)
def test_whoever_had_an_earlier_part_is_the_same_person_under_any_account(
    shared_police, standing, action, account, person
):
    with held_by(shared_police.world, account, person):
        answer = attempt(shared_police, standing, action, account)
        assert (answer.status, answer.code) == (403, "same_person")
        offered = shared_police.of(account).get(f"/referrals/{standing[STAGE_OF[action]].id}/actions").items
        assert action not in [one["action"] for one in offered]


def test_somebody_who_supplemented_the_report_handles_no_step_of_it(shared_police):
    police = shared_police
    report = police.observes()
    police.of("supervisor.lin-a").post(
        f"/observations/{report['id']}/supplements", {"facts": "And a red van."}
    )
    raised = police.raises_flag(report["id"])
    case = police.referral_called(police.decides_flag(raised["id"])["referral_reference"])
    with held_by(police.world, ANALYST, "supervisor.lin-a"):
        assert police.takes_step(ANALYST, case, "assess", expect=403).code == "same_person"


def test_who_assessed_for_the_sender_does_not_decide_for_the_recipient(shared_police):
    """Separation goes through the whole chain, whatever post somebody holds next."""
    police = shared_police
    case = police.brings_to("sent", police.confirmed())
    child = police.referral_at("ost", parent=case)
    police.takes_step("analyst1.ost", child, "acknowledge")
    with held_by(police.world, "manager.ost", ANALYST):
        assert police.takes_step("manager.ost", child, "decide", expect=403).code == "same_person"


# --- stage and precondition ---------------------------------------------------------------------------


@pytest.mark.parametrize("action", every_action())
def test_an_action_is_taken_from_its_own_stages_only(shared_police, standing, action):
    for stage, case in standing.items():
        if stage in BASELINE.action_by_code[action].sources:
            continue
        body = {"action": action, "fields": fields(shared_police.world, action)}
        doer = case.doer(action)
        answer = raw_step(shared_police, doer, case.id, body, if_match=tag(shared_police, case))
        assert (answer.status, answer.code) == (409, "action_not_allowed"), stage


def test_what_the_procedure_does_not_know_is_not_allowed_in_any_stage(shared_police, standing):
    for case in standing.values():
        for action in ("promote", "recipients_finished", "recall_finished"):
            answer = raw_step(
                shared_police, f"manager.{case.unit}", case.id,
                {"action": action, "fields": {}}, if_match=tag(shared_police, case),
            )  # fmt: skip
            assert (answer.status, answer.code) == (409, "action_not_allowed")


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (None, 428, "precondition_required"),
        ("*", 428, "precondition_required"),
        ('"0.abc"', 412, "precondition_failed"),
        ('"99.abc"', 412, "precondition_failed"),
        ("nonsense", 412, "precondition_failed"),
        ('W/"99.abc"', 412, "precondition_failed"),
    ],
)
def test_a_step_says_which_version_it_saw(shared_police, standing, header, status, code):
    case = standing["to_assess"]
    body = {"action": "assess", "fields": fields(shared_police.world, "assess")}
    answer = raw_step(shared_police, ANALYST, case.id, body, if_match=header)
    assert (answer.status, answer.code) == (status, code)


def test_the_precondition_is_judged_before_stage_and_fields(shared_police, standing):
    case = standing["closed"]
    body = {"action": "assess", "fields": {"nonsense": 1}}
    assert raw_step(shared_police, ANALYST, case.id, body, if_match='"1.a"').status == 412
    assert raw_step(shared_police, ANALYST, case.id, body, if_match=tag(shared_police, case)).status == 409


def test_a_step_sent_again_is_answered_as_it_is_now_though_its_tag_is_stale(shared_police):
    police = shared_police
    case = police.confirmed()
    body = {"id": str(uuid4()), "action": "assess", "fields": fields(police.world, "assess")}
    path, seen = f"/referrals/{case}/steps", police.tag_of(case, ANALYST)
    first = police.of(ANALYST).post(path, body, if_match=seen, expect=201)
    again = police.of(ANALYST).post(path, body, if_match=seen, expect=200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert (again["id"], again["audit_receipt"]) == (first["id"], first["audit_receipt"])
    police.takes_step(ANALYST, case, "evaluate")
    later = police.of(ANALYST).post(path, body, if_match=seen, expect=200)
    assert later["referral"]["state"] == "to_sanitise"
    steps = police.of(ANALYST).get(path).items
    assert [one["action"] for one in steps] == ["assess", "evaluate"]
