"""Child processes of the harness: started, asked, and always stopped again."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 20.0
# What would lead children elsewhere, or have them compile everything at each start.
NOT_INHERITED = ("COMMUNITY_", "PG", "FLASK_", "GRANIAN_", "PYTHONDONTWRITEBYTECODE")


class HandError(Exception):
    """A child process failed; the message holds the last lines of what it said."""


class Hand:
    """A child process in a group of its own, its output in a file."""

    talks = subprocess.DEVNULL

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str],
        cwd: Path = ROOT,
        user: str | None = None,
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                list(command),
                stdin=self.talks,
                stdout=self.talks if self.talks == subprocess.PIPE else output,
                stderr=output,
                env=dict(env),
                cwd=cwd,
                user=user,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, then make it; its children go with it."""
        if not self.ended:
            self.process.send_signal(how)
            # Past its time the whole group is killed below.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        # Nobody is left in the group when all ended by themselves.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        # Waits, and closes the pipes.
        with self.process:
            pass


class Asked(Hand):
    """A child that answers every JSON line with one."""

    talks = subprocess.PIPE

    def ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Raises HandError when it dies, keeps silent, or answers an error."""
        self.tell(order)
        return self.answer()

    def tell(self, order: Mapping[str, Any]) -> None:
        """Give an order and do not wait."""
        if self.process.stdin is None:
            raise HandError("the child has no pipe to be told by")
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def answer(self, patience: float = 300.0) -> dict[str, Any]:
        """What it answers to the order before; ``patience`` in seconds."""
        if self.process.stdout is None:
            raise HandError("the child has no pipe to answer by")
        ready, _, _ = select.select([self.process.stdout], [], [], patience)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            raise HandError(f"no answer from {self.process.args!r}:\n{self.last_words()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise HandError(answer["error"])
        return answer


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module under this very interpreter."""
    return [sys.executable, "-m", name, *arguments]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(scratch: Path, **more: str) -> dict[str, str]:
    """What children see: ours, compiled modules cached as on an installed system, and ``more``."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
    return {**inherited, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(scratch / "pyc"), **more}
