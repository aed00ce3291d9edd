"""Signing in: one refusal for whatever was wrong, guesses bounded, the owner never locked out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from community_api.access import passwords
from community_api.access.models import Account, Device, Session
from community_api.audit.models import AuditEvent
from community_api.demo.loader import account_id
from tests.api.access.sign_in_steps import OFFICER, App, app
from tests.support.factories import PASSWORD


def login(world, **values):
    return world.anybody().call(
        "POST", "/auth/login", body={"username": OFFICER, "password": PASSWORD, **values}
    )


def visible_part(answer):
    """All of a refusal but what is told to vary."""
    return answer.status, {name: value for name, value in answer.body.items() if name != "instance"}


def test_the_right_password_gives_two_tokens_and_nothing_else(world):
    answer = login(world)
    assert answer.status == 200
    assert set(answer.body) == {"access_token", "refresh_token", "token_type", "expires_in", "device_id"}
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 900)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_signing_in_leaves_one_leaf_with_roles_and_without_a_name(world):
    login(world)
    with world.uow() as tx:
        (leaf,) = tx.all(select(AuditEvent).where(AuditEvent.action == "login"))
    assert '"roles":["officer.lin-a"]' in leaf.envelope
    assert "officer1" not in leaf.envelope


def test_a_name_is_found_however_it_is_typed(world):
    assert login(world, username=" OFFICER1.Lin-A ").status == 200


def test_whatever_was_wrong_is_refused_alike(world):
    with world.uow() as tx:
        tx.update_where(Account, {"id": account_id("officer1.lin-b")}, {"disabled_at": tx.now})
        tx.update_where(Account, {"id": account_id("officer1.bru-a")}, {"password_hash": None})
    refusals = [
        login(world, password="wrong"),
        login(world, username="nobody"),
        login(world, username="nobody", password="x"),
        login(world, username="officer1.lin-b"),
        login(world, username="officer1.lin-b", password="wrong"),
        login(world, username="officer1.bru-a"),
    ]
    assert visible_part(refusals[0])[1]["code"] == "login_refused"
    assert [visible_part(refusal) for refusal in refusals] == [visible_part(refusals[0])] * len(refusals)
    assert len({refusal.headers["Content-Length"] for refusal in refusals}) == 1
    assert all(refusal.headers["WWW-Authenticate"] for refusal in refusals)


def test_whatever_was_wrong_makes_one_hash_of_the_same_cost(world, monkeypatch):
    checked = []
    verify = passwords._HASHER.__class__.verify

    def counted(self, hashed, password):
        checked.append(hashed.split("$")[:4])
        return verify(self, hashed, password)

    monkeypatch.setattr(passwords._HASHER.__class__, "verify", counted)
    for told in (
        {"password": "wrong"},
        {"username": "nobody"},
        {"username": "supervisor.lin-a", "password": "x"},
    ):
        login(world, **told)
    assert len(checked) == 3
    assert checked[0] == checked[1] == checked[2]


@pytest.mark.parametrize("length", [129, 1000, 1_000_000])
def test_a_long_password_is_refused_unread(world, length, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda *_told: pytest.fail("it was hashed"))
    answer = login(world, password="x" * length)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/password")


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"username": ""}, "/username", "blank"),
        ({"username": "x" * 101}, "/username", "too_long"),
        ({"username": 7}, "/username", "wrong_type"),
        ({"password": ""}, "/password", "blank"),
        ({"password": None}, "/password", "null"),
        ({"totp": "123456"}, "/totp", "unknown_field"),
        ({"device": {"id": "17", "name": "x"}}, "/device/id", "not_a_uuid"),
        ({"device": {"id": str(uuid4()), "name": " "}}, "/device/name", "blank"),
        (
            {"device": {"id": str(uuid4()), "name": "x", "public_key": "AAAA"}},
            "/device/public_key",
            "not_a_key",
        ),
        ({"device": {"id": str(uuid4()), "name": "x", "public_key": 7}}, "/device/public_key", "not_a_key"),
        ({"device": {"id": str(uuid4()), "name": "x", "lost": True}}, "/device/lost", "unknown_field"),
    ],
)
def test_what_cannot_be_meant_is_named(shared_world, values, pointer, code):
    answer = login(shared_world, **values)
    assert answer.status == 422
    assert (pointer, code) in {(error["pointer"], error["code"]) for error in answer.body["errors"]}


def test_a_key_that_a_device_offers_is_kept_and_not_yet_asked_for(world):
    key = "A" * 43 + "="
    device = {"id": str(uuid4()), "name": "Patrol phone", "public_key": key}
    assert login(world, device=device).status == 200
    with world.uow() as tx:
        row = tx.first(select(Device))
    assert (len(row.public_key), row.enrolled_at) == (32, None)
    assert b"Patrol" not in row.sealed


def test_who_names_no_device_is_given_an_id_that_is_good_next_time(world):
    given = login(world)["device_id"]
    again = login(world, device={"id": given})
    assert again["device_id"] == given
    assert login(world)["device_id"] != given
    with world.uow() as tx:
        assert tx.first(select(func.count()).select_from(Device)) == 2


def test_a_desk_that_sends_its_id_again_gets_in_while_a_stranger_guesses(world, monkeypatch):
    desk = {"id": login(world)["device_id"]}
    monkeypatch.setattr(passwords, "verify", lambda _kept, password: password == PASSWORD)
    assert [login(world, password="guess").status for _ in range(21)] == [401] * 20 + [429]
    assert login(world).status == 429
    assert login(world, device=desk).status == 200


def test_a_lost_device_is_a_stranger(world, monkeypatch):
    desk = {"id": login(world)["device_id"]}
    with world.uow() as tx:
        tx.update_where(Device, {"client_id": UUID(desk["id"])}, {"revoked_at": tx.now})
    monkeypatch.setattr(passwords, "verify", lambda *_told: False)
    for _ in range(20):
        login(world)
    assert login(world, device=desk).status == 429


def test_a_device_is_remembered_once(world):
    mine = App(world, device=uuid4())
    for _ in range(3):
        mine.sign_in()
    with world.uow() as tx:
        assert tx.first(select(func.count()).select_from(Device)) == 1
        assert tx.first(select(func.count()).select_from(Session).where(Session.device_id.is_not(None))) == 3


# --- guessing ------------------------------------------------------------------------------------


def test_strangers_use_up_the_accounts_tries_and_the_owner_signs_in_all_the_same(world, monkeypatch):
    mine = app(world, device=True)
    hashes = []

    def cheaply(_kept, password):
        hashes.append(password)
        return password == PASSWORD

    monkeypatch.setattr(passwords, "verify", cheaply)
    statuses = [login(world, password=f"guess {number}").status for number in range(100)]
    assert statuses == [401] * 20 + [429] * 80
    assert len(hashes) == 20
    assert login(world).status == 429
    assert mine.sign_in().status == 200


def test_who_is_bounded_hears_how_long(world, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda *_told: False)
    for _ in range(20):
        login(world)
    answer = login(world)
    assert (answer.status, answer.code) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "3600"
    world.clock.advance(timedelta(hours=1))
    assert login(world).status == 401


def test_an_invented_device_does_not_get_a_bucket_of_its_own(world, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda *_told: False)
    statuses = [login(world, device={"id": str(uuid4()), "name": "x"}).status for _ in range(25)]
    assert statuses == [401] * 20 + [429] * 5


def test_guessing_from_the_known_device_is_bounded_too(world, monkeypatch):
    mine = app(world, device=True)
    monkeypatch.setattr(passwords, "verify", lambda *_told: False)
    assert [mine.sign_in().status for _ in range(25)] == [401] * 20 + [429] * 5


def test_names_that_nobody_has_are_bounded_alike(world, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda *_told: False)
    statuses = [login(world, username="nobody").status for _ in range(25)]
    assert statuses == [401] * 20 + [429] * 5


def test_right_passwords_use_nothing_up(world, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda *_told: True)
    assert [login(world).status for _ in range(50)] == [200] * 50
