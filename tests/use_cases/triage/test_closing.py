"""How work on a report ends, with an answer in the same moment, and begins again."""

from __future__ import annotations

import pytest

from tests.support import public
from tests.support.workflow import COLLEAGUE, OFFICER, SECOND_PERSON, SUPERVISOR, Police

SECOND = "supervisor2.lin-a"
ANSWER = "We spoke with the owner; the noise has stopped."
OUTCOMES = {
    "solved": "handled_in_community",
    "handed_over": "acted_on",
    "no_police_purpose": "no_further_action",
    "cannot_act": "no_further_action",
    "duplicate": "handled_in_community",
}


@pytest.fixture
def police(shared_world):
    return Police(shared_world)


def triaged(police, *, answered=True, route="problem", who=OFFICER):
    """A report whose triage was decided, and answered."""
    report = police.observes(who)
    body = {"route": route, "reason": "Ours to solve."}
    police.of(SUPERVISOR).post(f"/observations/{report['id']}/triage", body)
    if answered:
        for owed in police.owes(SUPERVISOR, state="open"):
            if owed["report_reference"] == report["reference"]:
                police.answers(SUPERVISOR, owed["id"])
    return report


def close(police, report_id, reason="solved", who=SUPERVISOR, *, kind="observations", expect=None, **values):
    body = {"reason": reason, "text_for_reporter": ANSWER, **values}
    return police.of(who).post(f"/{kind}/{report_id}/closing", body, expect=expect)


def reopen(police, report_id, who=SUPERVISOR, *, kind="observations", expect=None):
    return police.of(who).post(f"/{kind}/{report_id}/reopening", {"reason": "It began again."}, expect=expect)


def status(police, report_id):
    return police.of(OFFICER).get(f"/observations/{report_id}")["status"]


@pytest.mark.parametrize("reason", OUTCOMES)
def test_closing_answers_the_reporter_in_the_same_moment(alone, reason):
    report = triaged(alone)
    more = {"hand_over": "Debt advice of the town"} if reason == "handed_over" else {}
    done = close(alone, report["id"], reason, **more)
    assert (done["report"]["status"], done["reason"]) == ("closed", reason)
    assert done["hand_over"] == more.get("hand_over")
    newest = alone.inbox(OFFICER)
    told = [alone.of(OFFICER).get(f"/feedback/{one['id']}") for one in newest]
    assert {(one["outcome"], one["text"]) for one in told} >= {(OUTCOMES[reason], ANSWER)}
    assert alone.owes(SUPERVISOR, state="open") == []
    decided = [one["decision"] for one in alone.owes(SUPERVISOR, state="met")]
    assert {"kind": "closing", "outcome": reason} in decided


def test_an_answer_given_in_the_closing_is_never_late(alone):
    close(alone, triaged(alone)["id"])
    before = len(alone.inbox(OFFICER))
    alone.world.later(days=30)
    assert len(alone.inbox(OFFICER)) == before
    assert alone.owes(SUPERVISOR, overdue="true") == []


def test_nothing_closes_while_an_answer_about_its_triage_is_owed(police):
    report = triaged(police, answered=False)
    assert close(police, report["id"], expect=409).code == "feedback_owed"
    assert status(police, report["id"]) == "in_community_work"


def test_what_is_owed_about_a_flag_or_in_the_chain_holds_no_report(police):
    report = triaged(police)
    police.decides_flag(police.raises_flag(report["id"])["id"])
    assert close(police, report["id"])["report"]["status"] == "closed"


def test_a_report_is_triaged_before_it_is_closed(police):
    report = police.observes()
    assert close(police, report["id"], expect=409).code == "not_triaged"


def test_a_report_is_closed_once(police):
    report = triaged(police)
    close(police, report["id"])
    assert close(police, report["id"], expect=409).code == "already_closed"


def test_a_hand_over_names_the_service_and_nothing_else_does(police):
    report = triaged(police)
    missing = close(police, report["id"], "handed_over", expect=422)
    assert [(e["pointer"], e["code"]) for e in missing["errors"]] == [("/hand_over", "needed_here")]
    extra = close(police, report["id"], "solved", hand_over="The town", expect=422)
    assert [(e["pointer"], e["code"]) for e in extra["errors"]] == [("/hand_over", "not_needed")]
    assert status(police, report["id"]) == "in_community_work"


@pytest.mark.parametrize(
    ("who", "refused"),
    [(OFFICER, "role_not_allowed"), (COLLEAGUE, "not_found"), (SECOND_PERSON, "not_found")],
)
def test_only_the_desk_closes_and_reopens(police, who, refused):
    report = triaged(police)
    expect = 403 if refused == "role_not_allowed" else 404
    assert close(police, report["id"], who=who, expect=expect).code == refused
    assert reopen(police, report["id"], who=who, expect=expect).code == refused


