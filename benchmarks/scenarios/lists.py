"""`list`: fifty observations of a team, filtered, and the leaf that says who saw them."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import baseline, figures, interleaved_runs
from benchmarks.bench import Bench, Load
from benchmarks.figures import Figure, Requirement, Section
from benchmarks.interleaved_runs import Variant
from benchmarks.product import API, SUPERVISOR, Product, installed
from benchmarks.requests import request
from benchmarks.servers import Dialect

PATH = f"{API}/observations?status=received&unit=lin-a&limit=50"
BY_SMALL = Requirement(at_least=0.9)
BY_BARE = Requirement(at_least=0.75)


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """The same list over few and many observations, and the bare view over as many."""
    small, large = bench.plan.small, bench.plan.large
    variants = [
        listing(bench, _served(bench, dialect, small), _name("product", small)),
        listing(bench, _served(bench, dialect, large), _name("product", large)),
        *baseline.Bare(bench, dialect, rows=large).listing(),
    ]
    series = interleaved_runs.compare(
        variants, turns=bench.plan.turns, seconds=bench.plan.seconds, tell=bench.tell
    )
    section = figures.section("list", dialect, series)
    if not section.failures:
        few, many = (variant.name for variant in variants[:2])
        section.figures = [
            Figure(f"list at {large:,} by {small:,}", series.ratio(many, few, figures.rate), "x", BY_SMALL),
            *baseline.by_views(series, many, "list", BY_BARE),
            Figure(
                "CPU of server and database by that of the bare view",
                series.ratio(many, baseline.VIEW, figures.cost),
                "x",
            ),
        ]
    return [section]


def _served(bench: Bench, dialect: Dialect, rows: int) -> Product:
    bench.tell(f"    filling {rows:,} observations")
    product = installed(bench, dialect, rows=rows)
    product.serve()
    return product


def listing(bench: Bench, product: Product, name: str) -> Variant:
    """A supervisor's lists; each writes one leaf of the trail."""

    def requests(number: int) -> Sequence[bytes]:
        return [request("GET", PATH, token=product.token(SUPERVISOR))] * number

    counts = {"audit_event": product.count("audit_event")}
    return bench.load(name, Load(product.serving, requests, repeat=True), counts, product.place.dialect)


def _name(what: str, rows: int) -> str:
    return f"{what}, {rows:,} rows"
