"""Answers to the public: two people, by calendar, shown from their release on."""

from __future__ import annotations

from typing import Any

import pytest

from community_api.community.concerns.terms import STILL_OPEN
from tests.support import public
from tests.support.app import Answer, World
from tests.support.workflow import Police

DESK, SECOND = "supervisor.lin-a", "supervisor2.lin-a"


def write(world: World, concern_id: str, who: str = DESK, *, expect: int = 201, **values: Any) -> Answer:
    body = {"text": "We will look on Friday.", "language": "en", "kind": "answer", **values}
    return world.client(who).post(f"/concerns/{concern_id}/replies", body, expect=expect)


def rule(
    world: World,
    concern_id: str,
    reply: Answer,
    word: str = "approval",
    who: str = SECOND,
    *,
    expect: int = 201,
) -> Answer:
    path = f"/concerns/{concern_id}/replies/{reply['id']}/{word}"
    return world.client(who).post(path, {"reason": "Read with care."}, expect=expect)


def texts(who: public.Reporter) -> list[str]:
    return [one["text"] for one in who.follow_up()["messages"]]


def test_a_reply_is_shown_once_a_second_person_has_read_it(world: World):
    who, concern_id = public.concern(world)
    reply = write(world, concern_id)
    assert reply["state"] == "awaiting_second_person"
    assert (texts(who), who.follow_up()["state"]) == ([], "received")
    assert Police(world).duties(SECOND, concern_id) == ["concern_answer", "concern_reply_approve", "triage"]
    assert rule(world, concern_id, reply, who=DESK, expect=403).code == "same_person"
    rule(world, concern_id, reply)
    assert (texts(who), who.follow_up()["state"]) == (["We will look on Friday."], "answered")
    assert rule(world, concern_id, reply, expect=409).code == "already_decided"
    assert Police(world).duties(SECOND, concern_id) == ["concern_answer", "triage"]


def test_what_is_refused_is_never_shown(world: World):
    who, concern_id = public.concern(world)
    reply = write(world, concern_id)
    rule(world, concern_id, reply, "refusal")
    assert (texts(who), who.follow_up()["state"], who.follow_up()["next_on"]) == (
        [],
        "received",
        "2026-03-09",
    )


def test_nobody_approves_whom_they_answer_to(world: World):
    _who, concern_id = public.concern(world)
    reply = write(world, concern_id, "supervisor.nor")
    assert rule(world, concern_id, reply, expect=403).code == "not_independent"
    rule(world, concern_id, reply, who="supervisor2.nor")


def test_a_reply_of_another_concern_is_not_found(world: World):
    _one, first = public.concern(world)
    _two, second = public.concern(world)
    reply = write(world, first)
    assert rule(world, second, reply, expect=404).code == "not_found"


def test_a_reply_and_a_word_on_it_happen_once(world: World):
    _who, concern_id = public.concern(world)
    told = {"id": "5e0bcbb0-6f0d-4a53-9a5e-6d2a2b2a9c11", "text": "Yes.", "language": "en", "kind": "answer"}
    client, path = world.client(DESK), f"/concerns/{concern_id}/replies"
    first, again = client.post(path, told, expect=201), client.post(path, told, expect=200)
    assert (again["id"], again["audit_receipt"]) == (first["id"], first["audit_receipt"])
    said = {"id": "6e0bcbb0-6f0d-4a53-9a5e-6d2a2b2a9c11"}
    for status in (201, 200):
        answered = world.client(SECOND).post(f"{path}/{first['id']}/approval", said, expect=status)
        assert answered["state"] == "approved"


def test_a_question_is_shown_but_keeps_no_promise(world: World):
    who, concern_id = public.concern(world)
    rule(world, concern_id, write(world, concern_id, kind="question", text="Which house?"))
    seen = who.follow_up()
    assert (seen["state"], seen["next_on"]) == ("in_progress", "2026-03-09")
    who.post("messages", text="Number 7.")
    assert texts(who) == ["Which house?", "Number 7."]
    assert Police(world).duties(DESK, concern_id) == ["concern_answer", "concern_message", "triage"]


def test_one_closing_word_waits_at_a_time(world: World):
    _who, concern_id = public.concern(world)
    first = write(world, concern_id, kind="final")
    assert write(world, concern_id, kind="final", expect=409).code == "final_waits"
    rule(world, concern_id, first, "refusal")
    write(world, concern_id, kind="final")


def test_after_the_closing_word_nothing_is_owed(world: World):
    who, concern_id = public.concern(world)
    public.answer(world, concern_id, "final")
    assert who.follow_up()["state"] == "closed"
    assert Police(world).duties(DESK, concern_id) == []
    assert write(world, concern_id, expect=409).code == "concern_ended"
    world.later(days=80)
    assert len(who.follow_up()["messages"]) == 1


