"""A server of the feed's part of the contract, in memory: sign-in, tokens, observations with replay."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

PASSWORD = "correct horse"
DEVICE_ID = "0b7c6f0e-7f5e-4c3a-9d64-3a5f8a2d1c11"
CODES = {
    "categories": ("drugs", "other"),
    "purposes": ("crime_prevention", "community_problem"),
    "source_relations": ("witnessed", "open_source"),
}
Fault = Callable[[httpx.Request], httpx.Response | None]


def problem(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    body = {"type": f"/problems/{code}", "code": code, "title": code, "detail": f"Because {code}.", **more}
    media_type = {"Content-Type": "application/problem+json"}
    return httpx.Response(status, json=body, headers={**media_type, **(headers or {})})


@dataclass
class FakeServer:
    """``before`` may answer instead of the server; ``after`` may lose an answer that is already committed."""

    observations: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuse: Callable[[dict[str, Any]], httpx.Response | None] = lambda _: None
    before: Fault = lambda _: None
    after: Callable[[httpx.Request], None] = lambda _: None
    lifetime: float = 900
    sent: list[str] = field(default_factory=list)
    logins: int = 0
    language: str = "en"
    # By the name of the code list.
    codes: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(CODES))
    devices: list[Any] = field(default_factory=list)
    refreshes: int = 0
    _good: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def expire_all_tokens(self) -> None:
        self._good = {token for token in self._good if token.startswith("refresh")}

    def answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            response = self.before(request) or self._answer(request)
            self.after(request)
            return response

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        if path == "/auth/login":
            return self._login(json.loads(request.content))
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self._good or (token.startswith("refresh") != (path == "/auth/refresh")):
            return problem(401, "token_invalid")
        if path == "/auth/refresh":
            self._good.discard(token)
            self.refreshes += 1
            return self._tokens()
        if path == "/auth/logout":
            self._good.clear()
            return httpx.Response(204)
        return self._create(json.loads(request.content)) if request.method == "POST" else self._read(path)

    def _read(self, path: str) -> httpx.Response:
        if path == "/me":
            return httpx.Response(200, json={"language": self.language})
        if path.startswith("/code-lists/"):
            items = [{"code": code, "label": code} for code in self.codes[path.rsplit("/", 1)[-1]]]
            return httpx.Response(200, json={"items": items})
        known = self.observations.get(path.rsplit("/", 1)[-1])
        return httpx.Response(200, json=known) if known else problem(404, "not_found")

    def _login(self, body: dict[str, Any]) -> httpx.Response:
        if body["password"] != PASSWORD:
            return problem(401, "login_refused")
        self.logins += 1
        self.devices.append(body.get("device"))
        return self._tokens()

    def _tokens(self) -> httpx.Response:
        number = self.logins * 1000 + self.refreshes
        pair = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
        self._good |= set(pair.values())
        told = {"token_type": "Bearer", "expires_in": self.lifetime, "device_id": DEVICE_ID}
        return httpx.Response(200, json={**pair, **told})

    def _create(self, body: dict[str, Any]) -> httpx.Response:
        self.sent.append(body["id"])
        known = self.observations.get(body["id"])
        if known == body:
            return httpx.Response(
                200, json={**body, "reference": "LIN-A-1"}, headers={"Idempotent-Replay": "true"}
            )
        if known:
            return problem(409, "id_reused")
        refused = self.refuse(body)
        if refused:
            return refused
        self.observations[body["id"]] = body
        return httpx.Response(201, json={**body, "reference": "LIN-A-1"})
