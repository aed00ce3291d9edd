"""A fresh, migrated database for every test that asks for one, on SQLite and on PostgreSQL.

What tests ask for (each on both dialects):

- ``addresses``: a database of the test's own, as ``Addresses``; ``database_url`` and ``migration_url``
  are its two addresses, the application's role and the owner's
- ``shared_addresses``: one database for all tests of a module that only read, or do not mind each other
- ``empty_addresses``: one without any table, for tests of migrations
- ``databases``: for what else there is, such as databases that start with rows of their own (``seed``)
- ``durable_database``: one that keeps its promises through ``crash()``, for the torture runs
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

import pytest

from community_api.core.database import migrations
from tests.support.postgresql import APPLICATION, OWNER, Cluster, why_missing
from tests.support.temp_dirs import Scratch

DIALECTS = ("sqlite", "postgresql")
REQUIRE_SETTING = "COMMUNITY_TEST_REQUIRE_POSTGRESQL"


@dataclass(frozen=True)
class Addresses:
    """Where a database is.

    ``database_url`` is what the application is given; ``migration_url`` is the owner's, who may change
    the schema. On SQLite, which has no roles, they are the same.
    """

    dialect: str
    database_url: str
    migration_url: str


Seed = Callable[[Addresses], None]


class SqliteMaker:
    """Databases as files of one folder; a copy is a copied file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, name: str, template: str | None) -> Addresses:
        """A new database, empty without a template; PostgreSQL's maker does the same by other means."""
        if template is not None:
            shutil.copyfile(self._path(template), self._path(name))
        url = f"sqlite:///{self._path(name)}"
        return Addresses("sqlite", url, url)

    def drop(self, name: str) -> None:
        """Remove a database with the files beside it."""
        for file in self._folder.glob(f"{name}.sqlite3*"):
            file.unlink()

    def settle(self, name: str) -> None:
        """Make a template of a database: everything in the one file that is copied."""
        connection = sqlite3.connect(self._path(name))
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        connection.close()
        assert not busy, f"whoever filled {name} still reads it"

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


class PostgresqlMaker:
    """Databases of one cluster that is started for the session."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def make(self, name: str, template: str | None) -> Addresses:
        """A new database, empty without a template."""
        self._cluster.create_database(name, template=template or "template0")
        return Addresses("postgresql", self._cluster.url(name, APPLICATION), self._cluster.url(name, OWNER))

    def drop(self, name: str) -> None:
        """Remove a database, whoever left a connection open."""
        self._cluster.drop_database(name)

    def settle(self, name: str) -> None:
        """Make a template of a database: it is copied only while nobody is connected."""
        self._cluster.disconnect_all(name)


class Copies:
    """Copies of one template. One is always made ahead, and used ones go, while tests run."""

    def __init__(self, maker: SqliteMaker | PostgresqlMaker, template: str) -> None:
        self._maker = maker
        self._template = template
        self._numbers = count(1)
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._dropped: list[Future[None]] = []
        self._next = self._beside.submit(self._copy)

    def take(self) -> tuple[str, Addresses]:
        """The name and the addresses of a copy that nobody has used."""
        taken, self._next = self._next, self._beside.submit(self._copy)
        return taken.result()

    def give_back(self, name: str) -> None:
        """Have a used copy removed."""
        self._dropped.append(self._beside.submit(self._maker.drop, name))

    def close(self) -> None:
        """Wait for what runs; raises what went wrong beside the tests."""
        self._beside.shutdown()
        self._next.result()
        for dropped in self._dropped:
            dropped.result()

    def _copy(self) -> tuple[str, Addresses]:
        name = f"{self._template}_{next(self._numbers)}"
        return name, self._maker.make(name, self._template)


class Databases:
    """Every database of a session. Templates are made once, when the first test asks for one."""

    def __init__(self) -> None:
        self._end = ExitStack()
        self._numbers = count(1)
        self._templates: dict[tuple[str, Seed | None], str] = {}
        self._copies: dict[tuple[str, Seed | None], Copies] = {}

    @contextmanager
    def fresh(self, dialect: str, *, seed: Seed | None = None) -> Iterator[Addresses]:
        """A migrated database of one's own, with the rows that ``seed`` writes once for the session."""
        copies = self._copies_of(dialect, seed)
        name, addresses = copies.take()
        try:
            yield addresses
        finally:
            copies.give_back(name)

    @contextmanager
    def empty(self, dialect: str) -> Iterator[Addresses]:
        """A database without any table."""
        name = self._name("empty")
        try:
            yield self._maker(dialect).make(name, None)
        finally:
            self._maker(dialect).drop(name)

    def close(self) -> None:
        """End what the session started."""
        self._end.close()

    def _copies_of(self, dialect: str, seed: Seed | None) -> Copies:
        kind = (dialect, seed)
        if kind not in self._copies:
            self._copies[kind] = Copies(self._maker(dialect), self._template(dialect, seed))
            self._end.callback(self._copies[kind].close)
        return self._copies[kind]

    def _template(self, dialect: str, seed: Seed | None) -> str:
        kind = (dialect, seed)
        if kind not in self._templates:
            maker, name = self._maker(dialect), self._name("migrated" if seed is None else "seeded")
            if seed is None:
                migrations.upgrade(maker.make(name, None).migration_url)
            else:
                seed(maker.make(name, self._template(dialect, None)))
            maker.settle(name)
            self._templates[kind] = name
        return self._templates[kind]

    def _name(self, kind: str) -> str:
        return f"{kind}_{next(self._numbers)}"

    def _maker(self, dialect: str) -> SqliteMaker | PostgresqlMaker:
        return self._postgresql if dialect == "postgresql" else self._sqlite

    @cached_property
    def _sqlite(self) -> SqliteMaker:
        scratch = Scratch()
        self._end.callback(scratch.close)
        return SqliteMaker(scratch.path)

    @cached_property
    def _postgresql(self) -> PostgresqlMaker:
        cluster = Cluster()
        self._end.callback(cluster.close)
        return PostgresqlMaker(cluster)


