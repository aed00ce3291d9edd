"""Changing one's own password: with the one before, and every other session ends."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community_api.access import passwords
from community_api.access.models import Session
from community_api.audit.models import AuditEvent
from tests.api.access.sign_in_steps import OFFICER, App, app
from tests.support.factories import PASSWORD

NEW = "Seven grey herons, by the weir"


def change(mine: App, old: str = PASSWORD, new: str = NEW):
    return mine.send("POST", "/auth/password", mine.access, {"old": old, "new": new})


def test_the_new_password_is_good_and_the_old_one_is_not(world):
    mine = app(world)
    changed = change(mine)
    assert changed.status == 200
    assert changed["next_step"]
    assert changed["audit_receipt"]["event_id"]
    assert App(world).sign_in().code == "login_refused"
    assert App(world).sign_in(NEW).status == 200


def test_the_session_that_asks_goes_on_and_every_other_one_ends(world):
    mine, other = app(world), app(world)
    change(mine)
    assert mine.get().status == 200
    assert mine.renew().status == 200
    assert other.get().code == "token_revoked"
    assert other.renew().code == "token_revoked"
    with world.uow() as tx:
        (ended,) = tx.all(select(Session.end_reason).where(Session.ended_at.is_not(None)))
        leaves = tx.all(select(AuditEvent.envelope).where(AuditEvent.action == "login"))
    assert ended == "password_changed"
    assert sum('"to":"password_changed"' in leaf for leaf in leaves) == 2


def test_a_wrong_old_password_changes_nothing(world):
    mine, other = app(world), app(world)
    refused = change(mine, old="something else")
    assert (refused.status, refused.code) == (403, "password_wrong")
    assert other.get().status == 200
    assert app(world).get().status == 200


def test_wrong_old_passwords_are_bounded_and_keep_nobody_from_signing_in(world, monkeypatch):
    mine = app(world, device=True)
    hashed = []

    def cheaply(_kept, password):
        hashed.append(password)
        return password == PASSWORD

    monkeypatch.setattr(passwords, "verify", cheaply)
    statuses = [change(mine, old=f"guess {number}").status for number in range(30)]
    assert statuses == [403] * 20 + [429] * 10
    assert len(hashed) == 20
    assert change(mine).status == 429
    assert mine.sign_in().status == 200


@pytest.mark.parametrize(
    "weak",
    ["short", "officer1.lin-a!!", "monkeydragon12", "qwertyuiop123456", "iloveyou iloveyou", "Summer2026!!"],
)
def test_a_weak_one_is_refused_and_the_old_one_stays(world, weak):
    mine = app(world)
    refused = change(mine, new=weak)
    assert (refused.status, refused.code) == (422, "password_weak")
    assert App(world).sign_in().status == 200


def test_a_new_password_is_another_one(world):
    refused = change(app(world), new=PASSWORD)
    assert refused.status == 422
    assert [(one["pointer"], one["code"]) for one in refused.body["errors"]] == [("/new", "same_as_other")]


@pytest.mark.parametrize(
    "body", [{}, {"old": "x"}, {"old": "x" * 129, "new": NEW}, {"old": "x", "new": "y" * 129}]
)
def test_what_cannot_be_meant_is_named_and_nothing_is_hashed(world, monkeypatch, body):
    mine = app(world)
    monkeypatch.setattr(passwords, "verify", lambda *_told: pytest.fail("it was hashed"))
    assert mine.send("POST", "/auth/password", mine.access, body).status == 422


def test_what_remains_is_said_in_the_language_of_the_account(world):
    mine = app(world, OFFICER)
    world.client(OFFICER).patch("/me", {"language": "de"}, if_match=world.client(OFFICER).get("/me"))
    assert "Passwort" in change(mine)["next_step"]
