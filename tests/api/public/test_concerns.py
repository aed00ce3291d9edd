"""A concern from its code to its end, as its reporter and its desk see it."""

from __future__ import annotations

from tests.support import public
from tests.support.app import World


def test_a_concern_is_answered_and_closed_and_its_reporter_reads_on_by_code(world: World):
    who, concern_id = public.concern(world)
    assert who.follow_up()["state"] == "received"
    assert who.follow_up()["next_on"] == "2026-03-09"
    public.answer(world, concern_id, "answer", "A patrol will look on Friday.")
    now = who.follow_up()
    assert (now["state"], now["messages"][0]["text"]) == ("answered", "A patrol will look on Friday.")
    assert now["next_on"] == "2026-03-30"
    public.answer(world, concern_id, "final", "The rider was found and has stopped.")
    now = who.follow_up()
    assert (now["state"], now["next_on"]) == ("closed", None)
    assert [one["kind"] for one in now["messages"]] == ["answer", "final"]
