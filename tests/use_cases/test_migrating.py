"""Changing the schema beside others, and what the application's role may do afterwards."""

import multiprocessing

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from community_api.core.database import migrations, schema_version
from community_api.core.database.engine import Base

STARTS = 4
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def test_many_starts_at_once_migrate_once(empty_addresses):
    starting = multiprocessing.get_context("spawn")
    starts = [
        starting.Process(target=migrations.upgrade, args=(empty_addresses.migration_url,))
        for _ in range(STARTS)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join(60)
    assert [start.exitcode for start in starts] == [0] * STARTS
    engine = migrations.migrating_engine(empty_addresses.migration_url)
    with engine.connect() as connection:
        assert schema_version.current(connection) == schema_version.head()
    engine.dispose()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_an_upgrade_commits_once_so_that_no_other_start_comes_in_between(empty_addresses):
    commits = []

    def counted(connection):
        if connection.engine.url.database == make_url(empty_addresses.migration_url).database:
            commits.append(connection)

    event.listen(Engine, "commit", counted)
    try:
        migrations.upgrade(empty_addresses.migration_url)
    finally:
        event.remove(Engine, "commit", counted)
    assert len(commits) == 1


def test_an_upgrade_with_nothing_to_do_changes_nothing(migration_url):
    migrations.upgrade(migration_url)
    migrations.upgrade(migration_url)


def test_a_database_that_was_never_migrated_is_at_no_revision(empty_addresses):
    engine = migrations.migrating_engine(empty_addresses.migration_url)
    with engine.connect() as connection:
        assert schema_version.current(connection) is None
    engine.dispose()


@pytest.fixture
def application(database_url):
    """A connection of the role that the application has."""
    engine = create_engine(database_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def granted(connection, table):
    """What the role may do with a table as a whole, and which columns it may change."""
    query = text("SELECT r FROM unnest(cast(:every AS text[])) r WHERE has_table_privilege(:table, r)")
    rights = set(connection.execute(query, {"table": table, "every": list(RIGHTS)}).scalars())
    columns = (
        "SELECT attname FROM pg_attribute WHERE attrelid = cast(:table AS regclass) AND attnum > 0 "
        "AND has_column_privilege(:table, attname, 'UPDATE')"
    )
    return rights, set(connection.execute(text(columns), {"table": table}).scalars())


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_the_application_may_do_what_it_needs_and_nothing_else(application):
    migrations.import_models()
    for name, table in Base.metadata.tables.items():
        rights, columns = granted(application, name)
        if name == migrations.AUDIT_TABLE:
            assert (rights, columns) == ({"SELECT", "INSERT"}, set(migrations.AUDIT_CHANGES))
        else:
            assert (rights, columns) == ({"SELECT", "INSERT", "UPDATE", "DELETE"}, set(table.columns.keys()))
    assert granted(application, schema_version.VERSION_TABLE) == ({"SELECT"}, set())


FORBIDDEN = (
    "DELETE FROM audit_event",
    "UPDATE audit_event SET envelope = '{}'",
    "TRUNCATE audit_event",
    "DROP TRIGGER audit_event_no_delete ON audit_event",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "CREATE TABLE mine (id int)",
    "UPDATE alembic_version SET version_num = '0000'",
)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_cannot_get_round_the_trail(application, statement):
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        application.execute(text(statement))


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_role_of_another_name_gets_its_rights(databases, dialect, empty_addresses):
    owner = create_engine(empty_addresses.migration_url, poolclass=NullPool)
    migrations.upgrade(empty_addresses.migration_url, role="pg_read_all_stats")
    with owner.connect() as connection:
        query = "SELECT has_table_privilege('pg_read_all_stats', 'core_command', 'INSERT')"
        assert connection.execute(text(query)).scalar()
        other = "SELECT has_table_privilege('community_app', 'core_command', 'INSERT')"
        assert not connection.execute(text(other)).scalar()
