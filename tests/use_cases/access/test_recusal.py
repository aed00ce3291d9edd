"""Stepping back from one matter: one does nothing more in it, and it never becomes nobody's."""

from __future__ import annotations

from uuid import uuid4

import pytest

from community_api.clients.demo_tour import words
from tests.api.access.proposal_steps import decide, propose
from tests.api.matrix.things import HERE, _step, confirmed, observe
from tests.support.app import Answer, World

FACTORS = [{"code": "harmful_objectives", "evidence": "The words at the loading, heard by two people."}]
FIRST, SECOND = "analyst1.lin", "analyst2.lin"


def duty_of(world: World, who: str) -> str:
    return str(world.client(who).get("/duties").items[0]["id"])


def asks_to_step_back(world: World, who: str) -> Answer:
    return propose(world, "absence", {"duty": duty_of(world, who), "reason": "My cousin"}, by=who)


def steps_back(world: World, who: str) -> None:
    decide(world, asks_to_step_back(world, who), by="commander.lin")


def assess(world: World, who: str, case: str) -> Answer:
    client, path = world.client(who), f"/referrals/{case}"
    version = client.get(path, purpose="assessment")
    fields = {**words.ANSWERS["assess"], "factors": FACTORS}
    return client.call("POST", f"{path}/steps", body={"action": "assess", "fields": fields}, if_match=version)


def alarms(world: World, who: str) -> list[str]:
    duties = world.client(who).get("/duties").items
    return [one["subject"]["id"] for one in duties if one["kind"] == "duty_recused"]


def test_who_steps_back_does_nothing_more_in_it_and_a_colleague_does(world):
    case = confirmed(world, HERE, observe(world, "officer1.lin-a"))
    other = confirmed(world, HERE, observe(world, "officer1.lin-a"))
    before = {one["id"]: one["subject"]["id"] for one in world.client(FIRST).get("/duties").items}
    chosen = duty_of(world, FIRST)
    steps_back(world, FIRST)
    stepped = before[chosen]
    assert assess(world, FIRST, stepped).code == "not_independent"
    assert alarms(world, "manager.lin") == []
    # It is one matter, and not the post: the other one is theirs still.
    (kept,) = {case, other} - {stepped}
    assert assess(world, FIRST, kept).status == 201
    _step(world, SECOND, stepped, "assess", factors=FACTORS)


def test_when_the_last_one_steps_back_the_alarm_is_raised_until_it_is_done(world):
    case = confirmed(world, HERE, observe(world, "officer1.lin-a"))
    for who in (FIRST, SECOND):
        steps_back(world, who)
    for told in ("manager.lin", "admin1.nor"):
        assert alarms(world, told) == [case]
    # What is owed stays owed, and the manager finds somebody.
    grant = {"account": "officer2.lin-b", "role": "analyst", "unit": "lin"}
    decide(world, propose(world, "grant", grant))
    world.later(minutes=1)
    assert alarms(world, "manager.lin") == [case]


def test_the_alarm_ends_when_nothing_is_owed_any_more(world):
    raised = observe(world, "officer2.lin-a")
    body = {
        "kind": "verlt",
        "indicator_list_version": 1,
        "grounds": [{"indicator": "acquiring_materials", "fact": "Eight sacks of nitrate, garage 14"}],
        **words.FLAG,
    }
    # A report without a trained author waits for the supervisors of the team.
    refused = world.client("officer2.lin-a").post(f"/observations/{raised}/flags", body, expect=403)
    assert refused.code == "training_required"
    for who in ("supervisor.lin-a", "supervisor2.lin-a"):
        steps_back(world, who)
    assert alarms(world, "manager.lin") == [raised]
    world.client("officer2.lin-a").post(f"/observations/{raised}/withdrawal", {"reason": "Told twice."})
    world.later(minutes=1)
    assert alarms(world, "manager.lin") == []


@pytest.mark.parametrize("who", ["officer1.lin-a", "manager.lin"])
def test_one_steps_back_from_what_ones_own_post_owes_only(world, who):
    confirmed(world, HERE, observe(world, "officer1.lin-a"))
    for duty in (duty_of(world, FIRST), str(uuid4())):
        refused = propose(world, "absence", {"duty": duty}, by=who, expect=422)
        assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [
            ("/body/duty", "not_a_reference")
        ]


def test_it_takes_a_matter_or_a_time_and_not_both(world):
    confirmed(world, HERE, observe(world, "officer1.lin-a"))
    both = {"duty": duty_of(world, FIRST), "until": "2026-04-01T00:00:00Z"}
    refused = propose(world, "absence", both, by=FIRST, expect=422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/body/until", "not_needed")]


def test_who_has_stepped_back_does_not_do_so_again(world):
    confirmed(world, HERE, observe(world, "officer1.lin-a"))
    duty = duty_of(world, FIRST)
    steps_back(world, FIRST)
    refused = propose(world, "absence", {"duty": duty}, by=FIRST, expect=422)
    assert [one["code"] for one in refused["errors"]] == ["already_so"]


def test_it_holds_from_the_asking_and_ends_with_a_refusal(world):
    case = confirmed(world, HERE, observe(world, "officer1.lin-a"))
    asked = asks_to_step_back(world, FIRST)
    assert assess(world, FIRST, case).code == "not_independent"
    refused = decide(world, asked, "refused", by="commander.lin")
    assert refused["state"] == "refused"
    assert assess(world, FIRST, case).status == 201


def test_who_is_kept_in_a_matter_may_ask_again(world):
    case = confirmed(world, HERE, observe(world, "officer1.lin-a"))
    decide(world, asks_to_step_back(world, FIRST), "refused", by="commander.lin")
    decide(world, asks_to_step_back(world, FIRST), by="commander.lin")
    assert assess(world, FIRST, case).code == "not_independent"


def test_a_refusal_ends_the_alarm_that_nobody_is_left(world):
    case = confirmed(world, HERE, observe(world, "officer1.lin-a"))
    steps_back(world, FIRST)
    asked = asks_to_step_back(world, SECOND)
    assert alarms(world, "manager.lin") == [case]
    decide(world, asked, "refused", by="commander.lin")
    assert (alarms(world, "manager.lin"), alarms(world, "admin1.nor")) == ([], [])
    # It is one matter of one person: who stepped back before stays out of it.
    assert assess(world, FIRST, case).code == "not_independent"
    assert assess(world, SECOND, case).status == 201


def test_without_a_decision_it_holds_and_cannot_be_refused_later(world):
    case = confirmed(world, HERE, observe(world, "officer1.lin-a"))
    asked = asks_to_step_back(world, FIRST)
    world.later(days=31)
    assert decide(world, asked, "refused", by="commander.lin", expect=409).code == "proposal_lapsed"
    assert assess(world, FIRST, case).code == "not_independent"


def test_a_refusal_after_the_work_was_done_changes_nothing(world):
    case = confirmed(world, HERE, observe(world, "officer1.lin-a"))
    asked = asks_to_step_back(world, FIRST)
    _step(world, SECOND, case, "assess", factors=FACTORS)
    decide(world, asked, "refused", by="commander.lin")
    _step(world, FIRST, case, "evaluate")


def test_it_is_refused_near_the_person_by_somebody_else(world):
    confirmed(world, HERE, observe(world, "officer1.lin-a"))
    asked = asks_to_step_back(world, FIRST)
    assert decide(world, asked, "refused", by=FIRST, expect=403).code == "role_not_allowed"
    decide(world, asked, "refused", by="manager.ost", expect=404)
    decide(world, asked, "refused", by="manager.lin")
