"""`start`: from the command to the first answer."""

from __future__ import annotations

import statistics

from benchmarks import servers
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Section
from benchmarks.product import installed
from benchmarks.servers import Dialect, Server


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """The product's server and the bare one, each started several times, in turns."""
    product = installed(bench, dialect)
    place = bench.place("bare", dialect)

    def bare() -> Server:
        return servers.bare("bare", place.target, bench.serving(dialect), bench.scratch)

    took: dict[str, list[float]] = {"product": [], "bare view": []}
    # The first start of each compiles what it imports: it warms up and does not count.
    for number in range(bench.plan.starts + 1):
        for name, start in (("product", product.serve), ("bare view", bare)):
            server = start()
            server.stop()
            if number:
                took[name].append(server.first_answer)
    rows = [
        [name, f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}"] for name, seconds in took.items()
    ]
    section = Section("start", dialect, ["", "median s", "slowest s"], rows, data={"seconds": took})
    section.figures = [Figure("start to first answer", statistics.median(took["product"]), " s")]
    return [section]
