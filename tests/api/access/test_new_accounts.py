"""A new account: there when a second person approves, and its owner's with a token that is good once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.access.models import Account, FirstPassword
from tests.api.access.proposal_steps import NEW, decide, made, me, propose, set_password, sign_in


def test_a_new_account_is_there_when_a_second_person_approves_and_not_before(world):
    proposal = propose(world, "account_create", NEW)
    assert proposal["state"] == "waiting"
    assert proposal["subject"] is None
    sign_in(world, expect=401)
    decided = decide(world, proposal)
    assert (decided["state"], decided["subject"]) == ("approved", None)
    sign_in(world, expect=401)
    set_password(world, decided["first_password"]["token"])
    shown = me(world, sign_in(world))
    assert (shown["name"], shown["language"]) == ("Kari Solheim", "de")
    assert shown["roles"] == [{"role": "officer", "unit": "lin-a"}]
    assert shown["posts"] == ["officer.lin-a"]


def test_a_refused_proposal_changes_nothing(world):
    proposal = propose(world, "account_create", NEW)
    decided = decide(world, proposal, "refused")
    assert (decided["state"], decided["first_password"]) == ("refused", None)
    with world.uow() as tx:
        assert tx.first(select(Account).where(Account.username == NEW["username"])) is None
    # The name is free, and may be proposed again.
    propose(world, "account_create", NEW)


def test_the_token_is_shown_once_and_to_the_decider_only(world):
    proposal = propose(world, "account_create", NEW)
    told = {"id": str(uuid4()), "decision": "approved", "reason": "Known to the unit"}
    path = f"/proposals/{proposal['id']}/decision"
    first = world.client("dpo.nor").post(path, told)
    again = world.client("dpo.nor").post(path, told, expect=200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again["first_password"] is None
    assert again["audit_receipt"] == first["audit_receipt"]
    token = first["first_password"]["token"]
    assert len(token) >= 43
    for reader in ("admin1.nor", "dpo.nor"):
        assert token not in str(world.client(reader).get(f"/proposals/{proposal['id']}").body)
    with world.uow() as tx:
        kept = tx.first(select(FirstPassword))
    assert token.encode() not in kept.digest


def test_a_token_is_good_once(world):
    token = made(world)
    set_password(world, token)
    assert set_password(world, token, "Nine brown otters, in the reed", expect=401).code == (
        "first_password_refused"
    )
    sign_in(world)


def test_a_token_is_good_for_half_an_hour(world):
    token = made(world)
    world.clock.advance(timedelta(minutes=30))
    assert set_password(world, token, expect=401).code == "first_password_refused"


def test_what_is_no_token_is_answered_as_one_that_is_spent(world):
    token = made(world)
    set_password(world, token)
    spent, wrong = (set_password(world, one, expect=401) for one in (token, "x" * 43))
    assert {**spent.body, "instance": ""} == {**wrong.body, "instance": ""}


@pytest.mark.parametrize("weak", ["short", "k.solheim k.solheim", "Solheim is my name"])
def test_a_weak_password_leaves_the_token_good(world, weak):
    token = made(world)
    assert set_password(world, token, weak, expect=422).code == "password_weak"
    set_password(world, token)


def test_a_lost_token_is_had_anew_by_proposing_the_same_account_again(world):
    old = made(world)
    new = made(world)
    assert set_password(world, old, expect=401).code == "first_password_refused"
    set_password(world, new)
    with world.uow() as tx:
        assert len(tx.all(select(Account).where(Account.username == NEW["username"]))) == 1


@pytest.mark.parametrize("changed", [{"name": "Kai Solheim"}, {"role": "supervisor"}, {"unit": "lin-b"}])
def test_another_account_of_that_name_is_not_the_same_one(world, changed):
    made(world)
    refused = propose(world, "account_create", {**NEW, **changed}, expect=409)
    assert refused.code == "username_taken"


def test_a_name_that_somebody_signs_in_with_is_taken(world):
    assert propose(world, "account_create", {**NEW, "username": "Officer1.lin-a"}, expect=409).code == (
        "username_taken"
    )


def test_a_further_account_belongs_to_the_same_person(world):
    body = {**NEW, "username": "officer1.second", "role": "trainer", "person": "officer1.lin-a"}
    set_password(world, decide(world, propose(world, "account_create", body))["first_password"]["token"])
    shown = me(world, sign_in(world, "officer1.second"))
    assert shown["id"] == str(world.person_id("officer1.lin-a"))
