"""`desk`: a supervisor's queue with its likely duplicates, and what they owe, over few and many reports."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import figures, interleaved_runs
from benchmarks.bench import Bench, Load
from benchmarks.figures import Figure, Requirement, Section
from benchmarks.interleaved_runs import Variant
from benchmarks.product import API, SUPERVISOR, Product, installed
from benchmarks.requests import request
from benchmarks.servers import Dialect

# One report of the queue costs little beside what is looked up to find those like it.
LISTS = {
    "triage queue": "/triage?limit=50",
    "likely duplicates of one report": "/triage?limit=1",
    "duties": "/duties?limit=50",
}
# Many may cost 1.2 times what few cost.
BY_SMALL = Requirement(at_most=1.2)


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """The same lists over few and many observations and concerns, as many of them each day."""
    small, large = bench.plan.small, bench.plan.large
    products = {rows: _served(bench, dialect, rows) for rows in (small, large)}
    return [_compared(bench, dialect, name, path, products) for name, path in LISTS.items()]


def _compared(bench: Bench, dialect: Dialect, name: str, path: str, products: dict[int, Product]) -> Section:
    variants = [_reading(bench, product, path, f"{rows:,} reports") for rows, product in products.items()]
    # Three lists share the time of one scenario.
    seconds = bench.plan.seconds / 2
    bench.tell(f"    {name}")
    series = interleaved_runs.compare(variants, turns=bench.plan.turns, seconds=seconds, tell=bench.tell)
    section = figures.section(name, dialect, series)
    if not section.failures:
        few, many = (variant.name for variant in variants)
        cost = series.ratio(many, few, figures.cost)
        section.figures = [
            Figure(f"CPU of server and database, {name}, {many} by {few}", cost, "x", BY_SMALL)
        ]
    return section


def _served(bench: Bench, dialect: Dialect, rows: int) -> Product:
    bench.tell(f"    filling {rows:,} observations and concerns")
    product = installed(bench, dialect, rows=rows, concerns=True)
    product.serve()
    return product


def _reading(bench: Bench, product: Product, path: str, name: str) -> Variant:
    """A supervisor's lists; each writes one leaf of the trail."""

    def requests(number: int) -> Sequence[bytes]:
        return [request("GET", API + path, token=product.token(SUPERVISOR))] * number

    counts = {"audit_event": product.count("audit_event")}
    return bench.load(name, Load(product.serving, requests, repeat=True), counts, product.place.dialect)
