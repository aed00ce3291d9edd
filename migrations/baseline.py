"""Sorts the first migration by store, so that it can be read; goes with the first release."""

from __future__ import annotations

import ast
import re

ORDER = (
    "core",
    "audit",
    "outbox",
    "units",
    "access",
    "procedure",
    "feedback",
    "safeguarding",
    "community",
    "valve",
    "intel",
    "oversight",
)


def by_store(text: str) -> str:
    """``text`` with a function per store and direction, called in the order of the layers."""
    tree = ast.parse(text)
    ups = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade")
    downs = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "downgrade")
    header = "\n".join(text.splitlines()[: ups.lineno - 1]).rstrip()
    header = header.replace(
        "from sqlalchemy.dialects import postgresql",
        "from sqlalchemy.dialects import postgresql\n\nfrom community_api.audit import triggers",
    )
    up, down = _stores(text, ups), _stores(text, downs)
    order = [store for store in ORDER if store in up]
    if set(order) != set(up):
        raise SystemExit(f"a store without a place: {set(up) - set(order)}")
    parts = [header, _caller("upgrade", [f"_make_{s}()" for s in order] + ["triggers.create(op)"])]
    parts.append(_caller("downgrade", ["triggers.drop(op)"] + [f"_drop_{s}()" for s in reversed(order)]))
    parts += [f"def _make_{store}() -> None:\n" + "\n".join(up[store]) for store in order]
    parts += [f"def _drop_{store}() -> None:\n" + "\n".join(down[store]) for store in reversed(order)]
    return "\n\n\n".join(parts) + "\n"


def _caller(name: str, calls: list[str]) -> str:
    return f"def {name}() -> None:\n" + "\n".join(f"    {call}" for call in calls)


def _stores(text: str, function: ast.FunctionDef) -> dict[str, list[str]]:
    lines = text.splitlines()
    found: dict[str, list[str]] = {}
    for statement in function.body:
        source = lines[statement.lineno - 1 : statement.end_lineno]
        found.setdefault(_store("\n".join(source)), []).extend(source)
    return found


def _store(source: str) -> str:
    table = re.search(r'table_name="(\w+)"', source) or re.search(r'op\.\w+_table\(\s*"(\w+)"', source)
    table = table or re.search(r'create_index\(\s*(?:op\.f\()?"\w+"\)?,\s*"(\w+)"', source)
    if table is None:
        raise SystemExit(f"no table in {source}")
    return table.group(1).partition("_")[0]
