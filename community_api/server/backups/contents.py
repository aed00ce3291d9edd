"""What a database holds: row counts, audit entries, key names; compared after a restore."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select, text

from community_api.audit.models import AuditEvent
from community_api.audit.terms import LEAF_PREFIX
from community_api.core.database import schema_version
from community_api.core.database.tables import DataKey
from community_api.core.errors import StartupError

_ROWS_AT_ONCE: Final = 2_000
_TABLES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


@dataclass(frozen=True)
class Contents:
    """Rows by table, audit entries, and the keys they need.

    ``audit_digest`` is SHA-256 over all leaf hashes in the order of ids, in hex.
    ``key_ids`` are the wrapping keys that data keys need.
    """

    rows: dict[str, int]
    audit_entries: int
    audit_digest: str
    key_ids: list[str]


def tables(connection: Connection) -> list[str]:
    """The names of all tables, in their order."""
    return sorted(connection.execute(text(_TABLES[connection.dialect.name])).scalars())


def take_stock(connection: Connection) -> Contents:
    """Count and hash all rows; raises StartupError for a changed audit entry."""
    rows = {name: _count(connection, name) for name in tables(connection)}
    entries = select(AuditEvent.id, AuditEvent.envelope, AuditEvent.leaf_hash).order_by(AuditEvent.id)
    with connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(entries) as streamed:
        number, digest = _hash(streamed)
    key_ids = sorted(connection.execute(select(DataKey.key_id).distinct()).scalars())
    return Contents(rows, number, digest, key_ids)


def revision(connection: Connection) -> str:
    """The revision of the schema; raises StartupError for a database that has none."""
    standing = schema_version.current(connection)
    if standing is None:
        raise StartupError("The database holds nothing of this product yet")
    return standing


def is_empty(connection: Connection) -> bool:
    """Whether there is no table at all."""
    return not tables(connection)


def _hash(entries: Iterable[Any]) -> tuple[int, str]:
    number, hashed = 0, hashlib.sha256()
    for entry in entries:
        leaf = hashlib.sha256(LEAF_PREFIX + entry.envelope.encode()).digest()
        if leaf != bytes(entry.leaf_hash):
            raise StartupError(f"The audit entry {entry.id} is not what was written")
        number += 1
        hashed.update(leaf)
    return number, hashed.hexdigest()


def _count(connection: Connection, table: str) -> int:
    quoted = connection.dialect.identifier_preparer.quote(table)
    return int(connection.execute(select(func.count()).select_from(text(quoted))).scalar_one())
