"""A flag on a concern: raised by its desk, invisible to its reporter, never against their word."""

from __future__ import annotations

from typing import Any

import h3
import pytest

from tests.support import public
from tests.support.app import Answer, World
from tests.support.workflow import ANALYST, Police, flag

DESK, SECOND, OTHER_TEAM, COMMANDER = (
    "supervisor.lin-a",
    "supervisor2.lin-a",
    "supervisor.lin-b",
    "commander.lin",
)
WEAPONS = {"category": "weapons", "text": "Two men carry heavy bags into garage 14 at night."}


@pytest.fixture
def police(world: World) -> Police:
    return Police(world)


def raise_flag(world: World, concern_id: str, who: str = DESK, *, expect: int = 201, **values: Any) -> Answer:
    return world.client(who).post(f"/concerns/{concern_id}/flags", flag(**values), expect=expect)


def test_the_minimum_that_leaves_is_day_and_place(world: World, police: Police):
    _who, concern_id = public.concern(world, occurred_on="2026-03-01", **WEAPONS)
    raised = raise_flag(world, concern_id)
    assert raised["report"]["kind"] == "concern"
    decided = police.decides_flag(raised["id"], OTHER_TEAM)
    seen = police.reads_referral(police.referral_called(decided["referral_reference"]))
    told = seen["content"]
    cell = h3.latlng_to_cell(public.PLACE["lat"], public.PLACE["lon"], 7)
    assert (told["day"], told["category"]) == ("2026-03-01", "weapons")
    assert told["place"] == {"precision": "area", "cell": cell}
    assert "occurred_at" not in told
    assert "source_relation" not in told
    assert WEAPONS["text"] not in str(seen.body)
    assert concern_id not in str(seen.body)


def test_no_officer_and_no_other_team_knows_of_it(world: World):
    _who, concern_id = public.concern(world, **WEAPONS)
    for who in ("officer1.lin-a", OTHER_TEAM, "supervisor.hav-a"):
        assert raise_flag(world, concern_id, who, expect=404).code == "not_found"


def test_who_took_it_down_does_not_decide(world: World, police: Police):
    told = {**public.concern_body(**WEAPONS), "channel": "told"}
    concern_id = world.client(SECOND).post("/concerns", told)["id"]
    raised = raise_flag(world, concern_id)
    assert police.decides_flag(raised["id"], SECOND, expect=403).code == "same_person"


def test_what_must_stay_stays(world: World):
    _who, concern_id = public.concern(world, do_not_pass_on=True, **WEAPONS)
    assert raise_flag(world, concern_id, expect=409).code == "not_to_be_passed_on"
    refused = raise_flag(world, concern_id, expect=409, danger_to_life=True)
    assert refused.code == "not_to_be_passed_on"


def test_danger_to_life_goes_before_once_the_commander_knows(world: World):
    _who, concern_id = public.concern(world, do_not_pass_on=True, immediate_danger=True, **WEAPONS)
    danger: dict[str, Any] = {"exception": "danger_to_life", "exception_reason": "They named the evening."}
    refused = raise_flag(world, concern_id, expect=409, **danger)
    assert refused.code == "not_to_be_passed_on"
    commander = world.client(COMMANDER)
    commander.get(f"/concerns/{concern_id}", purpose="emergency")
    unread = raise_flag(world, concern_id, expect=409, **danger)
    assert unread.code == "not_to_be_passed_on", "reading alone is not knowing"
    (emergency,) = commander.get("/emergencies").items
    commander.post(f"/emergencies/{emergency['id']}/acknowledgement", {})
    assert raise_flag(world, concern_id, expect=409).code == "not_to_be_passed_on"
    assert raise_flag(world, concern_id, **danger)["status"] == "awaiting_second_person"


def test_what_was_taken_back_does_not_leave(world: World, police: Police):
    who, concern_id = public.concern(world, **WEAPONS)
    raised = raise_flag(world, concern_id)
    who.post("withdrawals")
    assert police.decides_flag(raised["id"], OTHER_TEAM, expect=409).code == "already_withdrawn"
    assert list(police.of(ANALYST).pages("/referrals")) == []
    assert raise_flag(world, concern_id, expect=409).code == "already_withdrawn"


