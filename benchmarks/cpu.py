"""Who used the processors: ours, the kernel's, and other people's processes.

All times are seconds of CPU, read from /proc; none of it needs rights over the other processes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TICK = 1.0 / os.sysconf("SC_CLK_TCK")
KERNEL_THREAD = 0x00200000
# A round in which others took more than this share of one processor says little about us.
CONTAMINATED_ABOVE = 0.06


@dataclass(frozen=True)
class Process:
    """One process as /proc/<pid>/stat tells of it; ``used`` includes its children already waited for."""

    pid: int
    parent: int
    is_kernel: bool
    used: float


@dataclass(frozen=True)
class Machine:
    """/proc/stat, summed over all processors: time at work for processes, and time the host took away."""

    worked: float
    stolen: float


@dataclass(frozen=True)
class Snapshot:
    """Everything that was used up to one moment; ``at`` is monotonic seconds."""

    at: float
    machine: Machine
    processes: Mapping[int, Process]

    def tree(self, root: int) -> float:
        """What ``root`` and all its living descendants have used; 0 when it is gone."""
        return sum(self.processes[pid].used for pid in descendants(self.processes, root))

    @property
    def kernel(self) -> float:
        return sum(process.used for process in self.processes.values() if process.is_kernel)


@dataclass(frozen=True)
class Usage:
    """CPU seconds used between two snapshots, and what was not ours as shares of one processor.

    ``others`` are processes of this machine; ``stolen`` is what its host gave to other machines.
    """

    seconds: float
    by_part: Mapping[str, float]
    others: float
    stolen: float

    @property
    def contaminated(self) -> bool:
        return self.others > CONTAMINATED_ABOVE


def snapshot(at: float, proc: Path = Path("/proc")) -> Snapshot:
    """Read the machine and every process now."""
    processes = {process.pid: process for process in _processes(proc)}
    return Snapshot(at, parse_machine((proc / "stat").read_text()), processes)


def usage(before: Snapshot, after: Snapshot, parts: Mapping[str, Iterable[int]], harness: int) -> Usage:
    """What each part (a name and the roots of its process trees) used, and what was not ours at all.

    ``harness`` is the process under which all of ours live. Kernel threads are nobody's: they write
    our pages to disk as well as other people's.
    """
    seconds = after.at - before.at
    by_part = {
        name: sum(after.tree(root) - before.tree(root) for root in roots) for name, roots in parts.items()
    }
    stolen = max(0.0, after.machine.stolen - before.machine.stolen)
    return Usage(seconds, by_part, _others(before, after, harness) / seconds, stolen / seconds)


def _others(before: Snapshot, after: Snapshot, harness: int) -> float:
    """Seconds of CPU that were not ours, by the machine's total and by its processes: the larger.

    The total knows of processes that came and went in between but is sampled at ticks; what each
    living process tells of itself is exact.
    """
    ours = after.tree(harness) - before.tree(harness)
    worked = after.machine.worked - before.machine.worked
    by_total = worked - ours - max(0.0, after.kernel - before.kernel)
    by_process = _foreign(after, harness) - _foreign(before, harness)
    return max(0.0, by_total, by_process)


def _foreign(moment: Snapshot, harness: int) -> float:
    """All that living processes of others have used, with what they waited for."""
    mine = set(descendants(moment.processes, harness))
    return sum(
        process.used for pid, process in moment.processes.items() if not process.is_kernel and pid not in mine
    )


def descendants(processes: Mapping[int, Process], root: int) -> list[int]:
    """``root`` and everything below it, as far as it lives."""
    if root not in processes:
        return []
    children: dict[int, list[int]] = {}
    for process in processes.values():
        children.setdefault(process.parent, []).append(process.pid)
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def parse_process(line: str) -> Process:
    """A line of /proc/<pid>/stat; the name in brackets may itself hold blanks and brackets."""
    pid, _, rest = line.partition(" (")
    fields = rest[rest.rindex(")") + 2 :].split()
    ticks = sum(int(field) for field in fields[11:15])
    return Process(int(pid), int(fields[1]), bool(int(fields[6]) & KERNEL_THREAD), ticks * TICK)


def parse_machine(text: str) -> Machine:
    """The first line of /proc/stat. Interrupts are left out: loopback traffic is served in them."""
    user, nice, system, _idle, _iowait, _irq, _softirq, steal = (
        int(field) * TICK for field in text.split("\n", 1)[0].split()[1:9]
    )
    return Machine(worked=user + nice + system, stolen=steal)


def _processes(proc: Path) -> Iterable[Process]:
    for entry in os.scandir(proc):
        if not entry.name.isdigit():
            continue
        try:
            line = (Path(entry.path) / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended while we were reading
        yield parse_process(line)
