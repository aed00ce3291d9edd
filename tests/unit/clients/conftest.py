from __future__ import annotations

import pytest

from community_api.clients.wire import Wire


@pytest.fixture
def no_waiting(monkeypatch):
    """Pauses take no time; gives the list of what would have been waited, in seconds."""
    waited: list[float] = []

    def rest(wire: Wire, seconds: float) -> None:
        waited.append(seconds)
        wire._resume_at = 0.0

    monkeypatch.setattr(Wire, "_rest", rest)
    return waited
