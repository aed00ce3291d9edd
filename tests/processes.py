"""What the machine tells of its processes; standard library only, on Linux and macOS."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def command_line(pid: int) -> str:
    """The words a process was started with; empty: there is none, or it has ended."""
    if not _has_proc():
        return _ps("-o", "args=", "-p", str(pid))
    try:
        return (PROC / str(pid) / "cmdline").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def children(pid: int) -> list[int]:
    """The processes that a process started and that have not been collected."""
    return [child for child, parent in _parents() if parent == pid]


def _parents() -> Iterator[tuple[int, int]]:
    if not _has_proc():
        for line in _ps("-A", "-o", "pid=,ppid=").splitlines():
            child, parent = line.split()
            yield int(child), int(parent)
        return
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            # The name in brackets may hold anything, brackets too.
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield int(stat.parent.name), int(fields[1])


def _has_proc() -> bool:
    return (PROC / "self" / "cmdline").exists()


def _ps(*options: str) -> str:
    return subprocess.run(["ps", *options], capture_output=True, text=True, check=False).stdout  # noqa: S607 - found by PATH
