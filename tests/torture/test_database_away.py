"""A database that is away, busy or worn out: 503 with Retry-After, nothing half-written, and on again."""

import sqlite3
import threading
import time

import pytest
from sqlalchemy import event

from tests.support.app import make_world
from tests.support.databases import durable
from tests.support.factories import START, seed_demo
from tests.torture.consistency import Books
from tests.torture.writers import History, an_observation

OFFICER = "officer1.lin-a"


def report(world, history):
    body = an_observation(START)
    history.sent.add(body["id"])
    answer = world.client(OFFICER).call("POST", "/observations", body=body)
    if answer.status == 201:
        history.observations[body["id"]] = answer.body
    return body, answer


def assert_away(answer, code="database_unavailable"):
    assert (answer.status, answer.code) == (503, code)
    assert int(answer.headers["Retry-After"]) > 0


@pytest.fixture
def postgresql(tmp_path, dialect):
    with durable(dialect) as database:
        seed_demo(database.addresses)
        world = make_world(database.addresses, tmp_path)
        world.client(OFFICER).token()
        yield world, database.cluster
        world.close()


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_while_the_server_is_down_every_request_says_so_and_afterwards_it_works_again(postgresql):
    world, cluster = postgresql
    history = History()
    report(world, history)
    cluster.stop()
    refused, answer = report(world, history)
    assert_away(answer)
    assert_away(world.client(OFFICER).call("GET", "/observations"))
    ready = world.http.get("/health/ready")
    assert (ready.status_code, ready.json["checks"]["database"]) == (503, "unavailable")
    assert world.http.get("/health/live").status_code == 200
    assert "community_database_up 0.0" in world.http.get("/metrics").text
    cluster.start()
    again = world.client(OFFICER).post("/observations", refused, expect=201)
    history.observations[refused["id"]] = again.body
    assert world.http.get("/health/ready").status_code == 200
    assert Books(world.settings.database_url).errors(history) == []


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_connections_that_a_restart_cut_off_are_replaced(postgresql):
    """Nobody asked while the server was down: the first request finds a dead connection."""
    world, cluster = postgresql
    history = History()
    report(world, history)
    cluster.crash()
    for _ in range(3):
        refused, answer = report(world, history)
        if answer.status == 503:
            assert_away(answer)
            answer = world.client(OFFICER).post("/observations", refused, expect=201)
            history.observations[refused["id"]] = answer.body
    assert report(world, history)[1].status == 201
    assert Books(world.settings.database_url).errors(history) == []


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_the_worker_waits_for_the_database_and_goes_on(postgresql):
    world, cluster = postgresql
    stop = threading.Event()
    thread = threading.Thread(target=world.worker.run, args=(stop.wait,))
    thread.start()
    cluster.stop()
    time.sleep(1)
    assert thread.is_alive()
    cluster.start()
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
    assert world.work() == 0


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_file_that_another_program_keeps_locked(world):
    engine = world.uow.database.engine

    @event.listens_for(engine, "checkout")
    def be_impatient(connection, _record, _proxy):
        connection.execute("PRAGMA busy_timeout = 100")

    world.client(OFFICER).token()
    history = History()
    path = world.settings.database_url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused, answer = report(world, history)
    assert_away(answer)
    other.execute("ROLLBACK")
    other.close()
    again = world.client(OFFICER).post("/observations", refused, expect=201)
    history.observations[refused["id"]] = again.body
    assert Books(world.settings.database_url).errors(history) == []


def test_a_pool_without_a_free_connection(world):
    engine = world.uow.database.engine
    world.client(OFFICER).token()
    engine.pool._timeout = 0.1
    taken = []
    try:
        while len(taken) < engine.pool.size() + engine.pool._max_overflow:
            taken.append(engine.connect())
        history = History()
        refused, answer = report(world, history)
        assert_away(answer, "service_unavailable")
    finally:
        for connection in taken:
            connection.close()
    again = world.client(OFFICER).post("/observations", refused, expect=201)
    history.observations[refused["id"]] = again.body
    assert Books(world.settings.database_url).errors(history) == []
