"""Clients that send a body slowly, or never to its end, over plain sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from tests.support.servers import Server

FORMS = ("length", "chunked")
# Long enough for an answer that is given at once to have come, on a busy machine too.
PATIENCE_SECONDS = 30.0


def ask(server: Server, raw: bytes, seconds: float = PATIENCE_SECONDS) -> bytes:
    """Send bytes as they are; all that came back until the server closed or said enough."""
    with socket.create_connection(_address(server), timeout=seconds) as line:
        line.sendall(raw)
        heard = b""
        while b"\r\n\r\n" not in heard and (part := line.recv(65_536)):
            heard += part
        return heard


def head(form: str, path: str = "/api/v1/observations", token: str | None = None) -> bytes:
    """The head of a request whose body is promised, and one byte of it."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    length = "Content-Length: 5000" if form == "length" else "Transfer-Encoding: chunked"
    first = "{" if form == "length" else "1\r\n{\r\n"
    return "\r\n".join([*lines, length, "", first]).encode()


@contextmanager
def slow_bodies(server: Server, form: str, tokens: list[str | None]) -> Iterator[list[socket.socket]]:
    """One connection for each of the tokens; all of them stay open until the end."""
    lines = []
    try:
        for token in tokens:
            lines.append(socket.create_connection(_address(server), timeout=PATIENCE_SECONDS))
            lines[-1].sendall(head(form, token=token))
        yield lines
    finally:
        for line in lines:
            line.close()


class Crowd:
    """Clients that come again as soon as they are sent away, each with a body that does not end."""

    def __init__(self, server: Server, form: str, number: int) -> None:
        self._server = server
        self._form = form
        self._lock = threading.Lock()
        self._lines = [self._open() for _ in range(number)]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._come_again)
        self.heard: set[int] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()
        for line in self._lines:
            line.close()

    def wait_for(self, least: int) -> None:
        """Wait until so many of them wait; fails if that does not come."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._waiting() < least:
            assert time.monotonic() < deadline, self.heard
            time.sleep(0.05)

    def _waiting(self) -> int:
        with self._lock:
            return [_status(line) for line in self._lines].count(None)

    def _open(self) -> socket.socket:
        line = socket.create_connection(_address(self._server), timeout=PATIENCE_SECONDS)
        line.sendall(head(self._form))
        return line

    def _come_again(self) -> None:
        while not self._ended.wait(1.0):
            with self._lock:
                self._lines = [self._replaced(line) for line in self._lines]

    def _replaced(self, line: socket.socket) -> socket.socket:
        """The same as long as it waits, else a new one."""
        if (status := _status(line)) is None:
            return line
        self.heard.add(status)
        line.close()
        return self._open()


@contextmanager
def waiting_bodies(
    server: Server, form: str, tokens: list[str | None], least: int
) -> Iterator[list[socket.socket]]:
    """As ``slow_bodies``, opened again until so many wait: who left frees a place a moment later."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with slow_bodies(server, form, tokens) as lines:
            time.sleep(0.2)
            if statuses(lines, refused=0).count(None) >= least or time.monotonic() > deadline:
                yield lines
                return


def statuses(lines: list[socket.socket], refused: int, seconds: float = PATIENCE_SECONDS) -> list[int | None]:
    """What each has heard once ``refused`` of them have an answer; None: it still waits for its body."""
    deadline = time.monotonic() + seconds
    while True:
        heard = [_status(line) for line in lines]
        if sum(status is not None for status in heard) >= refused:
            return heard
        assert time.monotonic() < deadline, heard
        time.sleep(0.05)


def _status(line: socket.socket) -> int | None:
    """The status of the answer that lies there, which stays there."""
    line.setblocking(False)
    try:
        heard = line.recv(4096, socket.MSG_PEEK)
    except BlockingIOError:
        return None
    finally:
        line.settimeout(PATIENCE_SECONDS)
    return int(heard.split()[1]) if heard else 0


def _address(server: Server) -> tuple[str, int]:
    return "127.0.0.1", int(server.environ["PORT"])
