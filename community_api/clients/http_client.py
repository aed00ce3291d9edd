"""Requests to one server that are patient with a busy server and a shaky line.

Every write of these clients carries an id of its own making, so that sending it again is always safe.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx

JSON = "application/json"


class ClientStopped(Exception):
    """The client cannot go on; the message tells a person why and what to do."""


class ServerUnreachable(ClientStopped):
    """Nobody answers at the address, or the line broke again and again."""


class ServerBusy(ClientStopped):
    """The server asked to wait for longer than this client is willing to."""


@dataclass(frozen=True)
class Patience:
    """How long a client waits; all times in seconds.

    ``tries`` counts attempts on a broken line, the pauses between them double from ``first_pause``.
    ``longest_wait`` bounds one Retry-After, ``total_wait`` all of them for one request.
    """

    tries: int = 6
    first_pause: float = 1.0
    longest_wait: float = 120.0
    total_wait: float = 600.0


@dataclass(frozen=True)
class Answer:
    """What the server said: ``body`` is the parsed JSON, or None where there was none."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def replayed(self) -> bool:
        """Whether the server had done this command before (contract section 2)."""
        return self.headers.get("idempotent-replay", "").lower() == "true"

    @property
    def code(self) -> str:
        """The stable code of a problem (RFC 9457); empty for anything else."""
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return _printable(code) if isinstance(code, str) else ""

    @property
    def reason(self) -> str:
        """The refusal in words: detail, else title, else the bare status."""
        told = self.body if isinstance(self.body, dict) else {}
        return _printable(str(told.get("detail") or told.get("title") or f"status {self.status}"))

    @property
    def field_errors(self) -> list[str]:
        """What is wrong with single fields, one phrase each: ``/facts: too long``."""
        return [f"{pointer}: {words}" for pointer, words in self.errors_by_pointer]

    @property
    def errors_by_pointer(self) -> list[tuple[str, str]]:
        """What is wrong with single fields: the pointer, such as ``/facts``, and the words."""
        errors = self.body.get("errors") if isinstance(self.body, dict) else None
        return [
            (
                _printable(str(error.get("pointer", ""))),
                _printable(str(error.get("message") or error.get("code", ""))),
            )
            for error in (errors if isinstance(errors, list) else [])
            if isinstance(error, dict)
        ]


def _printable(words: str) -> str:
    """The words without halves of characters, which no file or terminal takes."""
    return words.encode(errors="replace").decode()


class Wire:
    """The line to one server; safe to share between threads.

    ``transport`` replaces the network in tests; ``certificates`` is a PEM file of authorities to trust
    instead of the system's; ``pause`` waits for so many seconds and tells whether to give up.
    """

    def __init__(
        self,
        url: str,
        *,
        patience: Patience | None = None,
        transport: httpx.BaseTransport | None = None,
        certificates: Path | None = None,
        pause: Callable[[float], bool | None] | None = None,
    ) -> None:
        self.url = _checked(url)
        self._patience = patience or Patience()
        self._given_up = threading.Event()
        self._pause = pause or self._given_up.wait
        self._gate = threading.Lock()
        self._resume_at = 0.0
        # trust_env is off: a proxy in the environment must not carry a password to somebody else.
        self._client = httpx.Client(
            base_url=self.url,
            transport=transport,
            verify=ssl.create_default_context(cafile=certificates) if certificates else True,
            timeout=httpx.Timeout(60.0, connect=10.0),
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def give_up(self) -> None:
        """Wait for nothing any more: whoever waits stops with ClientStopped."""
        self._given_up.set()

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send one request and wait out 429 and 503; raises ServerUnreachable or ServerBusy."""
        waited = 0.0
        while True:
            self._wait_for_the_gate()
            answer = self._once_through(method, path, body, headers, params)
            if answer.status not in (429, 503):
                return answer
            wait = _retry_after(answer)
            waited += wait
            if wait > self._patience.longest_wait or waited > self._patience.total_wait:
                raise ServerBusy(
                    f"The server at {self.url} cannot serve now and asks to come back in {wait:.0f} s"
                    f" ({answer.status} {answer.code or 'without a code'})."
                )
            self._close_the_gate(wait)

    def _once_through(
        self,
        method: str,
        path: str,
        body: Any,
        headers: Mapping[str, str] | None,
        params: Mapping[str, Any] | None,
    ) -> Answer:
        pause = self._patience.first_pause
        for attempt in range(1, self._patience.tries + 1):
            try:
                response = self._client.request(
                    method, path, json=body, headers=dict(headers or {}), params=params
                )
            except (httpx.TransportError, httpx.DecodingError) as broken:
                if attempt == self._patience.tries:
                    raise ServerUnreachable(self._unreachable(attempt, broken)) from broken
                self._rest(pause)
                pause *= 2
            else:
                return _answer(response)
        raise ServerUnreachable(f"No attempt was made to reach {self.url}.")

    def _unreachable(self, attempts: int, broken: Exception) -> str:
        times = "once" if attempts == 1 else f"{attempts} times"
        return f"The server at {self.url} cannot be reached (tried {times}: {_kind(broken)})."

    def _close_the_gate(self, wait: float) -> None:
        """Hold all threads back, not only the one that was told to wait."""
        with self._gate:
            self._resume_at = max(self._resume_at, time.monotonic() + wait)

    def _wait_for_the_gate(self) -> None:
        with self._gate:
            wait = self._resume_at - time.monotonic()
        if wait > 0:
            self._rest(wait)

    def _rest(self, seconds: float) -> None:
        if self._pause(seconds):
            raise ClientStopped("Stopped while waiting for the server.")


def _checked(url: str) -> str:
    """The address without a slash at its end; raises ServerUnreachable for what is none."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise ServerUnreachable(f"{url!r} is no address of a server, such as http://127.0.0.1:8000.")
    return url.rstrip("/")


def _answer(response: httpx.Response) -> Answer:
    body: Any = None
    if "json" in response.headers.get("content-type", ""):
        try:
            body = response.json()
        except (ValueError, RecursionError):
            body = None
    return Answer(response.status_code, body, response.headers)


def _retry_after(answer: Answer) -> float:
    """Seconds to wait: Retry-After in seconds or as a date (read against the server's own Date); else 5."""
    told = answer.headers.get("retry-after", "")
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        until = parsedate_to_datetime(told)
        now = parsedate_to_datetime(answer.headers.get("date", ""))
        wait = (until - now).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return 5.0
    return max(0.0, wait)


def _kind(broken: Exception) -> str:
    """The fault in two or three words, without addresses or submitted text."""
    kinds = (
        (httpx.TimeoutException, "no answer in time"),
        (httpx.ConnectError, "no connection"),
    )
    return next((words for kind, words in kinds if isinstance(broken, kind)), "the connection broke")
