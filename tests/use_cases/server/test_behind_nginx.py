"""The shipped nginx file, before the running product, by a real nginx where one is installed."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tests.proxies import in_front_of, nginx, signed_in
from tests.support.databases import Addresses
from tests.support.servers import PASSWORD, Server, connect, free_port, settings_of
from tests.support.slow_clients import FORMS, PATIENCE_SECONDS, head
from tests.torture.writers import an_observation

OFFICER = "officer1.lin-a"
# More than the product itself would let one address hold.
CONNECTIONS = 100
REQUIRED = "COMMUNITY_TEST_REQUIRE_NGINX"

pytestmark = pytest.mark.skipif(
    nginx() is None and REQUIRED not in os.environ, reason="no nginx here: apt-get install nginx"
)


@pytest.fixture(scope="module")
def server(shared_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("behind")
    settings = settings_of(shared_addresses, folder, free_port(), COMMUNITY_PROXIES="127.0.0.1")
    running = Server(folder, settings)
    try:
        running.start()
        running.wait_until_ready()
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def proxy(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with in_front_of(server, tmp_path_factory.mktemp("nginx"), body_seconds=2) as port:
        yield port


@pytest.fixture(scope="module")
def officer(proxy: int) -> Iterator[httpx.Client]:
    with signed_in(proxy, OFFICER, PASSWORD) as client:
        yield client


def report(officer: httpx.Client) -> httpx.Response:
    return officer.post("/observations", json=an_observation(datetime.now(UTC)))


def test_a_tag_that_compression_made_weak_is_taken_for_ours(officer: httpx.Client) -> None:
    shown = officer.get("/me")
    assert shown.headers["Content-Encoding"] == "gzip"
    assert shown.headers["ETag"].startswith('W/"')
    body = {"language": "de"}
    assert officer.patch("/me", json=body).status_code == 428
    assert officer.patch("/me", json=body, headers={"If-Match": 'W/"0.x"'}).status_code == 412
    changed = officer.patch("/me", json=body, headers={"If-Match": shown.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["language"] == "de"
    again = officer.get("/me", headers={"If-None-Match": officer.get("/me").headers["ETag"]})
    assert again.status_code == 304


def test_links_stay_below_the_prefix(proxy: int, officer: httpx.Client) -> None:
    made = [report(officer) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    origin = f"http://127.0.0.1:{proxy}"
    token = {"Authorization": officer.headers["Authorization"]}
    first = officer.get("/observations?limit=1")
    link = first.links["next"]["url"]
    assert link.startswith("/community/api/v1/observations?")
    second = httpx.get(origin + link, headers=token, trust_env=False)
    assert second.json()["items"][0]["id"] != first.json()["items"][0]["id"]


def test_a_problem_names_itself_below_the_prefix(proxy: int, officer: httpx.Client) -> None:
    refused = officer.get("/observations?x=1")
    assert refused.status_code == 422
    assert refused.json()["type"] == "/community/problems/validation_failed"
    page = httpx.get(f"http://127.0.0.1:{proxy}{refused.json()['type']}", trust_env=False)
    assert page.status_code == 200


def test_the_figures_of_operation_stay_closed(proxy: int) -> None:
    through = httpx.get(f"http://127.0.0.1:{proxy}/community/metrics", trust_env=False)
    assert through.status_code == 401


@pytest.mark.parametrize("form", FORMS)
def test_slow_bodies_wait_at_the_proxy_and_not_in_the_product(
    proxy: int, officer: httpx.Client, form: str
) -> None:
    """None of a hundred is turned away for want of a place: the product never hears of them."""
    lines = [connect(proxy) for _ in range(CONNECTIONS)]
    try:
        for line in lines:
            line.sendall(head(form, path="/community/api/v1/observations"))
        assert {report(officer).status_code for _ in range(8)} == {201}
        assert {status_of(line) for line in lines} <= {None, b"408"}
    finally:
        for line in lines:
            line.close()


def status_of(line: socket.socket) -> bytes | None:
    """The status that the proxy ended the connection with; None if it closed it without a word."""
    line.settimeout(PATIENCE_SECONDS)
    heard = line.recv(4096)
    return heard.split()[1] if heard else None


def test_a_line_that_ends_without_cr_arrives_with_one(proxy: int) -> None:
    """nginx takes it, as RFC 9112 section 2.2 allows, and writes the request that it passes on itself."""
    with connect(proxy) as line:
        line.sendall(b"GET /community/health/live HTTP/1.1\nHost: localhost\nConnection: close\n\n")
        assert status_of(line) == b"200"
