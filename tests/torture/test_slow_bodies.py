"""Bodies that never end hold up nobody: officers report as if they were not there, on both databases."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from community_api.core.places.terms import BODY_SECONDS
from tests.support.databases import Addresses
from tests.support.servers import Server, free_port, settings_of
from tests.support.slow_clients import FORMS, PATIENCE_SECONDS, Crowd, slow_bodies, statuses, waiting_bodies
from tests.torture.writers import an_observation

CONNECTIONS = 64
OFFICERS = ("officer1.lin-a", "officer1.lin-b", "officer1.bru-a")
SHORT_REPORTS = 8
LONG_REPORTS = int(os.environ.get("COMMUNITY_TEST_TORTURE_REPORTS", "1500"))
# A process keeps so many places for the unfinished bodies of one caller.
PLACES = 32
numbers = pytest.mark.parametrize(
    "reports", [SHORT_REPORTS, pytest.param(LONG_REPORTS, marks=pytest.mark.torture)]
)


@pytest.fixture(scope="module")
def server(shared_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("slow")
    running = Server(folder, settings_of(shared_addresses, folder, free_port()))
    try:
        running.start()
        running.wait_until_ready()
        yield running
    finally:
        running.close()


def token_of(server: Server, username: str) -> str:
    with server.signed_in(username) as client:
        return str(client.headers["Authorization"]).removeprefix("Bearer ")


def report(server: Server, token: str, number: int) -> list[tuple[int, float]]:
    """So many reports, one after the other: the status of each, and its seconds."""
    answers = []
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=PATIENCE_SECONDS) as client:
        for _ in range(number):
            began = time.monotonic()
            answer = client.post("/observations", json=an_observation(datetime.now(UTC)))
            answers.append((answer.status_code, time.monotonic() - began))
    return answers


def all_report(server: Server, tokens: list[str], number: int) -> list[float]:
    """The seconds of all reports; fails unless each was taken."""
    with ThreadPoolExecutor(len(tokens)) as pool:
        found = [one for answers in pool.map(lambda t: report(server, t, number), tokens) for one in answers]
    assert {status for status, _ in found} == {201}
    return sorted(seconds for _, seconds in found)


@numbers
@pytest.mark.parametrize("form", FORMS)
def test_officers_report_while_64_bodies_do_not_end(server, form, reports):
    tokens = [token_of(server, name) for name in OFFICERS]
    with Crowd(server, form, CONNECTIONS) as crowd:
        crowd.wait_for(PLACES)
        seconds = all_report(server, tokens, reports)
        # Each process keeps 32 for one address; whoever came later was refused and did not wait, and who
        # waited for too long was refused as well.
        crowd.wait_for(PLACES)
    assert crowd.heard <= {408, 503}
    print(f"{form}: p99 of {len(seconds)} reports {seconds[int(len(seconds) * 0.99)]:.3f} s")  # noqa: T201


@pytest.mark.torture
@pytest.mark.parametrize("form", FORMS)
def test_a_body_that_does_not_end_loses_its_place(server, form):
    with waiting_bodies(server, form, [None] * (PLACES // 2), PLACES // 2) as lines:
        heard = statuses(lines, refused=PLACES // 2, seconds=3 * BODY_SECONDS)
    assert heard == [408] * (PLACES // 2)


def test_an_account_that_sends_slowly_holds_up_neither_itself_nor_others(server):
    mine, other = (token_of(server, name) for name in OFFICERS[:2])
    for form in FORMS:
        with waiting_bodies(server, form, [mine] * (PLACES // 2), PLACES // 2) as lines:
            all_report(server, [mine, other], SHORT_REPORTS)
            assert statuses(lines, refused=0) == [None] * (PLACES // 2)


def test_whoever_leaves_in_the_middle_of_a_body_frees_the_place(server):
    """So many in turn that all places were gone if one of them was kept."""
    token = token_of(server, OFFICERS[0])
    for _ in range(5):
        for form in FORMS:
            with slow_bodies(server, form, [None] * PLACES):
                assert report(server, token, 1)[0][0] == 201
    with waiting_bodies(server, FORMS[0], [None] * (PLACES // 2), PLACES // 2) as lines:
        assert report(server, token, 1)[0][0] == 201
        assert statuses(lines, refused=0) == [None] * (PLACES // 2)
    assert "Traceback" not in server.output()
    assert '"level":"error"' not in server.output()
