"""What the promised matrix says about a call: a plain second reading, sharing no code with the policy.

It knows what the test made and where: units by name, owners by username. That is all it needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from community_api.access.matrix import Row, matrix
from community_api.units.terms import Role
from tests.api.matrix.things import Thing

PATHS = {
    "nor": "nor",
    "ost": "nor/ost",
    "wes": "nor/wes",
    "lin": "nor/ost/lin",
    "hav": "nor/wes/hav",
    "lin-a": "nor/ost/lin/lin-a",
    "hav-a": "nor/wes/hav/hav-a",
    "oversight": "oversight",
    "school": "school",
}
OWN_UNIT = {"analyst", "intelligence_manager", "source_registrar", "tasking_chair"}
AND_BELOW = {
    "supervisor",
    "safeguarding_lead",
    "duty_commander",
    "records_manager",
    "dpo",
    "trainer",
    "administrator",
}
# How high a unit of the chain stands, by the number of those above it.
LEVELS = ("national", "regional", "local", "community")
LET_IN, CLOSED, UNKNOWN = "let in", "role_not_allowed", "not_found"


@dataclass(frozen=True)
class Somebody:
    """An account of the demo organisation with the one role it holds."""

    username: str
    role: str

    @property
    def unit(self) -> str:
        return self.username.partition(".")[2]


def expected(who: Somebody, row: Row, thing: Thing | None, *, exists: bool = True) -> str:
    """LET_IN, or the code of the refusal. ``thing`` None: the call is about nothing particular."""
    cell = cell_of(who, row)
    if thing is None:
        return CLOSED if cell == "-" else LET_IN
    seen_by = matrix().knows_of(thing.kind)
    seen = "y" if seen_by is None else cell_of(who, seen_by)
    if row.act == "make":
        return LET_IN if covers(who, row, cell, thing) else CLOSED
    if exists and covers(who, row, cell, thing):
        return LET_IN
    if exists and (seen_by is None or covers(who, seen_by, seen, thing)):
        return CLOSED
    return CLOSED if cell == seen == "-" else UNKNOWN


def cell_of(who: Somebody, row: Row) -> str:
    """The letter that counts: where a role must be held at a level, held elsewhere it is none."""
    wanted = row.levels.get(Role(who.role))
    return (
        "-"
        if wanted is not None and LEVELS[PATHS[who.unit].count("/")] != wanted
        else row.cell(who.role).value
    )


def covers(who: Somebody, row: Row, cell: str, thing: Thing) -> bool:
    """Whether a cell reaches the thing: one line for each letter of the legend."""
    own = thing.owner == who.username
    if cell == "-":
        return False
    if cell == "o":
        return own and (row.act != "make" or who.unit in thing.units)
    if cell == "a":
        return addressed(who, thing)
    if cell == "y" and own and row.act != "make":
        return True
    if row.reach == "post" and cell in {"y", "v"}:
        return addressed(who, thing)
    return addressed(who, thing) or in_scope(who, row, thing)


def addressed(who: Somebody, thing: Thing) -> bool:
    return any(who.role == role and below(who.unit, unit) for role, unit in thing.addressed)


def in_scope(who: Somebody, row: Row, thing: Thing) -> bool:
    if who.role == "oversight":
        return True
    if who.role == "officer":
        return (thing.owner is None and who.unit in thing.units) or thing.owner == who.username
    if who.role in OWN_UNIT:
        return who.unit in thing.units
    if row.reach == "local_unit" and any(local(who.unit) == local(unit) for unit in thing.units):
        return True
    return who.role in AND_BELOW and any(below(unit, who.unit) for unit in thing.units)


def below(unit: str, top: str) -> bool:
    """Whether a unit is ``top`` or stands under it."""
    return (PATHS[unit] + "/").startswith(PATHS[top] + "/")


def local(unit: str) -> str:
    return "/".join(PATHS[unit].split("/")[:3])
