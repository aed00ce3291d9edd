from __future__ import annotations

import pytest

from community_api.clients.http_client import Wire
from tests.unit.clients.fake_server import FakeServer
from tests.unit.clients.feeding import MAP, write


@pytest.fixture
def no_waiting(monkeypatch):
    """Pauses take no time; gives the list of what would have been waited, in seconds."""
    waited: list[float] = []

    def rest(wire: Wire, seconds: float) -> None:
        waited.append(seconds)
        wire._resume_at = 0.0

    monkeypatch.setattr(Wire, "_rest", rest)
    return waited


@pytest.fixture
def server():
    return FakeServer()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    write(tmp_path, *(f"thing {n}" for n in range(7)))
    return tmp_path
