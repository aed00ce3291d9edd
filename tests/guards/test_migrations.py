"""The schema that migrations make is the one that the models declare, from wherever one starts."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from community_api.audit import triggers
from community_api.audit.models import AuditEvent
from community_api.core.database import migrations, schema_version
from community_api.core.database.engine import Base
from tests.support.databases import Databases
from tests.support.schema_shape import shape, triggers_of

REVISIONS = migrations.revisions()


@pytest.fixture
def connection(migration_url):
    yield from _connected(migration_url)


@pytest.fixture
def empty(empty_addresses):
    yield from _connected(empty_addresses.migration_url)


def _connected(url):
    engine = migrations.migrating_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_alembic_finds_nothing_to_change(connection: Connection):
    migrations.import_models()
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_the_schema_is_that_of_the_models_to_the_last_constraint(connection: Connection, empty: Connection):
    """Alembic does not compare checks, conditions of indexes and defaults; this does."""
    migrations.import_models()
    Base.metadata.create_all(empty)
    declared = shape(empty)
    migrated = {
        name: table for name, table in shape(connection).items() if name != schema_version.VERSION_TABLE
    }
    assert migrated == declared


def test_a_difference_would_be_found(connection: Connection):
    """The comparison is no good if it cannot fail."""
    before = shape(connection)
    connection.execute(text("DROP INDEX ix_outbox_item_due"))
    connection.execute(
        text("CREATE INDEX ix_outbox_item_due ON outbox_item (due_at, id) WHERE done_at IS NULL")
    )
    assert shape(connection) != before


@dataclass(frozen=True)
class Walked:
    """What the schema was at each revision on the way up, one by one, and again on the way down."""

    up: dict[str, Any]
    down: dict[str, Any]


@pytest.fixture(scope="module")
def walked(databases: Databases, dialect: str) -> Iterator[Walked]:
    """One walk for all revisions: from each its own step up, and its own step down, are taken once."""
    with databases.empty(dialect) as empty:
        engine = migrations.migrating_engine(empty.migration_url)
        up, down = {"base": _schema(engine)}, {}
        for revision in REVISIONS:
            migrations.upgrade(empty.migration_url, revision)
            up[revision] = _schema(engine)
        for revision in [*reversed(REVISIONS[:-1]), "base"]:
            migrations.downgrade(empty.migration_url, revision)
            down[revision] = _schema(engine)
        engine.dispose()
        yield Walked(up, down)


def _schema(engine: Engine) -> Any:
    with engine.connect() as connection:
        tables = {n: t for n, t in shape(connection).items() if n != schema_version.VERSION_TABLE}
        return schema_version.current(connection), tables, triggers_of(connection)


def test_step_by_step_one_gets_to_the_same_schema_as_at_once(walked: Walked, connection: Connection):
    at_once = _schema(connection.engine)
    assert walked.up[REVISIONS[-1]] == at_once
    assert at_once[0] == REVISIONS[-1]


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_has_a_way_back(walked: Walked, revision: str):
    earlier = ["base", *REVISIONS][REVISIONS.index(revision)]
    assert walked.up[revision][0] == revision
    assert walked.down[earlier] == walked.up[earlier]


def test_the_first_revision_leaves_nothing_behind(walked: Walked):
    assert walked.down["base"] == (None, {}, {})


def test_the_head_file_names_the_only_head():
    """Two branches that each add a migration meet in this file, as a conflict that somebody sees."""
    assert schema_version.head() == migrations.newest()


def test_migrations_are_numbered_without_a_gap():
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    names = sorted(path.name[:4] for path in (schema_version.MIGRATIONS / "versions").glob("*.py"))
    assert names == REVISIONS


def test_the_triggers_guard_every_column_of_the_trail():
    columns = {column.name for column in AuditEvent.__table__.columns}
    assert columns == {*triggers.FIXED, *migrations.AUDIT_CHANGES}


def test_the_trail_has_its_triggers(connection: Connection):
    wanted = {"no_update", "no_delete", "no_replace"}
    if connection.dialect.name == "postgresql":
        wanted |= {"no_truncate"}
    assert set(triggers_of(connection)) == {f"audit_event_{name}" for name in wanted}


LOSES_TRIGGERS = """
    with op.batch_alter_table("audit_event") as batch:
        batch.alter_column("action", nullable=True)
"""
KEEPS_TRIGGERS = LOSES_TRIGGERS + "    triggers.create(op)\n"
LEAVES_ORPHANS = """
    op.execute("INSERT INTO units_post VALUES ('analyst', 'nowhere', 'x')")
"""


def test_a_batch_migration_that_loses_a_trigger_is_stopped(sqlite_url, next_migration):
    """SQLite copies the table and drops its triggers without a word."""
    next_migration(LOSES_TRIGGERS)
    with pytest.raises(RuntimeError, match="9999 lost the triggers audit_event_no_delete"):
        migrations.upgrade(sqlite_url)
    for connection in _connected(sqlite_url):
        assert len(triggers_of(connection)) == 3, "the whole step was undone"
        assert schema_version.current(connection) == REVISIONS[-1]


def test_a_batch_migration_that_puts_triggers_back_passes(sqlite_url, next_migration):
    next_migration(KEEPS_TRIGGERS)
    migrations.upgrade(sqlite_url)
    for connection in _connected(sqlite_url):
        assert len(triggers_of(connection)) == 3
        assert schema_version.current(connection) == "9999"


def test_a_migration_that_would_leave_orphans_is_stopped(sqlite_url, next_migration):
    """Foreign keys are off while SQLite copies tables; they are asked before the commit."""
    next_migration(LEAVES_ORPHANS)
    with pytest.raises(RuntimeError, match="rows without what they refer to, in units_post"):
        migrations.upgrade(sqlite_url)


@pytest.fixture
def sqlite_url(databases: Databases) -> Iterator[str]:
    with databases.fresh("sqlite") as addresses:
        yield addresses.migration_url


@pytest.fixture
def next_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Adds a migration 9999 to a copy of ours, and has the copy used."""
    copied = tmp_path / "migrations"
    shutil.copytree(schema_version.MIGRATIONS, copied)
    monkeypatch.setattr(migrations, "MIGRATIONS", copied)

    def write(act: str) -> None:
        head = f'revision = "9999"\ndown_revision = "{REVISIONS[-1]}"\n\n\n'
        imports = "from alembic import op\nfrom community_api.audit import triggers\n\n"
        (copied / "versions" / "9999_next.py").write_text(f"{imports}{head}def upgrade():{act}")

    return write
