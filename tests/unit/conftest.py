"""Unit tests see no network: what needs one is no unit."""

import socket

import pytest


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(_socket, address):
        raise AssertionError(f"a unit test reached for {address!r}")

    for act in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, act, refuse)
