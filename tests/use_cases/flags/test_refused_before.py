"""Refused suspicion makes no file: no second flag without something new, one entry a report, and an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from community_api.audit.models import AuditEvent
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM_ID
from community_api.intelligence.flags import expiry, relations
from community_api.intelligence.flags.models import Flag, FlagIdentity, SubjectSlot
from tests.support import public
from tests.support.app import World
from tests.support.workflow import ANALYST, OFFICER, SAFEGUARDING, SUPERVISOR, Police, flag, subject

NAMED: dict[str, Any] = {"subjects": [subject(identifying="Aksel Berg, Tannery Lane 4")]}


@pytest.fixture
def police(world: World) -> Police:
    return Police(world)


def refused_flag(police: Police, report_id: str, **values: Any) -> str:
    raised = police.raises_flag(report_id, **values)
    police.decides_flag(raised["id"], decision="refused")
    return str(raised["id"])


def adds(police: Police, report_id: str, facts: str = "They came back with a van.") -> None:
    police.of(OFFICER).post(f"/observations/{report_id}/supplements", {"facts": facts})


def test_a_refused_report_is_flagged_again_only_with_something_new(world: World, police: Police):
    report = police.observes()["id"]
    refused_flag(police, report)
    world.later(minutes=1)
    assert police.raises_flag(report, expect=409).code == "flag_refused_before"
    adds(police, report)
    refused_flag(police, report)
    assert police.raises_flag(report, expect=409).code == "flag_refused_before", "once for each supplement"
    adds(police, report, "Now they have a key.")
    assert police.raises_flag(report)["status"] == "awaiting_second_person"


THIN = ("." * 24, "x x x x x x x x", "aaaa aaaa aaaa aaaa")


@pytest.mark.parametrize("thin", THIN)
def test_a_supplement_of_nothing_is_kept_and_reopens_nothing(police: Police, thin: str):
    report = police.observes()["id"]
    refused_flag(police, report)
    adds(police, report, thin)
    assert police.raises_flag(report, expect=409).code == "flag_refused_before"
    kept = police.of(OFFICER).get(f"/observations/{report}")["supplements"]
    assert [one["facts"] for one in kept] == [thin]
    adds(police, report)
    assert police.raises_flag(report)["status"] == "awaiting_second_person"


def test_of_a_concern_a_message_of_nothing_reopens_nothing(world: World, police: Police):
    who, concern_id = public.concern(world, category="weapons")
    desk = police.of(SUPERVISOR)
    raised = desk.post(f"/concerns/{concern_id}/flags", flag())
    police.decides_flag(raised["id"], decision="refused")
    wordy = "abcdef12-abcd-4abc-9abc-fedcbafedcba"
    who.post("messages", id=wordy, text="!!! ??? !!! ???")
    assert desk.post(f"/concerns/{concern_id}/flags", flag(), expect=409).code == "flag_refused_before"


def test_a_lead_who_says_no_counts_as_a_refusal(police: Police):
    report = police.observes()["id"]
    raised = police.raises_flag(report, subjects=[subject("child")])
    said = {"decision": "refused", "best_interests": "A talk with the school.", "guardian_told": "no"}
    police.of(SAFEGUARDING).post(f"/flags/{raised['id']}/cosign", said)
    assert police.raises_flag(report, expect=409).code == "flag_refused_before"


@pytest.mark.parametrize("how", ["withdrawn", "lapsed"])
def test_what_nobody_refused_may_be_flagged_again(world: World, police: Police, how: str):
    report = police.observes()["id"]
    raised = police.raises_flag(report)
    if how == "withdrawn":
        police.of(OFFICER).post(f"/flags/{raised['id']}/withdrawal", {"reason": "A misunderstanding."})
    else:
        world.later(days=20)
    assert police.raises_flag(report)["status"] == "awaiting_second_person"


def test_of_a_concern_its_reporters_own_word_is_something_new(world: World, police: Police):
    who, concern_id = public.concern(world, category="weapons")
    desk = police.of(SUPERVISOR)
    raised = desk.post(f"/concerns/{concern_id}/flags", flag())
    police.decides_flag(raised["id"], decision="refused")
    who.post("questionnaires", answers={"easy": True})
    again = desk.post(f"/concerns/{concern_id}/flags", flag(), expect=409)
    assert again.code == "flag_refused_before", "how it was to tell is nothing new"
    who.post("messages", text="They were here again tonight.")
    assert desk.post(f"/concerns/{concern_id}/flags", flag())["status"] == "awaiting_second_person"


def test_one_report_is_one_entry_however_often_it_was_refused(world: World, police: Police):
    report = police.observes()["id"]
    for number in range(3):
        refused_flag(police, report, **NAMED)
        world.later(minutes=5)
        adds(police, report, f"Again, for the {number}th time.")
    other = refused_flag(police, police.observes()["id"], **NAMED)
    world.later(minutes=5)
    case = police.confirmed_of(report, **NAMED)
    seen = police.reads_referral(case)
    assert len(seen["earlier"]) == 2
    assert len(seen["earlier_closed"]) == 2
    assert sorted(len(one["why"]) for one in seen["earlier"]) == [1, 2]
    assert seen["earlier"][-1]["id"] == other, "oldest first"
    (listed,) = police.of(ANALYST).pages("/referrals")
    assert listed["earlier_closed"] == seen["earlier_closed"]


def test_a_case_stands_for_its_report_before_a_mere_flag(world: World, police: Police):
    report = police.observes()["id"]
    first = police.confirmed_of(report, **NAMED)
    police.takes_step(ANALYST, first, "assess", outcome="no_further_action")
    police.answers_everything("supervisor2.lin-a")
    police.answers_everything("manager.lin")
    police.takes_step("manager.lin", first, "close")
    world.later(minutes=5)
    refused_flag(police, report, **NAMED)
    world.later(minutes=5)
    second = police.confirmed_of(police.observes()["id"], **NAMED)
    assert [one["id"] for one in police.reads_referral(second)["earlier"]] == [first]


def left(world: World, named: str) -> tuple[int, int, int]:
    """How many tokens, links and opened names are left of a flag."""
    flag_id = UUID(named)
    with world.uow() as tx:
        tokens = tx.all(select(SubjectSlot.id).where(SubjectSlot.flag_id == flag_id))
        links = relations.of(tx, (flag_id,)).get(flag_id, [])
        names = tx.all(
            select(FlagIdentity.id).where(FlagIdentity.flag_id == flag_id, FlagIdentity.sealed.is_not(None))
        )
        return len(tokens), len(links), len(names)


def test_what_was_refused_is_found_by_nothing_after_the_days_of_the_procedure(world: World, police: Police):
    past = refused_flag(police, police.observes()["id"], **NAMED)
    world.later(days=1)
    soon = police.confirmed_of(police.observes()["id"], **NAMED)
    assert [one["id"] for one in police.reads_referral(soon)["earlier"]] == [past]
    world.clock.advance(timedelta(days=29))
    assert police.reads_referral(soon)["earlier"] == [], "the question ends before the sweep"
    late = police.confirmed_of(police.observes()["id"], **NAMED)
    assert len(police.reads_referral(late)["earlier"]) == 0
    assert left(world, past) == (1, 1, 1)
    assert expiry.sweep(world.uow) == 1
    assert left(world, past) == (0, 0, 0)
    assert expiry.sweep(world.uow) == 0, "once"
    with world.uow() as tx:
        (entry,) = tx.all(
            select(AuditEvent).where(
                AuditEvent.object_id == UUID(past), AuditEvent.action == Action.ERASE.value
            )
        )
        assert entry.actor == SYSTEM_ID
        assert tx.first(select(Flag.status).where(Flag.id == UUID(past))) == "refused", "kept for control"


def test_a_flag_that_became_a_case_or_is_held_keeps_its_tokens(world: World, police: Police):
    held = refused_flag(police, police.observes()["id"], **NAMED)
    with world.uow() as tx:
        tx.update_where(Flag, {"id": UUID(held)}, {"legal_hold": True})
    raised = police.raises_flag(police.observes()["id"], **NAMED)["id"]
    police.decides_flag(raised)
    world.later(days=40)
    assert expiry.sweep(world.uow) == 0
    assert left(world, raised)[0] == 1
    assert left(world, held)[0] == 1
