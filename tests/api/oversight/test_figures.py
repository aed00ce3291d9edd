"""Figures: how the chain is used, by unit and about nobody; and what of it everybody may know."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from community_api.clients.demo_tour import words
from community_api.intelligence.flags import flag_figures as flags
from community_api.intelligence.flags.models import FlagTurnedAway
from tests.api.access.proposal_steps import decide, propose
from tests.api.matrix.things import HERE, THERE, _step, confirmed, flag, observe
from tests.api.oversight.test_suspensions import try_flag
from tests.support.app import Answer, World

OFFICER = "officer1.lin-a"


def figures(world: World, *, by: str = "overseer.oversight", **query: str) -> dict:
    found = world.client(by).get("/oversight/figures", query=query)
    return {one["unit"]: one for one in found["units"]}


def test_they_count_what_became_of_flags_by_unit(world):
    refused = flag(world, OFFICER, observe(world, OFFICER))
    told = {**words.CONFIRMATION, "decision": "refused"}
    world.client("supervisor.lin-b").post(f"/flags/{refused}/decision", told)
    withdrawn = flag(world, OFFICER, observe(world, OFFICER))
    world.client(OFFICER).post(f"/flags/{withdrawn}/withdrawal", {"reason": "A gardener"})
    confirmed(world, HERE, observe(world, OFFICER))
    flag(world, OFFICER, observe(world, OFFICER))
    flag(world, THERE.who("officer1"), observe(world, THERE.who("officer1")))
    found = figures(world)
    assert found.keys() == {"lin-a", "hav-a"}
    assert found["lin-a"]["flags"] == {
        "raised": 4,
        "waiting": 1,
        "confirmed": 1,
        "refused": 1,
        "cosign_refused": 0,
        "withdrawn": 1,
        "lapsed": 0,
    }
    assert found["hav-a"]["flags"]["raised"] == 1
    world.later(days=20)
    assert figures(world)["lin-a"]["flags"]["lapsed"] == 1


def test_a_flag_refused_at_the_door_is_counted_by_its_reason(world):
    never = world.client(OFFICER).get("/indicators")["non_indicators"][0]["code"]
    assert try_flag(world, never).code == "protected_ground_only"
    assert try_flag(world, "no_such_sign").code == "indicator_unknown"
    assert try_flag(world, by="officer2.lin-a").code == "training_required"
    assert figures(world)["lin-a"]["turned_away"] == {
        "indicator_unknown": 1,
        "protected_ground_only": 1,
        "training_required": 1,
    }
    columns = {column.name for column in FlagTurnedAway.__table__.columns}
    assert columns == {"id", "unit_id", "day", "reason"}


def test_a_flag_that_is_in_and_sent_again_is_no_refusal(world):
    report = observe(world, OFFICER)
    body = {
        "id": str(uuid4()),
        "kind": "verlt",
        "indicator_list_version": world.client(OFFICER).get("/indicators")["version"],
        "grounds": [{"indicator": "acquiring_materials", "fact": "Eight sacks of nitrate, garage 14"}],
        **words.FLAG,
    }
    path = f"/observations/{report}/flags"
    world.client(OFFICER).post(path, body)
    world.client(OFFICER).post(path, body, expect=200)
    assert figures(world)["lin-a"]["turned_away"] == {}
    world.client(OFFICER).post(path, {**body, "id": str(uuid4())}, expect=409)
    assert figures(world)["lin-a"]["turned_away"] == {"flag_open": 1}


def test_a_dissemination_is_counted_where_it_was_sent(world):
    referral = confirmed(world, HERE, observe(world, OFFICER))
    factors = [{"code": "harmful_objectives", "evidence": "The words at the loading, heard by two people."}]
    review_on = (world.clock.now() + timedelta(days=90)).date().isoformat()
    _step(world, "analyst1.lin", referral, "assess", factors=factors)
    _step(world, "analyst1.lin", referral, "evaluate")
    _step(world, "analyst1.lin", referral, "sanitise")
    _step(world, "analyst2.lin", referral, "approve_sanitised")
    _step(world, "manager.lin", referral, "decide", answers="escalate", review_on=review_on)
    _step(world, "manager.lin", referral, "disseminate", to_units=["ost"])
    found = figures(world)
    assert (found["lin"]["disseminated"], found["lin"]["recalled"]) == (1, 0)


def test_answers_owed_and_those_waived_for_leavers_are_counted_where_they_are_owed(world):
    reports = [observe(world, who) for who in (OFFICER, OFFICER, "officer2.lin-a")]
    triage = {"route": "problem", "reason": "For the team"}
    desk = world.client("supervisor.lin-a")
    desk.post(f"/observations/{reports[0]}/triage", triage)
    assert figures(world)["lin-a"]["answers"] == {"owed": 1, "waived": 0}
    decide(world, propose(world, "account_disable", {"account": OFFICER}))
    for report in reports[1:]:
        desk.post(f"/observations/{report}/triage", triage)
    assert figures(world)["lin-a"]["answers"] == {"owed": 3, "waived": 2}
    before = (world.clock.now() - timedelta(hours=1)).isoformat()
    day_before = (world.clock.now() - timedelta(days=1)).isoformat()
    assert figures(world, **{"from": day_before, "to": before}) == {}


def test_they_are_narrowed_by_time_and_unit(world):
    flag(world, OFFICER, observe(world, OFFICER))
    before = (world.clock.now() - timedelta(hours=1)).isoformat()
    day_before = (world.clock.now() - timedelta(days=1)).isoformat()
    assert figures(world, **{"from": day_before, "to": before})["lin-a"]["flags"]["raised"] == 0
    assert figures(world, unit="ost").keys() == {"lin-a"}
    assert figures(world, unit="wes") == {}


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"unit": "atlantis"}, "/unit", "not_a_reference"),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, "/to", "before_start"),
        ({"from": "2019-03-01T00:00:00Z"}, "/from", "too_long_ago"),
        ({"officer": OFFICER}, "/officer", "unknown_parameter"),
        ({"group_by": "officer"}, "/group_by", "unknown_parameter"),
    ],
)
def test_what_is_wrong_is_named_and_nobody_is_asked_about(shared_world, query, pointer, code):
    refused = shared_world.client("dpo.nor").get("/oversight/figures", query=query, expect=422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [(pointer, code)]


def test_they_name_no_person(world):
    confirmed(world, HERE, observe(world, OFFICER))
    shown = str(figures(world))
    people = [OFFICER, "supervisor2.lin-a", str(world.person_id(OFFICER))]
    assert [one for one in people if one in shown] == []


@pytest.mark.parametrize("who", ["manager.nor", "supervisor.nor", "admin1.nor", OFFICER])
def test_they_are_closed_to_everybody_else(shared_world, who):
    assert shared_world.client(who).get("/oversight/figures", expect=403).code == "role_not_allowed"


# --- what everybody may know ----------------------------------------------------------------------


def transparency(world: World, language: str | None = None) -> Answer:
    return world.anybody(language=language).get("/public/transparency")


def test_everybody_reads_the_list_the_procedure_and_its_legal_basis_in_their_language(shared_world):
    english, german = transparency(shared_world), transparency(shared_world, "de")
    listed = english["indicator_list"]
    assert "acquiring_materials" in {one["code"] for one in listed["indicators"]}
    assert all(one["innocent_when"] for one in listed["indicators"])
    assert all(one["not_a_sign_because"] for one in listed["non_indicators"])
    (procedure,) = english["procedures"]
    assert procedure["name"] == "osce-baseline"
    assert procedure["legal_basis"]
    assert german.headers["Content-Language"] == "de"
    assert german["indicator_list"]["title"] != listed["title"]
    assert "ETag" not in english.headers
    assert "Set-Cookie" not in english.headers


def test_only_quarters_that_are_over_are_published_and_no_small_number(world):
    # Twelve flags of the first quarter; nobody sees them while it lasts.
    day = world.clock.now().date()
    unit_id = world.unit_id("lin-a")
    with world.uow() as tx:
        for _number in range(12):
            tx.add(FlagTurnedAway(id=uuid4(), unit_id=unit_id, day=day, reason="protected_ground_only"))
    flag(world, OFFICER, observe(world, OFFICER))
    assert {one["turned_away"] for one in transparency(world)["figures"]} == {None}
    world.clock.advance(timedelta(days=31))
    newest, *older = transparency(world)["figures"]
    assert (newest["first_day"], newest["last_day"]) == ("2026-01-01", "2026-03-31")
    assert newest["turned_away"] == 10
    assert newest["raised"] is None
    assert {one["turned_away"] for one in older} == {None}


def test_what_everybody_may_ask_for_is_counted_once_a_day(world, monkeypatch):
    counted = []
    count = flags.acts

    def noted(tx, start, end):
        counted.append(start.date())
        return count(tx, start, end)

    monkeypatch.setattr(flags, "acts", noted)
    first = transparency(world)["figures"]
    assert len(counted) == len(first) == 4
    assert transparency(world)["figures"] == first
    assert len(counted) == 4
    world.clock.advance(timedelta(days=1))
    assert transparency(world)["figures"] == first
    assert len(counted) == 8


def test_without_a_list_in_force_everybody_hears_that_there_is_none(world):
    world.clock.advance(timedelta(days=800))
    assert transparency(world)["indicator_list"] is None
