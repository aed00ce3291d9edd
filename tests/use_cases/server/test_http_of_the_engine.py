"""What the HTTP engine itself answers, and that it neither names itself nor speaks HTTP/2."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers import ROOT, connect
from tests.support.slow_clients import PATIENCE_SECONDS, ask

GET = b"GET /api/v1/public/notice HTTP/1.1\r\n"


def status(heard):
    return int(heard.split()[1])


def header(heard, name):
    lines = heard.split(b"\r\n\r\n")[0].decode().lower().split("\r\n")[1:]
    return [line.partition(": ")[2] for line in lines if line.startswith(f"{name}:")]


def test_http_2_from_the_start_is_closed_without_a_word(server):
    assert ask(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == b""


def test_an_offer_to_go_on_with_http_2_is_passed_over(server):
    upgrade = (
        b"Host: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    )
    assert status(ask(server, GET + upgrade)) == 200


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b"garbage\r\n\r\n", 400, id="no HTTP"),
        pytest.param(GET + b"Host : localhost\r\n\r\n", 400, id="a space before the colon"),
        pytest.param(GET + b"Host: localhost\r\nX: a\r\n b\r\n\r\n", 400, id="a folded header"),
        pytest.param(GET + b"Host: localhost\r\nX: a\rb\r\n\r\n", 400, id="a bare CR"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
            400,
            id="two lengths",
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400, id="another coding"
        ),
        pytest.param(b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 431, id="a long address"),
        pytest.param(GET + b"Host: a\r\nX: " + b"a" * 40_000 + b"\r\n\r\n", 431, id="a long header"),
        pytest.param(GET + b"Host: a\r\n" + b"X: a\r\n" * 101 + b"\r\n", 431, id="many headers"),
    ],
)
def test_what_is_no_request_is_answered_by_the_engine_without_content(server, raw, expected):
    """docs/operating.md lists these: no problem document can be made where no request was read."""
    heard = ask(server, raw)
    assert (status(heard), header(heard, "content-length")) == (expected, ["0"])
    assert header(heard, "server") == []


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n", b"Host: a\r\nHost: a\r\n"])
def test_a_missing_or_doubled_host_is_a_problem(server, hosts):
    heard = ask(server, GET + hosts + b"\r\n")
    assert status(heard) == 400
    assert header(heard, "content-type") == ["application/problem+json"]


def test_no_answer_names_what_answers(server):
    for path in (b"/health/live", b"/nowhere", b"/api/v1/me", b"/docs"):
        heard = ask(server, b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert header(heard, "server") == [""], "left out, the engine would put its name"
        assert b"granian" not in heard.lower()


def test_a_length_beside_chunks_counts_for_nothing(server):
    """RFC 9112 section 6.1: the coding wins, and the connection ends: nothing is smuggled behind."""
    for order in (0, 1):
        both = [b"Content-Length: 400\r\n", b"Transfer-Encoding: chunked\r\n"]
        lengths = both[order] + both[1 - order]
        raw = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + lengths
        heard = ask(server, raw + b"\r\n2\r\n{}\r\n0\r\n\r\n")
        assert status(heard) == 422
        assert header(heard, "connection") == ["close"]


CHUNKED = (
    b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
LIVE = b"GET /health/live HTTP/1.1"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(LIVE + b"\nHost: a\r\n\r\n", id="request line"),
        pytest.param(LIVE + b"\r\nHost: a\nX: b\r\n\r\n", id="header"),
        pytest.param(LIVE + b"\r\nHost: a\r\n\n", id="end of the head"),
    ],
)
def test_a_single_lf_ends_a_line_of_the_head(server, raw):
    """docs/operating.md says so: RFC 9112 section 2.2 allows it, and the engine has no switch for it."""
    assert status(ask(server, raw)) == 200


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"2\n{}\r\n0\r\n\r\n", id="size"),
        pytest.param(b"2;a\nb\r\n{}\r\n0\r\n\r\n", id="extension"),
        pytest.param(b"2\r\n{}\n0\r\n\r\n", id="data"),
        pytest.param(b"2\r\n{}\r\n0\n\r\n", id="last chunk"),
    ],
)
def test_a_single_lf_ends_no_chunk_and_nothing_behind_it_is_read(server, body):
    """RFC 9112 section 7.1: what would be a second request for whoever took the LF is none here."""
    heard = ask_to_the_end(server, CHUNKED + body + LIVE + b"\r\nHost: a\r\n\r\n")
    assert heard.count(b"HTTP/1.1 ") == 1
    assert status(heard) == 422, "a body without its required fields"


def ask_to_the_end(server, raw):
    """All that comes back until the server closes."""
    with connect(int(server.environ["PORT"])) as line:
        line.settimeout(PATIENCE_SECONDS)
        line.sendall(raw)
        heard = b""
        while part := line.recv(65_536):
            heard += part
        return heard


def test_the_processes_may_open_as_many_files_as_the_system_lets_them(server):
    for pid in server.members():
        limits = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8")
        soft, hard = next(line.split()[3:5] for line in limits.splitlines() if "open files" in line)
        assert soft == hard


def test_a_low_limit_of_open_files_is_raised():
    lines = [
        "import resource",
        "from community_api.server.limits import raise_file_limit",
        "_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))",
        "assert raise_file_limit() == hard",
        "assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)",
    ]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=ROOT, check=True, timeout=60)
