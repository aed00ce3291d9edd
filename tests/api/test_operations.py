"""What an administrator sees of the running product, and health and metrics for the machines around it."""

import uuid
from datetime import timedelta

import pytest

from community_api.core.monitoring import metrics
from community_api.outbox import service as outbox
from community_api.outbox.terms import ATTEMPTS

ADMIN = "admin1.nor"
LETTERS = "/operations/dead-letters"


@pytest.fixture
def dead_letter(world):
    """Something of a kind that nobody can do, given up after hours of trying."""
    with world.uow() as tx:
        item = outbox.schedule(tx, "unheard_of", uuid.uuid4(), tx.now)
    for _ in range(ATTEMPTS):
        world.later(hours=1)
    return item


def test_the_administrator_sees_how_much_there_is_to_do(world, dead_letter):
    with world.uow() as tx:
        outbox.schedule(tx, "unheard_of", uuid.uuid4(), tx.now + timedelta(hours=1))
    told = world.client(ADMIN).get("/operations").body
    assert (told["outbox_unfinished"], told["outbox_due"], told["dead_letters"]) == (1, 0, 1)
    assert told["worker"] in {"ok", "absent"}


def test_a_dead_letter_is_listed_with_codes_and_opaque_ids_only(world, dead_letter):
    (item,) = world.client(ADMIN).get(LETTERS).items
    assert item["id"] == str(dead_letter.id)
    assert (item["kind"], item["state"], item["last_error"]) == ("unheard_of", "dead", "no_handler")
    assert set(item) == {"id", "kind", "subject", "state", "due_at", "attempts", "last_error", "dead_at"}


def test_a_retry_gives_it_all_its_chances_again(world, dead_letter):
    told = world.client(ADMIN).post(f"{LETTERS}/{dead_letter.id}/retry", {}, expect=201)
    assert (told["state"], told["attempts"], told["dead_at"]) == ("waiting", 0, None)
    assert told["audit_receipt"]["event_id"]
    assert world.work() == 1, "the worker takes it up"
    assert world.client(ADMIN).get(LETTERS).items == []


def test_a_retry_that_is_sent_twice_happens_once(world, dead_letter):
    command = {"id": str(uuid.uuid4())}
    first = world.client(ADMIN).post(f"{LETTERS}/{dead_letter.id}/retry", command, expect=201)
    again = world.client(ADMIN).post(f"{LETTERS}/{dead_letter.id}/retry", command, expect=200)
    assert again["audit_receipt"] == first["audit_receipt"]


def test_what_is_not_given_up_cannot_be_retried(world, dead_letter):
    world.client(ADMIN).post(f"{LETTERS}/{dead_letter.id}/retry", {})
    refused = world.client("admin2.nor").post(f"{LETTERS}/{dead_letter.id}/retry", {}, expect=409)
    assert refused.code == "conflict"


def test_an_unknown_item_is_not_found(world):
    world.client(ADMIN).post(f"{LETTERS}/{uuid.uuid4()}/retry", {}, expect=404)


@pytest.mark.parametrize(
    "username", ["officer1.lin-a", "overseer.oversight", "manager.nor", "partner.school"]
)
def test_others_do_not_see_it(shared_world, username):
    for path in ("/operations", LETTERS):
        assert shared_world.client(username).get(path, expect=403).code == "role_not_allowed"


# --- health and metrics ----------------------------------------------------------------------------


def at_root(world, path, **headers):
    return world.http.get(path, headers=headers)


def test_a_live_process_says_so(shared_world):
    answer = at_root(shared_world, "/health/live")
    assert (answer.status_code, answer.json) == (200, {"status": "live"})


def test_a_ready_process_says_what_it_looked_at(world):
    answer = at_root(world, "/health/ready")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "checks": {"database": "ok", "schema": "ok", "worker": "absent"},
    }


class DeadThread:
    def state(self) -> str:
        return "dead"


def test_a_dead_worker_inside_makes_the_process_unready(world):
    world.app.extensions["worker_thread"] = DeadThread()
    answer = at_root(world, "/health/ready")
    assert (answer.status_code, answer.json["status"]) == (503, "not_ready")
    assert answer.json["checks"]["worker"] == "dead"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_schema_of_another_version_makes_the_process_unready(world):
    with world.uow.database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = at_root(world, "/health/ready")
    assert (answer.status_code, answer.json["checks"]["schema"]) == (503, "not_at_head")


def test_metrics_count_answers_by_endpoint_and_class(world):
    world.client("officer1.lin-a").get("/me")
    told = at_root(world, "/metrics").text
    counted = [
        line for line in told.splitlines() if line.startswith("community_requests_total") and "/" in line
    ]
    assert counted == [], "endpoints, never paths"
    assert 'method="GET",status="2xx"' in told
    for name in (
        "outbox_unfinished",
        "outbox_due",
        "outbox_lag_seconds",
        "outbox_dead_letters",
        "database_up",
    ):
        assert f"\ncommunity_{name} " in told, name


def test_metrics_count_broken_seals_and_junk(world):
    before = at_root(world, "/metrics").text
    world.anybody().get("/me", expect=401)
    metrics.seal_broken()
    after = at_root(world, "/metrics").text
    for name in ("community_junk_requests_total", "community_broken_seals_total"):
        assert value(after, name) == value(before, name) + 1


def value(text: str, name: str) -> float:
    return float(next(line for line in text.splitlines() if line.startswith(f"{name} ")).split()[-1])


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"])
def test_metrics_are_not_for_whom_a_proxy_passes_on(shared_world, header):
    assert at_root(shared_world, "/metrics", **{header: "203.0.113.9"}).status_code == 401


def test_metrics_are_not_for_another_machine(shared_world):
    answer = shared_world.http.get("/metrics", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
