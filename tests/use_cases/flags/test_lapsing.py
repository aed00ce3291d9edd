"""A flag on which nobody decides lapses after the limit of its procedure; flagger and local manager hear."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from community_api.audit.models import AuditEvent
from community_api.composition import make_worker
from community_api.intelligence.chain.referrals.models import Referral
from tests.support.factories import START
from tests.support.workflow import MANAGER, OFFICER, SECOND_PERSON, SUPERVISOR, subject

# Ten working days after a Monday: the end of the second Monday after it, where the unit is.
LIMIT = datetime(2026, 3, 16, 22, 59, 59, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)


def raised_by(police, who=OFFICER, **values):
    return police.raises_flag(police.observes(who)["id"], who, **values)["id"]


def let_it_become(world, moment):
    world.clock.set(moment)
    world.work()


@pytest.fixture
def lapsed(alone):
    """The id of a flag that has lapsed."""
    flag_id = raised_by(alone)
    let_it_become(alone.world, LIMIT + A_MOMENT)
    return flag_id


@pytest.mark.parametrize("age", ["adult", "child"])
def test_a_flag_lapses_after_the_limit_and_not_before_whatever_it_waits_for(alone, age):
    flag_id = raised_by(alone, subjects=[subject(age)])
    let_it_become(alone.world, LIMIT - timedelta(minutes=1))
    assert alone.of(OFFICER).get(f"/flags/{flag_id}")["status"].startswith("awaiting")
    let_it_become(alone.world, LIMIT + A_MOMENT)
    assert alone.of(OFFICER).get(f"/flags/{flag_id}")["status"] == "lapsed"


def test_the_flagger_hears_at_once_in_their_own_language(alone, lapsed):
    told = alone.inbox()
    assert [(one["kind"], one["about"], one["outcome"]) for one in told] == [
        ("notice", "flag_decision", "still_open")
    ]
    text = alone.of(OFFICER).get(f"/feedback/{told[0]['id']}")["text"]
    assert text.startswith("Über Ihren Hinweis hat")


def test_a_person_still_owes_the_flagger_an_answer(alone, lapsed):
    owed = alone.owes(SUPERVISOR)
    assert [one["decision"] for one in owed] == [{"kind": "flag_decision", "outcome": "lapsed"}]
    # A person needs a moment to write; of the same moment, neither message would be the newer one.
    alone.world.clock.advance(A_MOMENT)
    alone.answers(SUPERVISOR, owed[0]["id"], outcome="procedure_refused")
    assert [one["kind"] for one in alone.inbox()] == ["answer", "notice"]


def test_the_local_manager_is_told_and_the_duty_ends_with_the_answer(alone, lapsed):
    seen = alone.owes(MANAGER)
    assert [one["decision"]["outcome"] for one in seen] == ["lapsed"]
    duties = list(alone.of(MANAGER).pages("/duties"))
    assert [(one["kind"], one["subject"]["kind"]) for one in duties] == [("flag_lapsed", "obligation")]
    alone.answers(SUPERVISOR, seen[0]["id"])
    assert list(alone.of(MANAGER).pages("/duties")) == []


def test_managers_elsewhere_are_not_told(alone, lapsed):
    for who in ("manager.bru", "manager.ost", "manager.nor"):
        assert alone.owes(who) == []
        assert list(alone.of(who).pages("/duties")) == []


def test_nobody_is_asked_any_more(alone, lapsed):
    assert alone.duties(SECOND_PERSON, lapsed) == []
    assert alone.decides_flag(lapsed, expect=409).code == "already_decided"
    with alone.world.uow() as tx:
        assert tx.all(select(Referral)) == []


def test_the_report_may_be_flagged_again(alone):
    report = alone.observes()
    alone.raises_flag(report["id"])
    let_it_become(alone.world, LIMIT + A_MOMENT)
    assert alone.raises_flag(report["id"])["status"] == "awaiting_second_person"


@pytest.mark.parametrize("decision", ["confirmed", "refused"])
def test_a_flag_that_was_decided_does_not_lapse(alone, decision):
    flag_id = raised_by(alone)
    alone.decides_flag(flag_id, decision=decision)
    let_it_become(alone.world, LIMIT + A_MOMENT)
    assert alone.of(OFFICER).get(f"/flags/{flag_id}")["status"] == decision
    assert "notice" not in [one["kind"] for one in alone.inbox()]


def test_two_workers_let_it_lapse_once(alone):
    world = alone.world
    flag_id = raised_by(alone)
    world.clock.set(LIMIT + A_MOMENT)
    others = [make_worker(world.settings, world.app.extensions["community"]) for _one in range(2)]
    for _round in range(3):
        for worker in (world.worker, *others):
            worker.drain()
    assert [one["kind"] for one in alone.inbox()] == ["notice"]
    assert len(alone.owes(SUPERVISOR)) == 1
    assert [one["kind"] for one in alone.of(MANAGER).pages("/duties")] == ["flag_lapsed"]
    with world.uow() as tx:
        leaves = tx.all(select(AuditEvent).where(AuditEvent.envelope.contains('"to":"lapsed"')))
    assert [str(leaf.object_id) for leaf in leaves] == [flag_id]


def test_a_working_day_that_is_a_weekend_does_not_count(alone):
    """Raised on a Friday: the tenth working day is the Friday two weeks later."""
    alone.world.clock.set(START + timedelta(days=4))
    report = alone.observes()
    assert alone.raises_flag(report["id"])["lapses_at"] == "2026-03-20T22:59:59.000Z"
