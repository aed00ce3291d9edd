"""The role x action matrix: read once from ``matrix.yaml``, checked whole, then frozen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from community_api.access.permissions import Permission
from community_api.access.terms import PUBLIC, Act, Cell, Purpose, ReachRule
from community_api.access.yaml_lines import Node, YamlBroken, read_yaml
from community_api.units.terms import Level, Role

MATRIX_FILE: Final = Path(__file__).with_name("matrix.yaml")
COLUMNS: Final = frozenset({*(role.value for role in Role), PUBLIC})
COURSE: Final = re.compile(r"[a-z][a-z_]{1,39}")

# Which cells make sense under which act: whoever rules approves, whoever reads changes nothing.
CELLS_OF: Final[Mapping[Act, frozenset[Cell]]] = {
    Act.MAKE: frozenset({Cell.FULL, Cell.OWN, Cell.PROPOSES, Cell.REFUSED}),
    Act.WRITE: frozenset({Cell.FULL, Cell.OWN, Cell.ADDRESSED, Cell.PROPOSES, Cell.REFUSED}),
    Act.RULE: frozenset({Cell.APPROVES, Cell.REFUSED}),
    Act.LOOK: frozenset({Cell.FULL, Cell.OWN, Cell.REFUSED}),
    Act.READ: frozenset(Cell) - {Cell.PROPOSES, Cell.APPROVES},
    Act.LIST: frozenset(Cell) - {Cell.PROPOSES, Cell.APPROVES},
}


@dataclass(frozen=True)
class Row:
    """One permission: what it does, to what kind of thing, and its cell for every role.

    ``seen_by`` is the permission by which a caller may know that the thing exists; None: no secret.
    ``certificate`` names a course, None asks for none. ``levels`` says where a role must be held for its cell
    to count, ``elsewhere`` what counts instead at other levels; not named there: refused.
    ``conflict``: author and subjects are excluded. ``fixed``: no deployment may widen a refused cell.
    ``never_on``: who holds this role is out of everybody else's reach.
    """

    permission: Permission
    group: str
    about: str
    seen_by: Permission | None
    act: Act
    cells: Mapping[str, Cell]
    reach: ReachRule = ReachRule.ROLE
    certificate: str | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    elsewhere: Mapping[str, Cell] = field(default_factory=dict)
    conflict: bool = False
    fixed: bool = False
    never_on: Role | None = None

    def cell(self, column: str) -> Cell:
        """The cell of a role, or of PUBLIC; an unknown role is refused."""
        return self.cells.get(column, Cell.REFUSED)

    def cell_at(self, role: str, level: Level) -> Cell:
        """The cell of a role that is held at a level."""
        wanted = self.levels.get(role)
        if wanted is None or wanted is level:
            return self.cell(role)
        return self.elsewhere.get(role, Cell.REFUSED)


@dataclass(frozen=True)
class Matrix:
    """The whole file. ``columns`` maps the short heads of the table to roles, in the file's order."""

    columns: Mapping[str, str]
    purposes: Mapping[str, frozenset[Purpose]]
    rows: Mapping[Permission, Row]
    seen_by: Mapping[str, Permission | None]

    def row(self, permission: Permission) -> Row:
        return self.rows[permission]

    def knows_of(self, kind: str) -> Row | None:
        """The row by which one may know that a thing of this kind exists; None: no secret.

        Raises KeyError for a kind that no group is about.
        """
        permission = self.seen_by[kind]
        return None if permission is None else self.rows[permission]

    def open_to_public(self, permission: Permission) -> bool:
        """Whether somebody without an account may do this."""
        return self.rows[permission].cell(PUBLIC) is not Cell.REFUSED


@cache
def matrix() -> Matrix:
    """The matrix in force. Raises YamlBroken, naming file and line."""
    return load_matrix(MATRIX_FILE)


def load_matrix(path: Path) -> Matrix:
    """Read and check a matrix file. Raises YamlBroken with file and line of the first mistake."""
    top = read_yaml(path)
    top.only("columns", "purposes", "groups")
    columns = _columns(top["columns"])
    rows: dict[Permission, Row] = {}
    seen_by: dict[str, Permission | None] = {}
    for group in top["groups"].items():
        for row, node in _rows_of(group, tuple(columns.values())):
            if row.permission in rows:
                raise node.wrong(f"{row.permission} has two rows")
            if seen_by.setdefault(row.about, row.seen_by) != row.seen_by:
                raise group.wrong(f"{row.about} is made known by two permissions")
            rows[row.permission] = row
    missing = sorted(set(Permission) - set(rows))
    if missing:
        raise top["groups"].wrong(f"no row for {', '.join(missing)}")
    purposes = _purposes(top["purposes"])
    _check_purposes(top, rows, purposes)
    return Matrix(
        MappingProxyType(columns),
        MappingProxyType(purposes),
        MappingProxyType(rows),
        MappingProxyType(seen_by),
    )