@dataclass(frozen=True)
class DurableDatabase:
    """A migrated database that keeps what it acknowledged.

    ``cluster`` is the server that it runs in; SQLite has none.
    """

    addresses: Addresses
    cluster: Cluster | None

    def crash(self) -> None:
        """Kill every process of the database at once and start it again; SQLite has none of its own."""
        if self.cluster is not None:
            self.cluster.crash()


@contextmanager
def durable(dialect: str) -> Iterator[DurableDatabase]:
    """A database on a disk, with synchronisation as in production, for tests that pull the plug."""
    with ExitStack() as end:
        if dialect == "postgresql":
            cluster = Cluster(durable=True)
            end.callback(cluster.close)
            database = DurableDatabase(PostgresqlMaker(cluster).make("durable", None), cluster)
        else:
            scratch = Scratch(durable=True)
            end.callback(scratch.close)
            database = DurableDatabase(SqliteMaker(scratch.path).make("durable", None), None)
        migrations.upgrade(database.addresses.migration_url)
        yield database


# --- fixtures ------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs once on SQLite and once on PostgreSQL."""
    name: str = request.param
    if name == "postgresql":
        _need_postgresql()
    return name


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    every = Databases()
    try:
        yield every
    finally:
        every.close()


@pytest.fixture
def addresses(databases: Databases, dialect: str) -> Iterator[Addresses]:
    with databases.fresh(dialect) as fresh:
        yield fresh


@pytest.fixture
def database_url(addresses: Addresses) -> str:
    return addresses.database_url


@pytest.fixture
def migration_url(addresses: Addresses) -> str:
    return addresses.migration_url


@pytest.fixture(scope="module")
def shared_addresses(databases: Databases, dialect: str) -> Iterator[Addresses]:
    with databases.fresh(dialect) as fresh:
        yield fresh


@pytest.fixture
def empty_addresses(databases: Databases, dialect: str) -> Iterator[Addresses]:
    with databases.empty(dialect) as empty:
        yield empty


@pytest.fixture
def durable_database(dialect: str) -> Iterator[DurableDatabase]:
    with durable(dialect) as database:
        yield database


def _need_postgresql() -> None:
    reason = why_missing()
    if reason is not None:
        if os.environ.get(REQUIRE_SETTING):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
