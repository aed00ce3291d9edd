"""Clients that send as much of a body as is taken, and never its end."""

from __future__ import annotations

import itertools
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

PIECE = 65_536
# How long the server may take nothing before a client counts as waiting.
STILL_SECONDS = 1.0


@contextmanager
def held_bodies(port: int, tokens: Sequence[str], number: int, size: int, *, chunked: bool) -> Iterator[int]:
    """So many connections, shared among the callers; yields how many wait with an unfinished body.

    ``size`` is how many bytes each sends. Those that are refused stay open as well.
    """
    lines: list[socket.socket] = []
    try:
        for _, token in zip(range(number), itertools.cycle(tokens), strict=False):
            line = socket.create_connection(("127.0.0.1", port))
            line.sendall(_head(token, size, chunked=chunked))
            line.settimeout(0)
            lines.append(line)
        _send(lines, size, chunked=chunked)
        time.sleep(STILL_SECONDS)
        yield sum(_waits(line) for line in lines)
    finally:
        for line in lines:
            line.close()


def _head(token: str, size: int, *, chunked: bool) -> bytes:
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size + 1}"
    lines = [
        "POST /api/v1/observations HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Authorization: Bearer {token}",
        length,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def _send(lines: Sequence[socket.socket], size: int, *, chunked: bool) -> None:
    """Send to all at once, until each has what it should or nobody takes any more."""
    piece = b"x" * min(PIECE, size)
    told = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
    left = {line: memoryview(told * max(1, size // len(piece))) for line in lines}
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line, selectors.EVENT_WRITE)
        while left and (ready := selector.select(STILL_SECONDS)):
            for key, _ in ready:
                ready_line = key.fileobj
                assert isinstance(ready_line, socket.socket)
                rest = _send_some(ready_line, left[ready_line])
                if rest:
                    left[ready_line] = rest
                else:
                    selector.unregister(ready_line)
                    del left[ready_line]


def _send_some(line: socket.socket, rest: memoryview) -> memoryview:
    """What is still to be sent; nothing to a server that has closed."""
    try:
        return rest[line.send(rest) :]
    except BlockingIOError:
        return rest
    except OSError:
        return rest[:0]


def _waits(line: socket.socket) -> bool:
    """Whether no answer lies there."""
    try:
        line.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
