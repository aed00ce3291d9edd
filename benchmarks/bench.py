"""One run: what is to be measured, the processes it takes, and an end for all of them."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import generator, servers
from benchmarks.child_process import Asked, HandError, environment, module
from benchmarks.interleaved_runs import Count, Outcome, Tell, Variant
from benchmarks.postgres import Cluster
from benchmarks.servers import Dialect, Server, Serving

# For the first run of a variant, whose speed nobody knows yet: requests made ready for each second.
ASSUMED_RATE = 3000.0
SPARE = 1.6
PREPARING_SECONDS = 240.0


@dataclass(frozen=True)
class Plan:
    """How much is measured. ``judged`` is False for a smoke run, too short to say anything by it."""

    databases: tuple[Dialect, ...]
    only: tuple[str, ...]
    turns: int
    seconds: float
    connections: int
    processes: int | None
    small: int
    large: int
    starts: int
    judged: bool


@dataclass(frozen=True)
class Place:
    """One database: ``target`` for a driver, ``url`` for the product."""

    name: str
    dialect: Dialect
    target: str
    url: str


@dataclass
class Load:
    """How a server is loaded: requests made ahead, or few of them sent over and over."""

    server: Server
    make: Callable[[int], Sequence[bytes]]
    repeat: bool = False
    rate: float = ASSUMED_RATE


@dataclass
class Bench:
    """The children of one run; ``tell`` is told how it goes on.

    The load generator and the cluster live until ``ends``, everything else until the end of its
    scenario.
    """

    plan: Plan
    scratch: Path
    tell: Tell
    ends: contextlib.ExitStack
    cluster: Cluster | None = None
    generator: Asked | None = None
    _names: dict[str, int] = field(default_factory=dict)
    _scenario: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def place(self, name: str, dialect: Dialect) -> Place:
        """A new empty database of that name and a number."""
        name = f"{name}_{self._names.setdefault(name, 0)}"
        self._names[name.rpartition("_")[0]] += 1
        if dialect == "sqlite":
            folder = self.scratch / "sqlite"
            folder.mkdir(exist_ok=True)
            path = folder / f"{name}.sqlite3"
            return Place(name, dialect, str(path), f"sqlite:///{path}")
        cluster = self._start_cluster()
        cluster.create(name)
        return Place(name, dialect, cluster.conninfo(name), cluster.url(name))

    @contextlib.contextmanager
    def scenario(self) -> Iterator[None]:
        """What is started inside is stopped at its end."""
        with contextlib.ExitStack() as self._scenario:
            yield

    def serving(self, dialect: Dialect) -> Serving:
        return Serving.on(dialect, self.plan.processes)

    def bare_server(self, place: Place) -> Server:
        server = servers.bare("bare", place.target, self.serving(place.dialect), self.scratch)
        self.until_scenario_ends(server.stop)
        return server

    def gunicorn_server(self, place: Place) -> Server:
        server = servers.bare_by_gunicorn(place.target, self.scratch)
        self.until_scenario_ends(server.stop)
        return server

    def until_scenario_ends(self, stop: Callable[[], None]) -> None:
        """Have something stopped, whatever happens."""
        self._scenario.callback(stop)

    def load(self, name: str, load: Load, counts: Mapping[str, Count], dialect: Dialect) -> Variant:
        """A variant in which the generator loads a server."""
        file = self.scratch / f"requests-{load.server.port}"
        loader = self._start_generator()

        def prepare(seconds: float) -> None:
            number = self.plan.connections if load.repeat else int(load.rate * seconds * SPARE) + 100
            generator.write_messages(file, load.make(number))

        def work(seconds: float) -> Outcome:
            order = {"port": load.server.port, "file": str(file), "connections": self.plan.connections}
            outcome = Outcome.of(loader.ask({**order, "seconds": seconds, "repeat": load.repeat}))
            load.rate = outcome.answered / outcome.elapsed
            return outcome

        parts = {"server": [load.server.pid], "load": [loader.pid], **self._database_part(dialect)}
        return Variant(name, work, counts, parts, prepare)

    def send(self, server: Server, requests: Sequence[bytes]) -> None:
        """Send every request once, outside the measured time; raises HandError unless all are 2xx."""
        file = self.scratch / f"sent-{server.port}"
        generator.write_messages(file, requests)
        order = {"port": server.port, "file": str(file), "connections": self.plan.connections}
        answer = self._start_generator().ask({**order, "seconds": PREPARING_SECONDS, "repeat": False})
        if answer["refused"] is not None or answer["answered"] != len(requests):
            raise HandError(f"{answer['answered']} of {len(requests)} answered: {answer['refused']}")

    def driver(self, place: Place, work_kind: str, counts: Mapping[str, Count]) -> Variant:
        """A variant in which the driver works alone, in as many processes and threads as a server has."""
        serving = self.serving(place.dialect)
        command = module("benchmarks.baseline_app.driver_only", place.target)
        crew = [
            Asked(command, log=self.scratch / "alone.log", env=environment(self.scratch))
            for _ in range(serving.workers)
        ]
        for alone in crew:
            self.until_scenario_ends(alone.stop)

        def work(seconds: float) -> Outcome:
            for alone in crew:
                alone.tell({"threads": serving.threads, "seconds": seconds, "work": work_kind})
            answers = [alone.answer() for alone in crew]
            return Outcome(
                sum(answer["answered"] for answer in answers), max(answer["elapsed"] for answer in answers)
            )

        parts = {"server": [alone.pid for alone in crew], **self._database_part(place.dialect)}
        return Variant("driver alone", work, counts, parts)

    def settings(self) -> dict[str, str]:
        """What PostgreSQL says of its durability; nothing when it was not asked for."""
        return self.cluster.settings() if self.cluster else {}

    def _start_generator(self) -> Asked:
        if self.generator is None:
            command = module("benchmarks.generator")
            self.generator = Asked(command, log=self.scratch / "generator.log", env=environment(self.scratch))
            self.ends.callback(self.generator.stop)
        return self.generator

    def _start_cluster(self) -> Cluster:
        if self.cluster is None:
            self.cluster = Cluster(self.scratch / "postgres", environment(self.scratch))
            self.ends.callback(self.cluster.stop)
        return self.cluster

    def _database_part(self, dialect: Dialect) -> dict[str, list[int]]:
        if dialect == "sqlite" or self.cluster is None:
            return {}
        return {"database": [self.cluster.pid]}


@contextlib.contextmanager
def opened(plan: Plan, tell: Tell) -> Iterator[Bench]:
    """A bench in a temporary folder; at the end its children are stopped and the folder is removed."""
    with contextlib.ExitStack() as ends:
        scratch = Path(tempfile.mkdtemp(prefix="community-bench-"))
        ends.callback(shutil.rmtree, scratch, ignore_errors=True)
        # PostgreSQL runs as another user when we are root and has to get through to its own folder.
        scratch.chmod(0o711)
        yield Bench(plan, scratch, tell, ends)
