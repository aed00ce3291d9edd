"""The load generator: a process of its own that sends ready-made HTTP/1.1 requests, keeping connections.

It knows nothing of the product: requests come as bytes in a file, made before the clock runs, and of
an answer it reads the status and the length only. One thread and one epoll, so that it takes as
little as possible of the processors it shares with what is measured. It speaks JSON lines:

    {"port": 8123, "file": "/tmp/requests", "connections": 8, "seconds": 3.0, "repeat": false}

``repeat`` sends the requests of the file over and over, otherwise each is sent once and the run ends
early when they are used up. Every request that was sent is waited for.
"""

from __future__ import annotations

import json
import re
import select
import socket
import struct
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

LENGTH = struct.Struct("<I")
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
# Statuses that have no body whatever the headers say (RFC 9110).
BODILESS = (b"204", b"304")
PATIENCE_SECONDS = 30.0
CHUNK = 1 << 18


class LoadError(Exception):
    """The load could not be run: the server does not answer, closes connections, or says no length."""


@dataclass
class Result:
    """What one run saw; latencies are seconds, one for each answer."""

    answered: int = 0
    elapsed: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: array[float] = field(default_factory=lambda: array("d"))
    refused: str | None = None

    def summary(self) -> dict[str, Any]:
        ordered = sorted(self.latencies)
        return {
            "answered": self.answered,
            "elapsed": self.elapsed,
            "statuses": dict(self.statuses),
            "refused": self.refused,
            **{f"p{share}_ms": _at(ordered, share / 100) * 1000 for share in (50, 95, 99)},
        }


class Line:
    """One connection with one request under way at most."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._part = b""

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bytes | None:
        """The whole answer, or None while some of it is still to come."""
        data = self.socket.recv(CHUNK)
        if not data:
            raise LoadError("the server closed a connection")
        if self._part:
            data = self._part + data
        if is_complete(data):
            self._part = b""
            return data
        self._part = data
        return None


def is_complete(data: bytes) -> bool:
    """Whether ``data`` is one whole answer; raises LoadError when its length is not told."""
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return False
    if data[9:12] in BODILESS:
        return True
    told = CONTENT_LENGTH.search(data, 0, head + 2)
    if told is None:
        raise LoadError("an answer without Content-Length")
    return len(data) >= head + 4 + int(told[1])


def run(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Result:
    """Keep ``connections`` requests under way for ``seconds``, then wait for the last answers."""
    result = Result()
    poll = select.epoll()
    lines = {line.socket.fileno(): line for line in (Line(("127.0.0.1", port)) for _ in range(connections))}
    started = time.perf_counter()
    try:
        under_way = sum(_start(poll, line, requests) for line in lines.values())
        while under_way:
            ready = poll.poll(PATIENCE_SECONDS)
            if not ready:
                raise LoadError(f"no answer for {PATIENCE_SECONDS:.0f} s")
            for handle, _events in ready:
                under_way -= _finish(result, lines[handle], requests, started + seconds)
        result.elapsed = time.perf_counter() - started
    finally:
        poll.close()
        for line in lines.values():
            line.socket.close()
    return result


def _start(poll: select.epoll, line: Line, requests: Iterator[bytes]) -> int:
    request = next(requests, None)
    if request is None:
        return 0
    poll.register(line.socket, select.EPOLLIN)
    line.send(request)
    return 1


def _finish(result: Result, line: Line, requests: Iterator[bytes], deadline: float) -> int:
    """Take what has come; send the next request; 1 when this connection has nothing more to do."""
    answer = line.receive()
    if answer is None:
        return 0
    now = time.perf_counter()
    result.answered += 1
    result.latencies.append(now - line.sent_at)
    status = answer[9:12].decode()
    result.statuses[status] += 1
    if status[0] != "2" and result.refused is None:
        result.refused = answer[:2000].decode(errors="replace")
    request = next(requests, None) if now < deadline else None
    if request is None:
        return 1
    line.send(request)
    return 0


def write_messages(path: Path, messages: Sequence[bytes]) -> None:
    """Each message behind its length, as ``read_messages`` wants them."""
    path.write_bytes(b"".join(LENGTH.pack(len(message)) + message for message in messages))


def read_messages(path: Path) -> list[bytes]:
    data = path.read_bytes()
    messages, position = [], 0
    while position < len(data):
        (length,) = LENGTH.unpack_from(data, position)
        position += LENGTH.size
        messages.append(data[position : position + length])
        position += length
    return messages


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _obey(order: dict[str, Any]) -> dict[str, Any]:
    requests = read_messages(Path(order["file"]))
    feed = cycle(requests) if order["repeat"] else iter(requests)
    try:
        return run(order["port"], feed, order["connections"], order["seconds"]).summary()
    except (LoadError, OSError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    for order_line in sys.stdin:
        print(json.dumps(_obey(json.loads(order_line))), flush=True)
