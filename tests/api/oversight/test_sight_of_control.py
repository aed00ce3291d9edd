"""Control reads what the community side does; a manager who may know of an act reads no words of it."""

import pytest

from tests.api.matrix.things import ADMINISTRATOR, HERE, THERE, _priority, _problem, _proposal, _stand_down

OVERSEER = "overseer.oversight"


def in_a_case(world, who, kind):
    case = world.client(who).post("/cases", {"kind": kind, "reason": "How teams work on problems"})
    return {"purpose": kind, "case": case["id"]}


@pytest.mark.parametrize(
    ("who", "kind"), [(OVERSEER, "audit"), ("dpo.nor", "review"), ("records.nor", "review")]
)
def test_control_lists_problems_of_every_team_and_reads_one_whole(world, who, kind):
    problems = {_problem(world, HERE), _problem(world, THERE)}
    control = world.client(who)
    assert {item["id"] for item in control.get("/problems").items} == problems
    for problem in problems:
        shown = control.get(f"/problems/{problem}", **in_a_case(world, who, kind))
        assert [entry["text"] for entry in shown["entries"]] == ["Every Friday night."]


def test_oversight_sees_the_priorities_of_every_team(world):
    priorities = {_priority(world, HERE), _priority(world, THERE)}
    assert {item["id"] for item in world.client(OVERSEER).get("/priorities").items} == priorities


def test_a_manager_sees_of_a_stand_down_that_it_waits_and_no_words(world):
    batch = _stand_down(world, HERE)
    path = f"/emergencies/stand-downs/{batch}"
    commander = world.client("commander.lin").get(path, purpose="emergency")
    assert commander["reason"] == "Nobody is in danger."
    assert commander["gathered"]
    manager = world.client("manager.lin").get(path, purpose="assessment")
    assert manager["state"] == commander["state"]
    assert {"reason", "gathered"} & manager.body.keys() == set()


def test_a_proposal_that_a_local_manager_does_not_decide_is_as_if_it_were_not_there(world):
    manager = world.client("manager.lin")
    foreign = _proposal(world, HERE.who("officer2"), HERE.local)
    assert manager.get("/proposals").items == []
    assert manager.get(f"/proposals/{foreign}", expect=404).code == "not_found"
    refused = {"decision": "refused", "reason": "No."}
    assert manager.post(f"/proposals/{foreign}/decision", refused, expect=404).code == "not_found"
    assert world.client(ADMINISTRATOR).get(f"/proposals/{foreign}")["state"] == "waiting"
