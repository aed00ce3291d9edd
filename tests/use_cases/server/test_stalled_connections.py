"""A body that never ends gives its place back: the deadline that the engine lacks."""

import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest

from community_api.core.places.terms import BODY_SECONDS
from community_api.server.stalled_connections import StalledConnections
from tests.support.servers import ROOT, connect, free_port
from tests.support.slow_clients import FORMS, PATIENCE_SECONDS

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n{"


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.seconds = 1_000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def line():
    """Both ends of a connection: the client's, and the one that this process took."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        taken, _ = listener.accept()
    with client, taken:
        yield client, taken


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stalled(line, clock):
    return StalledConnections(line[1].getsockname()[1], clock)


def send(sender, receiver, content):
    """Send, and wait until it has arrived and was acknowledged."""
    sender.sendall(content)
    receiver.settimeout(PATIENCE_SECONDS)
    got = b""
    while len(got) < len(content):
        got += receiver.recv(len(content))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while acknowledged(sender) < len(content):
        assert time.monotonic() < deadline
        time.sleep(0.001)


def acknowledged(sender):
    told = sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 128)
    return int.from_bytes(told[120:128], sys.byteorder)


def is_open(line):
    """Whether there may be more to read."""
    line.setblocking(False)
    try:
        return line.recv(1) != b""
    except BlockingIOError:
        return True
    finally:
        line.settimeout(PATIENCE_SECONDS)


def test_a_connection_on_which_nothing_goes_on_is_closed_for_reading_and_may_still_be_answered(
    line, stalled, clock
):
    client, taken = line
    send(client, taken, HEAD)
    assert stalled.sweep() == 0
    clock.seconds += BODY_SECONDS + len(HEAD) / 1_000 - 0.1
    assert stalled.sweep() == 0
    assert is_open(taken)
    clock.seconds += 1
    assert stalled.sweep() == 1
    assert not is_open(taken)
    taken.sendall(b"too slow")
    assert client.recv(100) == b"too slow"


def test_bytes_of_a_body_earn_it_time(line, stalled, clock):
    client, taken = line
    send(client, taken, HEAD)
    stalled.sweep()
    for _ in range(4):
        send(client, taken, b"x" * 30_000)
        clock.seconds += 30
        assert stalled.sweep() == 0
    clock.seconds += BODY_SECONDS
    assert stalled.sweep() == 0, "120,000 bytes are worth two minutes"
    clock.seconds += 1
    assert stalled.sweep() == 1


def test_a_byte_now_and_then_earns_nothing(line, stalled, clock):
    client, taken = line
    closed = stalled.sweep()
    for _ in range(10):
        send(client, taken, b"x")
        clock.seconds += 5
        closed += stalled.sweep()
    assert closed == 1


def test_an_answer_that_gets_on_gives_the_connection_its_time_anew(line, stalled, clock):
    client, taken = line
    stalled.sweep()
    for _ in range(10):
        clock.seconds += BODY_SECONDS - 1
        send(taken, client, b"a piece of an answer" * 100)
        assert stalled.sweep() == 0
    assert is_open(taken)


def test_connections_to_other_ports_are_left_alone(line, clock):
    """Such as those to the database, and the client's end of this one."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        stalled = StalledConnections(other.getsockname()[1], clock)
        stalled.sweep()
        clock.seconds += 1_000
        assert stalled.sweep() == 0
    assert is_open(line[1])


@pytest.mark.parametrize("form", FORMS)
def test_the_engine_ends_a_body_whose_connection_is_closed_for_reading(form):
    """What the deadline rests on, shown with the engine as it is installed."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--port", str(port)]
    options = ["--blocking-threads", "4", "--no-ws", "--factory", "tests.deadline_app:create_app"]
    with subprocess.Popen([*command, *options], cwd=ROOT, stderr=subprocess.DEVNULL) as engine:
        try:
            heard = ask_slowly(port, form)
        finally:
            engine.terminate()
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in head.lower()
    assert body == b"1 byte came"


def ask_slowly(port, form):
    """All that comes back for a body of which one byte is sent."""
    how = (
        b"Content-Length: 5000\r\n\r\n{"
        if form == "length"
        else b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
    )
    with connect(port) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n" + how)
        heard = b""
        while part := line.recv(4096):
            heard += part
        return heard
