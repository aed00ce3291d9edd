"""The product under measurement: a database of its own, filled, served as its users serve it."""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import servers
from benchmarks.bench import Bench, Place
from benchmarks.child_process import ROOT, Hand, HandError, environment, module
from benchmarks.servers import Dialect, Server

API = "/api/v1"
READY = "/health/ready"
OFFICER, SUPERVISOR = "officer1.lin-a", "supervisor.lin-a"
SECOND_PERSON, ANALYST = "supervisor.lin-b", "analyst1.lin"
# Access tokens live for fifteen minutes; new ones are fetched well before, outside the measured time.
TOKEN_SECONDS = 600.0


@dataclass
class Product:
    """One installation: its folder, its database, its server."""

    bench: Bench
    place: Place
    home: Path
    env: dict[str, str]
    password: str
    server: Server | None = None
    _tokens: dict[str, tuple[float, str]] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return self.serving.port

    @property
    def serving(self) -> Server:
        if self.server is None:
            raise HandError("the product is not served yet")
        return self.server

    def serve(self) -> Server:
        """Start the server, and wait for its first answer."""
        self.server = servers.start("product", self._launch, READY)
        self.bench.until_scenario_ends(self.server.stop)
        return self.server

    def run(self, *command: str) -> None:
        """One of the product's own commands; raises HandError with its words when it fails."""
        done = subprocess.run(
            command, env=self.env, cwd=self.home, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise HandError(f"{' '.join(command)}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")

    def token(self, username: str) -> str:
        """An access token that lives long enough for a run."""
        fetched, token = self._tokens.get(username, (float("-inf"), ""))
        if time.monotonic() - fetched > TOKEN_SECONDS:
            told = {"username": username, "password": self.password}
            token = self.ask("POST", "/auth/login", body=told)["access_token"]
            self._tokens[username] = (time.monotonic(), token)
        return token

    def ask(self, method: str, path: str, *, username: str | None = None, body: Any = None) -> Any:
        """One call, outside the measured time; raises HandError for anything but 2xx."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if username is not None:
            headers["Authorization"] = f"Bearer {self.token(username)}"
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, API + path, json.dumps(body) if body is not None else None, headers)
            answer = line.getresponse()
            raw = answer.read()
        finally:
            line.close()
        if not 200 <= answer.status < 300:
            raise HandError(f"{method} {path}: {answer.status} {raw[:1000].decode(errors='replace')}")
        return json.loads(raw)

    @cached_property
    def indicator_list_version(self) -> int:
        """The list in force, which flags have to name."""
        return int(self.ask("GET", "/indicators", username=OFFICER)["version"])

    def count(self, table: str) -> Callable[[], int]:
        """Counts the rows of a table, by a driver and not by the product."""
        return lambda: _count(self.place, table)

    def _launch(self, port: int) -> Hand:
        return Hand(
            flask("serve", *self._processes()),
            log=self.home / "serve.log",
            env={**self.env, "PORT": str(port)},
            cwd=self.home,
        )

    def _processes(self) -> list[str]:
        """What to say of processes: nothing lets the product decide."""
        told = self.bench.plan.processes
        return [] if told is None or self.place.dialect == "sqlite" else ["--processes", str(told)]


def installed(bench: Bench, dialect: Dialect, *, rows: int = 0, concerns: bool = False) -> Product:
    """A migrated database with the demo organisation and ``rows`` reports of `lin-a`, not yet served.

    ``concerns``: some of them are concerns of the public; else all are observations.
    """
    place = bench.place("product", dialect)
    home = bench.scratch / f"home-{place.name}-{dialect}"
    home.mkdir()
    password = secrets.token_urlsafe(18)
    env = environment(
        bench.scratch,
        COMMUNITY_MODE="demo",
        COMMUNITY_DATABASE_URL=place.url,
        COMMUNITY_KEYS=str(home / "keys"),
        COMMUNITY_DEMO_PASSWORD=password,
    )
    product = Product(bench, place, home, env, password)
    product.run(*flask("migrate"))
    product.run(*flask("demo", "load"))
    if rows:
        product.run(*module("benchmarks.load", "--rows", str(rows), *(["--concerns"] if concerns else [])))
    return product


def flask(*command: str) -> list[str]:
    return module("flask", "--app", str(ROOT / "app.py"), *command)


def _count(place: Place, table: str) -> int:
    statement = f"SELECT count(*) FROM {table}"
    if place.dialect == "sqlite":
        with contextlib.closing(sqlite3.connect(f"file:{place.target}?mode=ro", uri=True)) as connection:
            return int(connection.execute(statement).fetchone()[0])
    with psycopg.connect(place.target) as connection:
        row = connection.execute(statement.encode()).fetchone()
        return int(row[0]) if row else 0
