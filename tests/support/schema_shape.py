"""What a database says of its own schema, in a form that can be compared."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, inspect, text


def shape(connection: Connection) -> Mapping[str, Any]:
    """Every table with its columns, keys, checks and indexes."""
    inspector = inspect(connection)
    inspector.clear_cache()
    return {table: _table(inspector, table) for table in inspector.get_table_names()}


def _table(inspector: Any, table: str) -> Mapping[str, Any]:
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(table)
        },
        "primary key": inspector.get_pk_constraint(table),
        "foreign keys": _named(inspector.get_foreign_keys(table)),
        "unique": _named(inspector.get_unique_constraints(table)),
        "checks": _named(inspector.get_check_constraints(table)),
        "indexes": _named(inspector.get_indexes(table)),
    }


def _named(items: list[Any]) -> Mapping[str, str]:
    return {str(one["name"]): _flat(one) for one in items}


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flat(inner)}" for name, inner in sorted(value.items())) + "}"
    return " ".join(str(value).split())


def triggers_of(connection: Connection) -> Mapping[str, str]:
    """Every trigger with its text, on PostgreSQL with that of its function."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql AS told FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname AS name, "
            "pg_get_triggerdef(oid) || pg_get_functiondef(tgfoid) || tgenabled::text AS told "
            "FROM pg_trigger WHERE NOT tgisinternal"
        )
    return {row.name: " ".join(row.told.split()) for row in connection.execute(text(query))}
