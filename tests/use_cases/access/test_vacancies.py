"""Who is away or leaves: what their posts owe is never nobody's without somebody hearing of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from community_api.access import vacancies
from community_api.access.models import PostHolder
from community_api.units.models import Duty
from tests.api.access.proposal_steps import decide, posts_of, propose, roles_of
from tests.api.matrix.things import HERE, confirmed, observe
from tests.support.app import World

ANALYSTS = ("analyst1.lin", "analyst2.lin")


def alarms(world: World, who: str) -> list[str]:
    """The addresses of the posts about which somebody is alarmed."""
    duties = world.client(who).get("/duties").items
    return [one["subject"]["href"] for one in duties if one["kind"] == "post_unmanned"]


def a_case_waits(world: World) -> str:
    """Something that the analysts of `lin` owe."""
    return confirmed(world, HERE, observe(world, "officer1.lin-a"))


def away(world: World, who: str, *, start: float = 0, days: float = 7, **more: str) -> None:
    now = world.clock.now()
    period = {"until": (now + timedelta(days=start + days)).isoformat(), **more}
    if start:
        period["from"] = (now + timedelta(days=start)).isoformat()
    decide(world, propose(world, "absence", period, by=who), by="commander.lin")


THE_POST = "/api/v1/posts?unit=lin&role=analyst"


def test_whoever_is_away_holds_no_post_and_holds_it_again_on_return(world):
    away(world, "analyst1.lin")
    assert posts_of(world, "analyst1.lin") == []
    # The role stays: an absence takes no right away.
    assert roles_of(world, "analyst1.lin") == ["analyst.lin"]
    world.clock.advance(timedelta(days=7))
    assert posts_of(world, "analyst1.lin") == ["analyst.lin"]


def test_an_absence_may_begin_later(world):
    away(world, "analyst1.lin", start=2, days=3)
    held = []
    for _day in range(6):
        held.append(posts_of(world, "analyst1.lin") == ["analyst.lin"])
        world.clock.advance(timedelta(days=1))
    assert held == [True, True, False, False, False, True]


def test_two_absences_of_one_person_leave_no_gap_and_no_double(world):
    away(world, "analyst1.lin", start=2, days=2)
    away(world, "analyst1.lin", start=6, days=2)
    away(world, "analyst1.lin", start=3, days=2)
    held = []
    for _day in range(10):
        held.append(len(posts_of(world, "analyst1.lin")))
        world.clock.advance(timedelta(days=1))
    assert held == [1, 1, 0, 0, 0, 1, 0, 0, 1, 1]


def test_while_a_colleague_is_there_nobody_is_alarmed(world):
    a_case_waits(world)
    away(world, "analyst1.lin")
    world.work()
    assert alarms(world, "manager.lin") == alarms(world, "admin1.nor") == []


def test_the_last_one_who_leaves_a_post_that_owes_raises_the_alarm_in_the_same_commit(world):
    case = a_case_waits(world)
    for who in ANALYSTS:
        away(world, who)
    # No worker has run: the alarm is of the decision's own commit.
    for told in ("manager.lin", "admin1.nor", "admin2.nor"):
        assert alarms(world, told) == [THE_POST]
    # What is owed stays owed by the post, with its day.
    with world.uow() as tx:
        owed = tx.first(select(Duty).where(Duty.subject_id == UUID(case), Duty.discharged_at.is_(None)))
        alarm = tx.first(select(Duty).where(Duty.kind == vacancies.UNMANNED))
    assert alarm.due_at == owed.due_at
    assert alarm.subject_id == owed.post_id


def test_no_id_of_a_post_is_shown(world):
    a_case_waits(world)
    for who in ANALYSTS:
        away(world, who)
    with world.uow() as tx:
        alarm = tx.first(select(Duty).where(Duty.kind == vacancies.UNMANNED))
    assert str(alarm.subject_id) not in str(world.client("manager.lin").get("/duties").body)


def test_the_alarm_ends_when_somebody_is_back(world):
    a_case_waits(world)
    for who in ANALYSTS:
        away(world, who)
    world.later(days=7)
    assert alarms(world, "manager.lin") == []


def test_the_alarm_ends_at_once_when_somebody_is_given_the_post(world):
    a_case_waits(world)
    for who in ANALYSTS:
        away(world, who)
    grant = {"account": "officer2.lin-b", "role": "analyst", "unit": "lin"}
    decide(world, propose(world, "grant", grant))
    assert alarms(world, "manager.lin") == []
    assert [one["post"] for one in world.client("officer2.lin-b").get("/duties").items] == ["analyst.lin"]


def test_an_absence_that_begins_later_raises_the_alarm_when_it_begins(world):
    a_case_waits(world)
    for who in ANALYSTS:
        away(world, who, start=1)
    world.work()
    assert alarms(world, "manager.lin") == []
    world.later(days=1)
    assert alarms(world, "manager.lin") == [THE_POST]


def test_what_is_opened_while_nobody_is_there_raises_the_alarm(world):
    for who in ANALYSTS:
        away(world, who)
    assert alarms(world, "manager.lin") == []
    a_case_waits(world)
    world.later(minutes=1)
    assert alarms(world, "manager.lin") == [THE_POST]


def test_a_deputy_has_role_and_post_for_that_time_and_no_longer(world):
    a_case_waits(world)
    away(world, "analyst1.lin", deputy="officer2.lin-b")
    away(world, "analyst2.lin")
    assert alarms(world, "manager.lin") == []
    assert "analyst.lin" in posts_of(world, "officer2.lin-b")
    assert [one["kind"] for one in world.client("officer2.lin-b").get("/duties").items] != []
    world.later(days=7)
    assert roles_of(world, "officer2.lin-b") == ["officer.lin-b"]
    assert posts_of(world, "officer2.lin-b") == ["officer.lin-b"]


def test_a_deputy_decides_nothing_about_standing_in(world):
    now = world.clock.now()
    told = {"until": (now + timedelta(days=3)).isoformat(), "deputy": "supervisor.lin-b"}
    proposal = propose(world, "absence", told, by="officer1.lin-a")
    assert decide(world, proposal, by="supervisor.lin-b", expect=403).code == "same_person"
    decide(world, proposal, by="commander.lin")


def test_leaving_raises_the_alarm_and_a_successor_prevents_it(world):
    a_case_waits(world)
    decide(world, propose(world, "account_disable", {"account": "analyst1.lin"}))
    follows = {"account": "analyst2.lin", "successor": "officer2.lin-b"}
    decide(world, propose(world, "account_disable", follows))
    assert alarms(world, "manager.lin") == []
    decide(world, propose(world, "account_disable", {"account": "officer2.lin-b"}))
    assert alarms(world, "manager.lin") == [THE_POST]


def test_where_no_manager_is_left_the_next_one_above_is_told(world):
    a_case_waits(world)
    decide(world, propose(world, "account_disable", {"account": "manager.lin"}))
    for who in ANALYSTS:
        decide(world, propose(world, "account_disable", {"account": who}))
    assert THE_POST in alarms(world, "manager.ost")


def test_where_nobody_at_all_is_left_it_waits_at_the_post_of_administrators(world):
    a_case_waits(world)
    with world.uow() as tx:
        for row in tx.all(select(PostHolder)):
            tx.update_where(PostHolder, {"id": row.id}, {"until": tx.now})
    vacancies.watch(world.uow)
    grant = {"account": "officer2.lin-b", "role": "administrator", "unit": "nor"}
    decide(world, propose(world, "grant", grant))
    assert THE_POST in alarms(world, "officer2.lin-b")


def test_looking_again_raises_no_second_alarm(world):
    a_case_waits(world)
    for who in ANALYSTS:
        away(world, who)
    for _ in range(3):
        vacancies.watch(world.uow)
    assert alarms(world, "manager.lin") == [THE_POST]


def test_somebody_with_two_accounts_keeps_the_post_that_the_other_one_gives(world):
    body = {
        "username": "analyst1.second",
        "name": "The same",
        "role": "analyst",
        "unit": "lin",
        "person": "analyst1.lin",
    }
    decide(world, propose(world, "account_create", body))
    named = {"account": "analyst1.second", "role": "analyst", "unit": "lin"}
    decide(world, propose(world, "revoke", named))
    assert posts_of(world, "analyst1.lin") == ["analyst.lin"]