def test_nobody_closes_what_they_reported(alone):
    report = alone.observes(SUPERVISOR)
    alone.of(SECOND).post(f"/observations/{report['id']}/triage", {"route": "problem", "reason": "Ours."})
    alone.answers_everything(SECOND)
    assert close(alone, report["id"], expect=403).code == "same_person"
    close(alone, report["id"], who=SECOND)
    assert len(alone.inbox(SUPERVISOR)) == 2


def test_who_closes_is_not_answered_by_themselves(alone):
    report = alone.observes()
    alone.of(SUPERVISOR).post(f"/observations/{report['id']}/supplements", {"facts": "I saw it too."})
    alone.of(SECOND).post(f"/observations/{report['id']}/triage", {"route": "problem", "reason": "Ours."})
    alone.answers_everything(SECOND)
    close(alone, report["id"])
    assert ANSWER in [alone.of(OFFICER).get(f"/feedback/{one['id']}")["text"] for one in alone.inbox(OFFICER)]
    (owed,) = alone.owes(SECOND, state="open")
    assert owed["decision"] == {"kind": "closing", "outcome": "solved"}
    assert alone.owes(SUPERVISOR, state="open") == []


class TestReopening:
    """What ended too early, or went the wrong way, is decided on anew."""

    @pytest.mark.parametrize("route", ["problem", "crime"])
    def test_it_waits_for_its_desk_again(self, police, route):
        report = triaged(police, route=route)
        if route == "problem":
            close(police, report["id"])
        assert reopen(police, report["id"])["report"]["status"] == "received"
        queue = {one["id"]: one["why"] for one in police.of(SUPERVISOR).pages("/triage")}
        assert queue[report["id"]] == "reopened"
        body = {"route": "safeguarding", "reason": "There are children in the house."}
        done = police.of(SUPERVISOR).post(f"/observations/{report['id']}/triage", body)
        assert done["report"]["status"] == "passed_on"

    def test_not_what_is_being_worked_on(self, police):
        assert reopen(police, triaged(police)["id"], expect=409).code == "not_closed"

    def test_it_is_kept_as_long_as_any_report_again(self, police):
        report = triaged(police, route="no_police_purpose")
        close(police, report["id"], "no_police_purpose")
        reopen(police, report["id"])
        kept = police.of(OFFICER).get(f"/observations/{report['id']}")["retention"]
        assert kept["class"] == "community_report"


class TestConcerns:
    """A member of the public reads the last word when a second person has; then the concern is closed."""

    def concern(self, police, route="problem"):
        who, concern_id = public.concern(police.world)
        body = {"route": route, "reason": "Ours to solve."}
        police.of(SUPERVISOR).post(f"/concerns/{concern_id}/triage", body)
        return who, concern_id

    def decide(self, police, concern_id, reply_id, decision, who=SECOND, **values):
        return police.of(who).post(f"/concerns/{concern_id}/replies/{reply_id}/{decision}", values)

    def test_it_closes_by_the_second_persons_approval(self, alone):
        who, concern_id = self.concern(alone)
        done = close(alone, concern_id, kind="concerns")
        assert done["report"]["status"] == "in_community_work"
        assert who.follow_up()["messages"] == []
        self.decide(alone, concern_id, done["reply_id"], "approval")
        now = who.follow_up()
        assert (now["state"], [one["text"] for one in now["messages"]]) == ("closed", [ANSWER])
        assert close(alone, concern_id, kind="concerns", expect=409).code == "already_closed"

    def test_a_refused_last_word_leaves_it_open(self, alone):
        who, concern_id = self.concern(alone)
        done = close(alone, concern_id, kind="concerns")
        assert close(alone, concern_id, kind="concerns", expect=409).code == "final_waits"
        self.decide(alone, concern_id, done["reply_id"], "refusal", reason="Say more.")
        assert who.follow_up()["state"] == "in_progress"
        assert close(alone, concern_id, kind="concerns")["reply_id"] != done["reply_id"]

    def test_reopened_it_waits_again_and_its_reporter_is_promised_a_word(self, alone):
        who, concern_id = self.concern(alone)
        done = close(alone, concern_id, kind="concerns")
        self.decide(alone, concern_id, done["reply_id"], "approval")
        assert who.follow_up()["next_on"] is None
        reopen(alone, concern_id, kind="concerns")
        assert [one["why"] for one in alone.of(SUPERVISOR).pages("/triage")] == ["reopened"]
        assert who.follow_up()["next_on"] == "2026-03-09"

    def test_it_is_triaged_before_it_is_closed(self, alone):
        _, concern_id = public.concern(alone.world)
        assert close(alone, concern_id, kind="concerns", expect=409).code == "not_triaged"
