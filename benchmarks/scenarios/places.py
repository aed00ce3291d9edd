"""`places`: what the waiting and working places cost of a create's CPU."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks import figures, interleaved_runs, servers
from benchmarks.bench import Bench
from benchmarks.child_process import ROOT, Hand
from benchmarks.figures import Figure, Requirement, Section
from benchmarks.interleaved_runs import Variant
from benchmarks.product import Product, installed
from benchmarks.scenarios import create
from benchmarks.servers import Dialect, Serving
from community_api.core.places.admission import Admission
from community_api.core.places.callers import Callers
from community_api.core.places.terms import THREADS, WORKING

WITH, WITHOUT = "with places", "without"
AT_MOST = Requirement(at_most=1.05)
TARGETS = {
    WITH: ("community_api.factory:create_app", THREADS),
    WITHOUT: ("benchmarks.without_places:create_app", WORKING),
}
REQUESTS, ROUNDS = 2_000, 15


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """Reports to the application as it is, and to the same without the layer and with four threads."""
    variants = [_creating(bench, dialect, name) for name in TARGETS]
    # Twice the turns: the difference is small.
    series = interleaved_runs.compare(
        variants, turns=2 * bench.plan.turns, seconds=bench.plan.seconds, tell=bench.tell
    )
    section = figures.section("places", dialect, series)
    if not section.failures:
        section.figures = [
            Figure("CPU with places by without", series.ratio(WITH, WITHOUT, figures.cost), "x", AT_MOST),
            Figure("rate with places by without", series.ratio(WITH, WITHOUT, figures.rate), "x"),
            Figure("the layer's own work on a request", _own_work(), " µs"),
        ]
    return [section]


def _creating(bench: Bench, dialect: Dialect, name: str) -> Variant:
    product = installed(bench, dialect)
    product.server = servers.start(name, lambda port: _launch(bench, product, name, port), "/health/live")
    bench.until_scenario_ends(product.server.stop)
    return create.creating(bench, product, name)


def _launch(bench: Bench, product: Product, name: str, port: int) -> Hand:
    target, threads = TARGETS[name]
    serving = Serving(bench.serving(product.place.dialect).workers, threads)
    log = product.home / "places.log"
    return Hand(servers.granian(target, port, serving), log=log, env=product.env, cwd=ROOT)


def _own_work() -> float:
    """Microseconds of CPU that the layer itself takes, around an application that does nothing."""
    body = b"{}" * 512

    def inner(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        start_response("201 CREATED", [])
        return [b"{}"]

    def median_of(application: Callable[..., Iterable[bytes]]) -> float:
        began = time.thread_time()
        for _ in range(REQUESTS):
            environ = {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": "/",
                "HTTP_HOST": "localhost",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
            application(environ, _start)
        return (time.thread_time() - began) / REQUESTS * 1e6

    admission = Admission(inner, Callers(lambda _header: None, lambda _environ: "127.0.0.1"), most=1 << 20)
    return statistics.median(median_of(admission) - median_of(inner) for _ in range(ROUNDS))


def _start(_status: str, _headers: list[tuple[str, str]], _info: Any = None) -> None:
    """Take the head of an answer, and do nothing with it."""
