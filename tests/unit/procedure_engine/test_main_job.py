"""The main job through the pure engine: from a confirmed flag to the national level, and closed again."""

from __future__ import annotations

from community_api.procedure_engine.engine.state import Duty, Grade, Refusal, Step
from community_api.procedure_engine.terms import Code, Entry, Phase
from tests.unit.procedure_engine.chain import LIN, NOR, OST, Running, analyst, manager


def confirmed_flag() -> Running:
    return Running.begins(
        LIN, Entry.FLAG, report_author="officer", flag_raise="officer", flag_confirm="supervisor"
    )


def at_decision() -> Running:
    local = confirmed_flag()
    for who, action in (
        (analyst("ana"), "assess"),
        (analyst("ana"), "evaluate"),
        (analyst("ana"), "sanitise"),
        (analyst("bo"), "approve_sanitised"),
    ):
        assert local.take(who, action).allow
    return local


def test_confirmed_flag_opens_a_case_that_an_analyst_owes_within_five_working_days():
    local = confirmed_flag()
    assert (local.state.stage, local.state.level) == ("to_assess", "local")
    assert local.state.due_at is not None
    assert local.state.due_at.isoformat() == "2026-02-10T22:59:59+00:00"


def test_local_case_is_assessed_graded_sanitised_checked_and_decided():
    local = at_decision()
    answer = local.take(manager(), "decide")
    assert isinstance(answer, Step)
    assert [step.case.stage for step in local.history] == [
        "to_evaluate",
        "to_sanitise",
        "to_approve",
        "to_decide",
        "to_feed_back",
    ]
    assert answer.owner_role == "intelligence_manager"


def test_grading_is_stored_with_scheme_and_axis():
    local = confirmed_flag()
    local.take(analyst(), "assess")
    graded = local.take(analyst(), "evaluate")
    assert isinstance(graded, Step)
    assert graded.grades == (Grade("4x4", "source", "B"), Grade("4x4", "information", "2"))


def test_text_sent_back_is_sanitised_again():
    local = confirmed_flag()
    for action in ("assess", "evaluate", "sanitise"):
        local.take(analyst(), action)
    local.take(analyst("bo"), "approve_sanitised", decision="sent_back")
    assert local.state.stage == "to_sanitise"


def test_decision_owes_an_answer_and_the_case_cannot_close_before_it_is_given():
    local = at_decision()
    decided = local.take(manager(), "decide")
    assert isinstance(decided, Step)
    assert [(owed.point, owed.outcome, owed.owed_by) for owed in decided.obligations] == [
        ("decision", "investigate", "intelligence_manager")
    ]
    assert "close" in local.offered(manager())
    refused = local.take(manager(), "close")
    assert isinstance(refused, Refusal)
    assert refused.code is Code.FEEDBACK_OWED
    local.owed = 0
    closed = local.take(manager(), "close")
    assert isinstance(closed, Step)
    assert (closed.phase, closed.duty, closed.due_at) == (Phase.ENDED, None, None)


def test_assessment_that_stops_goes_to_feedback_at_once():
    local = confirmed_flag()
    stopped = local.take(analyst(), "assess", outcome="no_further_action")
    assert isinstance(stopped, Step)
    assert stopped.case.stage == "to_feed_back"
    assert [owed.point for owed in stopped.obligations] == ["assessment"]
    assert stopped.retention is not None
    assert stopped.retention.code == "referral_no_further_action"


def test_local_unit_sends_to_region_and_nation_and_waits_until_both_have_ended():
    local = at_decision()
    local.take(manager(), "decide", outcome="escalate")
    sent = local.take(manager(), "disseminate", to_units=["ost", "nor"])
    assert isinstance(sent, Step)
    assert sent.recipients == ("ost", "nor")
    assert (sent.case.stage, sent.phase) == ("sent", Phase.WAITING)
    assert local.goes_on() is None
    local.open_children = 1
    assert local.goes_on() is None
    local.open_children = 0
    assert local.goes_on() is not None
    assert local.state.stage == "to_feed_back"


def test_case_that_was_just_sent_does_not_go_on_before_its_children_are_counted():
    local = at_decision()
    local.take(manager(), "decide", outcome="escalate")
    local.take(manager(), "disseminate")
    local.children = local.open_children = 0
    assert local.goes_on() is None


def test_region_acknowledges_decides_and_escalates_to_the_nation():
    region = Running.begins(OST, Entry.DISSEMINATION, flag_raise="officer")
    assert region.state.stage == "to_acknowledge"
    assert region.take(analyst("rea"), "acknowledge").allow
    assert region.take(manager("rob"), "decide", outcome="escalate").allow
    sent = region.take(manager("rob"), "disseminate", to_units=["nor"])
    assert isinstance(sent, Step)
    assert sent.recipients == ("nor",)


def test_nation_decides_but_has_nobody_to_escalate_to():
    nation = Running.begins(NOR, Entry.DISSEMINATION, flag_raise="officer")
    nation.take(analyst("nia"), "acknowledge")
    refused = nation.take(manager("nor"), "decide", outcome="escalate")
    assert isinstance(refused, Refusal)
    assert [(error.pointer, error.code) for error in refused.errors] == [("/outcome", "not_a_choice")]
    assert nation.take(manager("nor"), "decide").allow


def test_region_does_not_escalate_what_the_nation_already_holds():
    region = Running.begins(OST, Entry.DISSEMINATION, flag_raise="officer")
    region.holders = frozenset({"lin", "ost", "nor"})
    region.take(analyst("rea"), "acknowledge")
    refused = region.take(manager("rob"), "decide", outcome="escalate")
    assert isinstance(refused, Refusal)
    assert [(error.pointer, error.code) for error in refused.errors] == [("/outcome", "not_a_choice")]
    assert region.take(manager("rob"), "decide", outcome="investigate").allow


def test_every_step_names_the_duty_that_it_leaves_behind():
    local = confirmed_flag()
    assessed = local.take(analyst(), "assess")
    assert isinstance(assessed, Step)
    assert isinstance(assessed.duty, Duty)
    assert (assessed.duty.kind, assessed.duty.title, assessed.duty.role) == (
        "to_evaluate",
        "To be graded",
        "analyst",
    )
    assert assessed.duty.due_at == assessed.due_at == local.state.due_at


def test_suspicion_of_malice_stays_with_the_case_beside_the_grade():
    local = confirmed_flag()
    local.take(analyst(), "assess")
    local.take(analyst(), "evaluate", malicious_suspected=True)
    local.take(analyst(), "sanitise")
    assert local.state.marks == {"malicious_suspected"}
