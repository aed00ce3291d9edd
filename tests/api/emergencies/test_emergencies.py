"""Emergencies over HTTP: what reporters are answered, who sees what, and what may follow what."""

from __future__ import annotations

from itertools import product

import pytest

from community_api.community.emergencies import rules
from community_api.community.emergencies.terms import COMMANDS, Act, State
from community_api.core.errors import DomainError
from tests.support.workflow import observation

CANARY = "the house behind the dyke"
ACTION = {
    "threat_target": f"Somebody in {CANARY}",
    "imminence": "Within ten minutes",
    "action_taken": "Two patrols sent",
    "told": [{"who": "Caretaker", "when": "2026-03-02T09:05:00+01:00"}],
}
ITEM = {
    "id",
    "state",
    "unit",
    "owner",
    "call",
    "opened_at",
    "paged_at",
    "acknowledged_at",
    "stood_down_at",
    "justification",
    "version",
}


def told_of_danger(world):
    told = observation(world, immediate_danger=True, facts=f"A man with a knife runs to {CANARY} right now.")
    return world.client("officer1.lin-a").post("/observations", told)


@pytest.fixture
def emergency(shared_world):
    return f"/emergencies/{told_of_danger(shared_world)['emergency']['id']}"


@pytest.fixture
def commander(shared_world):
    return shared_world.client("commander.lin")


@pytest.mark.parametrize("danger", [False, True])
def test_every_report_is_answered_with_whom_to_call(shared_world, danger):
    told = observation(shared_world, immediate_danger=danger)
    english = shared_world.client("officer1.lin-a", language="en").post("/observations", told)
    assert english["if_in_danger"]["number"] == "112"
    assert english["if_in_danger"]["text"]
    assert ("emergency" in english) == danger


def test_the_answer_says_since_when_somebody_is_called(shared_world):
    answer = told_of_danger(shared_world)
    assert set(answer["emergency"]) == {"id", "paged_at"}
    assert answer["emergency"]["paged_at"] == answer["received_at"]


def test_reading_the_report_again_says_nothing_of_the_emergency(shared_world):
    answer = told_of_danger(shared_world)
    read = shared_world.client("officer1.lin-a").get(f"/observations/{answer['id']}")
    assert {"emergency", "if_in_danger"} & set(read.body) == set()


def test_a_commander_reads_what_was_done_with_a_purpose(commander, emergency):
    commander.post(f"{emergency}/actions", ACTION)
    assert commander.get(emergency, expect=403).code == "purpose_required"
    shown = commander.get(emergency, purpose="emergency")
    assert set(shown.body) == ITEM | {
        "subject",
        "triggers",
        "contacts",
        "pages",
        "entries",
        "retention",
    }
    (entry,) = shown["entries"]
    assert entry["told"] == [{"who": "Caretaker", "when": "2026-03-02T08:05:00+00:00"}]
    assert entry["threat_target"] == ACTION["threat_target"]
    assert [one["post"] for one in shown["pages"]] == ["duty_commander.lin"]


@pytest.mark.parametrize("who", ["commander.lin", "commander.nor"])
def test_a_commander_reads_the_report_for_the_emergency_only(shared_world, who):
    answer = told_of_danger(shared_world)
    calm = shared_world.client("officer1.lin-a").post("/observations", observation(shared_world))
    client = shared_world.client(who)
    called = who == "commander.lin"
    path = f"/observations/{answer['id']}"
    client.get(path, purpose="emergency", expect=200 if called else 404)
    if called:
        assert client.get(path, expect=403).code == "purpose_required"
    client.get(f"/observations/{calm['id']}", purpose="emergency", expect=404)


def test_whoever_was_called_later_reads_the_report_as_well(world):
    answer = told_of_danger(world)
    path = f"/observations/{answer['id']}"
    world.client("commander.bru").get(path, purpose="emergency", expect=404)
    world.later(minutes=5)
    assert CANARY in world.client("commander.bru").get(path, purpose="emergency")["facts"]
    listed = world.client("commander.bru").get("/emergencies").items
    assert [one["id"] for one in listed] == [answer["emergency"]["id"]]
    world.client("commander.hav").get(path, purpose="emergency", expect=404)
    assert world.client("commander.hav").get("/emergencies").items == []


