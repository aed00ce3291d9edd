"""Community priorities: what a neighbourhood and its police look after together, a few things a month."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from community_api.community.priorities.terms import MOST
from tests.support.app import Answer, World
from tests.support.workflow import COLLEAGUE, OFFICER, SUPERVISOR, Police, at_once

CANARY = "the lamps under the heron bridge"
RESIDENTS = {"kind": "residents", "name": "Meeting in the school, 2 March"}
SCHOOL = {"kind": "partner", "name": "The school", "unit": "school"}
SECOND = "supervisor2.lin-a"


def priority_body(**changes: Any) -> dict[str, Any]:
    everything = {
        "month": "2026-03",
        "title": "Light on the way home",
        "text": f"The town mends {CANARY}; we pass by at ten.",
        "agreed_with": [RESIDENTS, SCHOOL],
        **changes,
    }
    return {name: value for name, value in everything.items() if value is not None}


def agreed(police: Police, who: str = SUPERVISOR, *, expect: int = 201, **changes: Any) -> Answer:
    return police.of(who).post("/priorities", priority_body(**changes), expect=expect)


@pytest.fixture
def police(world: World) -> Police:
    return Police(world)


def test_officers_of_the_team_read_what_was_agreed_and_with_whom(police: Police) -> None:
    made = agreed(police)
    assert (made["unit"], made["month"], made["state"]) == ("lin-a", "2026-03", "agreed")
    assert made["retention"]["class"] == "community_report"
    read = police.of(OFFICER).get(f"/priorities/{made['id']}")
    assert CANARY in read["text"]
    assert [one["name"] for one in read["agreed_with"]] == [RESIDENTS["name"], "The school"]
    assert read["agreed_with"][1]["unit"] == "school"
    (listed,) = police.of(COLLEAGUE).get("/priorities").items
    assert listed["title"] == "lin-a 2026-03 1"
    assert CANARY not in str(listed)


@pytest.mark.parametrize("who", ["officer1.hav-a", "supervisor.lin-b"])
def test_other_teams_do_not_know_of_it(police: Police, who: str) -> None:
    made = agreed(police)
    assert police.of(who).get("/priorities").items == []
    assert police.of(who).get(f"/priorities/{made['id']}", expect=404).code == "not_found"


def test_officers_agree_on_nothing_for_the_team(police: Police) -> None:
    assert agreed(police, OFFICER, expect=403).code == "role_not_allowed"


def test_the_words_are_nowhere_in_clear(police: Police) -> None:
    agreed(police)
    with police.world.uow.database.engine.connect() as connection:
        for table in ("community_priority", "audit_event", "core_command"):
            assert CANARY not in str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())  # noqa: S608


def test_a_month_has_few_priorities_so_that_they_stay_priorities(police: Police) -> None:
    first = agreed(police)
    for number in range(1, MOST):
        agreed(police, title=f"Another, {number}")
    refused = agreed(police, title="One too many", expect=409)
    assert refused.code == "priorities_full"
    assert str(MOST) in refused["detail"]
    agreed(police, month="2026-04")
    police.of(SECOND).post(f"/priorities/{first['id']}/withdrawal", {"reason": "The lamps burn."})
    agreed(police, title="Now there is room")


def test_of_many_agreed_in_the_same_moment_no_more_hold_than_may(police: Police) -> None:
    acts = [
        lambda them, who=who, number=number: them.of(who).call(
            "POST", "/priorities", body=priority_body(title=f"Number {number}", id=str(uuid4()))
        )
        for number, who in enumerate([SUPERVISOR, SECOND] * 5)
    ]
    answers = at_once(police.world, acts)
    assert sorted(answer.status for answer in answers) == [201] * MOST + [409] * (10 - MOST)
    assert {answer.code for answer in answers if answer.status == 409} == {"priorities_full"}


def test_what_was_taken_back_is_still_read_and_taken_back_once(police: Police) -> None:
    made = agreed(police)
    path, body = f"/priorities/{made['id']}/withdrawal", {"id": str(uuid4()), "reason": "The lamps burn."}
    taken = police.of(SUPERVISOR).post(path, body)
    assert (taken["state"], taken["id"]) == ("withdrawn", made["id"])
    again = police.of(SUPERVISOR).post(path, body, expect=200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert police.of(SUPERVISOR).post(path, {"reason": "Again"}, expect=409).code == "already_withdrawn"
    assert [one["state"] for one in police.of(OFFICER).get("/priorities").items] == ["withdrawn"]


def test_a_problem_shows_in_which_months_it_is_a_priority(police: Police) -> None:
    body = {"title": "Dark way home", "scanning": "Since the lamps failed."}
    problem = police.of(SUPERVISOR).post("/problems", body)
    assert problem["priority_in"] == []
    agreed(police, problem=problem["id"], month="2026-04")
    made = agreed(police, problem=problem["id"])
    assert made["problem"] == problem["id"]
    path = f"/problems/{problem['id']}"
    assert police.of(SUPERVISOR).get(path, purpose="supervision")["priority_in"] == ["2026-03", "2026-04"]
    police.of(SUPERVISOR).post(f"/priorities/{made['id']}/withdrawal", {"reason": "Later."})
    assert police.of(SUPERVISOR).get(path, purpose="supervision")["priority_in"] == ["2026-04"]


def test_only_a_problem_of_the_team_that_is_worked_on_is_agreed_upon(police: Police) -> None:
    body = {"title": "Elsewhere", "scanning": "Not here.", "unit": "lin-b"}
    theirs = police.of("supervisor.lin-b").post("/problems", body)
    assert agreed(police, problem=theirs["id"], expect=404).code == "not_found"
    assert agreed(police, problem=str(uuid4()), expect=404).code == "not_found"
    ours = police.of(SUPERVISOR).post("/problems", {**body, "unit": "lin-a"})
    ended = {"achieved": "solved", "text": "It is light."}
    police.of(SUPERVISOR).post(f"/problems/{ours['id']}/closing", ended)
    assert agreed(police, problem=ours["id"], expect=409).code == "problem_closed"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"month": "2026-02"}, "/month", "in_the_past"),
        ({"month": "2027-04"}, "/month", "too_far_ahead"),
        ({"month": "2026-13"}, "/month", "not_a_month"),
        ({"month": "March"}, "/month", "not_a_month"),
        ({"agreed_with": []}, "/agreed_with", "too_few"),
        ({"agreed_with": None}, "/agreed_with", "required"),
        ({"agreed_with": [{"kind": "ourselves", "name": "Us"}]}, "/agreed_with/0/kind", "not_one_of"),
        ({"agreed_with": [{**SCHOOL, "unit": "lin-b"}]}, "/agreed_with/0/unit", "not_one_of"),
        ({"agreed_with": [{**RESIDENTS, "unit": "school"}]}, "/agreed_with/0/unit", "not_needed"),
        ({"unit": "hav-a"}, "/unit", "not_one_of"),
        ({"title": " "}, "/title", "blank"),
    ],
)
def test_what_cannot_be_agreed_is_named(
    shared_world: World, changes: dict[str, Any], pointer: str, code: str
) -> None:
    refused = agreed(Police(shared_world), expect=422, **changes)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [(pointer, code)]


def test_the_desk_of_last_resort_says_for_which_team(police: Police) -> None:
    refused = agreed(police, "supervisor.nor", expect=422)
    assert [one["code"] for one in refused["errors"]] == ["required"]
    assert agreed(police, "supervisor.nor", unit="hav-a")["unit"] == "hav-a"


def test_next_month_begins_where_the_team_is(world: World) -> None:
    # 23:30 UTC on the last of March is the first of April in the demo's zone.
    world.clock.set(world.clock.now().replace(month=3, day=31, hour=23, minute=30))
    refused = agreed(Police(world), expect=422)
    assert [one["code"] for one in refused["errors"]] == ["in_the_past"]
