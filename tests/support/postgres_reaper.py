"""Outlives a test session to clear up after it: python -m tests.support.postgres_reaper FOLDER.

Waits until its standard input closes, which the kernel sees to even when the session is killed, then
stops the PostgreSQL server whose data are in FOLDER and removes FOLDER. Standard library only.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

from tests.support.processes import command_line

PATIENCE_SECONDS = 10.0


def discard(folder: Path) -> None:
    """Stop the server that works in ``folder``, if one does, and remove the folder; raises OSError."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    _signal_server(folder, signal.SIGQUIT)
    while server_of(folder) is not None:
        if time.monotonic() > deadline:
            _signal_server(folder, signal.SIGKILL)
        time.sleep(0.02)
    _remove(folder, deadline)


def server_of(folder: Path) -> int | None:
    """The process id of the running server with its data in ``folder``; None: there is none."""
    data = folder / "data"
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    # The number may long belong to another process, and one that ended may not be collected yet.
    return pid if str(data) in command_line(pid) else None


def _signal_server(folder: Path, number: signal.Signals) -> None:
    server = server_of(folder)
    if server is not None:
        os.kill(server, number)


def _remove(folder: Path, deadline: float) -> None:
    """Remove a folder in which processes that are ending may still put files."""
    while folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    discard(Path(sys.argv[1]))
