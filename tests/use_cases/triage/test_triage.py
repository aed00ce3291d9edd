"""The queue of a desk, and what a decision about a report leads to."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support import public
from tests.support.workflow import COLLEAGUE, OFFICER, SAFEGUARDING, SUPERVISOR, Police, at_once

SECOND = "supervisor2.lin-a"
ROUTES = ("problem", "crime", "safeguarding", "no_police_purpose", "returned")
STATUS = {
    "problem": "in_community_work",
    "crime": "passed_on",
    "safeguarding": "passed_on",
    "no_police_purpose": "in_community_work",
    "returned": "returned",
}


@pytest.fixture
def police(shared_world):
    return Police(shared_world)


def triage(police, report_id, route="problem", who=SUPERVISOR, *, kind="observations", expect=None, **values):
    body = {"route": route, "reason": "Please add the number of the house.", **values}
    return police.of(who).post(f"/{kind}/{report_id}/triage", body, expect=expect)


def queue(police, who=SUPERVISOR):
    return {one["id"]: one for one in police.of(who).pages("/triage")}


def status(police, report_id, who=OFFICER):
    return police.of(who).get(f"/observations/{report_id}")["status"]


def test_a_new_report_waits_at_its_team_until_the_end_of_the_next_working_day(police):
    report = police.observes()
    waiting = queue(police)[report["id"]]
    assert (waiting["kind"], waiting["why"], waiting["overdue"]) == ("observation", "new", False)
    assert waiting["reference"] == report["reference"]
    assert waiting["place_area"] == "lin-a"
    # It is Monday, 2 March 2026, in a zone one hour ahead of UTC.
    assert waiting["due_at"] == "2026-03-03T22:59:59.000Z"
    assert "triage" in police.duties(SUPERVISOR, report["id"])


def test_the_queue_is_the_teams_and_that_of_the_desk_of_last_resort(police):
    report = police.observes()
    assert report["id"] in queue(police, SECOND)
    assert report["id"] in queue(police, "supervisor.nor")
    for who in ("supervisor.lin-b", "supervisor.hav-a"):
        assert report["id"] not in queue(police, who)


def test_the_queue_goes_by_due_time(alone):
    first = alone.observes()
    alone.world.clock.advance(timedelta(days=1))
    second = alone.observes()
    assert list(queue(alone)) == [first["id"], second["id"]]
    assert [one["overdue"] for one in queue(alone).values()] == [False, False]
    alone.world.clock.advance(timedelta(days=1))
    assert [one["overdue"] for one in queue(alone).values()] == [True, False]


def test_danger_says_so_in_the_queue(police):
    report = police.observes(immediate_danger=True)
    assert queue(police)[report["id"]]["why"] == "danger"


@pytest.mark.parametrize("route", ROUTES)
def test_each_route_leads_where_it_says_and_out_of_the_queue(police, route):
    report = police.observes()
    done = triage(police, report["id"], route)
    assert (done["route"], done["report"]["status"]) == (route, STATUS[route])
    assert done["audit_receipt"]["leaf_hash"]
    assert status(police, report["id"]) == STATUS[route]
    assert report["id"] not in queue(police)
    assert "triage" not in police.duties(SUPERVISOR, report["id"])


@pytest.mark.parametrize(("category", "child"), [("child_at_risk", True), ("worried_about_someone", False)])
def test_the_route_to_safeguarding_opens_a_record_of_its_lead(alone, category, child):
    report = alone.observes(category=category)
    triage(alone, report["id"], "safeguarding")
    lead = alone.of(SAFEGUARDING)
    (record,) = lead.get("/safeguarding-records").items
    assert record["child"] is child
    told = lead.get(f"/safeguarding-records/{record['id']}", purpose="safeguarding")
    assert told["need"] == "Please add the number of the house."
    assert alone.duties(SAFEGUARDING, record["id"]) == ["safeguarding"]


def test_what_is_no_matter_for_the_police_is_kept_a_short_time(police):
    report = police.observes()
    triage(police, report["id"], "no_police_purpose", hand_over="Street lighting of the town")
    kept = police.of(OFFICER).get(f"/observations/{report['id']}")["retention"]
    assert (kept["class"], kept["review_on"]) == ("concern_without_purpose", "2026-05-31")


@pytest.mark.parametrize("route", ["problem", "crime", "safeguarding", "no_police_purpose"])
def test_a_triage_owes_an_answer_to_every_officer_behind_the_report(alone, route):
    report = alone.observes()
    alone.of("supervisor2.lin-a").post(f"/observations/{report['id']}/supplements", {"facts": "Seen again."})
    triage(alone, report["id"], route)
    owed = alone.owes(SUPERVISOR, state="open")
    assert [one["decision"] for one in owed] == [{"kind": "triage", "outcome": route}] * 2
    assert {one["report_reference"] for one in owed} == {report["reference"]}


def test_a_return_tells_the_reporter_at_once_what_is_missing(alone):
    report = alone.observes()
    triage(alone, report["id"], "returned")
    (message,) = alone.inbox(OFFICER)
    told = alone.of(OFFICER).get(f"/feedback/{message['id']}")
    assert (told["outcome"], told["text"]) == ("more_facts_needed", "Please add the number of the house.")
    assert alone.owes(SUPERVISOR, state="open") == []


def test_a_returned_report_that_is_completed_waits_again(police):
    report = police.observes()
    triage(police, report["id"], "returned")
    assert report["id"] not in queue(police)
    police.of(OFFICER).post(f"/observations/{report['id']}/supplements", {"answers": "Number 14."})
    assert status(police, report["id"]) == "received"
    assert queue(police)[report["id"]]["why"] == "completed"
    triage(police, report["id"], "problem")
    assert report["id"] not in queue(police)


def test_nobody_triages_what_they_reported(police):
    report = police.observes(SUPERVISOR)
    assert triage(police, report["id"], expect=403).code == "same_person"
    assert triage(police, report["id"], who=SECOND)["report"]["status"] == "in_community_work"


@pytest.mark.parametrize(
    ("who", "refused", "code"),
    [
        (OFFICER, 403, "role_not_allowed"),
        (COLLEAGUE, 404, "not_found"),
        ("supervisor.lin-b", 404, "not_found"),
        ("analyst1.lin", 403, "role_not_allowed"),
    ],
)
def test_only_the_desk_triages(police, who, refused, code):
    report = police.observes()
    assert triage(police, report["id"], who=who, expect=refused).code == code


def test_a_report_is_triaged_once(police):
    report = police.observes()
    triage(police, report["id"])
    for route in ROUTES:
        assert triage(police, report["id"], route, expect=409).code == "already_decided"


def test_the_same_triage_again_is_the_same(police):
    report = police.observes()
    body = {"id": str(uuid4())}
    first = triage(police, report["id"], **body)
    again = triage(police, report["id"], **body)
    assert (again.status, again.headers["Idempotent-Replay"]) == (200, "true")
    assert again["audit_receipt"] == first["audit_receipt"]
    assert triage(police, report["id"], "crime", **body, expect=409).code == "id_reused"


def test_of_fifty_acts_at_once_on_one_report_one_wins_and_the_others_hear_why(alone):
    report = alone.observes()
    path = f"/observations/{report['id']}"
    triaging = {"route": "problem", "reason": "Mine."}
    ending = {"reason": "cannot_act", "text_for_reporter": "Nothing to be done."}
    told = [
        ("triage", triaging),
        ("triage", triaging),
        ("triage", triaging),
        ("triage", triaging),
        ("closing", ending),
    ]
    acts = [
        lambda them, who=who, step=step, body=body: them.of(who).call("POST", f"{path}/{step}", body=body)
        for who in (SUPERVISOR, SECOND)
        for step, body in told * 5
    ]
    answers = at_once(alone.world, acts)
    assert len(answers) == 50
    assert sorted(answer.status for answer in answers) == [201] + [409] * 49
    # Who came to close was too early, or found that the reporter is owed word of the triage.
    conflicts = {answer.code for answer in answers if answer.status == 409}
    assert "already_decided" in conflicts
    assert conflicts <= {"already_decided", "not_triaged", "feedback_owed"}
    assert alone.of(SUPERVISOR).get("/triage").items == []


def test_another_service_is_named_only_where_one_takes_over(police):
    report = police.observes()
    refused = triage(police, report["id"], "problem", hand_over="The town", expect=422)
    assert refused["errors"][0] | {"message": ""} == {
        "pointer": "/hand_over", "code": "not_needed", "message": "",
    }  # fmt: skip
    assert triage(police, report["id"], "crime", hand_over="Theft squad")["hand_over"] == "Theft squad"


class TestWithdrawing:
    """A report is taken back until it is taken up."""

    def withdraw(self, police, report_id, **values):
        return police.of(OFFICER).post(
            f"/observations/{report_id}/withdrawal", {"reason": "I mistook the house."}, **values
        )

    @pytest.mark.parametrize("route", ["problem", "crime", "safeguarding", "no_police_purpose"])
    def test_not_once_it_was_taken_up(self, police, route):
        report = police.observes()
        triage(police, report["id"], route)
        assert self.withdraw(police, report["id"], expect=409).code == "already_taken_up"

    def test_still_when_it_was_returned(self, police):
        report = police.observes()
        triage(police, report["id"], "returned")
        self.withdraw(police, report["id"])
        assert status(police, report["id"]) == "withdrawn"

    def test_it_waits_no_longer(self, police):
        report = police.observes()
        self.withdraw(police, report["id"])
        assert report["id"] not in queue(police)
        assert triage(police, report["id"], expect=409).code == "already_withdrawn"

    def test_not_when_it_was_taken_up_once_and_reopened(self, police):
        report = police.observes()
        triage(police, report["id"], "crime")
        police.of(SUPERVISOR).post(f"/observations/{report['id']}/reopening", {"reason": "No crime."})
        assert status(police, report["id"]) == "received"
        assert self.withdraw(police, report["id"], expect=409).code == "already_taken_up"


class TestConcerns:
    """What members of the public told goes the same way, and keeps no more than the day."""

    def test_it_waits_with_the_day_alone(self, alone):
        _, concern_id = public.concern(alone.world)
        waiting = queue(alone)[concern_id]
        assert (waiting["kind"], waiting["received"]) == ("concern", "2026-03-02")
        assert waiting["due_at"] == "2026-03-03T22:59:59.000Z"

    @pytest.mark.parametrize("route", ["problem", "crime", "safeguarding", "no_police_purpose"])
    def test_a_route_owes_its_reporter_no_more_than_the_calendar(self, alone, route):
        who, concern_id = public.concern(alone.world)
        before = who.follow_up()["next_on"]
        done = triage(alone, concern_id, route, kind="concerns")
        assert (done["report"]["status"], done["reply_id"]) == (STATUS[route], None)
        now = who.follow_up()
        assert (now["state"], now["next_on"], now["messages"]) == ("in_progress", before, [])
        assert concern_id not in queue(alone)
        assert alone.owes(SUPERVISOR) == []

    def test_a_return_asks_when_a_second_person_has_read_the_question(self, alone):
        who, concern_id = public.concern(alone.world)
        done = triage(alone, concern_id, "returned", kind="concerns")
        assert who.follow_up()["messages"] == []
        path = f"/concerns/{concern_id}/replies/{done['reply_id']}/approval"
        assert alone.of(SUPERVISOR).post(path, {}, expect=403).code == "same_person"
        alone.of(SECOND).post(path, {})
        (asked,) = who.follow_up()["messages"]
        assert (asked["kind"], asked["text"]) == ("question", "Please add the number of the house.")
        who.post("messages", text="It is number 14.")
        assert queue(alone)[concern_id]["why"] == "completed"
        assert triage(alone, concern_id, kind="concerns")["report"]["status"] == "in_community_work"

    def test_one_that_was_answered_first_still_waits(self, alone):
        _, concern_id = public.concern(alone.world)
        public.answer(alone.world, concern_id, "answer")
        assert concern_id in queue(alone)
        assert triage(alone, concern_id, kind="concerns")["report"]["status"] == "in_community_work"
        assert triage(alone, concern_id, kind="concerns", expect=409).code == "already_decided"
