"""Who is woken, when, until when; and that a kill at any moment loses no call and makes none twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community_api.access.models import PostHolder
from community_api.community.emergencies.models import Emergency, EmergencyPage
from community_api.composition import make_worker
from community_api.outbox.models import OutboxItem
from community_api.units import posts
from community_api.units.models import Duty
from community_api.units.terms import Role
from tests.support.workflow import observation


def danger(world, who="officer1.lin-a"):
    return world.client(who).post("/observations", observation(world, immediate_danger=True))["emergency"][
        "id"
    ]


def called(world):
    """Every call, as (round, post)."""
    with world.uow() as tx:
        rows = tx.all(select(EmergencyPage))
        return sorted((row.round, str(posts.name_of(tx, row.post_id))) for row in rows)


def duties(world, who, kind="emergency"):
    return [one for one in world.client(who).get("/duties").items if one["kind"] == kind]


def leave_unmanned(world, *units):
    with world.uow() as tx:
        for unit in units:
            post_id = posts.find(tx, Role.DUTY_COMMANDER, world.unit_id(unit))
            tx.update_where(PostHolder, {"post_id": post_id}, {"until": tx.now}, expect=None)


def acknowledge(world, emergency, who="commander.lin"):
    return world.client(who).post(f"/emergencies/{emergency}/acknowledgement", {})


def test_the_commander_of_the_local_unit_is_called_in_the_commit_of_the_report(world):
    emergency = danger(world)
    assert called(world) == [(0, "duty_commander.lin")]
    (duty,) = duties(world, "commander.lin")
    assert duty["subject"] == {
        "kind": "emergency",
        "id": emergency,
        "href": f"/api/v1/emergencies/{emergency}",
    }
    for who in ("commander.bru", "commander.hav", "commander.nor"):
        assert duties(world, who) == []


def test_whoever_is_called_finds_the_report_in_their_list_and_nobody_else_does(world):
    officer = world.client("officer1.lin-a")
    officer.post("/observations", observation(world))
    told = [officer.post("/observations", observation(world, immediate_danger=True))["id"]]
    assert [one["id"] for one in world.client("commander.lin").get("/observations").items] == told
    for who in ("commander.bru", "commander.nor"):
        assert world.client(who).get("/observations").items == []
    world.later(minutes=6)
    for who in ("commander.bru", "commander.nor"):
        assert [one["id"] for one in world.client(who).get("/observations").items] == told
    assert world.client("commander.hav").get("/observations").items == []


def test_without_a_commander_there_the_national_one_is_called(world):
    leave_unmanned(world, "lin")
    danger(world)
    assert called(world) == [(0, "duty_commander.nor")]


def test_where_nobody_commands_the_call_waits_at_the_national_post(world):
    leave_unmanned(world, "lin", "nor")
    danger(world)
    assert called(world) == [(0, "duty_commander.nor")]


def test_a_report_without_danger_calls_nobody(world):
    answer = world.client("officer1.lin-a").post("/observations", observation(world))
    assert "emergency" not in answer
    assert called(world) == []


def test_nobody_answers_so_the_region_and_the_nation_are_called_every_five_minutes(world):
    danger(world)
    world.later(minutes=4)
    assert {number for number, _post in called(world)} == {0}
    world.later(minutes=1)
    everybody = ["duty_commander.bru", "duty_commander.lin", "duty_commander.nor"]
    assert [post for number, post in called(world) if number == 1] == everybody
    world.later(minutes=5)
    assert [post for number, post in called(world) if number == 2] == everybody
    # Called again, each still owes one answer.
    assert len(duties(world, "commander.bru")) == 1
    assert duties(world, "commander.hav") == []


@pytest.mark.parametrize("who", ["commander.lin", "commander.bru", "commander.nor"])
def test_whoever_of_those_called_answers_nobody_is_called_any_more(world, who):
    emergency = danger(world)
    world.later(minutes=5)
    acknowledge(world, emergency, who)
    before = called(world)
    world.later(hours=1)
    assert called(world) == before
    for one in ("commander.lin", "commander.bru", "commander.nor"):
        assert duties(world, one) == []
        # Whoever answered accounts for it, and nobody else.
        assert len(duties(world, one, "emergency_justification")) == (one == who)


def test_acting_answers_the_call(world):
    emergency = danger(world)
    told = {
        "threat_target": "Visitors",
        "imminence": "Minutes",
        "action_taken": "Patrol sent",
        "told": [],
    }
    world.client("commander.lin").post(f"/emergencies/{emergency}/actions", told)
    world.later(minutes=10)
    assert {number for number, _post in called(world)} == {0}


def test_every_call_leaves_once_however_often_the_worker_looks(world):
    danger(world)
    world.work()
    with world.uow() as tx:
        (page,) = tx.all(select(EmergencyPage))
    assert page.handed_over_at == world.clock.now()
    world.later(seconds=30)
    with world.uow() as tx:
        (again,) = tx.all(select(EmergencyPage))
    assert again.handed_over_at == page.handed_over_at


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_dies_at_a_call_leaves_it_to_the_next(world, monkeypatch, moment):
    """Killed before or after the commit of its work: the call has left once."""
    danger(world)
    services = world.app.extensions["community"]
    commit = services.uow.commit

    class Killed(BaseException):
        pass

    def killed(work):
        if moment == "after":
            commit(work)
        raise Killed

    monkeypatch.setattr(services.uow, "commit", killed)
    with pytest.raises(Killed):
        make_worker(world.settings, services).drain()
    monkeypatch.setattr(services.uow, "commit", commit)
    world.clock.advance(timedelta(minutes=2))
    make_worker(world.settings, services).drain()
    with world.uow() as tx:
        (page,) = tx.all(select(EmergencyPage))
        done = tx.all(select(OutboxItem).where(OutboxItem.ref_id == page.id))
    assert page.handed_over_at is not None
    assert [item.done_at is not None for item in done] == [True]


def test_a_report_that_cannot_be_committed_calls_nobody_and_one_that_is_calls(world):
    told = observation(world, immediate_danger=True, id=str(world.unit_id("lin")))
    first = world.client("officer1.lin-a").post("/observations", told)
    again = world.client("officer1.lin-a").post("/observations", told)
    assert again["emergency"] == first["emergency"]
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(called(world)) == 1
    world.client("officer1.lin-b").post("/observations", told, expect=409)
    assert len(called(world)) == 1


def test_a_day_without_an_account_is_a_breach_told_to_the_manager_once(world):
    emergency = danger(world)
    acknowledge(world, emergency)
    world.later(hours=23, minutes=59)
    assert duties(world, "manager.lin", "emergency_breach") == []
    world.later(minutes=1)
    world.later(days=2)
    assert len(duties(world, "manager.lin", "emergency_breach")) == 1
    (owed,) = duties(world, "commander.lin", "emergency_justification")
    assert owed["overdue"] is True
    shown = world.client("manager.lin").get(f"/emergencies/{emergency}", purpose="assessment")
    assert shown["justification"]["overdue"] is True
    # Late is better than never: then nothing is owed any more, but that it was late stays to be seen.
    told = {"text": "Two people were in danger.", "source_grade": "B", "information_grade": "2"}
    world.client("commander.lin").post(f"/emergencies/{emergency}/justification", told)
    assert duties(world, "manager.lin", "emergency_breach") == []
    assert duties(world, "commander.lin", "emergency_justification") == []
    with world.uow() as tx:
        (row,) = tx.all(select(Emergency))
    assert row.breached_at is not None


def test_accounted_for_in_time_nothing_is_told(world):
    emergency = danger(world)
    world.client("commander.lin").post(f"/emergencies/{emergency}/justification", {"text": "It was near."})
    world.later(days=3)
    assert duties(world, "manager.lin", "emergency_breach") == []


def test_no_duty_is_left_when_it_is_over_and_accounted_for(world):
    emergency = danger(world)
    acknowledge(world, emergency)
    commander = world.client("commander.lin")
    commander.post(f"/emergencies/{emergency}/stand-down", {"reason": "A mistake"})
    commander.post(f"/emergencies/{emergency}/justification", {"text": "It looked real."})
    world.later(days=3)
    with world.uow() as tx:
        left = tx.all(select(Duty).where(Duty.subject_kind == "emergency", Duty.discharged_at.is_(None)))
    assert left == []
