"""The public endpoints that a feed meets, in memory: codes, concerns with replay, follow-ups."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from community_api.clients.importer.senders import ALPHABET, is_whole
from tests.unit.clients.fake_server import problem

Body = dict[str, Any]
TOLD = {"state": "received", "received_on": "2026-11-25", "next_on": "2026-12-02"}


def new_code() -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(31))
    return next(body + last for last in ALPHABET if is_whole(body + last))


@dataclass
class FakePublic:
    """``before`` may answer instead of the server; ``after`` may lose an answer that is already committed."""

    concerns: dict[str, Body] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    challenge: Any = None
    make_code: Callable[[], str] = new_code
    refuse: Callable[[Body], httpx.Response | None] = lambda _: None
    before: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
    after: Callable[[httpx.Request], None] = lambda _: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.headers.append(request.headers)
            response = self.before(request) or self._answer(request)
            self.after(request)
            return response

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        if path == "/public/receipts":
            return self._receipt()
        if path == "/public/categories":
            return httpx.Response(200, json={"items": [{"code": code} for code in ("other", "traffic")]})
        if path == "/public/areas":
            return httpx.Response(200, json={"items": [{"area": "lin-a", "title": "Old town"}]})
        body = json.loads(request.content)
        if path == "/public/concerns":
            return self._tell(body)
        if path == "/public/follow-ups" and body["code"] in self.concerns:
            return httpx.Response(200, json={"state": "received"})
        return problem(404, "receipt_unknown")

    def _receipt(self) -> httpx.Response:
        code = self.make_code()
        self.issued.append(code)
        groups = [code[start : start + 4] for start in range(0, len(code), 4)]
        return httpx.Response(200, json={"code": code, "groups": groups, "challenge": self.challenge})

    def _tell(self, body: Body) -> httpx.Response:
        code = body["code"]
        self.sent.append(code)
        if code not in self.issued:
            return problem(404, "receipt_unknown")
        known = self.concerns.get(code)
        if known == body:
            return httpx.Response(200, json=TOLD, headers={"Idempotent-Replay": "true"})
        if known:
            return problem(409, "code_used")
        refused = self.refuse(body)
        if refused:
            return refused
        self.concerns[code] = body
        return httpx.Response(201, json=TOLD)
