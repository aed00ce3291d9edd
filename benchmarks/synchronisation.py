"""What a commit waits for: the time of one synchronisation on this disk, which ratios depend on."""

from __future__ import annotations

import os
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg

from benchmarks.bench import Bench, Place
from benchmarks.figures import Figure, Section
from benchmarks.servers import Dialect

# As a write-ahead log does: so many bytes more each time, and only the data synchronised.
BLOCK = b"\0" * 8192
TIMES = 200


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """One synchronisation alone, and the smallest commit by the driver, on the disk of the databases."""
    times = {
        "write 8 KiB and fdatasync": _synchronisations(bench.scratch / f"synchronised-{dialect}"),
        "commit of one row by the driver": _commits(bench.place("synchronised", dialect)),
    }
    section = Section("synchronisation", dialect, ["", "median ms", "p95 ms"])
    section.rows = [
        [name, f"{statistics.median(told):.3f}", f"{_p95(told):.3f}"] for name, told in times.items()
    ]
    section.figures = [Figure(name, statistics.median(told), " ms") for name, told in times.items()]
    section.data = {"milliseconds": times}
    return [section]


def _write_through(file: int) -> None:
    os.write(file, BLOCK)
    os.fdatasync(file)


def _synchronisations(path: Path) -> list[float]:
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        # Room made before, so that no synchronisation waits for the file to grow.
        os.write(file, BLOCK * TIMES)
        os.fsync(file)
        os.lseek(file, 0, os.SEEK_SET)
        return _timed(partial(_write_through, file))
    finally:
        os.close(file)


def _commits(place: Place) -> list[float]:
    if place.dialect == "sqlite":
        with closing(sqlite3.connect(place.target, isolation_level=None)) as connection:
            for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"):
                connection.execute(statement)
            connection.execute("CREATE TABLE bare (number INTEGER)")
            return _timed(lambda: connection.execute("INSERT INTO bare VALUES (1)"))
    with psycopg.connect(place.target, autocommit=True) as server:
        server.execute("CREATE TABLE bare (number INTEGER)")
        return _timed(lambda: server.execute("INSERT INTO bare VALUES (1)"))


def _timed(act: Callable[[], object]) -> list[float]:
    """Milliseconds of each of so many times."""
    told = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        told.append((time.perf_counter() - began) * 1_000)
    return told


def _p95(value: Sequence[float]) -> float:
    return statistics.quantiles(value, n=20)[-1]
