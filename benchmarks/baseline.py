"""The bare views as variants, for every scenario that is measured against them."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import figures
from benchmarks.baseline_app import app, store, tables
from benchmarks.bench import Bench, Load, Place
from benchmarks.figures import Figure, Requirement
from benchmarks.interleaved_runs import Series, Variant
from benchmarks.requests import report, request
from benchmarks.servers import Dialect, Server

VIEW, ALONE = "bare view", "driver alone"
# The same view as most Flask applications are served; on PostgreSQL, where several processes may write.
GUNICORN = "bare view, gunicorn"


class Bare:
    """The bare application over ``rows`` records, up and running."""

    def __init__(self, bench: Bench, dialect: Dialect, *, rows: int = 0) -> None:
        self._bench = bench
        self.place: Place = bench.place("bare", dialect)
        self.store = store.open_store(self.place.target)
        bench.until_scenario_ends(self.store.close)
        self.store.make()
        if rows:
            self.store.fill(store.made_up(rows))
        self.server: Server = bench.bare_server(self.place)
        self.usual: Server | None = bench.gunicorn_server(self.place) if dialect == "postgresql" else None

    def creating(self) -> list[Variant]:
        """Three inserts and a commit: behind a Flask view, and by the driver alone."""
        counts = {table: self._count(table) for table in tables.TABLES}
        views = [
            self._bench.load(name, Load(server, _creations), counts, self.place.dialect)
            for name, server in self._servers()
        ]
        return [*views, self._bench.driver(self.place, "create", counts)]

    def listing(self) -> list[Variant]:
        """Fifty rows read and one inserted, behind a Flask view."""
        counts = {"bare_leaf": self._count("bare_leaf")}
        return [
            self._bench.load(name, Load(server, _listings, repeat=True), counts, self.place.dialect)
            for name, server in self._servers()
        ]

    def _servers(self) -> list[tuple[str, Server]]:
        usual = [(GUNICORN, self.usual)] if self.usual is not None else []
        return [(VIEW, self.server), *usual]

    def _count(self, table: str) -> _Count:
        return _Count(self.store, table)


def by_views(series: Series, product: str, what: str, required: Requirement) -> list[Figure]:
    """The product's rate by that of each bare view; required is the usual one, where there is one."""
    usual = GUNICORN if GUNICORN in series.names else VIEW
    return [
        Figure(
            f"{what} by {name}",
            series.ratio(product, name, figures.rate),
            "x",
            required if name == usual else Requirement(),
        )
        for name in (VIEW, GUNICORN)
        if name in series.names
    ]


class _Count:
    """Counts the rows of one table."""

    def __init__(self, database: store.Store, table: str) -> None:
        self._store = database
        self._table = table

    def __call__(self) -> int:
        return self._store.count(self._table)


def _creations(number: int) -> Sequence[bytes]:
    return [request("POST", "/observations", token=app.token(), body=report()) for _ in range(number)]


def _listings(number: int) -> Sequence[bytes]:
    return [request("GET", "/observations", token=app.token())] * number
