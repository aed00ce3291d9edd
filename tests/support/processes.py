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
    return [child for child, _state, parent, _group in _everything() if parent == pid]


def group_members(group: int) -> list[int]:
    """The processes of a group that live; those that have ended and were not collected do not count."""
    return [pid for pid, state, _parent, of in _everything() if of == group and not state.startswith("Z")]


def _everything() -> Iterator[tuple[int, str, int, int]]:
    """Of every process its id, state, parent and group."""
    if not _has_proc():
        for line in _ps("-A", "-o", "pid=,stat=,ppid=,pgid=").splitlines():
            pid, state, parent, group = line.split()
            yield int(pid), state, int(parent), int(group)
        return
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            # The name in brackets may hold anything, brackets too.
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield int(stat.parent.name), fields[0], int(fields[1]), int(fields[2])


def _has_proc() -> bool:
    return (PROC / "self" / "cmdline").exists()


def _ps(*options: str) -> str:
    return subprocess.run(["ps", *options], capture_output=True, text=True, check=False).stdout  # noqa: S607 - found by PATH