def test_one_flag_at_a_time(world: World, police: Police):
    _who, concern_id = public.concern(world, **WEAPONS)
    raised = raise_flag(world, concern_id)
    assert raise_flag(world, concern_id, expect=409).code == "flag_open"
    police.of(DESK).post(f"/flags/{raised['id']}/withdrawal", {"reason": "A misunderstanding."})
    raise_flag(world, concern_id)


def trace(who: public.Reporter) -> dict[str, Any]:
    """Everything that a reporter can see, bar ids."""
    seen: dict[str, Any] = who.follow_up().body
    return {**seen, "messages": [{**one, "id": ""} for one in seen["messages"]]}


# What is told in twos, and what then happens to one of the two inside.
TOLD: tuple[dict[str, Any], ...] = (
    WEAPONS,
    {"category": "threat_to_people", "text": "They will pay.", "occurred_on": "2026-02-27"},
    {"category": "hate_incident", "text": "That leaflet.", "place": None, "area": "lin-a"},
    {"category": "other", "text": "Whom should I tell?", "language": "de", "may_publish": True},
    {
        "category": "worried_about_someone",
        "text": "He sleeps no more.",
        "language": "ar",
        "how_known": "Family",
    },
    {"category": "vandalism", "text": "Burnt again.", "language": "tr", "immediate_danger": True},
)


def is_refused(police: Police, flag_id: str) -> None:
    police.decides_flag(flag_id, OTHER_TEAM, decision="refused")


def is_withdrawn(police: Police, flag_id: str) -> None:
    police.of(DESK).post(f"/flags/{flag_id}/withdrawal", {"reason": "A misunderstanding."})


def lapses(_police: Police, _flag_id: str) -> None:
    """Nobody decides."""


def is_confirmed(police: Police, flag_id: str) -> str:
    return police.referral_called(police.decides_flag(flag_id, OTHER_TEAM)["referral_reference"])


def ends_at_once(police: Police, flag_id: str) -> None:
    police.takes_step(ANALYST, is_confirmed(police, flag_id), "assess", outcome="no_further_action")


def is_escalated(police: Police, flag_id: str) -> None:
    referral = is_confirmed(police, flag_id)
    police.brings_to("sent", referral)
    police.finishes("ost", police.referral_at("ost", parent=referral))


ROUTES = (is_refused, is_withdrawn, lapses, is_confirmed, ends_at_once, is_escalated)


def test_the_trace_of_a_flagged_concern_is_that_of_its_twin_in_many_pairs(world: World, police: Police):
    """P24: whatever the chain does, number, day, state and words of what the reporter sees are the same."""
    pairs = []
    for number, route in enumerate(ROUTES):
        for told in TOLD[number % 2 :: 2]:
            (flagged, flagged_id), (plain, plain_id) = (public.concern(world, **told) for _twin in range(2))
            assert trace(flagged) == trace(plain)
            raised = raise_flag(world, flagged_id)
            assert trace(flagged) == trace(plain)
            route(police, raised["id"])
            pairs.append((route.__name__, (flagged, flagged_id), (plain, plain_id)))
    assert len(pairs) == len(ROUTES) * len(TOLD) // 2

    def differing() -> list[str]:
        return [route for route, (flagged, _), (plain, _) in pairs if trace(flagged) != trace(plain)]

    assert differing() == []
    for days in (1, 6, 3, 25, 30):
        world.later(days=days)
        assert differing() == [], f"{days} days on"
    for _route, *twins in pairs:
        for who, concern_id in twins:
            who.post("messages", text="Is anybody there?")
            public.answer(world, concern_id, "final", "We talked to the people in the street.")
    world.later(days=2)
    assert differing() == []
    assert {trace(plain)["state"] for _route, _flagged, (plain, _) in pairs} == {"closed"}
