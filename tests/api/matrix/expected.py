"""What was promised about a call: a plain reading of rights.yaml that shares no code with the policy.

It knows what the test made and where: units by name, owners by username. That is all it needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.api.matrix.rights import REFUSED, Right, rights
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


def expected(who: Somebody, right: Right, thing: Thing | None, *, exists: bool = True) -> str:
    """LET_IN, or the code of the refusal. ``thing`` None: the call is about nothing particular."""
    cell = cell_of(who, right)
    if thing is None:
        return CLOSED if cell == REFUSED else LET_IN
    if right.thing == "makes":
        return LET_IN if covers(who, right, cell, thing) else CLOSED
    known_by = rights().seen_by(right)
    known = cell_of(who, known_by)
    if exists and covers(who, right, cell, thing):
        return LET_IN
    if exists and covers(who, known_by, known, thing):
        return CLOSED
    return CLOSED if cell == known == REFUSED else UNKNOWN


def cell_of(who: Somebody, right: Right) -> str:
    """The letter that counts for the role, at the level where it is held."""
    return right.letter(who.role, LEVELS[PATHS[who.unit].count("/")])


def covers(who: Somebody, right: Right, cell: str, thing: Thing) -> bool:
    """Whether a cell reaches the thing: one line for each letter of the legend."""
    own = thing.owner == who.username
    makes = right.thing == "makes"
    if cell == REFUSED:
        return False
    if cell == "o":
        return own and (not makes or who.unit in thing.units)
    if cell == "a":
        return addressed(who, thing)
    if cell == "y" and own and not makes:
        return True
    if right.reach == "post" and cell in {"y", "v"}:
        return addressed(who, thing)
    return addressed(who, thing) or in_scope(who, right, thing)


def addressed(who: Somebody, thing: Thing) -> bool:
    return any(who.role == role and below(who.unit, unit) for role, unit in thing.addressed)


def in_scope(who: Somebody, right: Right, thing: Thing) -> bool:
    if who.role == "oversight":
        return True
    if who.role == "officer":
        return (thing.owner is None and who.unit in thing.units) or thing.owner == who.username
    if who.role in OWN_UNIT:
        return who.unit in thing.units
    if right.reach == "local_unit" and any(local(who.unit) == local(unit) for unit in thing.units):
        return True
    return who.role in AND_BELOW and any(below(unit, who.unit) for unit in thing.units)


def below(unit: str, top: str) -> bool:
    """Whether a unit is ``top`` or stands under it."""
    return (PATHS[unit] + "/").startswith(PATHS[top] + "/")


def local(unit: str) -> str:
    return "/".join(PATHS[unit].split("/")[:3])
