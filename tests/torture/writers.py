"""Writers who report under load and send again what got no answer; what they were told is kept."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from community_api.clients.demo_tour import words
from tests.support.servers import Server

WRITERS = 8
# Each of a writer's so many reports is flagged as well: that brings an outbox item into the commit.
FLAGGED = 4
# Statuses that say: nothing happened, send it again.
AGAIN = frozenset({429, 502, 503, 504})


@dataclass
class History:
    """What was asked and what was acknowledged, by the id that the client made.

    ``observations`` and ``flags`` hold the first acknowledgement of each id; ``sent`` every id that was
    ever sent: those without an acknowledgement may be there once or not at all. ``wrong`` are answers
    that should not be.
    """

    sent: set[str] = field(default_factory=set)
    observations: dict[str, Any] = field(default_factory=dict)
    flags: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    tries: int = 0
    replays: int = 0

    @property
    def acknowledged(self) -> int:
        return len(self.observations) + len(self.flags)


class Writer(threading.Thread):
    """One device: reports one thing after the other, each under its own id until it is acknowledged."""

    def __init__(self, server: Server, token: str, indicators: int, history: History) -> None:
        super().__init__(name="writer", daemon=True)
        self._server = server
        self._headers = {"Authorization": f"Bearer {token}"}
        self._indicators = indicators
        self._history = history
        self._stopping = threading.Event()
        self._patience = 0.0

    def run(self) -> None:
        with httpx.Client(base_url=f"{self._server.url}/api/v1", headers=self._headers, timeout=15) as client:
            number = 0
            while not self._stopping.is_set():
                number += 1
                observation = self._send_until_answered(
                    client, "/observations", an_observation(datetime.now(UTC)), self._history.observations
                )
                if observation is not None and number % FLAGGED == 0:
                    path = f"/observations/{observation['id']}/flags"
                    self._send_until_answered(client, path, a_flag(self._indicators), self._history.flags)

    def stop(self, patience: float) -> None:
        """Finish what is at hand, for ``patience`` seconds at most, and begin nothing new."""
        self._patience = time.monotonic() + patience
        self._stopping.set()

    def _send_until_answered(
        self, client: httpx.Client, path: str, body: dict[str, Any], acknowledged: dict[str, Any]
    ) -> Any:
        history = self._history
        history.sent.add(body["id"])
        while not self._stopping.is_set() or time.monotonic() < self._patience:
            history.tries += 1
            try:
                answer = client.post(path, json=body)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code in {200, 201}:
                history.replays += answer.headers.get("Idempotent-Replay") == "true"
                acknowledged[body["id"]] = answer.json()
                return answer.json()
            if answer.status_code not in AGAIN:
                history.wrong.append(f"{answer.status_code} {answer.text}")
                return None
            time.sleep(0.05)
        return None


def an_observation(now: datetime) -> dict[str, Any]:
    """The body of a report of something five minutes ago."""
    occurred_at = (now - timedelta(minutes=5)).isoformat(timespec="seconds")
    return {"id": str(uuid.uuid4()), "occurred_at": occurred_at, **words.OBSERVATION}


def a_flag(indicators: int) -> dict[str, Any]:
    """The body of a flag by that version of the list of indicators."""
    grounds = [{"indicator": code, "fact": fact} for code, fact in words.GROUNDS.items()]
    told = {"id": str(uuid.uuid4()), "kind": "verlt", "indicator_list_version": indicators}
    return {**told, "grounds": grounds, **words.FLAG}


@contextmanager
def writing(server: Server, username: str = "officer1.lin-a") -> Iterator[History]:
    """Eight writers at work while the block runs; then they finish what they began: the server must be up."""
    with server.signed_in(username) as client:
        token = client.headers["Authorization"].removeprefix("Bearer ")
        indicators = client.get("/indicators").json()["version"]
    history = History()
    writers = [Writer(server, token, indicators, history) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        yield history
    finally:
        for writer in writers:
            writer.stop(patience=30)
        for writer in writers:
            writer.join(60)
            assert not writer.is_alive()
