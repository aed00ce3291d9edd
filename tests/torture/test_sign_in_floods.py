"""Floods of sign-ins with invented names, and phones that renew twice at once, against the real server."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.support.servers import PASSWORD, Server

pytestmark = pytest.mark.torture
OFFICER = "officer1.lin-a"
CONNECTIONS = 16
REPORTS = 200
ROUNDS = 1000


def client_of(server: Server) -> httpx.Client:
    return httpx.Client(base_url=f"{server.url}/api/v1", timeout=60, trust_env=False)


def signed_in(client: httpx.Client, device: str | None = None) -> dict[str, str]:
    body = {"username": OFFICER, "password": PASSWORD, **({"device": {"id": device}} if device else {})}
    answer = client.post("/auth/login", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_officers_are_served_and_sign_in_while_sixteen_connections_invent_names(server: Server) -> None:
    over = threading.Event()
    statuses: list[int] = []

    def invent() -> None:
        with client_of(server) as client:
            while not over.is_set():
                body = {"username": f"nobody{uuid4()}", "password": "guess"}
                answer = client.post("/auth/login", json=body)
                assert answer.status_code != 503 or answer.headers["Retry-After"]
                statuses.append(answer.status_code)

    with client_of(server) as officer, ThreadPoolExecutor(CONNECTIONS) as pool:
        first = signed_in(officer)
        device, token = first["device_id"], first["access_token"]
        crowd = [pool.submit(invent) for _ in range(CONNECTIONS)]
        try:
            for number in range(REPORTS):
                if number % 20 == 0:
                    token = signed_in(officer, device)["access_token"]
                assert officer.get("/me", headers=bearer(token)).status_code == 200
        finally:
            over.set()
        for one in crowd:
            one.result()
    assert set(statuses) <= {401, 503}
    assert statuses.count(503) > 0


def test_a_thousand_renewals_by_two_threads_with_lost_replies_end_nothing_and_then_theft_does(
    server: Server,
) -> None:
    chance = random.Random(17)
    with client_of(server) as client, ThreadPoolExecutor(2) as pool:
        mine = signed_in(client)

        def renew(token: str) -> httpx.Response:
            return client.post("/auth/refresh", headers=bearer(token), json={})

        for number in range(ROUNDS):
            both = list(pool.map(renew, [mine["refresh_token"]] * 2))
            assert [one.status_code for one in both] == [200, 200], f"round {number}"
            assert both[0].json()["refresh_token"] == both[1].json()["refresh_token"]
            if chance.random() < 0.1:
                # The reply got lost: the same token is sent again.
                continue
            mine = both[chance.randrange(2)].json()
            assert client.get("/me", headers=bearer(mine["access_token"])).status_code == 200
        stolen = mine["refresh_token"]
        mine = renew(stolen).json()
        assert client.get("/me", headers=bearer(mine["access_token"])).status_code == 200
        threading.Event().wait(61)
        assert renew(stolen).status_code == 401
        assert client.get("/me", headers=bearer(mine["access_token"])).status_code == 401
