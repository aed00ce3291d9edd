"""A stand-down of many that nobody has read waits for another commander, who approves or refuses it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from community_api.audit.models import AuditEvent
from community_api.community.emergencies.models import EmergencyBatch, EmergencyEntry
from tests.support.app import Answer
from tests.use_cases.emergencies.test_floods import (
    COMMANDER,
    NATION,
    REGION,
    danger,
    duties,
    emergencies,
    flood,
    many,
    pages,
)

ASKED = "emergency_stand_down"
REFUSED = "emergency_stand_down_refused"
NO = "Two of them name a house that no other report names."


@dataclass(frozen=True)
class Waiting:
    """A stand-down that waits: its emergencies, the answer, and its path."""

    ids: list[str]
    path: str
    batch: Answer


@pytest.fixture
def waiting(world):
    flood(world, 12)
    ids = [one["id"] for one in emergencies(world)]
    many(world, "acknowledgements", ids)
    batch = many(world, "stand-downs", ids)
    return Waiting(ids, f"/emergencies/stand-downs/{batch['id']}", batch)


def decide(world, waiting, word, who=NATION, expect=None, **body):
    return world.client(who).post(f"{waiting.path}/{word}", body, expect=expect)


def refuse(world, waiting, who=NATION, expect=None, **body):
    return decide(world, waiting, "refusal", who, expect, **{"reason": NO, **body})


def stand(world):
    """How each emergency stands, without what a list says of the time."""
    return {one["id"]: (one["state"], one["version"], one["owner"]["post"]) for one in emergencies(world)}


def test_a_stand_down_of_one_that_nobody_read_waits_for_another_commander(world, waiting):
    assert waiting.batch["state"] == "awaiting_second_person"
    assert {one["state"] for one in emergencies(world)} == {"acknowledged"}
    (duty,) = duties(world, NATION, ASKED)
    assert duty["subject"]["href"] == f"/api/v1{waiting.path}"
    shown = world.client(NATION).get(waiting.path, purpose="emergency")
    assert {one["first_line"] for one in shown["gathered"]} == {f"Report {index}." for index in range(12)}
    assert shown["reason"].startswith("All tell")
    assert (shown["approved_at"], shown["refused_at"], shown["refusal"]) == (None, None, None)
    world.client("commander.hav").get(waiting.path, purpose="emergency", expect=404)


def test_another_commander_approves_it_once(world, waiting):
    command = {"id": str(uuid4())}
    approved = decide(world, waiting, "approval", **command)
    assert approved["state"] == "done"
    assert {one["state"] for one in emergencies(world)} == {"stood_down"}
    assert decide(world, waiting, "approval", **command).status == 200
    assert decide(world, waiting, "approval", REGION, expect=409).code == "already_decided"
    assert refuse(world, waiting, REGION, expect=409).code == "already_decided"
    assert duties(world, NATION, ASKED) == []


@pytest.mark.parametrize(("word", "body"), [("approval", {}), ("refusal", {"reason": NO})])
def test_whoever_asked_for_it_decides_nothing(world, waiting, word, body):
    refusal = decide(world, waiting, word, COMMANDER, expect=403, **body)
    assert refusal.code == "same_person"
    # Nor does a commander who was not asked.
    decide(world, waiting, word, "commander.hav", expect=404, **body)
    assert duties(world, NATION, ASKED)


def test_a_refusal_says_why_and_is_one_command(world, waiting):
    assert refuse(world, waiting, expect=422, reason="  ").code == "validation_failed"
    command = {"id": str(uuid4())}
    refused = refuse(world, waiting, **command)
    assert (refused.status, refused["state"], refused["refusal"]) == (201, "refused", NO)
    assert (refused["refused_at"] is None, refused["approved_at"]) == (False, None)
    replay = refuse(world, waiting, **command)
    assert (replay.status, replay["audit_receipt"]) == (200, refused["audit_receipt"])
    assert refuse(world, waiting, expect=409, **{**command, "reason": "Other."}).code == "id_reused"
    assert refuse(world, waiting, REGION, expect=409).code == "already_decided"
    assert decide(world, waiting, "approval", REGION, expect=409).code == "already_decided"


def test_after_a_refusal_every_emergency_goes_on_as_it_stood(world, waiting):
    before, called = stand(world), len(pages(world))
    owed = {one["id"] for one in duties(world, kind="emergency_justification")}
    refuse(world, waiting)
    assert stand(world) == before
    with world.uow() as tx:
        assert tx.all(select(EmergencyEntry).where(EmergencyEntry.act == "stand_down")) == []
    # Nobody is called again for what somebody has answered for, and its account is still owed.
    for _ in range(30):
        world.later(minutes=5)
    assert len(pages(world)) == called
    assert duties(world, NATION) == duties(world) == []
    assert {one["id"] for one in duties(world, kind="emergency_justification")} == owed


def test_a_call_that_nobody_has_answered_keeps_its_place_when_a_stand_down_is_refused(world):
    """The rounds of what joined the same call meanwhile neither begin anew nor stop."""
    flood(world, 20)
    ids = [one["id"] for one in emergencies(world)]
    many(world, "acknowledgements", ids)
    batch = many(world, "stand-downs", ids)
    danger(world, "One that came after.")
    world.later(minutes=10)
    before = sorted((one.call_id, one.round, one.post_id) for one in pages(world))
    refuse(world, Waiting(ids, f"/emergencies/stand-downs/{batch['id']}", batch))
    assert sorted((one.call_id, one.round, one.post_id) for one in pages(world)) == before
    # From here on as ever: six rounds to all, then the nation each hour.
    rounds = {one.round for one in pages(world)}
    world.later(minutes=5)
    assert {one.round for one in pages(world)} - rounds == {max(rounds) + 1}


def test_whoever_asked_hears_of_the_refusal_until_they_have_read_it(world, waiting):
    refuse(world, waiting)
    assert duties(world, NATION, ASKED) == duties(world, REGION, ASKED) == []
    (told,) = duties(world, kind=REFUSED)
    assert told["subject"]["href"] == f"/api/v1{waiting.path}"
    # What somebody else reads does not count.
    world.client(REGION).get(waiting.path, purpose="emergency")
    assert len(duties(world, kind=REFUSED)) == 1
    shown = world.client(COMMANDER).get(waiting.path, purpose="emergency")
    assert (shown["state"], shown["refusal"]) == ("refused", NO)
    assert duties(world, kind=REFUSED) == []


def test_what_was_refused_may_be_asked_for_again(world, waiting):
    refuse(world, waiting)
    second = many(world, "stand-downs", waiting.ids)
    assert second["state"] == "awaiting_second_person"
    path = f"/emergencies/stand-downs/{second['id']}"
    world.client(REGION).post(f"{path}/approval", {})
    assert {one["state"] for one in emergencies(world)} == {"stood_down"}
    shown = world.client(COMMANDER).get(waiting.path, purpose="emergency")
    assert shown["state"] == "refused"


def test_the_reason_is_sealed_and_its_leaf_names_all(world, waiting):
    refuse(world, waiting)
    with world.uow() as tx:
        row = tx.get(EmergencyBatch, UUID(waiting.batch["id"]))
        leaves = tx.all(
            select(AuditEvent).where(AuditEvent.object_id == row.id, AuditEvent.action == "approve")
        )
    assert b"house" not in row.sealed_refusal
    (leaf,) = leaves
    assert all(one in leaf.envelope for one in waiting.ids)
    assert "house" not in leaf.envelope


def test_a_reason_that_asks_to_watch_people_is_kept_and_warned_of(world, waiting):
    refused = refuse(world, waiting, reason="Watch the mosque and write down who attends.")
    assert [one["pointer"] for one in refused["warnings"]] == ["/reason"]


def test_two_who_decide_at_once_leave_one_decision(world, waiting, monkeypatch):
    """One commits while the other is under way, which then begins again and sees it."""
    uow, commit = world.uow, world.uow.commit
    for who in (NATION, REGION):
        world.client(who).token()

    def overtaken(work):
        monkeypatch.setattr(uow, "commit", commit)
        refuse(world, waiting, REGION)
        return commit(work)

    monkeypatch.setattr(uow, "commit", overtaken)
    answer = decide(world, waiting, "approval", expect=409)
    assert answer.code == "already_decided"
    assert {one["state"] for one in emergencies(world)} == {"acknowledged"}
