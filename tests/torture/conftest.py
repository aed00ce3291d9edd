"""What several torture runs stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import DurableDatabase
from tests.support.servers import Server, free_port, settings_of


@pytest.fixture
def server(durable_database: DurableDatabase, tmp_path: Path) -> Iterator[Server]:
    """The product as its own processes, over a database that keeps its promises through a crash."""
    server = Server(tmp_path, settings_of(durable_database.addresses, tmp_path, free_port()))
    try:
        server.start()
        server.wait_until_ready()
        yield server
    finally:
        server.close()
