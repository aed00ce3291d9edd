"""The deadline that the engine lacks: connections on which nothing goes on are closed for reading.

A thread that waits for a body waits inside the engine, where nothing can interrupt it. It comes back at once
when its connection gives no more to read: the body ends there, and the request is refused (408). The engine
itself closes connections that idle between requests, or send a head too slowly, after 30 s; so what is
silent for longer is in the middle of a request or of an answer.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from community_api.core.monitoring import metrics
from community_api.core.places.terms import BODY_SECONDS, BYTES_A_SECOND

SWEEP_SECONDS: Final = 5.0
DESCRIPTORS: Final = Path("/proc/self/fd")
# Of what Linux tells by TCP_INFO: the state, the bytes of ours that arrived, the bytes that came.
_INFO: Final = struct.Struct("=B119xQQ")
ESTABLISHED: Final = 1
# SO_COOKIE, which Python does not name: no other connection ever has the same.
_COOKIE: Final = 57


@dataclass(frozen=True)
class Progress:
    """What a connection had received, and how much of our answers had arrived, at a time in seconds."""

    at: float
    answered: int
    received: int


class StalledConnections:
    """The connections of this process to ``port``; ``clock`` gives seconds."""

    def __init__(self, port: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._port = port
        self._clock = clock
        # By cookie: what was there when an answer last got on.
        self._since: dict[bytes, Progress] = {}

    def sweep(self) -> int:
        """Close for reading what has stalled; how many those are."""
        since, closed = {}, 0
        for connection in _connections(self._port):
            try:
                cookie = connection.getsockopt(socket.SOL_SOCKET, _COOKIE, 8)
                before, now = self._since.get(cookie), self._progress(connection)
                if before is None or before.answered != now.answered:
                    since[cookie] = now
                elif _is_overdue(before, now):
                    connection.shutdown(socket.SHUT_RD)
                    closed += 1
                else:
                    since[cookie] = before
            except OSError:
                # It ended while we looked.
                continue
        self._since = since
        return closed

    def keep_sweeping(self) -> None:
        """Sweep in a thread of its own as long as the process lives; not where the system tells nothing."""
        if sys.platform == "linux":
            threading.Thread(target=self._run, name="stalled connections", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(SWEEP_SECONDS)
            for _ in range(self.sweep()):
                metrics.turned_away("stalled")

    def _progress(self, connection: socket.socket) -> Progress:
        _, answered, received = _info(connection)
        return Progress(self._clock(), answered, received)


def _is_overdue(before: Progress, now: Progress) -> bool:
    return now.at - before.at > BODY_SECONDS + (now.received - before.received) / BYTES_A_SECOND


def _info(connection: socket.socket) -> tuple[int, int, int]:
    """State, bytes that arrived there, bytes that came; a state of 0 where the system tells less."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO.size)
    return _INFO.unpack(told) if len(told) == _INFO.size else (0, 0, 0)


def _connections(port: int) -> Iterator[socket.socket]:
    """Copies of this process's established connections to a port, each closed when the next is taken.

    A copy stays the same connection, whatever the engine does with its own meanwhile.
    """
    for descriptor in DESCRIPTORS.iterdir():
        with suppress(OSError), _copy(int(descriptor.name)) as copy:
            if _is_to(copy, port):
                yield copy


def _copy(number: int) -> socket.socket:
    """A copy of a socket; raises OSError where the number is of something else, or of nothing any more."""
    if not stat.S_ISSOCK(os.fstat(number).st_mode):
        raise OSError(errno.ENOTSOCK)
    copy = os.dup(number)
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise


def _is_to(connection: socket.socket, port: int) -> bool:
    return (
        connection.family in (socket.AF_INET, socket.AF_INET6)
        and connection.type == socket.SOCK_STREAM
        and connection.getsockname()[1] == port
        and _info(connection)[0] == ESTABLISHED
    )
