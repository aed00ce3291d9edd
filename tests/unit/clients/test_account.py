"""A signed-in account of our own clients."""

from __future__ import annotations

from community_api.clients.account import Account
from community_api.clients.http_client import Wire
from tests.unit.clients.fake_server import DEVICE_ID, PASSWORD, FakeServer


def test_who_signs_in_again_sends_the_device_id_of_the_first_answer() -> None:
    server = FakeServer()
    account = Account(Wire("http://127.0.0.1:1", transport=server.transport), "officer1.lin-a", PASSWORD)
    account.sign_in()
    account.sign_in()
    assert server.devices == [None, {"id": DEVICE_ID}]
