"""`create`: an officer's report, from the request to the commit."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import baseline, figures, interleaved_runs
from benchmarks.bench import Bench, Load
from benchmarks.figures import Figure, Requirement, Section
from benchmarks.interleaved_runs import Variant
from benchmarks.product import API, OFFICER, Product, installed
from benchmarks.requests import report, request
from benchmarks.servers import Dialect

PRODUCT = "product"
REQUIRED = {
    "postgresql": Requirement(at_least=0.75, aim=1.0),
    "sqlite": Requirement(aim=1.0),
}
# CPU of server and database for a report, by that of the bare view under the product's own server.
WORK = {"postgresql": Requirement(at_most=2.3), "sqlite": Requirement()}


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """The product beside a bare view that does three inserts and a commit, and the driver alone."""
    product = installed(bench, dialect)
    product.serve()
    variants = [creating(bench, product), *baseline.Bare(bench, dialect).creating()]
    series = interleaved_runs.compare(
        variants, turns=bench.plan.turns, seconds=bench.plan.seconds, tell=bench.tell
    )
    section = figures.section("create", dialect, series)
    if not section.failures:
        work = series.ratio(PRODUCT, baseline.VIEW, figures.cost)
        section.figures = [
            *baseline.by_views(series, PRODUCT, "create", REQUIRED[dialect]),
            Figure("CPU of server and database by that of the bare view", work, "x", WORK[dialect]),
        ]
    return [section]


def creating(bench: Bench, product: Product, name: str = PRODUCT) -> Variant:
    """Authenticated reports; each makes one observation and one leaf of the trail."""

    def requests(number: int) -> Sequence[bytes]:
        token = product.token(OFFICER)
        return [request("POST", f"{API}/observations", token=token, body=report()) for _ in range(number)]

    counts = {table: product.count(table) for table in ("community_observation", "audit_event")}
    return bench.load(name, Load(product.serving, requests), counts, product.place.dialect)