def test_the_manager_sees_metadata_and_not_one_word(shared_world, commander, emergency):
    commander.post(f"{emergency}/actions", ACTION)
    manager = shared_world.client("manager.lin")
    shown = manager.get(emergency, purpose="assessment")
    assert set(shown.body) == ITEM | {"retention"}
    assert CANARY not in str(shown.body)
    for who in ("manager.lin", "commander.lin", "overseer.oversight"):
        listed = shared_world.client(who).get("/emergencies").items
        assert listed
        assert all(set(one) == ITEM for one in listed)
        assert CANARY not in str(listed)


@pytest.mark.parametrize("who", ["analyst1.lin", "analyst1.nor", "manager.nor", "officer1.lin-a"])
def test_what_was_done_leads_nobody_of_the_chain_to_the_report(shared_world, emergency, who):
    answer = shared_world.client(who).call("GET", emergency, purpose="assessment")
    assert answer.status in {403, 404}


def test_the_state_narrows_the_list(shared_world, commander, emergency):
    commander.post(f"{emergency}/acknowledgement", {})
    for state in ("paging", "acknowledged", "stood_down"):
        found = list(commander.pages("/emergencies", state=state))
        assert {one["state"] for one in found} <= {state}
        assert (emergency.rpartition("/")[2] in {one["id"] for one in found}) == (state == "acknowledged")


def test_every_pair_of_state_and_act_is_decided():
    assert {state: set(acts) for state, acts in COMMANDS.items()} == {state: set(Act) for state in State}


@pytest.mark.parametrize(("state", "act"), list(product(State, Act)))
def test_an_act_leads_on_or_is_refused_in_words(state, act, shared_world):
    meant = COMMANDS[state][act]
    if isinstance(meant, State):
        assert rules.next_state(state, act, justified=False) is meant
    else:
        with pytest.raises(DomainError) as refused:
            rules.next_state(state, act, justified=False)
        assert refused.value.code in shared_world.app.extensions["community"].problems.problems


def test_each_act_is_done_once_and_its_replay_answers_the_same(commander, emergency):
    told = {"id": "0d6b59a7-52a5-4c9a-9f3e-3c3f1f4d5c11", "reason": "He was stopped."}
    assert commander.post(f"{emergency}/stand-down", told, expect=409).code == "not_acknowledged"
    commander.post(f"{emergency}/acknowledgement", {})
    assert commander.post(f"{emergency}/acknowledgement", {}, expect=409).code == "already_acknowledged"
    over = commander.post(f"{emergency}/stand-down", told)
    assert over["emergency"]["state"] == "stood_down"
    again = commander.post(f"{emergency}/stand-down", told)
    assert (again.status, again["audit_receipt"]) == (200, over["audit_receipt"])
    told = {"reason": "Once more"}
    assert commander.post(f"{emergency}/stand-down", told, expect=409).code == "already_stood_down"
    assert commander.post(f"{emergency}/actions", ACTION, expect=409).code == "already_stood_down"
    commander.post(f"{emergency}/justification", {"text": "It was near."})
    again = commander.post(f"{emergency}/justification", {"text": "Very near."}, expect=409)
    assert again.code == "already_decided"


@pytest.mark.parametrize(
    ("act", "body", "pointer"),
    [
        ("actions", {**ACTION, "told": [{"who": "Caretaker"}]}, "/told/0/when"),
        ("actions", {**ACTION, "threat_target": " "}, "/threat_target"),
        ("actions", {**ACTION, "grade": "A"}, "/grade"),
        ("justification", {"text": "t", "source_grade": "Z"}, "/source_grade"),
        ("stand-down", {}, "/reason"),
        ("acknowledgement", {"state": "stood_down"}, "/state"),
    ],
)
def test_what_is_wrong_is_named(commander, emergency, act, body, pointer):
    refusal = commander.post(f"{emergency}/{act}", body, expect=422)
    assert [error["pointer"] for error in refusal["errors"]] == [pointer]
