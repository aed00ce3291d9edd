"""How alembic runs the migrations here; `core/database/migrations.py` calls it with a connection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, LargeBinary, inspect, text

from community_api.core.database import migrations
from community_api.core.database.engine import Base, Json, UtcDateTime


def rendered(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they are in the database: a migration must outlive the code."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Json):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if isinstance(item, LargeBinary):
        return "sa.LargeBinary()"
    return False


class TriggerWatch:
    """Stops a migration after which a table has lost a trigger: SQLite drops them with a copied table."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    def look(self, connection: Connection) -> None:
        """Note which triggers there are before the first step."""
        self._seen = self._present(connection)

    def __call__(
        self,
        ctx: MigrationContext,
        step: MigrationInfo,
        heads: Collection[Any],
        run_args: Mapping[str, Any],
    ) -> None:
        connection = ctx.connection
        if connection is None or connection.dialect.name != "sqlite":
            return
        present = self._present(connection)
        tables = set(inspect(connection).get_table_names())
        lost = {name for table, name in self._seen - present if table in tables}
        if lost:
            raise RuntimeError(f"migration {step.up_revision_id} lost the triggers {', '.join(sorted(lost))}")
        self._seen = present

    def _present(self, connection: Connection) -> set[tuple[str, str]]:
        query = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        return {(row.tbl_name, row.name) for row in connection.execute(text(query))}


def check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise RuntimeError(f"the migration would leave rows without what they refer to, in {tables}")


def run() -> None:
    connection: Connection = context.config.attributes["connection"]
    is_sqlite = connection.dialect.name == "sqlite"
    migrations.import_models()
    watch = TriggerWatch()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=context.config.attributes.get("batch", True),
        render_item=rendered,
        compare_type=True,
        on_version_apply=watch,
    )
    with context.begin_transaction():
        if is_sqlite:
            watch.look(connection)
        context.run_migrations()
        if is_sqlite:
            check_references(connection)


run()
