"""Behind a proxy: links keep its prefix, and /metrics is not open by its being on this machine."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from community_api.core.http.views import BASE
from tests.support.app import World
from tests.support.workflow import OFFICER, SUPERVISOR, Police

PROXY = "10.0.0.1"
TOKEN = "t" * 40
FROM_PROXY = {
    "REMOTE_ADDR": PROXY,
    "HTTP_X_FORWARDED_FOR": "198.51.100.7",
    "HTTP_X_FORWARDED_PREFIX": "/community",
}
FORGED = {**FROM_PROXY, "REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(scope="module")
def behind(shared_world: World) -> World:
    """The same database, served by an application that knows its proxy."""
    settings = replace(shared_world.settings, proxies=(PROXY,), metrics_token=TOKEN)
    return shared_world.beside(settings)


def get(world: World, path: str, who: str | None, environ: dict[str, str], **headers: str) -> Any:
    token = {"Authorization": f"Bearer {world.client(who).token()}"} if who else {}
    return world.http.get(path, headers={**token, **headers}, environ_overrides=environ)


def test_links_of_lists_keep_the_prefix(behind: World) -> None:
    police = Police(behind)
    for _ in range(2):
        police.observes()
    for environ, prefix in ((FROM_PROXY, "/community"), (FORGED, ""), ({}, "")):
        answer = get(behind, f"{BASE}/observations?limit=1", OFFICER, environ)
        assert answer.headers["Link"].startswith(f"<{prefix}{BASE}/observations?limit=1&")
        duty = get(behind, f"{BASE}/duties", SUPERVISOR, environ).get_json()["items"][0]
        assert duty["subject"]["href"].startswith(f"{prefix}{BASE}/")


def test_the_types_of_problems_keep_the_prefix_for_the_public_too(behind: World) -> None:
    for environ, prefix in ((FROM_PROXY, "/community"), (FORGED, ""), ({}, "")):
        for path, who in ((f"{BASE}/observations?x=1", OFFICER), (f"{BASE}/public/areas?x=1", None)):
            answer = get(behind, path, who, environ)
            assert answer.get_json()["type"] == f"{prefix}/problems/validation_failed"


def test_the_document_names_the_server_that_it_was_read_from(behind: World) -> None:
    for environ, url in ((FROM_PROXY, "/community"), (FORGED, "/"), ({}, "/")):
        answer = get(behind, "/openapi.json", None, environ)
        assert [server["url"] for server in answer.get_json()["servers"]] == [url]
        assert "X-Forwarded-Prefix" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_link_to_what_lies_under_the_prefix(behind: World, path: str) -> None:
    for environ, prefix in ((FROM_PROXY, "/community"), (FORGED, ""), ({}, "")):
        answer = get(behind, path, None, {**environ, "HTTP_ACCEPT": "text/html"})
        links = re.findall(r'(?:href|src)="(/[^"]*)"', answer.get_data(as_text=True))
        assert len(links) > 4
        assert [link for link in links if not link.startswith(f"{prefix}/")] == []
        assert [link for link in links if prefix == "" and link.startswith("/community")] == []
        assert "X-Forwarded-Prefix" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/a\tb", "https://evil.example", "/a;b", "/<x>", "/../x"]
)
def test_what_is_no_plain_prefix_is_no_prefix(behind: World, prefix: str) -> None:
    answer = get(behind, f"{BASE}/public/areas?x=1", None, {**FROM_PROXY, "HTTP_X_FORWARDED_PREFIX": prefix})
    assert answer.get_json()["type"] == "/problems/validation_failed"


@pytest.mark.parametrize(
    "environ",
    [
        {"REMOTE_ADDR": PROXY},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_HOST": "x"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"SERVER_PROTOCOL": "HTTP/1.0"},
        {"HTTP_HOST": "police.example"},
    ],
)
def test_metrics_behind_a_proxy_take_the_token(behind: World, environ: dict[str, str]) -> None:
    assert get(behind, "/metrics", None, environ).status_code == 401
    opened = get(behind, "/metrics", None, environ, Authorization=f"Bearer {TOKEN}")
    assert opened.status_code == 200


def test_metrics_are_open_on_the_machine_itself(behind: World) -> None:
    assert get(behind, "/metrics", None, {}).status_code == 200
