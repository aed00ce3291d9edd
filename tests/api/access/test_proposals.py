"""Proposals over HTTP: who proposes, who decides, and what is so from the next request on."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.access.models import Account, FirstPassword, PostHolder, RoleGrant
from community_api.trail.models import AuditEvent
from tests.worlds import Answer, World

GOOD = "Seven grey herons, by the weir"
NEW = {"username": "k.solheim", "name": "Kari Solheim", "role": "officer", "unit": "lin-a", "language": "de"}


def propose(world: World, kind: str, body: dict, *, by: str = "admin1.nor", expect: int = 201) -> Answer:
    return world.client(by).post("/proposals", {"kind": kind, "body": body}, expect=expect)


def decide(
    world: World, proposal: Answer, decision: str = "approved", *, by: str = "dpo.nor", expect: int = 201
) -> Answer:
    told = {"decision": decision, "reason": "As agreed with the unit"}
    return world.client(by).post(f"/proposals/{proposal['id']}/decision", told, expect=expect)


def made(world: World, **changed) -> str:
    """The token of a new account."""
    decided = decide(world, propose(world, "account_create", {**NEW, **changed}))
    return str(decided["first_password"]["token"])


def set_password(world: World, token: str, password: str = GOOD, *, expect: int = 204) -> Answer:
    told = {"token": token, "password": password}
    return world.anybody().post("/auth/first-password", told, expect=expect)


def sign_in(world: World, username: str = NEW["username"], *, expect: int = 200) -> Answer:
    return world.anybody().post("/auth/login", {"username": username, "password": GOOD}, expect=expect)


def me(world: World, signed_in: Answer, *, expect: int = 200) -> Answer:
    headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
    return world.anybody().get("/me", headers=headers, expect=expect)


def posts_of(world: World, username: str) -> list[str]:
    return list(world.client(username).get("/me")["posts"])


def roles_of(world: World, username: str) -> list[str]:
    return [f"{one['role']}.{one['unit']}" for one in world.client(username).get("/me")["roles"]]


# --- a new account --------------------------------------------------------------------------------


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
        assert tx.one(select(Account).where(Account.username == NEW["username"])) is None
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
        kept = tx.one(select(FirstPassword))
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
    assert set_password(world, token, weak, expect=422).code == "password_too_weak"
    set_password(world, token)


def test_a_lost_token_is_had_anew_by_proposing_the_same_account_again(world):
    old = made(world)
    new = made(world)
    assert set_password(world, old, expect=401).code == "first_password_refused"
    set_password(world, new)
    with world.uow() as tx:
        assert len(tx.all(select(Account).where(Account.username == NEW["username"]))) == 1


def test_a_name_that_somebody_signs_in_with_is_taken(world):
    assert propose(world, "account_create", {**NEW, "username": "Officer1.lin-a"}, expect=409).code == (
        "username_taken"
    )


def test_a_further_account_belongs_to_the_same_person(world):
    body = {**NEW, "username": "officer1.second", "role": "trainer", "person": "officer1.lin-a"}
    set_password(world, decide(world, propose(world, "account_create", body))["first_password"]["token"])
    shown = me(world, sign_in(world, "officer1.second"))
    assert shown["id"] == str(world.person_id("officer1.lin-a"))


# --- two people -----------------------------------------------------------------------------------


def test_whoever_proposed_does_not_decide_also_not_by_a_second_role_or_account(world):
    granted = propose(
        world, "grant", {"account": "admin1.nor", "role": "dpo", "unit": "nor"}, by="admin2.nor"
    )
    decide(world, granted)
    body = {**NEW, "username": "admin1.other", "role": "dpo", "unit": "nor", "person": "admin1.nor"}
    second = decide(world, propose(world, "account_create", body, by="admin2.nor"))
    set_password(world, second["first_password"]["token"])
    proposal = propose(world, "account_create", NEW)
    assert decide(world, proposal, by="admin1.nor", expect=403).code == "same_person"
    headers = {"Authorization": f"Bearer {sign_in(world, 'admin1.other')['access_token']}"}
    told = {"decision": "approved", "reason": "By my other name"}
    path = f"/proposals/{proposal['id']}/decision"
    assert world.anybody().post(path, told, headers=headers, expect=403).code == "same_person"
    assert world.client("admin1.nor").get(f"/proposals/{proposal['id']}")["state"] == "waiting"


@pytest.mark.parametrize("who", ["dpo.nor", "manager.nor"])
def test_the_dpo_and_the_national_manager_decide(world, who):
    decide(world, propose(world, "account_create", NEW), by=who)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("admin2.nor", 403),
        ("manager.lin", 403),
        ("manager.ost", 403),
        ("supervisor.nor", 404),
        ("overseer.oversight", 404),
        ("officer1.lin-a", 404),
    ],
)
def test_nobody_else_decides(world, who, status):
    decide(world, propose(world, "account_create", NEW), by=who, expect=status)


def test_whom_it_is_about_neither_sees_nor_decides_it(world):
    proposal = propose(world, "revoke", {"account": "dpo.nor", "role": "dpo", "unit": "nor"})
    dpo = world.client("dpo.nor")
    assert dpo.get(f"/proposals/{proposal['id']}", expect=404).code == "not_found"
    decide(world, proposal, by="dpo.nor", expect=404)
    assert dpo.get("/proposals").items == []
    assert [one["kind"] for one in dpo.get("/duties").items] == []
    decide(world, proposal, by="manager.nor")
    assert dpo.get("/me")["roles"] == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("account_disable", {"account": "overseer.oversight"}),
        ("grant", {"account": "overseer.oversight", "role": "officer", "unit": "lin-a"}),
        ("grant", {"account": "officer1.lin-a", "role": "oversight", "unit": "oversight"}),
        ("revoke", {"account": "overseer.oversight", "role": "oversight", "unit": "oversight"}),
        ("account_create", {**NEW, "role": "oversight", "unit": "oversight"}),
        ("account_create", {**NEW, "person": "overseer.oversight"}),
        ("absence", {"account": "overseer.oversight", "until": "2026-04-01T00:00:00Z"}),
        ("absence", {"account": "officer1.lin-a", "until": "2026-04-01T00:00:00Z",
                     "deputy": "overseer.oversight"}),
    ],
)  # fmt: skip
def test_nothing_is_proposed_about_oversight(world, kind, body):
    refused = world.client("admin1.nor").call("POST", "/proposals", body={"kind": kind, "body": body})
    assert refused.code in {"role_not_allowed", "validation_failed"}
    assert world.client("admin1.nor").get("/proposals").items == []


def test_who_became_oversights_meanwhile_is_out_of_reach(world):
    proposal = propose(world, "account_disable", {"account": "officer2.lin-b"})
    with world.uow() as tx:
        account = tx.one(select(Account).where(Account.username == "officer2.lin-b"))
        tx.add(
            RoleGrant(
                id=uuid4(),
                account_id=account.id,
                role="oversight",
                unit_id=world.unit_id("oversight"),
                since=tx.now,
            )
        )
    decide(world, proposal, expect=404)


def test_administrators_only_propose_and_everybody_their_own_absence(world):
    away = {"until": "2026-03-20T00:00:00Z"}
    for who in ("officer1.lin-a", "manager.lin", "overseer.oversight", "partner.school"):
        told = {"id": str(uuid4()), "kind": "absence", "body": away}
        asked = world.client(who).post("/proposals", told)
        assert asked["subject"] == who
        # Sent again, and read again: one's own is never closed to one.
        assert world.client(who).post("/proposals", told, expect=200)["id"] == asked["id"]
        assert world.client(who).get(f"/proposals/{asked['id']}")["state"] == "waiting"
        assert propose(world, "account_create", NEW, by=who, expect=403).code == "role_not_allowed"
        others = {**away, "account": "officer1.bru-a"}
        assert propose(world, "absence", others, by=who, expect=403).code == "role_not_allowed"


def test_the_deciders_find_it_among_their_duties_until_it_is_decided(world):
    proposal = propose(world, "account_create", NEW)
    for who in ("dpo.nor", "manager.nor"):
        (duty,) = [one for one in world.client(who).get("/duties").items if one["kind"] == "proposal_decide"]
        assert duty["subject"]["href"] == f"/api/v1/proposals/{proposal['id']}"
    decide(world, proposal)
    assert world.client("manager.nor").get("/duties").items == []


def test_what_was_decided_is_not_decided_again(world):
    proposal = propose(world, "account_create", NEW)
    decide(world, proposal, "refused")
    assert decide(world, proposal, by="manager.nor", expect=409).code == "already_decided"


def test_a_proposal_that_waits_too_long_lapses(world):
    proposal = propose(world, "account_create", NEW)
    world.clock.advance(timedelta(days=30))
    assert decide(world, proposal, expect=409).code == "proposal_lapsed"
    listed = world.client("admin1.nor").get("/proposals", query={"state": "lapsed"}).items
    assert [one["id"] for one in listed] == [proposal["id"]]


def test_what_can_no_longer_be_done_is_out_of_date(world):
    first, second = (propose(world, "account_create", NEW) for _ in range(2))
    set_password(world, decide(world, first)["first_password"]["token"])
    assert decide(world, second, expect=409).code == "proposal_lapsed"
    decide(world, second, "refused")


def test_a_list_shows_no_narrative_and_a_single_proposal_all(world):
    proposal = propose(world, "account_create", {**NEW, "reason": "Starts on Monday"})
    (listed,) = world.client("dpo.nor").get("/proposals", query={"state": "waiting"}).items
    assert "body" not in listed
    assert "Solheim" not in str(listed)
    shown = world.client("dpo.nor").get(f"/proposals/{proposal['id']}")
    assert shown["body"] == {**NEW}
    assert shown["reason"] == "Starts on Monday"
    assert shown["proposed_by"] == "admin1.nor"


def test_the_proposal_is_nowhere_in_clear(world):
    propose(world, "account_create", {**NEW, "reason": "Starts on Monday"})
    with world.uow() as tx:
        leaves = [leaf.envelope for leaf in tx.all(select(AuditEvent))]
    assert not [leaf for leaf in leaves if "Solheim" in leaf or "solheim" in leaf]


# --- what is wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "body", "pointer", "code"),
    [
        ("account_create", {**NEW, "unit": "atlantis"}, "/body/unit", "not_a_reference"),
        ("account_create", {**NEW, "username": "no name"}, "/body/username", "not_a_username"),
        ("account_create", {**NEW, "role": "king"}, "/body/role", "not_one_of"),
        ("account_create", {**NEW, "role": "analyst"}, "/body/role", "not_of_this_level"),
        ("account_create", {**NEW, "language": "tlh"}, "/body/language", "not_a_language"),
        ("account_create", {**NEW, "timezone": "Mars/Olympus"}, "/body/timezone", "not_a_timezone"),
        ("account_create", {**NEW, "disabled": False}, "/body/disabled", "unknown_field"),
        ("account_disable", {}, "/body/account", "required"),
        ("account_disable", {"account": "nobody"}, "/body/account", "not_a_reference"),
        ("account_disable", {"account": "officer1.lin-a", "successor": "officer1.lin-a"},
         "/body/successor", "same_as_other"),
        ("grant", {"account": "officer1.lin-a", "role": "officer", "unit": "lin-a"},
         "/body/role", "already_so"),
        ("grant", {"account": "analyst1.lin", "role": "source_registrar", "unit": "lin"},
         "/body/role", "held_apart"),
        ("grant", {"account": "registrar.lin", "role": "intelligence_manager", "unit": "lin"},
         "/body/role", "held_apart"),
        ("grant", {"account": "officer1.lin-a", "role": "supervisor", "unit": "lin-a",
                   "until": "2026-01-01T00:00:00Z"}, "/body/until", "before_start"),
        ("revoke", {"account": "officer1.lin-a", "role": "supervisor", "unit": "lin-a"},
         "/body/role", "not_held"),
        ("post_holder", {"account": "officer1.lin-a", "post": "supervisor.lin-a"}, "/body/post", "not_held"),
        ("post_holder", {"account": "officer1.lin-a", "post": "chair.atlantis"},
         "/body/post", "not_a_reference"),
        ("post_holder", {"account": "officer1.lin-a", "post": "officer.lin-a"}, "/body/holds", "already_so"),
        ("absence", {}, "/body/until", "required"),
        ("absence", {"until": "2026-02-01T00:00:00Z"}, "/body/until", "before_start"),
        ("absence", {"until": "2029-02-01T00:00:00Z"}, "/body/until", "too_far_ahead"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(world, kind, body, pointer, code):
    refused = propose(world, kind, body, expect=422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [(pointer, code)]


# --- roles, posts, leaving ------------------------------------------------------------------------


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