def _columns(node: Node) -> dict[str, str]:
    columns = {head: value.text() for head, value in node.fields()}
    if set(columns.values()) != COLUMNS or len(columns) != len(COLUMNS):
        raise node.wrong("names every role and the public once")
    return columns


def _purposes(node: Node) -> dict[str, frozenset[Purpose]]:
    purposes = {}
    for role, listed in node.fields():
        if role not in COLUMNS:
            raise listed.wrong(f"{role} is no role")
        purposes[role] = frozenset(item.choice(Purpose) for item in listed.items())
    return purposes


def _check_purposes(
    top: Node, rows: Mapping[Permission, Row], purposes: Mapping[str, frozenset[Purpose]]
) -> None:
    needing = {role for row in rows.values() for role, cell in row.cells.items() if cell is Cell.CASE}
    for role in sorted(needing - purposes.keys()):
        raise top["purposes"].wrong(f"{role} reads with a case and has no purpose to state")


def _rows_of(group: Node, columns: tuple[str, ...]) -> Iterator[tuple[Row, Node]]:
    group.only("title", "about", "seen_by", "never_on", "rows")
    title, about = group["title"].text(), group["about"].text()
    seen_by = group["seen_by"].choice(Permission) if "seen_by" in group else None
    never_on = group["never_on"].choice(Role) if "never_on" in group else None
    for name, node in group["rows"].fields():
        node.only("act", "cells", "reach", "certificate", "level", "elsewhere", "conflict", "fixed")
        act = node["act"].choice(Act)
        levels = _levels(node["level"]) if "level" in node else {}
        yield (
            Row(
                permission=_permission(name, node),
                group=title,
                about=about,
                seen_by=seen_by,
                act=act,
                cells=MappingProxyType(_cells(node["cells"], act, columns)),
                reach=node["reach"].choice(ReachRule) if "reach" in node else ReachRule.ROLE,
                certificate=_course(node["certificate"]) if "certificate" in node else None,
                levels=MappingProxyType(levels),
                elsewhere=MappingProxyType(
                    _elsewhere(node["elsewhere"], act, levels) if "elsewhere" in node else {}
                ),
                conflict=node["conflict"].truth() if "conflict" in node else False,
                fixed=node["fixed"].truth() if "fixed" in node else False,
                never_on=never_on,
            ),
            node,
        )


def _permission(name: str, node: Node) -> Permission:
    try:
        return Permission(name)
    except ValueError:
        raise node.wrong(f"{name} is no permission") from None


def _cells(node: Node, act: Act, columns: tuple[str, ...]) -> dict[str, Cell]:
    letters = node.text().split()
    if len(letters) != len(columns):
        raise node.wrong(f"has {len(letters)} cells, there are {len(columns)} columns")
    unknown = [letter for letter in letters if letter not in set(Cell)]
    if unknown:
        raise node.wrong(f"{unknown[0]!r} is no cell")
    cells = {column: Cell(letter) for column, letter in zip(columns, letters, strict=True)}
    senseless = [cell for cell in cells.values() if cell not in CELLS_OF[act]]
    if senseless:
        raise node.wrong(f"{senseless[0].value!r} makes no sense where the act is {act.value}")
    return cells


def _course(node: Node) -> str:
    course = node.text()
    if COURSE.fullmatch(course) is None:
        raise node.wrong("a course is named in small letters")
    return course


def _levels(node: Node) -> dict[str, Level]:
    levels = {}
    for role, level in node.fields():
        if role not in COLUMNS or role == PUBLIC:
            raise level.wrong(f"{role} is no role")
        levels[role] = level.choice(Level)
    return levels


def _elsewhere(node: Node, act: Act, levels: Mapping[str, Level]) -> dict[str, Cell]:
    cells = {}
    for role, letter in node.fields():
        if role not in levels:
            raise letter.wrong(f"{role} counts at every level")
        cells[role] = letter.choice(Cell)
        if cells[role] not in CELLS_OF[act]:
            raise letter.wrong(f"{cells[role].value!r} makes no sense where the act is {act.value}")
    return cells


__all__ = ["Matrix", "Row", "YamlBroken", "load_matrix", "matrix"]
