"""Resident memory of processes, in bytes, as the kernel accounts for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Resident:
    """``rss`` counts shared pages in full, ``pss`` a process's share of them."""

    pid: int
    rss: int
    pss: int


def resident(pid: int, proc: Path = Path("/proc")) -> Resident:
    """Raises FileNotFoundError when the process has ended."""
    fields = parse_rollup((proc / str(pid) / "smaps_rollup").read_text())
    return Resident(pid, fields["Rss"], fields["Pss"])


def parse_rollup(text: str) -> dict[str, int]:
    """The fields of smaps_rollup in bytes; the first line is the address range."""
    fields = {}
    for line in text.splitlines()[1:]:
        name, _, amount = line.partition(":")
        number, unit = amount.split()
        if unit == "kB":
            fields[name] = int(number) * 1024
    return fields
