"""A running product for all tests of a module that do not stop it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Addresses
from tests.support.servers import Server, free_port, settings_of


@pytest.fixture(scope="module")
def server(shared_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("product")
    yield from _running(shared_addresses, folder)


@pytest.fixture
def own_server(addresses: Addresses, tmp_path: Path) -> Iterator[Server]:
    yield from _running(addresses, tmp_path)


def _running(addresses: Addresses, folder: Path) -> Iterator[Server]:
    server = Server(folder, settings_of(addresses, folder, free_port()))
    try:
        server.start()
        server.wait_until_ready()
        yield server
    finally:
        server.close()
