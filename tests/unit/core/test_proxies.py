"""What our own proxies say of a request is believed, and of what anybody else says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from community_api.core.config import SettingError, read_settings
from community_api.core.http.proxies import UNREADABLE, Proxies

OURS = Proxies(["10.0.0.1", "10.1.0.0/16", "2001:db8:ffff::/48"])


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("198.51.100.7:54321", "198.51.100.7"),
        ("forged, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.7, 10.1.2.3, 10.0.0.1:80", "198.51.100.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"),
        ('"[2001:db8:1:2::1]:443"', "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:443, [2001:db8:ffff::9]:1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", UNREADABLE),
        ("unknown", UNREADABLE),
        ("198.51.100.7, nonsense", UNREADABLE),
        ("198.51.100.7:x", UNREADABLE),
        ("[2001:db8::1]x", UNREADABLE),
        ("10.1.2.3", UNREADABLE),
        ("127.0.0.1", None),
    ],
)
@pytest.mark.parametrize("proxy", ["10.0.0.1", "10.1.9.9", "::ffff:10.0.0.1", "2001:db8:ffff::1"])
def test_a_named_proxy_says_where_a_request_comes_from(
    forwarded: str, network: str | None, proxy: str
) -> None:
    assert OURS.network_of({"REMOTE_ADDR": proxy, "HTTP_X_FORWARDED_FOR": forwarded}) == network


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.1", "203.0.113.1"), ("10.2.0.1", "10.2.0.1"), ("127.0.0.1", None), ("", None)],
)
def test_nobody_else_is_believed(address: str, network: str | None) -> None:
    environ = {
        "REMOTE_ADDR": address,
        "HTTP_X_FORWARDED_FOR": "198.51.100.7",
        "HTTP_X_FORWARDED_PREFIX": "/evil",
    }
    assert OURS.network_of(environ) == network
    assert OURS.prefix_of(environ) == ""


@pytest.mark.parametrize(
    ("header", "prefix"),
    [
        ("/community", "/community"),
        ("/community/", "/community"),
        ("/a/b-1/c.d_~", "/a/b-1/c.d_~"),
        ("", ""),
        ("/", ""),
        ("community", ""),
        ("//evil.example", ""),
        ("/a//b", ""),
        ("/a/../b", ""),
        ("/.", ""),
        ("https://evil.example", ""),
        ("/a?b", ""),
        ("/a>; rel=x", ""),
        ("/a\r\nSet-Cookie: x", ""),
        ("/a\n", ""),
        ("/a, /b", ""),
        ("/%2e", ""),
        ("/ä", ""),
        ("/" + "a" * 64, ""),
        ("/a" * 9, ""),
    ],
)
def test_a_prefix_is_taken_if_it_is_a_plain_path(header: str, prefix: str) -> None:
    assert OURS.prefix_of({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_PREFIX": header}) == prefix


@pytest.mark.parametrize(
    ("environ", "passed_on"),
    [
        ({}, False),
        ({"HTTP_HOST": "localhost:8000"}, False),
        ({"HTTP_HOST": "127.0.0.1"}, False),
        ({"HTTP_HOST": "[::1]:8000"}, False),
        ({"HTTP_HOST": "police.example"}, True),
        ({"HTTP_HOST": "localhost.police.example"}, True),
        ({"SERVER_PROTOCOL": "HTTP/1.0"}, True),
        ({"SERVER_PROTOCOL": "HTTP/1"}, True),
        ({"REMOTE_ADDR": "10.0.0.1"}, True),
        ({"HTTP_X_FORWARDED_FOR": ""}, True),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, True),
        ({"HTTP_X_FORWARDED_PREFIX": "/community"}, True),
        ({"HTTP_X_REAL_IP": "127.0.0.1"}, True),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, True),
        ({"HTTP_VIA": "1.1 x"}, True),
    ],
)
def test_what_a_proxy_passed_on_is_seen(environ: dict[str, Any], passed_on: bool) -> None:
    asked = {
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        **environ,
    }
    assert OURS.passed_on(asked) is passed_on


def proxies_of(text: str) -> tuple[str, ...]:
    return read_settings({"COMMUNITY_MODE": "test", "COMMUNITY_PROXIES": text}).proxies


def test_addresses_and_networks_can_be_named() -> None:
    assert proxies_of("10.0.0.1, 10.1.0.0/16,[2001:db8::1],2001:db8:ffff::/48,") == (
        "10.0.0.1",
        "10.1.0.0/16",
        "2001:db8::1",
        "2001:db8:ffff::/48",
    )
    assert proxies_of("") == ()


@pytest.mark.parametrize(
    "text", ["proxy.example", "10.0.0.1/8", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.1:80"]
)
def test_what_names_no_proxy_stops_the_start(text: str) -> None:
    with pytest.raises(SettingError) as error:
        proxies_of(text)
    assert error.value.name == "COMMUNITY_PROXIES"
    assert text not in str(error.value)
