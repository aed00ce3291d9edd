"""Certificates over HTTP: trainers issue and revoke them, and both act at the next request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.api.matrix.things import flag, observe
from tests.support.app import Answer, World

REASON = "The examiner was mistaken"


def certificate_body(world: World, account: str = "officer2.lin-a", **changed) -> dict:
    now = world.clock.now()
    return {
        "account": account,
        "course": "verlt",
        "passed_at": (now - timedelta(days=1)).isoformat(),
        "expires_at": (now + timedelta(days=365)).isoformat(),
        **changed,
    }


def issue(world: World, *, by: str = "trainer.nor", expect: int = 201, **changed) -> Answer:
    return world.client(by).post("/certificates", certificate_body(world, **changed), expect=expect)


def revoke(world: World, certificate: Any, *, expect: int = 201, by: str = "trainer.nor") -> Answer:
    return world.client(by).post(
        f"/certificates/{certificate['id']}/revocation", {"reason": REASON}, expect=expect
    )


def may_flag(world: World, who: str) -> bool:
    client, report = world.client(who), observe(world, who)
    version = client.get("/indicators")["version"]
    body = {
        "kind": "verlt",
        "indicator_list_version": version,
        "grounds": [
            {"indicator": "acquiring_materials", "fact": "Eight sacks of nitrate at garage 14, cash"}
        ],
        "alternative_explanation": "A gardener",
        "necessity": "No milder way",
        "proportionality": "Only the act",
        "subjects": [],
    }
    answer = client.call("POST", f"/observations/{report}/flags", body=body)
    assert answer.status == 201 or answer.code == "training_required"
    return answer.status == 201


def test_a_certificate_opens_flags_at_the_next_request_and_its_revocation_closes_them(world):
    officer = "officer2.lin-a"
    assert not may_flag(world, officer)
    certificate = issue(world)
    assert (certificate["account"], certificate["valid"], certificate["revoked_at"]) == (officer, True, None)
    assert may_flag(world, officer)
    assert [one["valid"] for one in world.client(officer).get("/me")["certificates"]] == [True]
    revoked = revoke(world, certificate)
    assert (revoked["valid"], revoked["reason"]) == (False, REASON)
    assert not may_flag(world, officer)


def test_a_flag_raised_before_a_revocation_stays(world):
    raised = flag(world, "officer1.lin-a", observe(world, "officer1.lin-a"))
    (held,) = world.client("trainer.nor").get("/certificates", query={"account": "officer1.lin-a"}).items
    world.client("trainer.nor").post(f"/certificates/{held['id']}/revocation", {"reason": REASON})
    assert world.client("officer1.lin-a").get(f"/flags/{raised}")["status"] == "awaiting_second_person"


def test_a_supervisor_without_a_certificate_confirms_nothing(world):
    raised = flag(world, "officer1.lin-a", observe(world, "officer1.lin-a"))
    (held,) = world.client("trainer.nor").get("/certificates", query={"account": "supervisor.lin-b"}).items
    revoke(world, held)
    decision = {"decision": "confirmed", "reason": "Acts", "stands_without_protected_ground": "yes"}
    path = f"/flags/{raised}/decision"
    assert world.client("supervisor.lin-b").post(path, decision, expect=403).code == "training_required"


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"account": "nobody"}, "/account", "not_a_reference"),
        ({"course": "driving"}, "/course", "not_one_of"),
        ({"passed_at": "2026-03-03T00:00:00Z"}, "/passed_at", "in_the_future"),
        ({"expires_at": "2025-03-03T00:00:00Z"}, "/expires_at", "before_start"),
        ({"expires_at": "2036-03-03T00:00:00Z"}, "/expires_at", "too_far_ahead"),
        ({"expires_at": "2027-03-03"}, "/expires_at", "not_a_time"),
        ({"valid": True}, "/valid", "unknown_field"),
    ],
)
def test_what_is_wrong_is_named(shared_world, changed, pointer, code):
    refused = issue(shared_world, expect=422, **changed)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [(pointer, code)]


def test_nobody_issues_or_revokes_their_own(world):
    assert issue(world, account="trainer.nor", expect=403).code == "same_person"
    grant_trainer(world, "officer1.lin-a", "lin-a")
    listed = world.client("officer1.lin-a").get("/certificates", query={"account": "officer1.lin-a"}).items
    refused = world.client("officer1.lin-a").post(
        f"/certificates/{listed[0]['id']}/revocation", {"reason": REASON}, expect=403
    )
    assert refused.code == "same_person"


def grant_trainer(world: World, account: str, unit: str) -> None:
    body = {"account": account, "role": "trainer", "unit": unit}
    made = world.client("admin1.nor").post("/proposals", {"kind": "grant", "body": body})
    decision = {"decision": "approved", "reason": "Agreed"}
    world.client("dpo.nor").post(f"/proposals/{made['id']}/decision", decision)


def test_a_trainer_below_the_nation_reaches_their_own_unit_and_below_and_knows_of_nobody_else(world):
    grant_trainer(world, "analyst1.lin", "lin")
    certificate = issue(world, by="analyst1.lin")
    foreign = issue(world, by="analyst1.lin", account="officer1.hav-a", expect=422)
    absent = issue(world, by="analyst1.lin", account="nobody.at-all", expect=422)
    assert {**foreign.body, "instance": ""} == {**absent.body, "instance": ""}
    (theirs,) = world.client("trainer.nor").get("/certificates", query={"account": "officer1.hav-a"}).items
    gone = {"id": str(uuid4())}
    answers = [revoke(world, one, by="analyst1.lin", expect=404) for one in (theirs, gone)]
    assert {**answers[0].body, "instance": ""} == {**answers[1].body, "instance": ""}
    accounts = {one["account"] for one in world.client("analyst1.lin").pages("/certificates")}
    assert "officer2.lin-a" in accounts
    assert not [one for one in accounts if one.endswith(("hav-a", "hav", "bru-a", "nor"))]
    revoke(world, certificate, by="analyst1.lin")


def test_of_two_who_revoke_at_once_the_second_hears_that_it_is_done(world):
    certificate = issue(world)
    revoke(world, certificate)
    assert revoke(world, certificate, expect=409).code == "already_withdrawn"


def test_sent_again_it_is_shown_as_it_is_now(world):
    body = {"id": str(uuid4()), **certificate_body(world)}
    trainer = world.client("trainer.nor")
    first = trainer.post("/certificates", body)
    revoke(world, first)
    again = trainer.post("/certificates", body, expect=200)
    assert (again["id"], again["valid"]) == (first["id"], False)


def test_why_it_was_revoked_is_nowhere_in_clear(world):
    revoke(world, issue(world))
    with world.uow.database.engine.connect() as connection:
        for table in ("access_certificate", "audit_event"):
            assert REASON not in str(connection.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608
