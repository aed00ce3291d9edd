"""System calls as strace tells them: was the disk asked before the answer went out?"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

SYNCHRONISATIONS = re.compile(r"\b(fsync|fdatasync|sync_file_range|msync)\(")
ANSWERS = re.compile(r'\b(write|writev|sendto|sendmsg)\(.*"HTTP/1\.1 201')
CALLS = "fsync,fdatasync,msync,write,writev,sendto,sendmsg"


class CannotTrace(Exception):
    """strace is not there or may not look at these processes; the message says which."""


@contextmanager
def traced(pids: Iterable[int], log: Path) -> Iterator[None]:
    """Write down the calls of these processes and all their threads while the block runs."""
    if shutil.which("strace") is None:
        raise CannotTrace("strace is not installed (apt install strace)")
    attach = [word for pid in pids for word in ("-p", str(pid))]
    with log.with_suffix(".said").open("wb") as said:
        strace = subprocess.Popen(
            ["strace", "-f", "-s", "40", "-e", f"trace={CALLS}", "-o", log, *attach],  # noqa: S607 - found by PATH
            stdin=subprocess.DEVNULL,
            stderr=said,
        )
    try:
        _wait_until_attached(strace, Path(said.name), len(attach) // 2)
        yield
    finally:
        strace.terminate()
        strace.wait()


def _wait_until_attached(strace: subprocess.Popen[bytes], file: Path, processes: int) -> None:
    deadline = time.monotonic() + 20
    while file.read_text().count(" attached") < processes:
        if strace.poll() is not None or "not permitted" in file.read_text():
            raise CannotTrace("strace may not look at other processes here (kernel.yama.ptrace_scope)")
        assert time.monotonic() < deadline, file.read_text()
        time.sleep(0.05)


def answers_without_sync(calls: Iterable[str]) -> tuple[int, int]:
    """How many 201 went out, and how many of them without any synchronisation since the one before.

    For one client that waits for each answer: then whatever was synchronised in between was for it.
    """
    answers = unsynchronised = synchronised = 0
    for call in calls:
        if ANSWERS.search(call):
            answers += 1
            unsynchronised += synchronised == 0
            synchronised = 0
        elif SYNCHRONISATIONS.search(call):
            synchronised += 1
    return answers, unsynchronised
