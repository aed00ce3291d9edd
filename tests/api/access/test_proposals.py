"""Proposals over HTTP: who proposes, who decides, and who never does."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.access.models import Account, RoleGrant
from community_api.audit.models import AuditEvent
from tests.api.access.proposal_steps import NEW, decide, propose, set_password, sign_in


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
        ("manager.lin", 404),
        ("manager.ost", 404),
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
        account = tx.first(select(Account).where(Account.username == "officer2.lin-b"))
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
        status = 422 if who == "manager.lin" else 403  # a manager asks for the people of the own unit
        propose(world, "absence", others, by=who, expect=status)


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


def test_the_same_day_spelled_otherwise_is_the_same_proposal(world):
    proposal_id = str(uuid4())
    spelled = ("2026-03-09T08:00:00Z", "2026-03-09T09:00:00.000+01:00")
    bodies = [{"id": proposal_id, "kind": "absence", "body": {"until": until}} for until in spelled]
    client = world.client("officer1.lin-a")
    client.post("/proposals", bodies[0], expect=201)
    client.post("/proposals", bodies[1], expect=200)


@pytest.mark.parametrize(
    ("kind", "body", "pointer", "code"),
    [
        ("grant", {"account": "x", "role": "chief", "unit": "lin-a"}, "/body/role", "not_one_of"),
        ("grant", {"account": "x", "unit": "lin-a"}, "/body/role", "required"),
        (
            "revoke",
            {"account": "x", "role": "dpo", "unit": "nor", "until": "2027-01-01T00:00:00Z"},
            "/body/until",
            "unknown_field",
        ),
        ("accounts_import", {"accounts": [{"username": "x"}]}, "/body/accounts/0/name", "required"),
        ("accounts_import", {"accounts": []}, "/body/accounts", "too_few"),
        ("absence", {}, "/body/until", "required"),
        ("grant", [], "/body", "wrong_type"),
        ("coup", {}, "/kind", "not_one_of"),
    ],
)
def test_a_body_is_read_as_its_kind_says(shared_world, kind, body, pointer, code):
    refused = shared_world.client("admin1.nor").post("/proposals", {"kind": kind, "body": body}, expect=422)
    assert (pointer, code) in {(one["pointer"], one["code"]) for one in refused["errors"]}
