"""`check`: the CPU that it takes to prove a procedure pack sound, of the largest that is shipped."""

from __future__ import annotations

import time

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Requirement, Section
from benchmarks.servers import Dialect
from community_api.procedure_engine.pack.loader import parse
from community_api.procedure_engine.repository import SHIPPED

TIMES = 3


def measure(_bench: Bench, dialect: Dialect) -> list[Section]:
    """Every shipped pack, read and proved from its bytes; no database takes part."""
    took = {path.stem: _seconds(path.read_bytes(), path.name) for path in sorted(SHIPPED.glob("*.yaml"))}
    rows = [[name, f"{seconds:.2f}"] for name, seconds in took.items()]
    section = Section("check", dialect, ["", "CPU s"], rows, data={"seconds": took})
    section.figures = [Figure("largest pack proved", max(took.values()), " s CPU", Requirement(at_most=2.0))]
    return [section]


def _seconds(content: bytes, file: str) -> float:
    """The least of a few: what else a busy host does is not the checker's."""
    measured = []
    for _ in range(TIMES):
        begun = time.process_time()
        parse(content, file)
        measured.append(time.process_time() - begun)
    return min(measured)
