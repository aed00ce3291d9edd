"""The matrix as a table for people: the section of ``docs/security.md`` between the two marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from community_api.access.matrix import Matrix, Row, matrix
from community_api.access.scopes import WITH_THE_OUTSIDE
from community_api.access.terms import Cell, ReachRule
from community_api.units.terms import Level

BEGIN: Final = "<!-- matrix: made from community_api/access/matrix.yaml by python -m tools.matrix -->"
END: Final = "<!-- end of matrix -->"
# A hyphen alone would read as an empty cell.
SHOWN: Final = {Cell.REFUSED: "\N{EN DASH}"}


def matrix_markdown(rules: Matrix | None = None) -> str:
    """One Markdown table per group of permissions, with the conditions of each row."""
    rules = rules or matrix()
    lines = [_legend(rules), ""]
    for group in dict.fromkeys(row.group for row in rules.rows.values()):
        lines += [f"**{group}**", "", *_table(rules, group), ""]
    return "\n".join(lines).rstrip() + "\n"


def with_matrix(document: str, rules: Matrix | None = None) -> str:
    """``document`` with the section between the marks made anew. Raises ValueError when a mark is missing."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the marks around the matrix are missing")
    return f"{before}{BEGIN}\n\n{matrix_markdown(rules)}\n{END}{after}"


def _legend(rules: Matrix) -> str:
    return " · ".join(f"{head} {column.replace('_', ' ')}" for head, column in rules.columns.items())


def _table(rules: Matrix, group: str) -> Iterator[str]:
    heads = [*rules.columns, "Conditions"]
    yield f"| Permission | {' | '.join(heads)} |"
    yield f"|---|{'---|' * len(heads)}"
    for row in rules.rows.values():
        if row.group == group:
            cells = [SHOWN.get(cell, cell.value) for cell in map(row.cell, rules.columns.values())]
            mark = " †" if row.fixed else ""
            yield f"| `{row.permission}`{mark} | {' | '.join(cells)} | {_conditions(row)} |"


def _conditions(row: Row) -> str:
    said = []
    if row.certificate:
        said.append(f"certificate `{row.certificate}`")
    if row.conflict:
        said.append("not author or subject")
    if row.reach is ReachRule.LOCAL_UNIT:
        said.append("any team under the same local unit")
    if row.reach is ReachRule.BELOW:
        said.append("own unit and all below it")
    if row.reach in WITH_THE_OUTSIDE:
        said.append("from the national unit also bodies outside the chain")
    said += [_at_its_level(row, role, level) for role, level in row.levels.items()]
    if row.never_on:
        said.append(f"never on {row.never_on.value}")
    return "; ".join(said)


def _at_its_level(row: Row, role: str, level: Level) -> str:
    name, other = role.replace("_", " "), row.elsewhere.get(role)
    if other is None:
        return f"{name}: {level.value} only"
    return f"{name}: at other levels than the {level.value} {SHOWN.get(other, other.value)}"
