"""Cases: who opens one, what it opens, and that it closes itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from community_api.audit.models import AuditEvent

OVERSEER, DPO, RECORDS, REGISTRAR = "overseer.oversight", "dpo.nor", "records.nor", "registrar.lin"
ROLES = ["officer1.lin-a", "supervisor.lin-a", "safeguarding.lin", "commander.lin", "analyst1.lin"]
ROLES += ["manager.lin", "chair.lin", "trainer.nor", "admin1.nor", "partner.school"]
REASON = "Yearly look at what was read after closing"


def open_case(world, who=OVERSEER, kind="audit", **values):
    return world.client(who).post("/cases", {"kind": kind, "reason": REASON, **values})


def report(world):
    told = {
        "occurred_at": "2026-03-02T08:00:00+00:00",
        "purpose": "community_problem",
        "category": "noise_nuisance",
        "facts": "Two cars raced along the quay until two in the morning.",
        "source_relation": "witnessed",
    }
    return world.client("officer1.lin-a").post("/observations", told)["id"]


@pytest.mark.parametrize(
    ("who", "kind"),
    [(OVERSEER, "audit"), (DPO, "rights_request"), (RECORDS, "review"), (REGISTRAR, "review")],
)
def test_roles_that_read_within_a_case_open_one_for_their_purposes(shared_world, who, kind):
    case = open_case(shared_world, who, kind, reference="2026/17")
    assert (case.status, case["state"], case["kind"]) == (201, "open", kind)
    assert (case["reason"], case["reference"]) == (REASON, "2026/17")
    assert set(case["retention"]) == {"class", "review_on", "legal_hold"}
    assert case["audit_receipt"]


@pytest.mark.parametrize("who", ROLES)
def test_no_other_role_opens_or_lists_cases(shared_world, who):
    client = shared_world.client(who)
    told = {"kind": "audit", "reason": REASON}
    assert client.post("/cases", told, expect=403).code == "role_not_allowed"
    assert client.get("/cases", expect=403).code == "role_not_allowed"


def test_nobody_opens_a_case_for_what_is_no_purpose_of_theirs(shared_world):
    answer = shared_world.client(RECORDS).post("/cases", {"kind": "audit", "reason": REASON}, expect=422)
    assert answer["errors"][0]["pointer"] == "/kind"


def test_content_opens_with_a_purpose_and_a_case_and_with_nothing_less(world):
    observation, overseer = report(world), world.client(OVERSEER)
    path, case = f"/observations/{observation}", open_case(world)["id"]
    assert overseer.get(path, expect=403).code == "purpose_required"
    assert overseer.get(path, case=case, expect=403).code == "purpose_required"
    assert overseer.get(path, purpose="triage", case=case, expect=403).code == "purpose_required"
    assert overseer.get(path, purpose="curiosity", case=case, expect=403).code == "purpose_required"
    assert overseer.get(path, purpose="audit", expect=403).code == "case_required"
    assert overseer.get(path, purpose="audit", case=uuid4(), expect=403).code == "case_required"
    assert overseer.get(path, purpose="audit", case="17", expect=403).code == "case_required"
    assert "Two cars" in overseer.get(path, purpose="audit", case=case)["facts"]


def test_the_case_of_another_opens_nothing(world):
    observation = report(world)
    theirs = open_case(world, DPO, "review")["id"]
    answer = world.client(OVERSEER).get(
        f"/observations/{observation}", purpose="audit", case=theirs, expect=403
    )
    assert answer.code == "case_required"


def test_a_case_closes_itself_after_fourteen_days(world):
    observation, case = report(world), open_case(world)["id"]
    overseer, path = world.client(OVERSEER), f"/observations/{observation}"
    world.clock.advance(timedelta(days=14) - timedelta(seconds=1))
    overseer.get(path, purpose="audit", case=case)
    world.clock.advance(timedelta(seconds=1))
    assert overseer.get(path, purpose="audit", case=case, expect=403).code == "case_required"
    assert [one["state"] for one in overseer.get("/cases").items] == ["closed"]


def test_purpose_and_case_are_in_the_leaf_of_the_reading(world):
    observation, case = report(world), open_case(world)["id"]
    world.client(OVERSEER).get(f"/observations/{observation}", purpose="audit", case=case)
    with world.uow() as tx:
        leaves = tx.all(select(AuditEvent).where(AuditEvent.action == "consult"))
    assert any(
        f'"case":"{case}"' in leaf.envelope and '"purpose":"audit"' in leaf.envelope for leaf in leaves
    )


def test_a_purpose_that_is_none_is_not_written_into_the_trail(world):
    observation = report(world)
    headers = {"X-Purpose": "<script>", "X-Case": "nonsense"}
    world.client("supervisor.lin-a").call("GET", f"/observations/{observation}", headers=headers)
    with world.uow() as tx:
        assert not [leaf for leaf in tx.all(select(AuditEvent)) if "script" in leaf.envelope]


def test_the_list_holds_the_own_cases_without_their_reasons(world):
    open_case(world, DPO, "review")
    mine = [open_case(world, reference=str(number))["id"] for number in range(3)]
    listed = world.client(OVERSEER).get("/cases").items
    assert {one["id"] for one in listed} == set(mine)
    assert set(listed[0]) == {"id", "kind", "reference", "opened_at", "closes_at", "state"}
    assert world.client(OVERSEER).get("/cases", query={"state": "closed"}).items == []


def test_the_same_case_twice_is_one(world):
    told = {"id": str(uuid4()), "kind": "audit", "reason": REASON}
    first = world.client(OVERSEER).post("/cases", told)
    again = world.client(OVERSEER).post("/cases", told)
    assert (first.status, again.status) == (201, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.body == first.body
    assert len(world.client(OVERSEER).get("/cases").items) == 1


def test_reason_and_reference_are_nowhere_in_clear(world):
    open_case(world, reference="File Herons")
    with world.uow.database.engine.connect() as connection:
        for table in ("access_purpose_case", "audit_event", "core_command"):
            rows = str([tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))])  # noqa: S608
            assert "Yearly" not in rows
            assert "Herons" not in rows


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"kind": "audit"}, "/reason"),
        ({"kind": "audit", "reason": " "}, "/reason"),
        ({"kind": "audit", "reason": "x" * 4001}, "/reason"),
        ({"kind": "curiosity", "reason": "x"}, "/kind"),
        ({"reason": "x"}, "/kind"),
        ({"kind": "audit", "reason": "x", "reference": "x" * 101}, "/reference"),
        ({"kind": "audit", "reason": "x", "closes_at": "2099-01-01T00:00:00Z"}, "/closes_at"),
        ({"kind": "audit", "reason": "x", "id": "17"}, "/id"),
    ],
)
def test_what_cannot_be_meant_is_named(shared_world, values, pointer):
    answer = shared_world.client(OVERSEER).post("/cases", values, expect=422)
    assert pointer in {error["pointer"] for error in answer["errors"]}
