"""Steps that arrive together: one wins, everybody else is told plainly, and nothing is written twice."""

from __future__ import annotations

from collections import Counter
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from community_api.audit.models import AuditEvent
from community_api.feedback.models import Obligation
from community_api.intelligence.chain.referrals.models import ReferralStep
from community_api.outbox.models import OutboxItem
from community_api.units.models import Duty
from tests.support.workflow import ANALYST, MANAGER, OTHER_ANALYST, at_once, fields

ROUNDS = 10
rounds = pytest.mark.parametrize("number", [1, pytest.param(1000, marks=pytest.mark.torture)])


def stepping(case, who, action, seen, **values):
    """Somebody takes a step on the version that they saw; whatever comes back."""

    def act(item):
        body = {"id": str(uuid4()), "action": action, "fields": fields(item.world, action, **values)}
        return item.of(who).call("POST", f"/referrals/{case}/steps", body=body, if_match=seen)

    return act


def leaves_about(world, case):
    """The leaves of writes about a case, by what they say was done."""
    with world.uow() as tx:
        rows = tx.all(
            select(AuditEvent).where(AuditEvent.object_id == UUID(case), AuditEvent.action == "alter")
        )
    return len(rows)


def steps_of(world, case):
    with world.uow() as tx:
        query = select(ReferralStep).where(ReferralStep.referral_id == UUID(case))
        return [row.action for row in tx.all(query.order_by(ReferralStep.ordinal))]


@rounds
def test_of_fifty_conflicting_steps_one_is_taken(alone, number):
    for _round in range(number):
        of_fifty_one_is_taken(alone)


def of_fifty_one_is_taken(alone):
    case = alone.confirmed()
    seen = alone.tag_of(case, ANALYST)
    outcomes = ("continue", "no_further_action", "safeguarding", "continue", "no_further_action")
    acts = [
        stepping(case, who, "assess", seen, outcome=outcome)
        for who in (ANALYST, OTHER_ANALYST)
        for outcome in outcomes * 5
    ]
    answers = at_once(alone.world, acts)
    told = Counter((answer.status, answer.code) for answer in answers)
    assert told.pop((201, None)) == 1
    assert set(told) <= {(412, "precondition_failed"), (409, "action_not_allowed")}
    assert steps_of(alone.world, case) == ["assess"]
    assert leaves_about(alone.world, case) == 1
    with alone.world.uow() as tx:
        about = Obligation.subject_id == UUID(case), Obligation.point == "assessment"
        owed = tx.first(select(func.count()).select_from(Obligation).where(*about))
        waiting = OutboxItem.done_at.is_(None), OutboxItem.cancelled_at.is_(None)
        looks = tx.first(select(func.count()).where(OutboxItem.ref_id == UUID(case), *waiting))
        duties = tx.first(
            select(func.count()).where(Duty.subject_id == UUID(case), Duty.discharged_at.is_(None))
        )
    won = next(answer for answer in answers if answer.status == 201)
    assert owed == (won["to_state"] == "to_feed_back")
    assert (looks, duties) == (1, 1), "one look at the new deadline, and one post that owes the next step"


def test_of_two_who_send_a_report_out_at_once_one_does(alone):
    for _round in range(5):
        case = alone.brings_to("to_disseminate", alone.confirmed())
        seen = alone.tag_of(case, MANAGER)
        acts = [stepping(case, MANAGER, "disseminate", seen, to_units=units) for units in (["ost"], ["nor"])]
        answers = at_once(alone.world, acts)
        assert sorted(answer.status for answer in answers) == [201, 412]
        children = [
            one
            for unit in ("ost", "nor")
            for one in alone.of(f"analyst1.{unit}").pages("/referrals")
            if one["parent_id"] == case
        ]
        assert len(children) == 1


def about_to_close(police):
    """A case that was sent to region and nation, both of which have only to close; the three ids."""
    case = police.brings_to("sent", police.confirmed(), to_units=["ost", "nor"])
    found = {}
    for unit in ("ost", "nor"):
        child = found[unit] = police.referral_at(unit, parent=case)
        seen = police.takes_step(f"analyst1.{unit}", child, "acknowledge")
        police.takes_step(f"manager.{unit}", child, "decide", if_match=seen)
        police.answers_everything(f"manager.{unit}")
    return case, found["ost"], found["nor"]


def test_when_the_last_two_recipients_close_at_the_same_moment_the_sender_goes_on_once(alone):
    for _round in range(ROUNDS):
        case, regional, national = about_to_close(alone)
        acts = [
            stepping(child, f"manager.{unit}", "close", alone.tag_of(child, f"manager.{unit}"))
            for unit, child in (("ost", regional), ("nor", national))
        ]
        answers = at_once(alone.world, acts)
        assert [answer.status for answer in answers] == [201, 201]
        history = alone.of(MANAGER).get(f"/referrals/{case}/steps").items
        assert [(one["action"], one["post"]) for one in history[6:]] == [("recipients_finished", None)]
        assert alone.reads_referral(case)["state"] == "to_feed_back"


def test_the_sender_waits_until_the_last_recipient_has_ended(alone):
    case, regional, national = about_to_close(alone)
    alone.takes_step("manager.ost", regional, "close")
    assert alone.reads_referral(case)["state"] == "sent"
    alone.takes_step("manager.nor", national, "close")
    waiting = alone.reads_referral(case)
    assert (waiting["state"], waiting["owner"]) == ("to_feed_back", {"post": "intelligence_manager.lin"})
    assert alone.duties(MANAGER, case) == ["to_feed_back"]


def test_a_chain_of_three_ends_from_the_top_down(alone):
    case = alone.brings_to("sent", alone.confirmed(), to_units=["ost"])
    regional = alone.referral_at("ost", parent=case)
    alone.takes_step("analyst1.ost", regional, "acknowledge")
    alone.takes_step("manager.ost", regional, "decide", outcome="escalate")
    alone.takes_step("manager.ost", regional, "disseminate", to_units=["nor"])
    alone.finishes("nor", alone.referral_at("nor", parent=regional))
    assert alone.reads_referral(regional, "manager.ost")["state"] == "to_feed_back"
    assert alone.reads_referral(case)["state"] == "sent"
    alone.answers_everything("manager.ost")
    alone.takes_step("manager.ost", regional, "close")
    assert alone.reads_referral(case)["state"] == "to_feed_back"


def test_two_answers_to_one_obligation_at_once_deliver_one(alone):
    case = alone.confirmed()
    alone.takes_step(ANALYST, case, "assess", outcome="no_further_action")
    (owed,) = alone.owes(MANAGER, state="open")
    body = {"obligation_id": owed["id"], "outcome": "no_further_action", "text": "Nothing more came of it."}
    acts = [lambda item: item.of(MANAGER).call("POST", "/feedback", body=body)] * 10
    answers = at_once(alone.world, acts)
    assert Counter(answer.code for answer in answers) == {None: 1, "feedback_not_open": 9}
    assert [one["kind"] for one in alone.inbox()] == ["answer"]