def test_who_disputes_is_answered_by_somebody_else(world: World):
    who, concern_id = public.concern(world)
    public.answer(world, concern_id, "final", "It was nothing.")
    disputed = who.post("disputes", text="It happened again last night.")
    assert (disputed["state"], disputed["next_on"]) == ("closed", "2026-03-09")
    assert Police(world).duties(DESK, concern_id) == ["concern_answer", "concern_message"]
    assert write(world, concern_id, expect=403).code == "same_person"
    reply = write(world, concern_id, SECOND, text="You are right. We were there.")
    rule(world, concern_id, reply, who="supervisor.nor")
    assert texts(who)[-1] == "You are right. We were there."
    assert (who.follow_up()["state"], who.follow_up()["next_on"]) == ("closed", None)
    assert Police(world).duties(DESK, concern_id) == []


def test_after_a_withdrawal_nothing_can_be_added(world: World):
    who, concern_id = public.concern(world)
    reply = write(world, concern_id)
    gone = who.post("withdrawals", text="It was a mistake.")
    assert (gone["state"], gone["next_on"]) == ("closed", None)
    for path in ("messages", "disputes", "withdrawals"):
        assert who.post(path, expect=409, text="More.").code == "concern_ended"
    assert rule(world, concern_id, reply, expect=409).code == "concern_ended"
    assert write(world, concern_id, expect=409).code == "concern_ended"
    assert Police(world).duties(DESK, concern_id) == []
    world.later(days=80)
    assert texts(who) == ["It was a mistake."]
    seen = world.client(DESK).get(f"/concerns/{concern_id}", purpose="triage")
    assert (seen["status"], seen["retention"]["class"]) == ("withdrawn", "concern_without_purpose")


def test_a_promise_that_the_desk_breaks_the_product_keeps(world: World):
    """First word within five working days, then one every twenty; what the desk owes stays owed."""
    who, concern_id = public.concern(world, language="en")
    world.later(days=7)
    assert texts(who) == []
    world.later(days=1)
    assert texts(who) == [STILL_OPEN]
    assert (who.follow_up()["state"], who.follow_up()["next_on"]) == ("received", "2026-04-07")
    assert Police(world).duties("manager.lin", concern_id) == ["concern_answer_late"]
    (owed,) = [one for one in world.client(DESK).get("/duties").items if one["kind"] == "concern_answer"]
    assert owed["overdue"] is True
    world.later(days=29)
    assert texts(who) == [STILL_OPEN] * 2
    public.answer(world, concern_id, "status", "We are still looking.")
    assert Police(world).duties("manager.lin", concern_id) == []
    (owed,) = [one for one in world.client(DESK).get("/duties").items if one["kind"] == "concern_answer"]
    assert owed["overdue"] is False


def test_a_word_in_time_moves_the_next_one(world: World):
    who, concern_id = public.concern(world)
    world.later(days=2)
    public.answer(world, concern_id, "answer")
    assert who.follow_up()["next_on"] == "2026-04-01"
    world.later(days=20)
    assert len(texts(who)) == 1
    world.later(days=10)
    assert texts(who)[1:] == [STILL_OPEN]


@pytest.mark.parametrize(("language", "begins"), [("de", "Wir haben nicht"), ("zz", "We have not")])
def test_the_products_own_word_is_in_the_reporters_language(world: World, language: str, begins: str):
    who, _concern_id = public.concern(world, language=language)
    world.later(days=8)
    assert texts(who)[0].startswith(begins)


def test_what_is_approved_shows_from_the_hour_of_release_on(world: World):
    world.uow.release_hour = 18
    who, concern_id = public.concern(world)
    public.answer(world, concern_id, "final", "Solved.")
    assert (who.follow_up()["state"], texts(who)) == ("received", [])
    world.later(hours=7, minutes=59)
    assert (who.follow_up()["state"], texts(who)) == ("received", [])
    world.later(minutes=1)
    assert (who.follow_up()["state"], texts(who)) == ("closed", ["Solved."])
    staff = world.client(DESK).get(f"/concerns/{concern_id}", purpose="feedback")
    assert staff["status"] == "closed"


def test_how_it_was_is_kept_for_the_desk(world: World):
    who, concern_id = public.concern(world)
    who.post("questionnaires", answers={"clear": 4, "heard": True, "words": "Friendly."})
    seen = world.client(DESK).get(f"/concerns/{concern_id}", purpose="supervision")
    assert seen["messages"][0]["answers"] == {"clear": 4, "heard": True, "words": "Friendly."}
    for wrong in ({}, {"Not a name": 1}, {"clear": ["a"]}, {"clear": "x" * 2_001}, [1]):
        who.post("questionnaires", expect=422, answers=wrong)
