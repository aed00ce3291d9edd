"""Reverse edges and pauses under race: one recall, one end of a pause, a recall against whoever works on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from community_api.intelligence.chain.referrals.models import ReferralStep
from community_api.intelligence.chain.reports.models import Dissemination
from community_api.outbox.models import OutboxItem
from community_api.units.models import Duty
from tests.support.app import Answer, World
from tests.support.workflow import ANALYST, MANAGER, Police, at_once

REGION = "manager.ost"
rounds = pytest.mark.parametrize("number", [1, pytest.param(1000, marks=pytest.mark.torture)])


def stepping(case: str, who: str, action: str, seen: str, **fields: Any) -> Callable[[Police], Answer]:
    """Somebody takes a step on the version that they saw; whatever comes back."""

    def act(item: Police) -> Answer:
        body = {"id": str(uuid4()), "action": action, "fields": fields}
        return item.of(who).call("POST", f"/referrals/{case}/steps", body=body, if_match=seen)

    return act


def outcomes(answers: list[Answer]) -> Counter[tuple[int, str | None]]:
    return Counter((answer.status, answer.code) for answer in answers)


def sent(police: Police) -> tuple[str, str]:
    case = police.brings_to("sent", police.confirmed())
    return case, police.referral_at("ost", parent=case)


def actions_of(world: World, case: str) -> list[str]:
    with world.uow() as tx:
        query = select(ReferralStep).where(ReferralStep.referral_id == UUID(case))
        return [row.action for row in tx.all(query.order_by(ReferralStep.ordinal))]


@rounds
def test_of_many_recalls_at_once_one_takes_the_report_back(alone: Police, number: int) -> None:
    for _round in range(number):
        of_many_recalls_one_is_taken(alone)


def of_many_recalls_one_is_taken(alone: Police) -> None:
    case, regional = sent(alone)
    seen = alone.tag_of(case, MANAGER)
    acts = [stepping(case, MANAGER, "recall", seen, reason=f"Another man, {number}.") for number in range(20)]
    answered = outcomes(at_once(alone.world, acts))
    assert answered.pop((201, None)) == 1
    assert set(answered) <= {(412, "precondition_failed"), (409, "action_not_allowed")}
    assert actions_of(alone.world, case).count("recall") == 1
    assert actions_of(alone.world, regional) == ["recall"]
    with alone.world.uow() as tx:
        given = tx.first(select(Dissemination).where(Dissemination.child_id == UUID(regional)))
        assert given.state == "recalled"


def test_a_recall_and_a_step_of_the_recipient_at_the_same_moment_leave_one_order_and_no_orphan(
    alone: Police,
) -> None:
    for _round in range(5):
        case, regional = sent(alone)
        answers = at_once(
            alone.world,
            [
                stepping(case, MANAGER, "recall", alone.tag_of(case, MANAGER), reason="Sent in error."),
                stepping(regional, "analyst1.ost", "acknowledge", alone.tag_of(regional, "analyst1.ost")),
            ],
        )
        assert answers[0].status == 201, "nobody who works on can keep what is taken back"
        assert answers[1].status in {201, 409, 412}
        seen = alone.reads_referral(regional, REGION)
        assert (seen["state"], seen["report"]) == ("recalled", None)
        assert alone.duties(REGION, regional) == ["recalled"]
        assert alone.duties("analyst1.ost", regional) == []


def test_a_pause_that_two_end_at_once_is_ended_once_and_leaves_one_deadline(alone: Police) -> None:
    case = alone.confirmed()
    alone.takes_step(MANAGER, case, "pause")
    seen = alone.tag_of(case, MANAGER)
    acts = [stepping(case, who, "resume", seen) for who in (MANAGER, ANALYST) * 5]
    answered = outcomes(at_once(alone.world, acts))
    assert answered.pop((201, None)) == 1
    assert set(answered) <= {(412, "precondition_failed"), (409, "action_not_allowed")}
    with alone.world.uow() as tx:
        owed = tx.all(select(Duty).where(Duty.subject_id == UUID(case), Duty.discharged_at.is_(None)))
        looks = tx.all(
            select(OutboxItem).where(
                OutboxItem.ref_id == UUID(case),
                OutboxItem.kind == "referral_overdue",
                OutboxItem.done_at.is_(None),
                OutboxItem.cancelled_at.is_(None),
            )
        )
    assert [duty.kind for duty in owed] == ["to_assess"]
    assert [item.due_at for item in looks] == [owed[0].due_at]


def test_of_a_pause_and_an_end_of_it_at_once_only_the_pause_comes_about(
    alone: Police,
) -> None:
    for _round in range(5):
        case = alone.confirmed()
        seen = alone.tag_of(case, MANAGER)
        paused = stepping(case, MANAGER, "pause", seen, because="translation", note="With the translator.")
        going = stepping(case, MANAGER, "resume", seen)
        assert sorted(answer.status for answer in at_once(alone.world, [paused, going])) in (
            [201, 409],
            [201, 412],
        )
        read = alone.reads_referral(case)
        assert (read["state"], read["paused_until"] is not None) == ("to_assess", True)
