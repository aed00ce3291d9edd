"""The promised rights of every operation, read from ``tests/expected/rights.yaml`` without the product."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
RIGHTS = ROOT / "tests" / "expected" / "rights.yaml"
BASE = "/api/v1"
METHODS = {"get", "post", "put", "patch", "delete"}
REFUSED = "\N{EN DASH}"
# How a caller reads without acting; nothing is changed by it.
READING_LETTERS = {"m", "p"}
_PLACE = re.compile(r"<[a-z]+:([a-z_]+)>")
_CELL = re.compile(rf"({REFUSED}|[oyampv2]|2v)(?:@(\w+))?")
_FIELDS = {
    "public",
    "everybody",
    "row",
    "as",
    "cells",
    "source",
    "thing",
    "seen_by",
    "reach",
    "tasking_chair",
} | {"in_matrix", "why"}


@dataclass(frozen=True)
class Right:
    """What is promised of one operation; ``cells`` by role, each with the level that counts, None: any."""

    name: str
    cells: Mapping[str, tuple[tuple[str, str | None], ...]]
    source: str
    public: bool = False
    everybody: bool = False
    thing: str | None = None
    seen_by: str | None = None
    reach: str | None = None
    changes: bool = False
    in_matrix: Mapping[str, tuple[tuple[str, str | None], ...]] = field(default_factory=dict)

    def letter(self, role: str, level: str) -> str:
        """The letter that counts for a role held at a level."""
        return self._counted(self.cells.get(role, ()), level)

    def letter_in_matrix(self, role: str, level: str) -> str:
        """The letter that the product's matrix is to hold; another one only where the table says why."""
        told = self.in_matrix.get(role)
        return self.letter(role, level) if told is None else self._counted(told, level)

    def _counted(self, value: tuple[tuple[str, str | None], ...], level: str) -> str:
        chosen = next((letter for letter, at in value if at == level), None)
        chosen = chosen or next((letter for letter, at in value if at is None), REFUSED)
        return REFUSED if self.changes and chosen in READING_LETTERS else chosen


@dataclass(frozen=True)
class Rights:
    """The whole table. ``permissions`` are those that no operation names on its route."""

    roles: tuple[str, ...]
    operations: Mapping[str, Right]
    permissions: Mapping[str, Right]
    purposes: Mapping[str, tuple[str, ...]]

    def seen_by(self, right: Right) -> Right:
        """Under which right a caller may know that the thing exists."""
        return self.operations[right.seen_by] if right.seen_by else right


@dataclass(frozen=True)
class Documented:
    """An operation of openapi.yaml; ``permission`` None: none is needed."""

    id: str
    method: str
    path: str
    permission: str | None


@cache
def documented() -> dict[str, Documented]:
    """The operations of openapi.yaml by "METHOD /path", the path with names in braces."""
    document = yaml.load((ROOT / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    listed = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                access = operation.get("x-access", "public")
                permission = None if access in {"public", "signed_in"} else access
                one = Documented(operation["operationId"], method.upper(), path, permission)
                listed[f"{one.method} {path}"] = one
    return listed


def operation_id(method: str, rule: str) -> str:
    """The id of what the application routes, such as GET and /api/v1/flags/<uuid:flag_id>."""
    path = _PLACE.sub(r"{\1}", rule)
    name = f"{method} {path}"
    assert name in documented(), f"{name} is not in openapi.yaml: make openapi"
    found = documented()[name].id
    assert found in rights().operations, f"{found} has no row in tests/expected/rights.yaml"
    return found


@cache
def rights() -> Rights:
    """The promised rights. Fails on a row, field or cell that means nothing."""
    told = yaml.safe_load(RIGHTS.read_text(encoding="utf-8"))
    roles = tuple(told["roles"])
    promised = {name: dict(zip(roles, line.split(), strict=True)) for name, line in told["promised"].items()}
    methods = {one.id: one.method for one in documented().values()}
    return Rights(
        roles,
        {
            name: _right(name, row, promised, roles, methods.get(name))
            for name, row in told["operations"].items()
        },
        {name: _right(name, row, promised, roles, None) for name, row in told["permissions"].items()},
        {role: tuple(purposes) for role, purposes in told["purposes"].items()},
    )


def _right(
    name: str, value: Any, promised: dict[str, dict[str, str]], roles: tuple[str, ...], method: str | None
) -> Right:
    assert value.keys() <= _FIELDS, f"{name}: {value.keys() - _FIELDS}"
    assert "row" in value or "source" in value, f"{name} names no source"
    assert ("in_matrix" in value) == ("why" in value), f"{name} does not say why"
    cells = promised[value["row"]] if "row" in value else value.get("cells", {})
    assert cells.keys() <= set(roles) | {"tasking_chair"}, name
    if value.get("everybody"):
        cells = dict.fromkeys([*(role for role in roles if role != "public"), "tasking_chair"], "y")
    if "tasking_chair" in value:
        cells = {**cells, "tasking_chair": value["tasking_chair"]}
    return Right(
        name=name,
        cells={role: _cell(name, str(text), value.get("as")) for role, text in cells.items()},
        source=value.get("source") or f"P7 {value['row']}",
        public=value.get("public", False),
        everybody=value.get("everybody", False),
        thing=value.get("thing"),
        seen_by=value.get("seen_by"),
        reach=value.get("reach"),
        changes=method not in {None, "GET"},
        in_matrix={role: _cell(name, text, None) for role, text in value.get("in_matrix", {}).items()},
    )


def _cell(name: str, text: str, part: str | None) -> tuple[tuple[str, str | None], ...]:
    cells = []
    for word in text.split():
        found = _CELL.fullmatch(word)
        assert found, f"{name}: {word}"
        letter = found[1]
        if part is not None:
            wanted = {"propose": "2", "approve": "v"}[part]
            letter = wanted if wanted in letter else REFUSED
        cells.append((letter, found[2]))
    return tuple(cells)
