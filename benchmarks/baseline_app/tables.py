"""The bare tables: what the work is about, its audit leaf, and what is to be done about it."""

from __future__ import annotations

RECORD = """
CREATE TABLE bare_record (
    id {uuid} PRIMARY KEY, reporter {uuid} NOT NULL, unit {uuid} NOT NULL,
    reference TEXT NOT NULL, category TEXT NOT NULL, purpose TEXT NOT NULL,
    source_relation TEXT NOT NULL, status TEXT NOT NULL, occurred_at {moment} NOT NULL,
    received_at {moment} NOT NULL, lat {real}, lon {real}, accuracy_m INTEGER, facts TEXT NOT NULL,
    assessment TEXT, version INTEGER NOT NULL)
"""
LEAF = """
CREATE TABLE bare_leaf (
    id {uuid} PRIMARY KEY, at {moment} NOT NULL, actor {uuid} NOT NULL, action TEXT NOT NULL,
    object_id {uuid}, shown {json}, hash {bytes} NOT NULL)
"""
DUTY = """
CREATE TABLE bare_duty (
    id {uuid} PRIMARY KEY, kind TEXT NOT NULL, record_id {uuid} NOT NULL, due_at {moment} NOT NULL)
"""
LISTING = "CREATE INDEX bare_record_listing ON bare_record (unit, received_at, id)"

TYPES = {
    "postgresql": {
        "uuid": "uuid",
        "moment": "timestamptz",
        "real": "double precision",
        "json": "jsonb",
        "bytes": "bytea",
    },
    "sqlite": {"uuid": "TEXT", "moment": "TEXT", "real": "REAL", "json": "TEXT", "bytes": "BLOB"},
}

RECORD_COLUMNS = (
    "id", "reporter", "unit", "reference", "category", "purpose", "source_relation", "status",
    "occurred_at", "received_at", "lat", "lon", "accuracy_m", "facts", "assessment", "version",
)  # fmt: skip
LEAF_COLUMNS = ("id", "at", "actor", "action", "object_id", "shown", "hash")
DUTY_COLUMNS = ("id", "kind", "record_id", "due_at")
SHOWN_COLUMNS = tuple(name for name in RECORD_COLUMNS if name not in ("facts", "assessment"))
TABLES = ("bare_record", "bare_leaf", "bare_duty")


def schema(dialect: str) -> list[str]:
    return [text.format(**TYPES[dialect]) for text in (RECORD, LEAF, DUTY)] + [LISTING]


def insertion(table: str, columns: tuple[str, ...], mark: str) -> str:
    """``mark`` is the driver's placeholder."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"


def selection(mark: str) -> str:
    """Fifty rows of one unit, newest first: the listing that the product makes too."""
    return (
        f"SELECT {', '.join(SHOWN_COLUMNS)} FROM bare_record WHERE unit = {mark} AND status = {mark} "
        "ORDER BY received_at DESC, id DESC LIMIT 50"
    )
