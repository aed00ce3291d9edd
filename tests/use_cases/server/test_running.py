"""A product that runs: what it says, who else may work on its database, and its figures."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.servers import PASSWORD

on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def test_it_says_where_to_look_and_how_to_sign_in(server):
    said = server.output()
    assert f"{server.url}/api/v1" in said
    assert f"{server.url}/docs" in said
    assert "officer1.lin-a" in said
    assert "COMMUNITY_DEMO_PASSWORD" in said
    assert PASSWORD not in said, "a password that was told is not shown"
    assert said.count("Sign in as") == 1, "however many processes there are"


def test_the_demo_can_sign_in(server):
    with server.signed_in("officer1.lin-a") as officer:
        assert officer.get("/me").status_code == 200


def test_a_second_server_on_the_same_database_or_port_says_who_is_there(server):
    second = server.run("serve")
    assert second.returncode == 3
    assert f"`serve` (process {server.process.pid}) is at work" in second.stderr
    assert "Traceback" not in second.stderr


@on_sqlite
def test_another_worker_hears_that_the_server_works_already(server):
    other = server.run("worker")
    assert other.returncode == 0
    assert f"The server (process {server.process.pid}) already does this work" in other.stdout


@on_sqlite
@pytest.mark.parametrize("words", [("demo", "load"), ("downgrade", "base", "--yes")])
def test_what_would_disturb_the_server_says_who_is_there(server, words):
    refused = server.run(*words)
    assert refused.returncode == 3
    assert f"`serve` (process {server.process.pid}) is at work" in refused.stderr
    assert server.status("/health/ready") == 200


def test_migrating_beside_a_running_server_does_no_harm(server):
    done = server.run("migrate")
    assert (done.returncode, done.stderr) == (0, "")
    assert server.status("/health/ready") == 200


def test_the_worker_is_at_work(server):
    """On SQLite in the process that answers, on PostgreSQL beside it: then it says so after a moment."""
    deadline = time.monotonic() + 30
    while server.get("/health/ready").json()["checks"]["worker"] != "ok":
        assert time.monotonic() < deadline, server.output()
        time.sleep(0.1)


def test_metrics_are_those_of_all_processes(server):
    """Each request may meet another process; together they count every one."""

    def live(_number):
        return server.status("/health/live")

    before = counted(server.get("/metrics").text)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(live, range(60))) == {200}
    assert counted(server.get("/metrics").text) == before + 60


def counted(text: str) -> int:
    name = 'community_requests_total{endpoint="health.live",method="GET",status="2xx"}'
    return sum(int(float(line.split()[-1])) for line in text.splitlines() if line.startswith(name))
