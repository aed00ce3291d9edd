"""Sending back, closing, being late, and the procedure version that a case keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from community_api.access.models import PostHolder
from community_api.audit.models import AuditEvent
from community_api.composition import make_worker
from community_api.procedure_engine import repository
from community_api.units import posts
from community_api.units.terms import Role
from tests.support.workflow import ANALYST, MANAGER, OTHER_ANALYST


def history(police, case, who=MANAGER):
    return [
        (one["action"], one["from_state"], one["to_state"], one["post"])
        for one in police.of(who).get(f"/referrals/{case}/steps").items
    ]


# --- there and back -----------------------------------------------------------------------------------


def test_a_text_sent_back_is_sanitised_anew_as_often_as_it_takes(shared_police):
    police = shared_police
    case = police.brings_to("to_approve", police.confirmed())
    for text in ("A second text.", "A third text."):
        sent_back = police.takes_step(OTHER_ANALYST, case, "approve_sanitised", decision="sent_back")
        assert sent_back["to_state"] == "to_sanitise"
        assert police.reads_referral(case)["report_id"] is None
        police.takes_step(ANALYST, case, "sanitise", text=text)
    police.takes_step(OTHER_ANALYST, case, "approve_sanitised")
    report = police.reads_referral(case)["report_id"]
    read = police.of(ANALYST).get(f"/intelligence-reports/{report}", purpose="assessment")
    assert read["text"] == "A third text."


def test_whoever_sanitised_once_never_approves_in_that_case(shared_police):
    police = shared_police
    case = police.brings_to("to_approve", police.confirmed())
    police.takes_step(MANAGER, case, "approve_sanitised", decision="sent_back")
    police.takes_step(OTHER_ANALYST, case, "sanitise")
    for who in (ANALYST, OTHER_ANALYST):
        assert police.takes_step(who, case, "approve_sanitised", expect=403).code == "same_person"
    assert police.takes_step(MANAGER, case, "approve_sanitised")["to_state"] == "to_decide"


def test_the_history_names_posts_and_no_person(shared_police, standing):
    assert history(shared_police, standing["sent"].id) == [
        ("assess", "to_assess", "to_evaluate", "analyst.lin"),
        ("evaluate", "to_evaluate", "to_sanitise", "analyst.lin"),
        ("sanitise", "to_sanitise", "to_approve", "analyst.lin"),
        ("approve_sanitised", "to_approve", "to_decide", "analyst.lin"),
        ("decide", "to_decide", "to_disseminate", "intelligence_manager.lin"),
        ("disseminate", "to_disseminate", "sent", "intelligence_manager.lin"),
    ]


# --- closing ------------------------------------------------------------------------------------------


def test_closing_is_offered_and_refused_while_an_answer_is_owed(shared_police, standing):
    case = standing["to_feed_back"].id
    offered = shared_police.of(MANAGER).get(f"/referrals/{case}/actions").items
    assert [one["blocked"] for one in offered if one["action"] == "close"] == ["feedback_owed"]
    assert shared_police.takes_step(MANAGER, case, "close", expect=409).code == "feedback_owed"


def test_closing_looks_at_the_cases_own_answers_only(shared_police):
    """The supervisors still owe the flagger word about the flag: that keeps no referral open."""
    police = shared_police
    case = police.confirmed()
    police.takes_step(ANALYST, case, "assess", outcome="no_further_action")
    for one in police.owes(MANAGER, state="open"):
        if one["subject"]["id"] == case:
            police.answers(MANAGER, one["id"])
    assert "flag_decision" in {
        one["decision"]["kind"] for one in police.owes("supervisor.lin-a", state="open")
    }
    assert police.takes_step(MANAGER, case, "close")["to_state"] == "closed"


def test_what_is_closed_has_no_owner_or_deadline_and_can_only_be_taken_up_again(shared_police, standing):
    case = standing["closed"].id
    read = shared_police.reads_referral(case)
    assert (read["phase"], read["owner"], read["due_at"], read["overdue"]) == ("ended", None, None, False)
    for who, offered in ((ANALYST, []), (MANAGER, ["reopen"])):
        items = shared_police.of(who).get(f"/referrals/{case}/actions").items
        assert [one["action"] for one in items] == offered
        assert shared_police.duties(who, case) == []


@pytest.mark.parametrize(
    ("age", "outcome", "retention"),
    [
        ("adult", "safeguarding", "referral"),
        ("adult", "no_further_action", "referral_no_further_action"),
        ("unknown", "safeguarding", "referral_child"),
        ("child", "no_further_action", "referral_no_further_action_child"),
    ],
)
def test_the_outcome_and_a_childs_age_say_how_long_a_case_is_kept(shared_police, age, outcome, retention):
    police = shared_police
    case = police.confirmed(subjects=[{"label": "pupil", "category": "other_contact", "age": age}])
    police.takes_step(ANALYST, case, "assess", outcome=outcome)
    assert police.reads_referral(case)["retention"]["class"] == retention


# --- late ---------------------------------------------------------------------------------------------


def be_late(police, *, twice=False):
    """Let more time pass than any stage has, with two workers at work."""
    police.world.clock.advance(timedelta(days=60))
    workers = [
        make_worker(police.world.settings, police.world.app.extensions["community"]) for _one in range(2)
    ]
    for worker in workers * (1 + twice):
        worker.drain()


def told_above(police, who="chair.lin"):
    """Kind and address of everything that somebody owes to whom late posts are told."""
    return [(one["kind"], one["subject"]["href"]) for one in police.of(who).pages("/duties")]


def overdue_leaves(world, case):
    with world.uow() as tx:
        query = select(AuditEvent).where(AuditEvent.object_id == UUID(case))
        return sum('"outcome":"overdue"' in row.envelope for row in tx.all(query))


def test_a_stage_of_the_analysts_that_takes_too_long_is_told_to_the_manager_once(alone):
    case = alone.confirmed()
    be_late(alone, twice=True)
    assert alone.duties(MANAGER, case) == ["referral_overdue"]
    assert alone.duties(ANALYST, case) == ["to_assess"]
    assert overdue_leaves(alone.world, case) == 1
    late = alone.of(MANAGER).get("/referrals", query={"overdue": "true"}).items
    assert [(one["id"], one["overdue"]) for one in late] == [(case, True)]


def test_a_stage_of_the_manager_is_told_to_the_chair_whom_the_procedure_names(alone):
    case = alone.brings_to("to_decide", alone.confirmed())
    be_late(alone)
    assert told_above(alone) == [("post_overdue", "/api/v1/posts?unit=lin&role=intelligence_manager")]
    assert alone.duties(MANAGER, case) == ["to_decide"]
    for who in ("chair.lin", "manager.ost", "manager.wes", "manager.nor"):
        assert alone.duties(who, case) == []
    for who in ("manager.ost", "manager.wes", "manager.nor", "chair.bru", "chair.nor"):
        assert told_above(alone, who) == []


def test_a_region_without_a_chair_of_its_own_is_told_of_at_the_next_unit_above_that_has_one(alone):
    case = alone.brings_to("sent", alone.confirmed(), to_units=["ost"])
    child = alone.referral_at("ost", parent=case)
    alone.takes_step("analyst1.ost", child, "acknowledge")
    be_late(alone)
    assert ("post_overdue", "/api/v1/posts?unit=ost&role=intelligence_manager") in told_above(
        alone, "chair.nor"
    )
    assert told_above(alone, "chair.bru") == []


def test_where_nobody_is_in_the_post_that_should_hear_of_it_the_next_one_above_does(alone):
    alone.brings_to("to_decide", alone.confirmed())
    with alone.world.uow() as tx:
        post_id = posts.find(tx, Role.TASKING_CHAIR, alone.world.unit_id("lin"))
        tx.update_where(PostHolder, {"post_id": post_id}, {"until": tx.now}, expect=None)
    be_late(alone)
    assert told_above(alone, "chair.nor") == [
        ("post_overdue", "/api/v1/posts?unit=lin&role=intelligence_manager")
    ]


def test_whoever_is_told_can_look_up_what_a_duty_names_and_learns_of_no_case(alone):
    case = alone.brings_to("to_decide", alone.confirmed())
    be_late(alone)
    chair = alone.of("chair.lin")
    chair.get(f"/referrals/{case}", expect=403)
    ((_kind, href),) = told_above(alone)
    (post,) = chair.get(href.removeprefix("/api/v1")).items
    assert (post["unit"], post["role"]) == ("lin", "intelligence_manager")


def test_of_two_late_cases_of_a_manager_the_last_that_is_done_ends_the_word_above(alone):
    cases = [alone.brings_to("to_decide", alone.confirmed()) for _one in range(2)]
    be_late(alone)
    assert len(told_above(alone)) == 1
    for left, case in zip([1, 0], cases, strict=True):
        alone.takes_step(MANAGER, case, "decide")
        alone.world.work()
        assert len(told_above(alone)) == left
    assert [overdue_leaves(alone.world, case) for case in cases] == [1, 1]


def test_the_national_manager_is_told_of_to_the_chair_of_the_nation(alone):
    case = alone.brings_to("sent", alone.confirmed(), to_units=["nor"])
    child = alone.referral_at("nor", parent=case)
    alone.takes_step("analyst1.nor", child, "acknowledge")
    be_late(alone)
    assert alone.duties("manager.nor", child) == ["to_decide"]
    assert ("post_overdue", "/api/v1/posts?unit=nor&role=intelligence_manager") in told_above(
        alone, "chair.nor"
    )


def test_with_the_next_step_nobody_is_late_any_more(alone):
    case = alone.confirmed()
    be_late(alone)
    alone.takes_step(ANALYST, case, "assess")
    assert alone.duties(MANAGER, case) == []
    assert alone.reads_referral(case)["overdue"] is False
    be_late(alone)
    assert alone.duties(MANAGER, case) == ["referral_overdue"]
    assert overdue_leaves(alone.world, case) == 2


def test_as_the_deadline_comes_near_the_duty_is_shown_as_due_soon(alone):
    case = alone.confirmed()
    (duty,) = (one for one in alone.of(ANALYST).pages("/duties") if one["subject"]["id"] == case)
    due = datetime.fromisoformat(duty["due_at"])
    shown = []
    for before in (timedelta(days=4), timedelta(hours=12), timedelta(seconds=-1)):
        alone.world.clock.advance(due - before - alone.world.clock.now())
        (duty,) = (one for one in alone.of(ANALYST).pages("/duties") if one["subject"]["id"] == case)
        shown.append((duty["due_soon"], duty["overdue"]))
    assert shown == [(False, False), (True, False), (False, True)]


def test_a_stage_in_time_is_told_to_nobody(alone):
    case = alone.confirmed()
    alone.takes_step(ANALYST, case, "assess")
    alone.world.work()
    assert alone.duties(MANAGER, case) == []
    assert overdue_leaves(alone.world, case) == 0


# --- the version --------------------------------------------------------------------------------------


NEWEST = max(version for name, version in repository.files() if name == "osce-baseline")


@pytest.fixture
def newer_procedure(monkeypatch, tmp_path):
    """Put a further version of the baseline in force, in which less time is left to decide."""

    def put_in_force():
        for path in repository.SHIPPED.glob("*.yaml"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        newest = (repository.SHIPPED / f"osce-baseline.v{NEWEST}.yaml").read_text(encoding="utf-8")
        further = newest.replace(f"\n  version: {NEWEST}\n", f"\n  version: {NEWEST + 1}\n").replace(
            "clock: {working_days: 20}", "clock: {working_days: 5}"
        )
        (tmp_path / f"osce-baseline.v{NEWEST + 1}.yaml").write_text(further, encoding="utf-8")
        monkeypatch.setattr(repository, "SHIPPED", tmp_path)

    return put_in_force


def test_a_running_case_keeps_its_version_and_a_new_one_takes_the_newest(alone, newer_procedure):
    old = alone.brings_to("to_approve", alone.confirmed())
    newer_procedure()
    young = alone.brings_to("to_approve", alone.confirmed())
    for case, version, due in ((old, NEWEST, "2026-03-30"), (young, NEWEST + 1, "2026-03-09")):
        alone.takes_step(OTHER_ANALYST, case, "approve_sanitised")
        read = alone.reads_referral(case)
        assert read["procedure"]["version"] == version
        assert read["due_at"].startswith(due)
    kept = repository.pack("osce-baseline", NEWEST).hash
    assert alone.reads_referral(old)["procedure"]["hash"] == kept
    assert alone.reads_referral(young)["procedure"]["hash"] != kept
    known = alone.of(ANALYST).get("/procedures").items
    older = [(version, False) for version in range(1, NEWEST + 1)]
    mine = [one for one in known if one["name"] == "osce-baseline"]
    assert [(one["version"], one["active"]) for one in mine] == [*older, (NEWEST + 1, True)]


def test_what_a_case_sends_on_follows_the_senders_version(alone, newer_procedure):
    old = alone.brings_to("to_disseminate", alone.confirmed())
    newer_procedure()
    alone.takes_step(MANAGER, old, "disseminate")
    child = alone.reads_referral(alone.referral_at("ost", parent=old), "analyst1.ost")
    assert child["procedure"]["version"] == NEWEST
