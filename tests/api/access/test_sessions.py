"""Sessions: what ends them acts at once, and who may see and end whose."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.access.accounts.service import Established, give_role
from community_api.access.models import Account, Device, RoleGrant, Session
from community_api.audit.models import AuditEvent
from community_api.core.clock import Clock
from community_api.demo.loader import account_id, person_id
from community_api.factory import create_app
from community_api.units.directory import tree
from community_api.units.terms import Role
from tests.api.access.sign_in_steps import OFFICER, app

PURPOSE = "supervision"


def session_of(world, username=OFFICER):
    with world.uow() as tx:
        found = select(Session).where(Session.account_id == account_id(username), Session.ended_at.is_(None))
        return tx.first(found.order_by(Session.started_at.desc()))


def test_signing_out_ends_both_tokens_at_once(world):
    mine = app(world)
    assert mine.send("POST", "/auth/logout", mine.access).status == 204
    assert mine.get().code == "token_revoked"
    assert mine.renew().code == "token_revoked"


def test_signing_out_ends_this_session_only(world):
    mine, other = app(world), app(world)
    mine.send("POST", "/auth/logout", mine.access)
    assert other.get().status == 200


def test_an_ended_session_stays_ended_for_another_process(world):
    mine = app(world)
    mine.send("POST", "/auth/logout", mine.access)
    another = create_app(world.settings, clock=world.clock)
    headers = {"Authorization": f"Bearer {mine.access}"}
    assert another.test_client().get("/api/v1/me", headers=headers).status_code == 401
    another.extensions["community"].uow.database.close()


def test_closing_an_account_ends_everything_at_the_next_request(world):
    mine = app(world)
    with world.uow() as tx:
        tx.update_where(Account, {"id": account_id(OFFICER)}, {"disabled_at": tx.now})
    assert mine.get().code == "token_revoked"
    assert mine.renew().code == "token_revoked"


def test_a_lost_device_is_shut_out_at_the_next_request(world):
    mine = app(world, device=True)
    with world.uow() as tx:
        tx.update_where(Device, {"account_id": account_id(OFFICER)}, {"revoked_at": tx.now})
    assert mine.get().code == "token_revoked"
    assert mine.renew().code == "token_revoked"
    assert mine.sign_in().code == "login_refused"


def test_a_change_of_role_acts_at_the_next_request(world):
    mine = app(world)
    assert mine.get("/observations").status == 200
    with world.uow() as tx:
        tx.update_where(RoleGrant, {"account_id": account_id(OFFICER)}, {"until": tx.now})
        give_role(
            tx,
            Established(account_id(OFFICER), person_id(OFFICER)),
            Role.ANALYST,
            tree(tx).names["lin"].id,
        )
    assert mine.get()["roles"] == [{"role": "analyst", "unit": "lin"}]
    assert mine.get("/observations").code == "role_not_allowed"


def test_ones_own_sessions_are_listed_newest_first_with_their_devices(world):
    old = app(world, device=True)
    world.clock.advance(timedelta(minutes=1))
    mine = app(world)
    listed = mine.get("/auth/sessions").items
    assert [(one["current"], one["device"] and one["device"]["name"]) for one in listed] == [
        (True, None),
        (False, "Patrol phone"),
    ]
    assert listed[1]["device"]["id"] == str(old.device)
    assert set(listed[0]) == {"id", "device", "started_at", "renewed_at", "expires_at", "current"}


def test_ended_sessions_are_not_listed(world):
    old, mine = app(world), app(world)
    old.send("POST", "/auth/logout", old.access)
    assert len(mine.get("/auth/sessions").items) == 1


def test_ending_ones_own_other_session(world):
    old = app(world)
    other = session_of(world)
    mine = app(world)
    for _ in range(2):
        assert mine.send("DELETE", f"/auth/sessions/{other.id}", mine.access).status == 204
    assert old.get().code == "token_revoked"
    assert mine.get().status == 200
    with world.uow() as tx:
        leaves = tx.all(select(AuditEvent).where(AuditEvent.object_id == other.id))
    assert sum('"to":"revoked"' in leaf.envelope for leaf in leaves) == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("supervisor.lin-a", 204),
        ("admin1.nor", 204),
        ("supervisor.nor", 204),
        ("supervisor.lin-b", 404),
        ("supervisor.hav-a", 404),
        ("officer2.lin-a", 404),
        ("manager.lin", 404),
        ("overseer.oversight", 404),
        ("partner.school", 404),
    ],
)
def test_supervisors_and_administrators_end_sessions_in_their_scope(world, who, status):
    mine = app(world)
    path = f"/auth/sessions/{session_of(world).id}"
    answer = world.client(who).call("DELETE", path)
    assert answer.status == status
    assert mine.get().status == (401 if status == 204 else 200)
    if status == 404:
        missing = world.client(who).call("DELETE", f"/auth/sessions/{uuid4()}")
        assert {**missing.body, "instance": ""} == {**answer.body, "instance": ""}


@pytest.mark.parametrize("who", ["admin1.nor", "supervisor.nor"])
def test_nobody_ends_a_session_of_oversight(world, who):
    eve = app(world, "overseer.oversight")
    path = f"/auth/sessions/{session_of(world, 'overseer.oversight').id}"
    assert world.client(who).call("DELETE", path).status == 404
    assert eve.get().status == 200


def test_an_administrator_ends_a_session_of_a_partner(world):
    app(world, "partner.school")
    path = f"/auth/sessions/{session_of(world, 'partner.school').id}"
    assert world.client("admin1.nor").call("DELETE", path).status == 204


def test_a_supervisor_sees_sessions_of_the_team_without_the_names_of_devices(world):
    app(world, device=True)
    listed = world.client("supervisor.lin-a").get("/auth/sessions", query={"account": OFFICER}).items
    assert [one["device"]["name"] for one in listed] == [None]


def test_a_foreign_account_and_none_look_the_same(world):
    client = world.client("supervisor.lin-a")
    foreign = client.get("/auth/sessions", query={"account": "officer1.hav-a"}, expect=404)
    missing = client.get("/auth/sessions", query={"account": "nobody"}, expect=404)
    assert {**foreign.body, "instance": ""} == {**missing.body, "instance": ""}


def test_who_sees_or_ends_another_session_is_in_the_trail(world):
    app(world)
    client, session = world.client("supervisor.lin-a"), session_of(world)
    client.get("/auth/sessions", query={"account": OFFICER})
    client.delete(f"/auth/sessions/{session.id}")
    client.call("DELETE", f"/auth/sessions/{uuid4()}")
    with world.uow() as tx:
        leaves = tx.all(select(AuditEvent).where(AuditEvent.actor == account_id("supervisor.lin-a")))
    assert sorted(leaf.action for leaf in leaves) == ["consult", "denied", "login"]


def test_tokens_follow_the_clock_of_the_product_not_of_the_machine(world):
    assert abs(world.clock.now() - Clock().now()) > timedelta(days=1)
    mine = app(world)
    world.clock.advance(timedelta(minutes=15) - timedelta(seconds=1))
    assert mine.get().status == 200
    world.clock.advance(timedelta(seconds=1))
    assert mine.get().code == "token_expired"
    assert mine.renew().status == 200
    assert mine.get().status == 200
