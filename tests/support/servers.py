"""The product as a process group of its own, started as `make run` starts it, on a port nobody uses."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.databases import Addresses
from tests.support.processes import command_line, group_members

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "the password of this test's demo"
START_SECONDS = 120.0
STOP_SECONDS = 30.0


def free_port() -> int:
    """A port that is free now; the system gives it to nobody else for a while."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def connect(port: int, seconds: float = START_SECONDS) -> socket.socket:
    """A connection to this machine, as soon as somebody listens there."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=seconds)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "nobody listens"
            time.sleep(0.05)


def settings_of(addresses: Addresses, folder: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a process of the product; its var/ is ``folder``/var."""
    told = {
        "COMMUNITY_MODE": "demo",
        "COMMUNITY_DATABASE_URL": addresses.database_url,
        "COMMUNITY_KEYS": str(folder / "keys"),
        "COMMUNITY_DEMO_PASSWORD": PASSWORD,
        "PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    if addresses.migration_url != addresses.database_url:
        told["COMMUNITY_MIGRATION_URL"] = addresses.migration_url
    return (
        {name: value for name, value in os.environ.items() if not name.startswith("COMMUNITY_")} | told | more
    )


class Undertaker:
    """Ends what is left of a server when this session has ended, however it did."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-m", "tests.support.process_reaper"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            # Ctrl-C is meant for the tests.
            start_new_session=True,
            text=True,
        )

    def tell(self, group: int) -> None:
        """A process group began, or by its negative number ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{group:+d}\n")
        self._process.stdin.flush()

    def dismiss(self) -> None:
        """Let it end; it kills what it was not told the end of."""
        self._process.communicate()


class Server:
    """`flask serve` and everything that it starts, in a process group of its own."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = environ
        self.url = f"http://127.0.0.1:{environ['PORT']}"
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._undertaker = Undertaker()
        self._anybody = httpx.Client(timeout=10, trust_env=False, headers={"Connection": "close"})

    def start(self) -> None:
        """Start it; ``wait_until_ready`` waits for it."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "app", "serve"],
                cwd=self.folder,
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._undertaker.tell(self._process.pid)

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait for /health/ready; fails with what the server said."""
        deadline = time.monotonic() + seconds
        while self.status("/health/ready") != 200:
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, f"not ready: {self.output()}"
            time.sleep(0.05)

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Another command of the product, with the same settings."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=self.folder,
            env={**self.environ, **settings},
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )

    def status(self, path: str) -> int | None:
        """The status of a GET; None: nobody answers."""
        try:
            return self.get(path).status_code
        except httpx.TransportError:
            return None

    def get(self, path: str) -> httpx.Response:
        """A GET by nobody in particular, over a connection of its own."""
        return self._anybody.get(self.url + path)

    def post(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """A POST by nobody in particular."""
        return self._anybody.post(self.url + path, json=body)

    @contextmanager
    def signed_in(self, username: str) -> Iterator[httpx.Client]:
        """Somebody of the demo, as a client with a token."""
        with httpx.Client(base_url=f"{self.url}/api/v1", timeout=10, trust_env=False) as client:
            answer = self._sign_in(client, username)
            assert answer.status_code == 200, answer.text
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield client

    def _sign_in(self, client: httpx.Client, username: str) -> httpx.Response:
        """Come again as long as another stranger waits for a turn at hashing."""
        while True:
            body = {"username": username, "password": PASSWORD}
            answer = client.post("/auth/login", json=body)
            if answer.status_code != 503:
                return answer
            time.sleep(float(answer.headers["Retry-After"]))

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def members(self) -> dict[int, str]:
        """The processes of the group that live, with the words they were started with."""
        return {pid: command_line(pid) for pid in group_members(self.process.pid)}

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the first process, as `kill` and process managers do."""
        self.process.send_signal(number)

    def send_to_all(self, number: signal.Signals) -> None:
        """Send a signal to all, as a terminal does on Ctrl-C."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            assert self.process.poll() is not None

    def wait_until_gone(self, seconds: float = STOP_SECONDS) -> float:
        """Wait until no process is left; how many seconds that took."""
        begun = time.monotonic()
        while self.process.poll() is None or group_members(self.process.pid):
            assert time.monotonic() - begun < seconds, self.members()
            time.sleep(0.02)
        self._undertaker.tell(-self.process.pid)
        return time.monotonic() - begun

    def close(self) -> None:
        """End whatever is left."""
        if self._process is not None:
            self.send_to_all(signal.SIGKILL)
            self.wait_until_gone()
        self._anybody.close()
        self._undertaker.dismiss()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it was not started"
        return self._process
