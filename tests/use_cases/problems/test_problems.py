"""Solving what troubles a neighbourhood: with whom, by which steps, and with what result."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support import public
from tests.support.workflow import COLLEAGUE, OFFICER, SECOND_PERSON, SUPERVISOR, Police

PARTNER = "partner.school"
SCHOOL = {"name": "School at the slope", "part": "Closes the yard at ten.", "unit": "school"}
TOWN = {"name": "Street lighting of the town", "part": "Mends two lamps."}


@pytest.fixture
def police(world):
    return Police(world)


def opens(police, who=OFFICER, *, expect=None, **values):
    body = {"title": "Noise behind the school", "scanning": "Every Friday night, forty people.", **values}
    return police.of(who).post("/problems", body, expect=expect)


def adds(police, problem_id, stage="analysis", who=OFFICER, *, expect=None, **values):
    police.world.clock.advance(timedelta(minutes=1))
    body = {"stage": stage, "text": "The yard is open all night.", **values}
    return police.of(who).post(f"/problems/{problem_id}/entries", body, expect=expect)


def closes(police, problem_id, who=SUPERVISOR, *, expect=None, achieved="reduced"):
    police.world.clock.advance(timedelta(minutes=1))
    body = {"achieved": achieved, "text": "Two calls in a month instead of nine."}
    return police.of(who).post(f"/problems/{problem_id}/closing", body, expect=expect)


def reads(police, problem_id, who=OFFICER, **values):
    purpose = None if who.startswith(("officer", "partner")) else "triage"
    return police.of(who).get(f"/problems/{problem_id}", purpose=purpose, **values)


def test_a_problem_goes_through_its_stages_and_ends_with_what_was_achieved(police):
    made = opens(police)
    assert (made["stage"], made["status"], made["unit"]) == ("scanning", "open", "lin-a")
    for stage in ("analysis", "response", "assessment", "analysis"):
        assert adds(police, made["id"], stage)["problem"]["stage"] == stage
    done = closes(police, made["id"])
    assert done["problem"]["status"] == "closed"
    now = reads(police, made["id"], SUPERVISOR)
    assert (now["achieved"], now["stage"]) == ("reduced", "assessment")
    assert [one["stage"] for one in now["entries"]] == [
        "scanning", "analysis", "response", "assessment", "analysis", "assessment",
    ]  # fmt: skip
    assert now["entries"][-1]["text"] == "Two calls in a month instead of nine."
    assert now["retention"]["class"] == "community_report"


def test_nothing_is_added_to_what_is_closed(police):
    made = opens(police)
    closes(police, made["id"])
    assert adds(police, made["id"], expect=409).code == "problem_closed"
    assert closes(police, made["id"], expect=409).code == "problem_closed"


def test_only_a_supervisor_closes(police):
    made = opens(police)
    assert closes(police, made["id"], OFFICER, expect=403).code == "role_not_allowed"


def test_the_team_and_nobody_elses_sees_it(police):
    made = opens(police)
    assert reads(police, made["id"], COLLEAGUE)["title"] == "Noise behind the school"
    for who in (SECOND_PERSON, "officer1.hav-a", PARTNER):
        assert reads(police, made["id"], who, expect=404).code == "not_found"
        assert list(police.of(who).pages("/problems")) == []
    assert [one["id"] for one in police.of("supervisor.nor").pages("/problems")] == [made["id"]]


def test_reports_of_both_kinds_are_attached_and_their_course_is_counted(police):
    first = police.observes()
    police.world.clock.advance(timedelta(days=30))
    second = police.observes()
    _, concern_id = public.concern(police.world)
    made = opens(police, SUPERVISOR, observations=[first["id"]], concerns=[concern_id])
    adds(police, made["id"], observations=[first["id"], second["id"]])
    (listed,) = police.of(SUPERVISOR).pages("/problems")
    assert (listed["reports"], listed["reports_lately"], listed["reports_before"]) == (3, 2, 1)
    assert listed["trend"] == "rising"
    attached = {(one["kind"], one["id"]) for one in reads(police, made["id"])["attached"]}
    assert attached == {
        ("observation", first["id"]),
        ("observation", second["id"]),
        ("concern", concern_id),
    }


def test_an_officer_attaches_their_own_reports_only(police):
    made = opens(police, observations=[police.observes()["id"]])
    theirs = police.observes(COLLEAGUE)
    assert adds(police, made["id"], observations=[theirs["id"]], expect=404).code == "not_found"
    _, concern_id = public.concern(police.world)
    assert adds(police, made["id"], concerns=[concern_id], expect=404).code == "not_found"
    assert len(reads(police, made["id"])["attached"]) == 1


def test_a_refused_attachment_leaves_no_problem(police):
    theirs = police.observes("officer1.lin-b")
    opens(police, observations=[theirs["id"]], expect=404)
    assert list(police.of(SUPERVISOR).pages("/problems")) == []


def test_it_ages_until_it_is_closed(police):
    made = opens(police)
    police.world.clock.advance(timedelta(days=5))
    closes(police, made["id"])
    police.world.clock.advance(timedelta(days=20))
    opens(police)
    listed = {one["id"]: one["age_days"] for one in police.of(SUPERVISOR).pages("/problems")}
    assert listed[made["id"]] == 5
    assert sorted(listed.values()) == [0, 5]
    (still,) = police.of(SUPERVISOR).pages("/problems", status="open")
    assert still["age_days"] == 0


class TestPartners:
    """Bodies outside see what they work on, and of it their own part."""

    def test_a_partner_reads_and_adds_and_learns_of_no_report_and_no_other_body(self, police):
        report = police.observes()
        made = opens(police, observations=[report["id"]])
        adds(police, made["id"], "response", partners=[SCHOOL, TOWN])
        adds(police, made["id"], "response", text="We patrol on Fridays.")
        adds(police, made["id"], "assessment", PARTNER, text="The yard is quiet.")
        seen = reads(police, made["id"], PARTNER)
        assert [one["text"] for one in seen["entries"]] == [
            "The yard is open all night.", "The yard is quiet.",
        ]  # fmt: skip
        assert seen["entries"][0]["partners"] == [SCHOOL]
        assert (seen["attached"], seen["reports"], seen["partner_units"]) == (None, 1, ["school"])
        assert report["reference"] not in str(seen.body)
        (listed,) = police.of(PARTNER).pages("/problems")
        assert listed["id"] == made["id"]

    def test_everybody_of_the_team_sees_who_does_what(self, police):
        made = opens(police, partners=[SCHOOL, TOWN])
        (first,) = reads(police, made["id"], COLLEAGUE)["entries"]
        assert first["partners"] == [SCHOOL, {**TOWN, "unit": None}]

    def test_only_bodies_outside_are_partners(self, police):
        refused = opens(police, partners=[{**SCHOOL, "unit": "lin-b"}], expect=422)
        assert [(e["pointer"], e["code"]) for e in refused["errors"]] == [("/partners/0/unit", "not_one_of")]

    def test_a_partner_brings_no_other_and_attaches_nothing(self, police):
        made = opens(police, partners=[SCHOOL])
        adds(police, made["id"], who=PARTNER, partners=[TOWN], expect=422)
        report = police.observes()
        adds(police, made["id"], who=PARTNER, observations=[report["id"]], expect=403)
        assert closes(police, made["id"], PARTNER, expect=403).code == "role_not_allowed"
