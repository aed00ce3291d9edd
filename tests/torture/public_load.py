"""Members of the public who tell under load; answers get lost on the way, and what they know is kept."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.public import PLACE
from tests.support.servers import Server
from tests.torture.writers import AGAIN

TELLERS = 8
# Of all sends, so many get no answer: the connection ends as soon as the request has left.
LOST = 0.2
# Of what somebody tells, every so many is of somebody in danger.
DANGER = 3


@dataclass
class Told:
    """What one code stands for: ``words`` are nobody else's. ``acknowledged``: an answer arrived."""

    words: str
    danger: bool
    acknowledged: bool = False


@dataclass
class Memory:
    """What the tellers remember: every code under which something was sent, and what should not have been.

    ``sends`` are the requests that left, ``lost`` those of them whose answer nobody waited for.
    """

    told: dict[str, Told] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    sends: int = 0
    lost: int = 0

    @property
    def acknowledged(self) -> dict[str, Told]:
        # Tellers may be adding to it at this moment.
        return {code: told for code, told in list(self.told.items()) if told.acknowledged}


class Teller(threading.Thread):
    """One after the other: gets a code, tells something by it until an answer says that it arrived."""

    def __init__(self, server: Server, memory: Memory) -> None:
        super().__init__(name="teller", daemon=True)
        self._port = int(server.environ["PORT"])
        self._memory = memory
        self._stopping = threading.Event()
        self._patience = 0.0

    def run(self) -> None:
        number = 0
        while not self._stopping.is_set():
            number += 1
            got = self._until_answered("receipts", {})
            if got is None:
                continue
            told = Told(f"Told by {uuid.uuid4()}.", danger=number % DANGER == 0)
            self._memory.told[got["code"]] = told
            body = {
                "code": got["code"],
                "category": "threat_to_people",
                "text": told.words,
                "place": PLACE,
                "immediate_danger": told.danger,
            }
            told.acknowledged = self._until_answered("concerns", body) is not None

    def stop(self, patience: float) -> None:
        """Finish what is at hand, for ``patience`` seconds at most, and begin nothing new."""
        self._patience = time.monotonic() + patience
        self._stopping.set()

    def _until_answered(self, path: str, body: dict[str, Any]) -> Any:
        """The answer; None: time was up, or it was one that should not be."""
        while not self._stopping.is_set() or time.monotonic() < self._patience:
            try:
                answer = self._send(path, body)
            except OSError:
                answer = None
            if answer is not None and answer[0] in {200, 201}:
                return json.loads(answer[1])
            if answer is not None and answer[0] not in AGAIN:
                self._memory.wrong.append(f"{path}: {answer[0]} {answer[1]!r}")
                return None
            time.sleep(0.02)
        return None

    def _send(self, path: str, body: dict[str, Any]) -> tuple[int, bytes] | None:
        """Status and body; None: the answer was lost."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=15)
        try:
            sent = json.dumps(body)
            line.request("POST", f"/api/v1/public/{path}", sent, {"Content-Type": "application/json"})
            self._memory.sends += 1
            if random.random() < LOST:
                self._memory.lost += 1
                return None
            answer = line.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException:
            return None
        finally:
            line.close()


@contextmanager
def telling(server: Server) -> Iterator[Memory]:
    """Eight at work while the block runs; then they finish what they began: the server must be up."""
    memory = Memory()
    tellers = [Teller(server, memory) for _ in range(TELLERS)]
    for teller in tellers:
        teller.start()
    try:
        yield memory
    finally:
        for teller in tellers:
            teller.stop(patience=30)
        for teller in tellers:
            teller.join(60)
            assert not teller.is_alive()
