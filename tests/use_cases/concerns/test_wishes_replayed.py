"""A teller's wish that is sent again, by another code, or after everything was taken back."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from community_api.community.concerns.models import Concern
from tests.support import public
from tests.support.app import World

WEAPONS = {"category": "weapons", "text": "Two men carry heavy bags into garage 14 at night."}


def test_who_sends_it_again_is_answered_as_it_is_and_another_code_finds_nothing(world: World):
    who, _concern = public.concern(world, **WEAPONS)
    known = "6f1d2c1e-58d3-4f0e-8a55-9f0d6b6f7a01"
    first = who.post("permissions", id=known, pass_on=False)
    again = who.post("permissions", id=known, pass_on=False)
    assert (first.status, again.status, again.headers["Idempotent-Replay"]) == (201, 200, "true")
    assert who.post("permissions", id=known, pass_on=True, expect=409).code == "id_reused"
    stranger = replace(who, code=public.reporter(world).code)
    assert stranger.post("permissions", pass_on=False, expect=404).code == "receipt_unknown"
    assert who.post("permissions", pass_on="no", expect=422).code == "validation_failed"


def test_after_a_withdrawal_there_is_nothing_to_forbid(world: World):
    who, concern = public.concern(world, **WEAPONS)
    who.post("withdrawals")
    assert who.post("permissions", pass_on=False, expect=409).code == "concern_ended"
    with world.uow() as tx:
        assert str(tx.first(select(Concern.id))) == concern
