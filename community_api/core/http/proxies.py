"""Our own reverse proxies: what they may say about a request, and nobody else.

A named proxy says where a request comes from (`X-Forwarded-For`) and under which prefix the public finds us
(`X-Forwarded-Prefix`). It may write addresses with a port, and IPv6 in brackets.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What a named proxy says, and cannot be read, counts here: all of it together, and never uncounted.
UNREADABLE: Final = "unreadable"
# One household or firm has all addresses of such a network.
NETWORK_BITS: Final = 64
# Segments of unreserved characters only: such a prefix can be put into any header, link or page as it is.
PREFIX: Final = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,62}){1,8}", re.ASCII)
FORWARDED_PREFIX: Final = "HTTP_X_FORWARDED_PREFIX"
# With one of these a request was passed on, whoever it says it comes from.
PASSED_ON: Final = frozenset(
    {
        "HTTP_CF_CONNECTING_IP",
        "HTTP_CLIENT_IP",
        "HTTP_FASTLY_CLIENT_IP",
        "HTTP_FORWARDED",
        "HTTP_FORWARDED_FOR",
        "HTTP_TRUE_CLIENT_IP",
        "HTTP_VIA",
        "HTTP_X_CLIENT_IP",
        "HTTP_X_CLUSTER_CLIENT_IP",
        "HTTP_X_ENVOY_EXTERNAL_ADDRESS",
        "HTTP_X_ORIGINAL_FORWARDED_FOR",
        "HTTP_X_ORIGINAL_HOST",
        "HTTP_X_ORIGINAL_URI",
        "HTTP_X_ORIGINAL_URL",
        "HTTP_X_PROXYUSER_IP",
        "HTTP_X_REAL_IP",
        "HTTP_X_SCHEME",
        "HTTP_X_SCRIPT_NAME",
    }
)
# HTTP/1.0, also as granian spells it.
OLD_HTTP: Final = frozenset({"HTTP/1.0", "HTTP/1"})
LOCAL_HOSTS: Final = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)


class Proxies:
    """The proxies that the operator named: addresses and networks, as `core/config.py` read them."""

    def __init__(self, named: Collection[str] = ()) -> None:
        self._networks = tuple(ipaddress.ip_network(one) for one in named)
        self._is_ours = lru_cache(maxsize=1024)(self._look_up)

    def names(self, address: str) -> bool:
        """Whether this is the address of one of our proxies."""
        return bool(self._networks) and self._is_ours(address)

    def network_of(self, environ: Mapping[str, Any]) -> str | None:
        """The address, or the network, that a request is counted for.

        UNREADABLE for what a named proxy says and cannot be read. None if it comes from this very machine:
        from a proxy that was not named, or an onion service.
        """
        address = str(environ.get("REMOTE_ADDR", ""))
        if not self.names(address):
            return _counted(read_address(address))
        found = self._forwarded(str(environ.get("HTTP_X_FORWARDED_FOR", "")))
        return UNREADABLE if found is None else _counted(found)

    def prefix_of(self, environ: Mapping[str, Any]) -> str:
        """The public prefix that a named proxy says, without a slash at its end; empty if there is none."""
        raw = environ.get(FORWARDED_PREFIX)
        if not raw or not self.names(str(environ.get("REMOTE_ADDR", ""))):
            return ""
        prefix = str(raw).rstrip("/")
        return prefix if PREFIX.fullmatch(prefix) else ""

    def passed_on(self, environ: Mapping[str, Any]) -> bool:
        """Whether a proxy, named or not, passed this request on.

        A proxy that adds no header shows by its own: nginx speaks HTTP/1.0 to us unless it is told otherwise,
        and other proxies leave the `Host` that its client asked for.
        """
        if self.names(str(environ.get("REMOTE_ADDR", ""))) or environ.get("SERVER_PROTOCOL") in OLD_HTTP:
            return True
        if LOCAL_HOSTS.fullmatch(str(environ.get("HTTP_HOST", "localhost"))) is None:
            return True
        return any(name in PASSED_ON or name.startswith("HTTP_X_FORWARDED") for name in environ)

    def _forwarded(self, header: str) -> Address | None:
        """The last address that our proxies did not add themselves; None if it cannot be read."""
        for part in reversed(header.split(",")):
            address = read_address(part)
            if address is None or not self.names(str(address)):
                return address
        return None

    def _look_up(self, address: str) -> bool:
        found = read_address(address)
        return found is not None and any(found in network for network in self._networks)


def read_address(text: str) -> Address | None:
    """An address as proxies write it: with a port, in brackets, in quotes; None if it is none."""
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare, _, port = bare[1:].partition("]")
        if port and not _is_port(port):
            return None
    elif bare.count(":") == 1:
        bare, _, port = bare.partition(":")
        if not _is_port(f":{port}"):
            return None
    try:
        read = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    if isinstance(read, ipaddress.IPv6Address):
        return read.ipv4_mapped or read
    return read


def _is_port(text: str) -> bool:
    digits = text.removeprefix(":")
    return digits != text and digits.isascii() and digits.isdigit() and len(digits) <= 5


def _counted(address: Address | None) -> str | None:
    if address is None or address.is_loopback:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, NETWORK_BITS), strict=False))
    return str(address)
