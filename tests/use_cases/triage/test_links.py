"""What belongs together is linked by the desk that sees both; no reporter learns of another."""

from __future__ import annotations

import pytest

from tests.support import public
from tests.support.workflow import COLLEAGUE, OFFICER, SECOND_PERSON, SUPERVISOR, Police

LAST_RESORT = "supervisor.nor"


@pytest.fixture
def police(shared_world):
    return Police(shared_world)


def end(report_id, kind="observation"):
    return {"kind": kind, "id": report_id}


def link(police, a, b, who=SUPERVISOR, *, expect=None, **values):
    body = {"a": a, "b": b, "reason": "The same leaflet.", **values}
    return police.of(who).post("/links", body, expect=expect)


def links(police, report_id, who=SUPERVISOR):
    return [one["id"] for one in police.of(who).pages("/links", report=report_id)]


def test_two_reports_are_linked_and_unlinked_twice(police):
    first, second = police.observes(), police.observes(COLLEAGUE)
    made = link(police, end(first["id"]), end(second["id"]))
    assert made["reason"] == "The same leaflet."
    assert {made["a"]["id"], made["b"]["id"]} == {first["id"], second["id"]}
    assert links(police, first["id"]) == links(police, second["id"]) == [made["id"]]
    for _ in range(2):
        assert police.of(SUPERVISOR).delete(f"/links/{made['id']}").status == 204
    assert links(police, first["id"]) == []
    assert link(police, end(second["id"]), end(first["id"]))["id"] != made["id"]


def test_linking_is_told_to_the_trail_as_combination(police):
    first, second = police.observes(), police.observes()
    made = link(police, end(first["id"]), end(second["id"]))
    police.of(SUPERVISOR).delete(f"/links/{made['id']}")
    listed = list(police.of(SUPERVISOR).pages("/audit/events"))
    about = [one for one in listed if one["object"] == made["id"]]
    assert [one["action"] for one in about] == ["combine", "combine"]


def test_a_link_is_made_once(police):
    first, second = police.observes(), police.observes()
    link(police, end(first["id"]), end(second["id"]))
    assert link(police, end(second["id"]), end(first["id"]), expect=409).code == "already_linked"


def test_nothing_is_linked_with_itself(police):
    one = police.observes()
    refused = link(police, end(one["id"]), end(one["id"]), expect=422)
    assert [(e["pointer"], e["code"]) for e in refused["errors"]] == [("/b/id", "same_as_other")]


def test_only_among_what_the_desk_may_see_and_across_teams_by_that_of_last_resort(police):
    ours, theirs = police.observes(), police.observes("officer1.lin-b")
    for who in (SUPERVISOR, SECOND_PERSON):
        assert link(police, end(ours["id"]), end(theirs["id"]), who, expect=404).code == "not_found"
    made = link(police, end(ours["id"]), end(theirs["id"]), LAST_RESORT)
    assert links(police, ours["id"]) == []
    assert links(police, ours["id"], LAST_RESORT) == [made["id"]]
    police.of(SUPERVISOR).delete(f"/links/{made['id']}", expect=404)
    police.of(LAST_RESORT).delete(f"/links/{made['id']}")


def test_reporters_learn_neither_of_links_nor_of_each_other(police):
    first, second = police.observes(), police.observes(COLLEAGUE)
    before = police.of(OFFICER).get(f"/observations/{first['id']}")
    made = link(police, end(first["id"]), end(second["id"]))
    after = police.of(OFFICER).get(f"/observations/{first['id']}")
    assert (before.body, before.etag) == (after.body, after.etag)
    police.of(OFFICER).get("/links", expect=403)
    missing = police.of(OFFICER).delete("/links/3f0d2c8e-1111-4111-8111-111111111111", expect=403)
    there = police.of(OFFICER).delete(f"/links/{made['id']}", expect=403)
    assert there.code == missing.code == "role_not_allowed"


def test_each_contributor_hears_about_their_own_report_only(alone):
    first, second = alone.observes(), alone.observes(COLLEAGUE)
    link(alone, end(first["id"]), end(second["id"]))
    body = {"route": "problem", "reason": "Ours to solve."}
    alone.of(SUPERVISOR).post(f"/observations/{first['id']}/triage", body)
    assert {one["report_reference"] for one in alone.owes(SUPERVISOR)} == {first["reference"]}
    alone.answers_everything(SUPERVISOR)
    assert len(alone.inbox(OFFICER)) == 1
    assert alone.inbox(COLLEAGUE) == []


def test_a_concern_is_linked_with_an_observation_and_its_reporter_sees_nothing(alone):
    who, concern_id = public.concern(alone.world)
    before = who.follow_up().body
    link(alone, end(concern_id, "concern"), end(alone.observes()["id"]))
    assert who.follow_up().body == before
    assert (
        link(alone, end(concern_id), end(alone.observes()["id"]), expect=404).code == "not_found"
    )  # a concern is no observation
