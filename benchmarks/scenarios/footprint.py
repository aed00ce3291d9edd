"""`memory`: what a worker holds after reports, lists and people signing in, and with all places taken."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import cpu, interleaved_runs, memory
from benchmarks.bench import Bench, Load
from benchmarks.figures import Figure, Requirement, Section
from benchmarks.held_bodies import held_bodies
from benchmarks.product import API, OFFICER, SUPERVISOR, Product, installed
from benchmarks.requests import request
from benchmarks.scenarios import create, lists
from benchmarks.servers import Dialect

MEGABYTE = 1_000_000
AT_MOST = Requirement(at_most=110)
FULL_AT_MOST = Requirement(at_most=130)
# As many as all processes have places for, and more; a caller has places for 32 in each.
BODIES = 320
HOLDERS = (OFFICER, SUPERVISOR, "officer1.lin-b", "officer1.bru-a")
SIZES = (1, 65_536, 1_000_000)
WARMING_SECONDS = 0.4


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """Load everything that takes memory, Argon2 above all, then read what stayed resident."""
    product = installed(bench, dialect, rows=bench.plan.small)
    # Once before: a process that compiles what it loads keeps what that took until it is started again.
    product.serve()
    runs = [interleaved_runs.run(variant, WARMING_SECONDS) for variant in _variants(bench, product)]
    product.serving.stop()
    product.serve()
    variants = _variants(bench, product)
    runs += [interleaved_runs.run(variant, bench.plan.seconds) for variant in (*variants, *variants)]
    section = Section("memory", dialect, ["process", "resident MB", "proportional MB"])
    section.failures = [f"{run.variant}: {run.failure}" for run in runs if run.failure]
    found = [memory.resident(pid) for pid in _tree(product)]
    section.rows = [
        [_called(one.pid), f"{one.rss / MEGABYTE:.1f}", f"{one.pss / MEGABYTE:.1f}"] for one in found
    ]
    section.data = {"processes": [{"rss": one.rss, "pss": one.pss} for one in found]}
    largest = max(one.rss for one in found) / MEGABYTE
    full = _with_all_places_taken(product, section) / MEGABYTE
    section.figures = [
        Figure("resident memory of the largest process", largest, " MB", AT_MOST),
        Figure("the same with all places taken by bodies", full, " MB", FULL_AT_MOST),
    ]
    return [section]


def _with_all_places_taken(product: Product, section: Section) -> int:
    """The bytes of the largest process while clients hold unfinished bodies, of the worst kind of body."""
    tokens = [product.token(name) for name in HOLDERS]
    largest = 0
    for chunked, size in itertools.product((False, True), SIZES):
        with held_bodies(product.port, tokens, BODIES, size, chunked=chunked) as waiting:
            found = [memory.resident(pid) for pid in _tree(product)]
        most = max(found, key=lambda item: item.rss)
        kind = f"{waiting} bodies of {size} bytes{', chunked' if chunked else ''}"
        section.rows.append([kind, f"{most.rss / MEGABYTE:.1f}", f"{most.pss / MEGABYTE:.1f}"])
        largest = max(largest, most.rss)
    return largest


def _tree(product: Product) -> list[int]:
    return cpu.descendants(cpu.snapshot(time.monotonic()).processes, product.serving.pid)


def _variants(bench: Bench, product: Product) -> list[interleaved_runs.Variant]:
    return [
        create.creating(bench, product),
        lists.listing(bench, product, "list"),
        _signing_in(bench, product),
    ]


def _called(pid: int) -> str:
    """The process by what it was started as."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    modules = [word for before, word in pairwise(words) if before == "-m"]
    return f"{modules[0] if modules else 'answering'} ({pid})"


def _signing_in(bench: Bench, product: Product) -> interleaved_runs.Variant:
    """People who sign in with the right password, several at once, from devices that are known."""
    told: list[dict[str, Any]] = [
        {"username": name, "password": product.password} for name in (OFFICER, SUPERVISOR)
    ]
    for one in told:
        one["device"] = {"id": product.ask("POST", "/auth/login", body=one)["device_id"]}

    def requests(number: int) -> Sequence[bytes]:
        return [request("POST", f"{API}/auth/login", body=told[turn % 2]) for turn in range(number)]

    load = Load(product.serving, requests, rate=200.0)
    return bench.load("sign in", load, {}, product.place.dialect)
