"""Roles, posts and leaving: what is approved is so from the next request on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from community_api.access.models import PostHolder
from tests.api.access.proposal_steps import (
    NEW,
    decide,
    made,
    me,
    posts_of,
    propose,
    roles_of,
    set_password,
    sign_in,
)


def test_a_granted_role_acts_at_the_next_request_and_a_revoked_one_no_longer(world):
    officer = world.client("officer2.lin-a")
    officer.get("/flags", expect=200)
    named = {"account": "officer2.lin-a", "role": "administrator", "unit": "lin"}
    officer.get("/operations", expect=403)
    decide(world, propose(world, "grant", named))
    officer.get("/operations", expect=200)
    assert "administrator.lin" in posts_of(world, "officer2.lin-a")
    decide(world, propose(world, "revoke", named))
    officer.get("/operations", expect=403)
    assert posts_of(world, "officer2.lin-a") == ["officer.lin-a"]


def test_a_role_can_be_given_for_a_time(world):
    start = world.clock.now()
    named = {"account": "officer2.lin-a", "role": "supervisor", "unit": "lin-a"}
    period = {
        "from": (start + timedelta(days=1)).isoformat(),
        "until": (start + timedelta(days=2)).isoformat(),
    }
    decide(world, propose(world, "grant", {**named, **period}))
    held = []
    for _day in range(3):
        held.append("supervisor.lin-a" in roles_of(world, "officer2.lin-a"))
        world.clock.advance(timedelta(days=1))
    assert held == [False, True, False]


def test_a_post_is_put_down_and_taken_again(world):
    named = {"account": "supervisor.lin-a", "post": "supervisor.lin-a"}
    decide(world, propose(world, "post_holder", {**named, "holds": False}))
    assert posts_of(world, "supervisor.lin-a") == []
    assert roles_of(world, "supervisor.lin-a") == ["supervisor.lin-a"]
    decide(world, propose(world, "post_holder", named))
    assert posts_of(world, "supervisor.lin-a") == ["supervisor.lin-a"]


def test_a_closed_account_is_out_at_once_and_cannot_come_back(world):
    token = made(world)
    set_password(world, token)
    inside = sign_in(world)
    me(world, inside)
    decide(world, propose(world, "account_disable", {"account": NEW["username"]}))
    assert me(world, inside, expect=401).code == "token_revoked"
    headers = {"Authorization": f"Bearer {inside['refresh_token']}"}
    world.anybody().post("/auth/refresh", {}, headers=headers, expect=401)
    assert sign_in(world, expect=401).code == "login_refused"
    propose(world, "account_disable", {"account": NEW["username"]}, expect=422)


def test_a_closed_account_cannot_set_its_first_password(world):
    token = made(world)
    decide(world, propose(world, "account_disable", {"account": NEW["username"]}))
    set_password(world, token, expect=401)


def test_who_follows_takes_over_roles_and_posts(world):
    told = {"account": "supervisor.lin-a", "successor": "officer2.lin-a"}
    decide(world, propose(world, "account_disable", told))
    assert posts_of(world, "officer2.lin-a") == ["officer.lin-a", "supervisor.lin-a"]
    assert "supervisor.lin-a" in roles_of(world, "officer2.lin-a")
    with world.uow() as tx:
        leaver = world.person_id("supervisor.lin-a")
        rows = tx.all(select(PostHolder).where(PostHolder.person_id == leaver))
    assert [row.until for row in rows] == [world.clock.now()]
