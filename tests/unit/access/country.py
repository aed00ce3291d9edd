"""A small country for tests of the policy: the tree of units of the demo, and people in it."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from community_api.access.permissions import Permission
from community_api.access.policy import Decision, decide
from community_api.access.target import Target
from community_api.core.actor import Actor, Certificate, Grant
from community_api.units.rules import Unit, UnitTree
from community_api.units.terms import Level

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
ABOVE = {
    "nor": (Level.NATIONAL, None),
    "ost": (Level.REGIONAL, "nor"),
    "wes": (Level.REGIONAL, "nor"),
    "lin": (Level.LOCAL, "ost"),
    "bru": (Level.LOCAL, "ost"),
    "hav": (Level.LOCAL, "wes"),
    "lin-a": (Level.COMMUNITY, "lin"),
    "lin-b": (Level.COMMUNITY, "lin"),
    "bru-a": (Level.COMMUNITY, "bru"),
    "hav-a": (Level.COMMUNITY, "hav"),
    "oversight": (Level.EXTERNAL, None),
    "school": (Level.EXTERNAL, None),
}


def unit(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.unit.example")


def person(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.person.example")


TREE = UnitTree(
    Unit(unit(name), name, name, level, unit(above) if above else None, "Europe/Oslo", "nor")
    for name, (level, above) in ABOVE.items()
)


def grant(role: str, unit_name: str) -> Grant:
    return Grant(role, unit(unit_name), unit_name)


def certificate(passed: date = date(2026, 1, 10), expires: date = date(2027, 1, 9)) -> Certificate:
    return Certificate("verlt", passed, expires)


def actor(
    name: str,
    *held: tuple[str, str],
    purpose: str | None = None,
    case: bool = False,
    certificates: tuple[Certificate, ...] = (),
) -> Actor:
    """Somebody who holds roles in units: ``actor("ada", ("officer", "lin-a"))``."""
    return Actor(
        account_id=uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.account.example"),
        person_id=person(name),
        name=name,
        grants=tuple(grant(role, unit_name) for role, unit_name in held),
        certificates=certificates,
        purpose=purpose,
        case_id=person(f"case of {name}") if case else None,
    )


def observation(by: str = "ada", team: str = "lin-a") -> Target:
    return Target(kind="observation", unit_id=unit(team), owner=person(by), authors=frozenset({person(by)}))


def ask(who: Actor, permission: Permission, target: Target | None = None, at: datetime = NOW) -> Decision:
    return decide(who, permission, target, tree=TREE, at=at)


def reason(who: Actor, permission: Permission, target: Target | None = None) -> str:
    return ask(who, permission, target).reason.value


ADA = actor("ada", ("officer", "lin-a"))
BEN = actor("ben", ("officer", "lin-a"))
SUE = actor("sue", ("supervisor", "lin-a"), purpose="supervision", certificates=(certificate(),))
TOM = actor("tom", ("supervisor", "lin-b"), purpose="supervision", certificates=(certificate(),))
FAR = actor("far", ("supervisor", "hav-a"), purpose="supervision", certificates=(certificate(),))
