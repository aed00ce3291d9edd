"""The bare views as variants, for every scenario that is measured against them."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.bare import store, tables
from benchmarks.bench import Bench, Load, Place
from benchmarks.requests import report, request
from benchmarks.servers import Dialect, Server
from benchmarks.turns import Variant

VIEW, ALONE = "bare view", "driver alone"


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

    def creating(self) -> list[Variant]:
        """Three inserts and a commit: behind a Flask view, and by the driver alone."""
        counts = {table: self._count(table) for table in tables.TABLES}
        view = Load(self.server, _creations)
        return [
            self._bench.load(VIEW, view, counts, self.place.dialect),
            self._bench.driver(self.place, "create", counts),
        ]

    def listing(self, name: str) -> Variant:
        """Fifty rows read and one inserted, behind a Flask view."""
        load = Load(self.server, _listings, repeat=True)
        return self._bench.load(name, load, {"bare_leaf": self._count("bare_leaf")}, self.place.dialect)

    def _count(self, table: str) -> _Count:
        return _Count(self.store, table)


class _Count:
    """Counts the rows of one table."""

    def __init__(self, database: store.Store, table: str) -> None:
        self._store = database
        self._table = table

    def __call__(self) -> int:
        return self._store.count(self._table)


def _creations(number: int) -> Sequence[bytes]:
    return [request("POST", "/observations", body=report()) for _ in range(number)]


def _listings(number: int) -> Sequence[bytes]:
    return [request("GET", "/observations")] * number
