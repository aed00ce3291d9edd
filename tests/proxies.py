"""A real nginx with the file that the product ships, in front of a server of the tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.servers import ROOT, Server, connect, free_port

SHIPPED = ROOT / "deploy" / "nginx.conf"
# Where packages put it, for users whose PATH has no such folders.
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/community.conf;
}}
"""


def nginx() -> str | None:
    """The program; None where it is not installed."""
    return shutil.which("nginx", path=PLACES)


def shipped(port: int, upstream: int, body_seconds: int) -> str:
    """The shipped file on other ports, without TLS, and with another time between pieces of a body."""
    text = SHIPPED.read_text(encoding="utf-8")
    for pattern, instead in (
        (r"listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        (r"ssl_certificate\S* .*;", ""),
        (r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{upstream};"),
        (r"client_body_timeout +10s;", f"client_body_timeout {body_seconds}s;"),
    ):
        text, number = re.subn(pattern, instead, text)
        assert number, pattern
    return text


@contextmanager
def in_front_of(server: Server, folder: Path, *, body_seconds: int = 10) -> Iterator[int]:
    """The port of an nginx that passes on to a server."""
    program = nginx()
    assert program is not None
    port = free_port()
    (folder / "community.conf").write_text(shipped(port, int(server.environ["PORT"]), body_seconds))
    file = folder / "nginx.conf"
    file.write_text(AROUND.format(folder=folder))
    command = [program, "-p", str(folder), "-c", str(file), "-e", "stderr"]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            connect(port).close()
            yield port
        finally:
            process.terminate()


@contextmanager
def signed_in(port: int, username: str, password: str) -> Iterator[httpx.Client]:
    """Somebody who comes through the proxy, and takes compressed answers."""
    url = f"http://127.0.0.1:{port}/community/api/v1"
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        answer = client.post("/auth/login", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client
