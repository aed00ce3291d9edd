"""Servers under measurement: started on a free port, waited for, stopped."""

from __future__ import annotations

import http.client
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.baseline_app.app import TARGET
from benchmarks.child_process import Hand, HandError, environment, free_port
from community_api.core.places.terms import WORKING
from community_api.server import terms

Dialect = Literal["postgresql", "sqlite"]
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Serving:
    """How every server of a run serves: the product's own places, and as many threads for the rest."""

    workers: int
    threads: int

    @classmethod
    def on(cls, dialect: Dialect, processes: int | None) -> Serving:
        """``processes`` None: as many as the product would start; on SQLite it is always one."""
        if dialect == "sqlite":
            return cls(1, WORKING)
        return cls(processes or min(os.cpu_count() or 1, terms.MOST_PROCESSES), WORKING)


@dataclass
class Server:
    """A server that answers; ``first_answer`` is the seconds from its start to the first 200."""

    name: str
    port: int
    hand: Hand
    first_answer: float

    @property
    def pid(self) -> int:
        return self.hand.pid

    def stop(self) -> None:
        self.hand.stop()


def start(name: str, launch: Callable[[int], Hand], path: str) -> Server:
    """Launch on a free port and wait for the first 200 of ``path``; raises HandError without one."""
    port = free_port()
    started = time.monotonic()
    hand = launch(port)
    while not answers(port, path):
        if hand.ended or time.monotonic() > started + PATIENCE_SECONDS:
            hand.stop()
            raise HandError(f"{name} did not answer {path}:\n{hand.last_words()}")
        time.sleep(POLL_SECONDS)
    return Server(name, port, hand, time.monotonic() - started)


def answers(port: int, path: str) -> bool:
    """Whether a GET of ``path`` gives 200 now."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def bare(name: str, target: str, serving: Serving, scratch: Path) -> Server:
    """The bare Flask application under the product's own WSGI server."""

    def launch(port: int) -> Hand:
        return Hand(
            granian("benchmarks.baseline_app.app:make_app", port, serving),
            log=scratch / f"{name}.log",
            env=environment(scratch, **{TARGET: target}),
        )

    return start(name, launch, "/")


def bare_by_gunicorn(target: str, scratch: Path) -> Server:
    """The bare Flask application under gunicorn, with two processes of eight threads."""

    def launch(port: int) -> Hand:
        options = ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--backlog", "1024"]
        return Hand(
            [
                *executable("gunicorn"),
                *options,
                "--bind",
                f"127.0.0.1:{port}",
                "benchmarks.baseline_app.app:make_app()",
            ],
            log=scratch / "gunicorn.log",
            env=environment(scratch, **{TARGET: target}),
        )

    return start("bare by gunicorn", launch, "/")


def granian(target: str, port: int, serving: Serving) -> list[str]:
    """The command of the WSGI server; ``target`` is a factory."""
    options: Mapping[str, object] = {
        "--interface": "wsgi",
        "--host": "127.0.0.1",
        "--port": port,
        "--workers": serving.workers,
        "--blocking-threads": serving.threads,
        "--blocking-threads-idle-timeout": 600,
        "--backlog": 1024,
        "--log-level": "warning",
    }
    flags = [str(part) for option in options.items() for part in option]
    return [*executable("granian"), *flags, "--factory", target]


def executable(name: str) -> list[str]:
    """A console script of this very environment."""
    return [str(Path(sys.executable).parent / name)]
