"""The authority stops an indicator or a procedure: everybody hears of it at the next request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import text

from community_api.clients.demo_tour import words
from tests.api.matrix.things import HERE, _step, confirmed, flag, observe
from tests.support.app import Answer, World

INDICATOR = "/indicators/acquiring_materials/suspension"
PROCEDURE = "/procedures/osce-baseline/suspension"
REASON = {"reason": "Complaints show that gardeners are flagged"}
OFFICER = "officer1.lin-a"


def suspend(world: World, path: str, *, expect: int = 201, by: str = "overseer.oversight") -> Answer:
    return world.client(by).post(path, REASON, expect=expect)


def try_flag(world: World, code: str = "acquiring_materials", *, by: str = OFFICER) -> Answer:
    client, report = world.client(by), observe(world, by)
    body = {
        "kind": "verlt",
        "indicator_list_version": client.get("/indicators")["version"],
        "grounds": [{"indicator": code, "fact": "Eight sacks of nitrate, garage 14, paid in cash"}],
        **words.FLAG,
    }
    return client.call("POST", f"/observations/{report}/flags", body=body)


def try_step(world: World, referral: str) -> Answer:
    client, path = world.client("analyst1.lin"), f"/referrals/{referral}"
    factors = [{"code": "status", "not_known": True}]
    fields = {**words.ANSWERS["assess"], "factors": factors}
    version = client.get(path, purpose="assessment")
    return client.call("POST", f"{path}/steps", body={"action": "assess", "fields": fields}, if_match=version)


def test_a_suspended_indicator_carries_no_new_flag_until_it_is_lifted(world):
    assert try_flag(world).status == 201
    shown = suspend(world, INDICATOR)
    assert (shown["subject"], shown["name"], shown["lifted_at"]) == ("indicator", "acquiring_materials", None)
    assert try_flag(world).code == "suspended_by_oversight"
    # The report is kept, and other behaviour may still be flagged.
    assert try_flag(world, _other(world)).status == 201
    world.client("overseer.oversight").delete(INDICATOR, expect=204)
    world.client("overseer.oversight").delete(INDICATOR, expect=204)
    assert try_flag(world).status == 201


def _other(world: World) -> str:
    listed = world.client(OFFICER).get("/indicators")["indicators"]
    return str(next(one["code"] for one in listed if one["code"] != "acquiring_materials"))


def test_a_flag_that_names_a_suspended_indicator_is_not_confirmed_and_may_be_refused(world):
    waiting = flag(world, OFFICER, observe(world, OFFICER))
    codes = [one["indicator"] for one in world.client(OFFICER).get(f"/flags/{waiting}")["grounds"]]
    suspend(world, f"/indicators/{codes[0]}/suspension")
    path, second = f"/flags/{waiting}/decision", world.client("supervisor.lin-b")
    # Said before anything of the decision's content is judged.
    for stands in ("yes", "no"):
        said = {**words.CONFIRMATION, "stands_without_protected_ground": stands}
        assert second.post(path, said, expect=409).code == "suspended_by_oversight"
    second.post(path, {**words.CONFIRMATION, "decision": "refused"})


def test_a_suspended_procedure_takes_no_flag_and_no_step(world):
    referral = confirmed(world, HERE, observe(world, OFFICER))
    waiting = flag(world, OFFICER, observe(world, OFFICER))
    suspend(world, PROCEDURE)
    assert try_flag(world).code == "suspended_by_oversight"
    assert try_step(world, referral).code == "suspended_by_oversight"
    assert world.client("analyst1.lin").get(f"/referrals/{referral}/actions").items == []
    second = world.client("supervisor.lin-b")
    refused = second.post(f"/flags/{waiting}/decision", words.CONFIRMATION, expect=409)
    assert refused.code == "suspended_by_oversight"
    # Community work goes on, and what is owed is still answered.
    observe(world, OFFICER)
    supervisor = world.client("supervisor.lin-a")
    owed = supervisor.get("/feedback/obligations", query={"state": "open"}).items
    for one in owed[:1]:
        supervisor.post("/feedback", {"obligation_id": one["id"], **words.FEEDBACK["flag"]})
    world.client("overseer.oversight").delete(PROCEDURE, expect=204)
    factors = [{"code": "harmful_objectives", "evidence": "The words at the loading, heard by two people."}]
    _step(world, "analyst1.lin", referral, "assess", factors=factors)


def test_another_process_hears_of_it_at_its_next_request(world):
    other = world.beside()
    assert try_flag(other).status == 201
    suspend(world, INDICATOR)
    assert try_flag(other).code == "suspended_by_oversight"
    world.client("overseer.oversight").delete(INDICATOR, expect=204)
    assert try_flag(other).status == 201
    other.close()


def test_what_is_suspended_is_shown_to_everybody(world):
    suspend(world, INDICATOR)
    suspend(world, PROCEDURE)
    listed = world.client(OFFICER).get("/indicators")["indicators"]
    assert {one["code"]: one["suspended"] for one in listed}["acquiring_materials"] is True
    assert sum(one["suspended"] for one in listed) == 1
    stopped = {one["name"] for one in world.client(OFFICER).get("/procedures").items if one["suspended"]}
    assert stopped == {PROCEDURE.split("/")[2]}
    public = world.anybody().get("/public/transparency")
    assert [one["code"] for one in public["indicator_list"]["indicators"] if one["suspended"]] == [
        "acquiring_materials"
    ]
    assert [one["suspended"] for one in public["procedures"]] == [True]


def test_the_tag_of_the_list_changes_with_it(world):
    officer = world.client(OFFICER)
    before = officer.get("/indicators")
    suspend(world, INDICATOR)
    assert officer.get("/indicators").etag != before.etag


@pytest.mark.parametrize("who", ["dpo.nor", "manager.nor", "admin1.nor", "officer1.lin-a", "commander.nor"])
@pytest.mark.parametrize("path", [INDICATOR, PROCEDURE])
def test_nobody_else_suspends_or_lifts(shared_world, who, path):
    assert suspend(shared_world, path, by=who, expect=403).code == "role_not_allowed"
    assert shared_world.client(who).delete(path, expect=403).code == "role_not_allowed"


@pytest.mark.parametrize("path", ["/indicators/wearing_a_hat/suspension", "/procedures/none/suspension"])
def test_what_is_not_there_is_not_suspended(shared_world, path):
    suspend(shared_world, path, expect=404)
    shared_world.client("overseer.oversight").delete(path, expect=404)


def test_what_is_suspended_is_not_suspended_again(world):
    suspend(world, INDICATOR)
    assert suspend(world, INDICATOR, expect=409).code == "already_suspended"


def test_sent_again_it_is_shown_as_it_is_now(world):
    body = {"id": str(uuid4()), **REASON}
    overseer = world.client("overseer.oversight")
    overseer.post(INDICATOR, body)
    overseer.delete(INDICATOR, expect=204)
    again = overseer.post(INDICATOR, body, expect=200)
    assert again["lifted_at"] is not None
    assert try_flag(world).status == 201


def test_of_many_who_suspend_at_once_one_does(world):
    token = world.client("overseer.oversight").token()

    def attempt(_number: int) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        answer = world.app.test_client().post(f"/api/v1{INDICATOR}", json=REASON, headers=headers)
        return int(answer.status_code)

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(attempt, range(6)))
    assert statuses == [201, 409, 409, 409, 409, 409]


def test_the_reason_is_nowhere_in_clear_and_the_act_is_in_the_log(world):
    suspended = suspend(world, INDICATOR)
    with world.uow.database.engine.connect() as connection:
        for table in ("intel_suspension", "audit_event"):
            assert "gardeners" not in str(connection.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608
    world.client("overseer.oversight").delete(INDICATOR, expect=204)
    events = world.client("overseer.oversight").get("/audit/events", query={"object": suspended["id"]}).items
    assert [one["action"] for one in events] == ["config", "config"]
