"""Renewing: tokens rotate, lost replies may be fetched again, a copy ends the session."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from community_api.access.models import RefreshToken, Session
from community_api.access.sessions import arrivals
from community_api.audit.models import AuditEvent
from tests.api.access.sign_in_steps import app


def test_each_renewal_gives_other_tokens_and_the_new_ones_work(world):
    mine = app(world)
    before = (mine.access, mine.refresh)
    assert mine.renew().status == 200
    assert not set(before) & {mine.access, mine.refresh}
    assert mine.get().status == 200


def test_a_reply_that_got_lost_is_fetched_again_while_its_successor_is_unused(world):
    mine = app(world)
    first = mine.refresh
    again = {mine.lose_the_reply(first)["refresh_token"] for _ in range(4)}
    world.clock.advance(timedelta(hours=1))
    again.add(mine.renew(first)["refresh_token"])
    assert len(again) == 1
    assert mine.renew().status == 200


def test_for_a_minute_the_same_successor_is_given_again_whatever_was_used(world):
    mine = app(world)
    first = mine.refresh
    second = mine.renew()["refresh_token"]
    assert mine.get().status == 200
    assert mine.lose_the_reply(first)["refresh_token"] == second
    mine.renew()
    world.clock.advance(timedelta(seconds=60))
    assert mine.lose_the_reply(first)["refresh_token"] == second
    assert mine.get().status == 200
    world.clock.advance(timedelta(seconds=1))
    assert mine.lose_the_reply(first).code == "token_revoked"
    assert mine.get().code == "token_revoked"


def test_after_a_minute_an_access_token_that_was_used_says_that_the_reply_arrived(world):
    mine = app(world)
    first = mine.refresh
    mine.renew()
    world.clock.advance(timedelta(seconds=61))
    assert mine.lose_the_reply(first).status == 200
    assert mine.get().status == 200
    assert mine.lose_the_reply(first).code == "token_revoked"
    assert mine.get().code == "token_revoked"


def test_only_the_first_use_of_a_generation_is_written_down(world, monkeypatch):
    noted = []
    monkeypatch.setattr(arrivals, "confirm", partial(watched, arrivals.confirm, noted))
    mine = app(world)
    for _ in range(3):
        mine.get()
    assert noted == []
    mine.renew()
    for _ in range(3):
        mine.get()
    assert len(noted) == 1


def watched(act, noted, *values):
    noted.append(values)
    return act(*values)


def test_every_answer_names_the_device(world):
    mine = app(world, device=True)
    assert mine.renew()["device_id"] == str(mine.device)
    assert mine.lose_the_reply()["device_id"] == str(mine.device)


def test_the_previous_token_is_honoured_for_a_day(world):
    mine = app(world)
    mine.lose_the_reply()
    world.clock.advance(timedelta(hours=24))
    assert mine.renew().status == 200


def test_and_no_longer(world):
    mine = app(world)
    mine.lose_the_reply()
    world.clock.advance(timedelta(hours=24, seconds=1))
    assert (mine.renew().status, mine.renew().code) == (401, "token_revoked")


def test_a_token_whose_successor_was_used_ends_the_session(world):
    mine = app(world)
    old = mine.refresh
    mine.renew()
    mine.renew()
    world.clock.advance(timedelta(seconds=61))
    assert mine.lose_the_reply(old).code == "token_revoked"
    assert mine.renew().code == "token_revoked"
    assert mine.get().code == "token_revoked"


def test_a_thief_who_renews_is_found_when_the_owner_renews(world):
    mine = app(world)
    thief = app(world)
    thief.refresh = mine.refresh
    mine.renew()
    # Within the minute the copy gets what the owner got: one of both comes late at the next exchange.
    assert thief.renew().status == 200
    world.clock.advance(timedelta(minutes=13))
    assert thief.renew().status == 200
    assert thief.get().status == 200
    world.clock.advance(timedelta(seconds=61))
    assert mine.renew().code == "token_revoked"
    assert thief.get().code == "token_revoked"
    assert mine.get().code == "token_revoked"


def test_the_end_of_a_session_by_reuse_is_in_the_trail(world):
    mine = app(world)
    old = mine.refresh
    mine.renew()
    mine.renew()
    world.clock.advance(timedelta(seconds=61))
    mine.lose_the_reply(old)
    with world.uow() as tx:
        ended = tx.all(select(AuditEvent).where(AuditEvent.action == "login"))
        session = tx.first(select(Session).where(Session.ended_at.is_not(None)))
    assert session.end_reason == "reuse"
    assert sum('"to":"reuse"' in leaf.envelope for leaf in ended) == 1


def test_a_thousand_renewals_with_lost_replies_end_nothing_and_then_theft_does(world):
    """Scaled down in number, not in kind: a tenth of the replies is lost, some of them several times."""
    mine, chance = app(world), random.Random(7)
    rounds = 60
    for number in range(rounds):
        while chance.random() < 0.1:
            mine.lose_the_reply()
            world.clock.advance(timedelta(minutes=2))
        assert mine.renew().status == 200, f"round {number}"
        world.clock.advance(timedelta(minutes=14))
    with world.uow() as tx:
        kept = tx.first(select(func.count()).select_from(RefreshToken))
    assert kept <= 3
    stolen = mine.refresh
    mine.renew()
    mine.renew()
    world.clock.advance(timedelta(seconds=61))
    assert mine.lose_the_reply(stolen).status == 401
    assert mine.get().status == 401


@pytest.mark.parametrize(
    ("username", "idle"), [("officer1.lin-a", timedelta(days=14)), ("supervisor.lin-a", timedelta(hours=12))]
)
def test_a_refresh_token_lies_no_longer_than_its_role_allows(world, username, idle):
    mine = app(world, username)
    world.clock.advance(idle - timedelta(seconds=1))
    assert mine.renew().status == 200
    world.clock.advance(idle)
    assert mine.renew().code == "token_expired"


def test_nothing_outlives_thirty_days(world):
    mine = app(world)
    for _ in range(3):
        world.clock.advance(timedelta(days=9, hours=23))
        assert mine.renew().status == 200
    world.clock.advance(timedelta(hours=2, minutes=59))
    last = mine.renew()
    assert last.status == 200
    assert last["expires_in"] == 60
    world.clock.advance(timedelta(minutes=1))
    assert mine.renew().code == "token_expired"
    assert mine.get().code == "token_expired"


def test_an_access_token_renews_nothing(world):
    mine = app(world)
    assert mine.renew(mine.access).code == "token_invalid"


def test_a_refresh_token_opens_nothing(world):
    mine = app(world)
    assert mine.send("GET", "/me", mine.refresh).code == "token_invalid"


def test_who_sends_no_token_is_told_so_before_anything_else(world):
    answer = world.anybody().call("POST", "/auth/refresh", body={"surprise": 1})
    assert (answer.status, answer.code) == (401, "token_missing")


@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/logout"])
def test_fields_that_are_not_known_are_refused_and_change_nothing(world, path):
    mine = app(world)
    token = mine.refresh if path == "/auth/refresh" else mine.access
    answer = mine.send("POST", path, token, body={"surprise": 1})
    assert (answer.status, answer.body["errors"][0]["code"]) == (422, "unknown_field")
    assert mine.get().status == 200
    assert mine.renew().status == 200
