"""A full disk: refused as such, nothing half-written, and when there is room again everything goes on."""

from contextlib import ExitStack, contextmanager

import pytest
from psycopg import sql
from sqlalchemy import event

from community_api.core.database import migrations
from tests.support.app import make_world
from tests.support.databases import Addresses
from tests.support.factories import START, seed_demo
from tests.support.postgresql import APPLICATION, OWNER, Cluster
from tests.support.temp_dirs import Scratch
from tests.torture.consistency import Books
from tests.torture.disks import NoSmallDisk, small_disk
from tests.torture.writers import History, an_observation

MOST_WRITES = 2000


def report_until_refused(world, history):
    """Report until the disk is full; the body and the answer of the first refusal."""
    officer = world.client("officer1.lin-a")
    for _ in range(MOST_WRITES):
        body = an_observation(START)
        history.sent.add(body["id"])
        answer = officer.call("POST", "/observations", body=body)
        if answer.status != 201:
            return body, answer
        history.observations[body["id"]] = answer.body
    raise AssertionError("the disk never got full")


def assert_full(answer):
    assert (answer.status, answer.code) == (503, "storage_full")
    assert int(answer.headers["Retry-After"]) > 0


def assert_nothing_half_written(world, history, refused):
    books = Books(world.settings.database_url)
    assert books.errors(history) == []
    assert len(books.observations) == len(history.observations)
    assert refused["id"] not in {str(one) for one in books.observations}


def refuse_and_go_on(world, make_room):
    """The story of both databases: full, refused, whole; room again, and the same report gets through."""
    history = History()
    refused, answer = report_until_refused(world, history)
    assert_full(answer)
    answer = world.client("officer1.lin-a").call("POST", "/observations", body=refused)
    if answer.status == 201:
        # The refused transaction left a page behind in which it fits now: written whole.
        history.observations[refused["id"]] = answer.body
        refused, answer = report_until_refused(world, history)
    assert_full(answer)
    assert_nothing_half_written(world, history, refused)
    make_room()
    again = world.client("officer1.lin-a").post("/observations", refused, expect=201)
    history.observations[refused["id"]] = again.body
    assert Books(world.settings.database_url).errors(history) == []


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_sqlite_database_that_may_not_grow(world):
    database = world.uow.database

    def bound(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    def make_room():
        event.remove(database.engine, "connect", bound)
        database.close()

    # The limit is one of the connection: all that there are make room for limited ones, and those for others.
    event.listen(database.engine, "connect", bound)
    database.close()
    refuse_and_go_on(world, make_room)


@pytest.fixture
def disk():
    # A folder that the user of the PostgreSQL server can get at.
    scratch = Scratch()
    try:
        with small_disk(scratch.path / "small", megabytes=64) as made:
            yield made
    except NoSmallDisk as reason:
        pytest.skip(str(reason))
    finally:
        scratch.close()


def test_a_disk_that_is_full(disk, tmp_path, dialect):
    with ExitStack() as end:
        world = make_world(end.enter_context(on_disk(disk, dialect)), tmp_path)
        end.callback(world.close)
        world.client("officer1.lin-a").token()
        disk.fill(leaving=256 * 1024)
        refuse_and_go_on(world, disk.clear)


@contextmanager
def on_disk(disk, dialect):
    """A database of the demo organisation whose files are on that disk."""
    with ExitStack() as end:
        if dialect == "sqlite":
            url = f"sqlite:///{disk.path}/full.sqlite3"
            addresses = Addresses("sqlite", url, url)
        else:
            addresses = end.enter_context(in_a_tablespace(disk))
        migrations.upgrade(addresses.migration_url)
        seed_demo(addresses)
        yield addresses


@contextmanager
def in_a_tablespace(disk):
    """A database of a server of our own, whose tables are on that disk and whose log is not."""
    place = disk.path / "tablespace"
    place.mkdir(mode=0o700)
    cluster = Cluster()
    try:
        cluster.own(place)
        cluster.execute("CREATE TABLESPACE small LOCATION {}", sql.Literal(str(place)))
        cluster.execute(f"CREATE DATABASE full_disk OWNER {OWNER} TEMPLATE template0 TABLESPACE small")
        yield Addresses("postgresql", cluster.url("full_disk", APPLICATION), cluster.url("full_disk", OWNER))
    finally:
        cluster.close()
