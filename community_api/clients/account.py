"""One signed-in account: tokens are renewed when they expire, signing out ends the session."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from community_api.clients.http_client import Answer, ClientStopped, Wire

BASE = "/api/v1"
# A token is renewed this many seconds before its end, so that no request is on its way when it dies.
MARGIN = 30.0


class SignInRefused(ClientStopped):
    """The server does not let this account in."""


class Account:
    """Calls the API in the name of ``username``; safe to share between threads."""

    def __init__(self, wire: Wire, username: str, password: str, *, language: str = "en") -> None:
        self.username = username
        self._wire = wire
        self._password = password
        self._language = language
        self._lock = threading.Lock()
        self._access = ""
        self._refresh = ""
        self._good_until = 0.0
        self._device_id: str | None = None

    @property
    def access_token(self) -> str:
        """The bearer token of the moment; empty before signing in."""
        return self._access

    def sign_in(self) -> None:
        """Start a session; raises SignInRefused in the server's words."""
        told: dict[str, Any] = {"username": self.username, "password": self._password}
        if self._device_id is not None:
            # Then guesses of strangers keep this client out no longer.
            told["device"] = {"id": self._device_id}
        answer = self._send("POST", "/auth/login", body=told)
        if answer.status != 200:
            raise SignInRefused(
                f"{self.username} cannot sign in at {self._wire.url}: {answer.reason}"
                f" ({answer.status} {answer.code or 'without a code'})"
            )
        self._keep(answer)

    def sign_out(self) -> None:
        """End the session; a server that has ended it already is content too."""
        if self._access:
            self._send("POST", "/auth/logout", token=self._access)
            self._access = self._refresh = ""

    def give_up(self) -> None:
        """Let no request of this account wait any longer."""
        self._wire.give_up()

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send one request as this account, renewing the token when it has expired."""
        token = self._fresh_token()
        answer = self._send(method, path, token=token, body=body, headers=headers, params=params)
        if answer.status == 401:
            token = self._renewed_instead_of(token)
            answer = self._send(method, path, token=token, body=body, headers=headers, params=params)
        return answer

    def _fresh_token(self) -> str:
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._renew()
            return self._access

    def _renewed_instead_of(self, token: str) -> str:
        with self._lock:
            if self._access == token:
                self._renew()
            return self._access

    def _renew(self) -> None:
        """Exchange the refresh token for a new pair; where that fails, sign in anew."""
        if self._refresh:
            answer = self._send("POST", "/auth/refresh", token=self._refresh)
            if answer.status == 200:
                self._keep(answer)
                return
        self.sign_in()

    def _keep(self, answer: Answer) -> None:
        try:
            self._access = str(answer.body["access_token"])
            self._refresh = str(answer.body["refresh_token"])
            lifetime = float(answer.body["expires_in"])
            self._device_id = answer.body.get("device_id") or self._device_id
        except (KeyError, TypeError, ValueError):
            raise SignInRefused(f"{self._wire.url} does not answer as this product does.") from None
        self._good_until = time.monotonic() + max(lifetime - MARGIN, lifetime / 2)

    def _send(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer:
        sent = {"Accept-Language": self._language, **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        return self._wire.send(method, BASE + path, body=body, headers=sent, params=params)
