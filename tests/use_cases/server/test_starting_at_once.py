"""Starts that meet: two at the same moment, on nothing yet; and production, which makes nothing by itself."""

import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Addresses
from tests.support.servers import START_SECONDS, Server, free_port, settings_of

on_postgresql = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)


@pytest.fixture
def pair(empty_addresses: Addresses, tmp_path: Path) -> Iterator[list[Server]]:
    """Two servers of one checkout on one empty database, told the same port."""
    port = free_port()
    servers = [Server(tmp_path, settings_of(empty_addresses, tmp_path, port)) for _ in range(2)]
    for number, server in enumerate(servers):
        server.log = tmp_path / f"server{number}.log"
    yield servers
    for server in servers:
        server.close()


def test_of_two_starts_at_once_one_serves_and_the_other_says_so(pair):
    for server in pair:
        server.start()
    deadline = time.monotonic() + START_SECONDS
    while not (ended := [server for server in pair if server.process.poll() is not None]):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    (loser,) = ended
    (winner,) = set(pair) - {loser}
    winner.wait_until_ready()
    assert loser.process.returncode == 3
    assert "is at work and holds" in loser.output()
    with winner.signed_in("officer1.lin-a") as officer:
        assert officer.get("/me").status_code == 200
    assert_for_its_owner_alone(winner.folder)


def assert_for_its_owner_alone(folder):
    made = [path for kind in ("*.lock", "*.key") for path in folder.rglob(kind)]
    assert made
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in made} == {"0o600"}


@on_postgresql
def test_two_servers_on_two_ports_start_on_one_empty_database(pair):
    """They migrate and load the demo in turn, whoever comes first."""
    pair[1].environ = {**pair[1].environ, "PORT": str(free_port())}
    pair[1].url = f"http://127.0.0.1:{pair[1].environ['PORT']}"
    for server in pair:
        server.start()
    for server in pair:
        server.wait_until_ready()
        with server.signed_in("officer1.lin-a") as officer:
            assert officer.get("/me").status_code == 200


@pytest.fixture
def production(addresses: Addresses, tmp_path: Path) -> Iterator[Server]:
    """A migrated database and keys, as an operator has made them; no demo."""
    server = Server(tmp_path, settings_of(addresses, tmp_path, free_port(), COMMUNITY_MODE="production"))
    server.environ = {name: value for name, value in server.environ.items() if "DEMO" not in name}
    try:
        assert server.run("keys", "make").returncode == 0
        yield server
    finally:
        server.close()


def test_production_starts_without_a_demo(production):
    production.start()
    production.wait_until_ready()
    said = production.output()
    assert production.url in said
    for word in ("Password", "officer1", "make walk"):
        assert word not in said
    assert not (production.folder / "var" / "demo-password").exists()


@on_postgresql
def test_production_as_its_own_role_needs_the_schema_but_not_the_owner(production):
    """The owner's address stays with whoever migrates; the server does without."""
    without = {name: value for name, value in production.environ.items() if "MIGRATION" not in name}
    production.environ = without
    production.start()
    production.wait_until_ready()
