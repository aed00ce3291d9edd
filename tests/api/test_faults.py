"""Databases that really fail: away, busy, full, deadlocked. An answer says so, and nothing is half done."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy import create_engine, event, exc, func, select, text
from sqlalchemy.engine import make_url

from community_api.audit.models import AuditEvent
from community_api.community.observations.models import Observation
from community_api.core.database.tables import CommandRecord
from community_api.core.http.views import BASE
from tests.api.forced_errors import CANARY, REPORTS, check, report, send
from tests.support.app import World, make_world
from tests.support.databases import Databases
from tests.support.factories import seed_demo


@dataclass(frozen=True)
class Owned:
    """A world, and the address of its database for whoever may change the schema."""

    world: World
    owner_url: str


@pytest.fixture(scope="module")
def owned(databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    with databases.fresh(dialect, seed=seed_demo) as addresses:
        made = make_world(addresses, tmp_path_factory.mktemp("owned"))
        yield Owned(made, addresses.migration_url)
        made.close()


READS = ("/observations", "/me", "/flags", "/duties", "/indicators", "/code-lists/categories")


@pytest.fixture
def away(shared_world: World, tmp_path: Any) -> Iterator[World]:
    """The same product with the same keys, but its database is nowhere to be found."""
    url = make_url(shared_world.settings.database_url)
    if url.drivername == "sqlite":
        gone = url.set(database=str(tmp_path / "nowhere" / "gone.sqlite3"))
    else:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            gone = url.set(host="127.0.0.1", port=probe.getsockname()[1], query={})
    settings = replace(shared_world.settings, database_url=gone.render_as_string(hide_password=False))
    made = shared_world.beside(settings)
    yield made
    made.close()


def with_token(world: World, seeded: World, method: str, path: str, **values: Any) -> Any:
    """Sent to ``world`` with a token that ``seeded`` gave."""
    headers = {"Authorization": f"Bearer {seeded.client('officer1.lin-a').token()}"}
    return send(world, method, path, who=None, headers=headers, **values)


def test_a_database_that_is_away(shared_world: World, away: World) -> None:
    for path in READS:
        answer = with_token(away, shared_world, "GET", BASE + path)
        check(away, answer, 503, "database_unavailable", language="en")
    told = report(facts=CANARY)
    check(away, with_token(away, shared_world, "POST", REPORTS, json=told), 503, "database_unavailable")
    login = {"username": CANARY, "password": CANARY}
    answer = send(away, "POST", f"{BASE}/auth/login", who=None, json=login)
    check(away, answer, 503, "database_unavailable")
    check(away, send(away, "GET", REPORTS, who=None), 401, "token_missing")
    check(away, with_token(away, shared_world, "GET", "/nowhere"), 404, "not_found")
    assert send(away, "GET", "/health/live", who=None).status_code == 200
    assert send(away, "GET", "/health/ready", who=None).status_code == 503
    assert send(away, "GET", "/metrics", who=None).status_code == 200
    # It is back: the same report, under the same id, is new.
    assert send(shared_world, "POST", REPORTS, json=told).status_code == 201


UNWRITTEN = [
    (exc.OperationalError(CANARY, {}, psycopg.OperationalError(CANARY)), 503, "database_unavailable"),
    (exc.OperationalError(CANARY, {}, pg.DiskFull(CANARY)), 503, "storage_full"),
    (ConnectionError(CANARY), 500, "internal_error"),
]


@pytest.mark.parametrize(("error", "status", "code"), UNWRITTEN)
def test_no_denial_is_told_without_its_leaf(
    shared_world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    def fail(_work: Any) -> None:
        raise error

    path = f"{BASE}/referrals"
    check(shared_world, send(shared_world, "GET", path), 403, "role_not_allowed")
    with monkeypatch.context() as patched:
        patched.setattr(shared_world.uow, "commit", fail)
        check(shared_world, send(shared_world, "GET", path), status, code)


def test_every_connection_is_in_use(shared_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = shared_world.uow.database.engine
    token = shared_world.client("officer1.lin-a").token()
    # None lies ready outside the pool.
    shared_world.uow.database.close()
    monkeypatch.setattr(engine.pool, "_timeout", 0.05)
    with ExitStack() as taken:
        for _ in range(engine.pool.size() + engine.pool._max_overflow):  # type: ignore[attr-defined]
            taken.enter_context(engine.connect())
        headers = {"Authorization": f"Bearer {token}"}
        for method, path in (("GET", REPORTS), ("POST", REPORTS), ("GET", f"{BASE}/me")):
            told = {"json": report(facts=CANARY)} if method == "POST" else {}
            answer = send(shared_world, method, path, who=None, headers=headers, **told)
            check(shared_world, answer, 503, "service_unavailable")
    assert send(shared_world, "GET", REPORTS).status_code == 200


# --- a full disk ---------------------------------------------------------------------------------


@contextmanager
def no_room(world: World) -> Iterator[None]:
    """The database file may not grow by a page."""
    database = world.uow.database

    def stop_growing(connection: Any, *_: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    # The limit is one of the connection: all that there are make room for limited ones, and those for others.
    event.listen(database.engine, "connect", stop_growing)
    database.close()
    try:
        yield
    finally:
        event.remove(database.engine, "connect", stop_growing)
        database.close()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_full_disk(world: World) -> None:
    told = report(facts="x" * 4000)
    before = rows(world)
    with no_room(world):
        answers = [
            send(world, "POST", REPORTS, json=told if number == 0 else report(facts="x" * 4000))
            for number in range(30)
        ]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert refused, "thirty long reports need more room than is left in a file"
    for answer in refused:
        check(world, answer, 503, "storage_full")
    kept = len(answers) - len(refused)
    assert rows(world) == [count + kept for count in before], "all of a report, or nothing of it"
    assert send(world, "POST", REPORTS, json=told).status_code in {200, 201}


# --- what PostgreSQL says of itself ----------------------------------------------------------------


@contextmanager
def raising(url: str, state: str) -> Iterator[None]:
    """Whoever writes a report hears this from PostgreSQL, as if it were so."""
    owner = create_engine(url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(FAULT.format(state=state)))
        try:
            yield
        finally:
            connection.execute(text("DROP TRIGGER fault ON community_observation"))
            connection.execute(text("DROP FUNCTION fault()"))
    owner.dispose()


FAULT = """
CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'canary-7f3a' USING ERRCODE = '{state}', DETAIL = 'canary-7f3a'; END $$;
CREATE TRIGGER fault BEFORE INSERT ON community_observation FOR EACH ROW EXECUTE FUNCTION fault();
"""
CUT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user
"""
SAID = [
    ("53100", 503, "storage_full"),
    ("53300", 503, "database_unavailable"),
    ("57014", 503, "database_unavailable"),
    ("55P03", 503, "database_unavailable"),
    ("40P01", 409, "conflict"),
    ("40001", 409, "conflict"),
    ("22003", 500, "internal_error"),
    ("XX001", 500, "internal_error"),
]


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("state", "status", "code"), SAID)
def test_what_postgresql_says_of_itself(owned: Owned, state: str, status: int, code: str) -> None:
    told, before = report(facts=CANARY), rows(owned.world)
    with raising(owned.owner_url, state):
        check(owned.world, send(owned.world, "POST", REPORTS, json=told), status, code)
    assert rows(owned.world) == before
    assert send(owned.world, "POST", REPORTS, json=told).status_code == 201


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_connections_that_the_server_cut_are_made_anew(owned: Owned) -> None:
    with ExitStack() as open_ones:
        first, *_ = [open_ones.enter_context(owned.world.uow.database.engine.connect()) for _ in range(3)]
        first.execute(text(CUT_OTHERS))
    answers = [send(owned.world, "GET", REPORTS) for _ in range(3)]
    for answer in answers:
        if answer.status_code != 200:
            check(owned.world, answer, 503, "database_unavailable")
    assert answers[-1].status_code == 200


def rows(world: World) -> list[int]:
    """How many reports, commands and leaves of it there are: one of each, or none."""
    with world.uow() as tx:
        return [
            tx.first(select(func.count()).select_from(Observation)),
            tx.first(select(func.count()).select_from(CommandRecord)),
            tx.first(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "collect")),
        ]
