"""A forgotten password: asked for by one who knows the person, decided by another one of their local unit."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from community_api.access import passwords
from tests.api.access.proposal_steps import GOOD, decide, propose, set_password
from tests.api.access.sign_in_steps import App, app
from tests.support.factories import PASSWORD

OFFICER = "officer1.lin-a"


def reset(world, account: str = OFFICER, *, by: str = "supervisor.lin-a", expect: int = 201):
    return propose(world, "password_reset", {"account": account}, by=by, expect=expect)


def token_of(
    world, account: str = OFFICER, *, by: str = "supervisor.lin-a", decider: str = "commander.lin"
) -> str:
    return str(decide(world, reset(world, account, by=by), by=decider)["first_password"]["token"])


def test_who_is_locked_out_sets_another_password_and_every_session_has_ended(world):
    before = app(world, OFFICER)
    token = token_of(world)
    # Until the token is used, whoever still knows the old password is not locked out by the reset.
    assert before.get().status == 200
    done = set_password(world, token)
    assert done["next_step"].startswith("Ihr Passwort ist gesetzt.")
    assert before.get().code == "token_revoked"
    assert App(world, OFFICER).sign_in().code == "login_refused"
    assert App(world, OFFICER).sign_in(GOOD).status == 200
    assert set_password(world, token, expect=401).code == "first_password_refused"


def test_a_flood_of_guesses_does_not_keep_out_who_has_just_set_a_password(world, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda _kept, password: password == GOOD)
    for _ in range(20):
        App(world, OFFICER).sign_in("guess")
    device = set_password(world, token_of(world))["device_id"]
    assert App(world, OFFICER).sign_in(GOOD).status == 429
    assert App(world, OFFICER, device).sign_in(GOOD).status == 200


def test_the_token_is_shown_once_and_to_the_decider_only(world):
    proposal = reset(world)
    told = {"id": str(uuid4()), "decision": "approved", "reason": "He stands before me"}
    path = f"/proposals/{proposal['id']}/decision"
    first = world.client("commander.lin").post(path, told)
    again = world.client("commander.lin").post(path, told, expect=200)
    token = first["first_password"]["token"]
    assert "30 Min" in first["first_password"]["next_step"].title()
    assert again["first_password"] is None
    for reader in ("supervisor.lin-a", "commander.lin", "dpo.nor"):
        assert token not in str(world.client(reader).get(f"/proposals/{proposal['id']}").body)


def test_a_token_lasts_half_an_hour(world):
    token = token_of(world)
    world.clock.advance(timedelta(minutes=30))
    set_password(world, token, expect=401)


def test_a_further_reset_makes_the_earlier_token_void(world):
    first, second = token_of(world), token_of(world)
    set_password(world, first, expect=401)
    set_password(world, second)


def test_a_password_that_was_changed_meanwhile_makes_the_token_void(world):
    mine, token = app(world, OFFICER), token_of(world)
    mine.send("POST", "/auth/password", mine.access, {"old": PASSWORD, "new": GOOD})
    set_password(world, token, "Nine brown otters, in the reed", expect=401)


@pytest.mark.parametrize(
    ("account", "asker"),
    [
        (OFFICER, "supervisor.lin-a"),
        (OFFICER, "supervisor2.lin-a"),
        (OFFICER, "admin1.nor"),
        ("analyst1.lin", "manager.lin"),
        ("analyst1.nor", "admin1.nor"),
        ("partner.school", "admin1.nor"),
        ("supervisor.lin-a", "admin1.nor"),
    ],
)
def test_who_may_ask(world, account, asker):
    assert reset(world, account, by=asker)["subject"] == account


@pytest.mark.parametrize(
    ("account", "asker", "status"),
    [
        # Not theirs: as if there were no such account.
        (OFFICER, "supervisor.lin-b", 422),
        ("supervisor2.lin-a", "supervisor.lin-a", 422),
        ("supervisor.lin-a", "supervisor.lin-a", 422),
        ("admin1.nor", "admin1.nor", 422),
        ("analyst1.lin", "manager.bru", 422),
        ("overseer.oversight", "admin1.nor", 422),
        ("nobody", "admin1.nor", 422),
        (OFFICER, "officer2.lin-a", 403),
        (OFFICER, "commander.lin", 403),
        (OFFICER, "dpo.nor", 403),
    ],
)
def test_who_may_not_ask(world, account, asker, status):
    reset(world, account, by=asker, expect=status)


NEAR = ["supervisor2.lin-a", "supervisor.lin-b", "commander.lin", "manager.lin"]


@pytest.mark.parametrize("decider", NEAR)
def test_another_supervisor_commander_or_manager_of_the_local_unit_decides(world, decider):
    proposal = reset(world)
    duties = world.client(decider).get("/duties").items
    assert proposal["id"] in {one["subject"]["id"] for one in duties if one["kind"] == "proposal_decide"}
    assert proposal["id"] in {one["id"] for one in world.client(decider).get("/proposals").items}
    assert world.client(decider).get(f"/proposals/{proposal['id']}")["subject"] == OFFICER
    assert decide(world, proposal, by=decider)["first_password"]["token"]
    assert world.client(decider).get(f"/proposals/{proposal['id']}")["state"] == "approved"


@pytest.mark.parametrize(
    ("decider", "status"),
    [
        ("supervisor.lin-a", 403),
        ("officer2.lin-a", 404),
        (OFFICER, 404),
        ("safeguarding.lin", 404),
        ("analyst1.lin", 404),
        ("supervisor.bru-a", 404),
        ("commander.bru", 404),
        ("manager.ost", 404),
        ("commander.nor", 404),
        ("supervisor.nor", 404),
        ("dpo.nor", 403),
        ("manager.nor", 403),
        ("admin1.nor", 403),
        ("overseer.oversight", 404),
    ],
)
def test_nobody_else_decides(world, decider, status):
    proposal = reset(world)
    decide(world, proposal, by=decider, expect=status)
    assert decide(world, proposal, by="commander.lin")["state"] == "approved"


@pytest.mark.parametrize("account", ["analyst1.nor", "manager.ost", "supervisor.nor", "partner.school"])
def test_outside_every_local_unit_the_nation_decides(world, account):
    proposal = reset(world, account, by="admin1.nor")
    decide(world, proposal, by="commander.nor", expect=404)
    decide(world, proposal, by="admin2.nor", expect=403)
    assert decide(world, proposal, by="dpo.nor")["first_password"]["token"]


def test_a_refused_reset_shows_no_token_and_changes_nothing(world):
    refused = decide(world, reset(world), "refused", by="commander.lin")
    assert (refused["state"], refused["first_password"]) == ("refused", None)
    assert App(world, OFFICER).sign_in().status == 200


def test_an_account_that_was_closed_meanwhile_gets_no_token(world):
    proposal = reset(world)
    decide(world, propose(world, "account_disable", {"account": OFFICER}))
    assert decide(world, proposal, by="commander.lin", expect=409).code == "proposal_lapsed"
