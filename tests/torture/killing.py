"""Processes of one command, of which one is always being killed and replaced."""

from __future__ import annotations

import random
import subprocess
import sys

from tests.support.servers import ROOT


class Killed:
    """So many of `python -m` with these words."""

    def __init__(self, *words: str, number: int) -> None:
        self._command = [sys.executable, "-m", *words]
        self._processes = [self._start() for _ in range(number)]
        self.kills = 0

    def kill_one(self) -> None:
        victim = random.randrange(len(self._processes))
        self._processes[victim].kill()
        self._processes[victim].wait()
        self._processes[victim] = self._start()
        self.kills += 1

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, cwd=ROOT, stderr=subprocess.DEVNULL)
