"""Read `organisation.yaml`: patterns become accounts, and every account has its person.

Pure: nothing here touches a database. Whatever the file leaves unclear stops the reading with a message that
names the place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from community_api.core.yaml_files import LOADER
from community_api.units.declaration import DeclarationBroken, DeclaredUnit, read_units
from community_api.units.terms import Level, Role, is_timezone

FILE = Path(__file__).with_name("organisation.yaml")
KEYS = frozenset({"timezone", "country", "units", "accounts", "courses", "expired_yesterday", "people"})


@dataclass(frozen=True, slots=True)
class Holding:
    """A certificate, in days before and after the day of loading; `expires_in` -1 ran out yesterday."""

    course: str
    passed_ago: int
    expires_in: int


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account, its person, and the role that it holds in its unit."""

    username: str
    unit: str
    role: Role
    name: str
    language: str
    timezone: str
    certificates: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """All that the file declares, units highest first."""

    units: tuple[DeclaredUnit, ...]
    accounts: tuple[DemoAccount, ...]


class _Strict(LOADER):  # type: ignore[valid-type, misc]
    """Reads plain values only, and refuses a name that stands twice: one of the two would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own
        names = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if names.count(key.value) > 1:
                raise ConstructorError(None, None, f"{key.value} stands here twice", key.start_mark)
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A line of `accounts:`: who there is, in which units."""

    who: str
    role: Role
    units: tuple[str, ...]
    certified: bool


@dataclass(frozen=True, slots=True)
class _Course:
    roles: frozenset[Role]
    passed_days_ago: int
    valid_for_days: int


def read_organisation(file: Path = FILE) -> Organisation:
    """Read and expand the declaration. Raises DeclarationBroken naming the file and the place in it."""
    try:
        with file.open(encoding="utf-8") as opened:
            return expand(yaml.load(opened, Loader=_Strict))  # noqa: S506 - a safe loader, and stricter
    except (DeclarationBroken, yaml.YAMLError) as broken:
        raise DeclarationBroken(f"{file.name}: {broken}") from None


def expand(document: Any) -> Organisation:
    """Expand a declaration that was read already. Raises DeclarationBroken naming the place."""
    _exactly(document, "the file", KEYS)
    timezone = document["timezone"]
    if not is_timezone(timezone):
        raise DeclarationBroken(f"timezone: {timezone} is not known")
    units = read_units(document["units"], timezone=timezone, country=document["country"])
    zones = {unit.name: unit.timezone for unit in units}
    courses = {name: _course(name, about) for name, about in document["courses"].items()}
    expired = document["expired_yesterday"]
    people = dict(document["people"])
    accounts = []
    for username, unit, pattern in _usernames(
        [_pattern(w, a, units) for w, a in document["accounts"].items()]
    ):
        name, language = _person(people, username)
        held = _certificates(pattern, courses, expired.get(username, ()))
        accounts.append(DemoAccount(username, unit, pattern.role, name, language, zones[unit], held))
    _nobody_left("people", people, ())
    _nobody_left("expired_yesterday", expired, {account.username for account in accounts})
    _nobody_left("expired_yesterday", dict.fromkeys(chain(*expired.values())), courses)
    return Organisation(units, tuple(accounts))


def _pattern(who: str, about: Any, units: tuple[DeclaredUnit, ...]) -> _Pattern:
    where = f"accounts: {who}"
    _only_keys(about, where, frozenset({"role", "every", "also", "certified"}))
    try:
        levels, role = [Level(level) for level in about.get("every", [])], Role(about.get("role"))
    except ValueError as wrong:
        raise DeclarationBroken(f"{where}: {wrong}") from None
    names = {unit.name for unit in units}
    also = about.get("also", [])
    if not names.issuperset(also):
        raise DeclarationBroken(f"{where}: also: a unit that is not declared")
    chosen = [unit.name for unit in units if unit.level in levels or unit.name in also]
    if not chosen:
        raise DeclarationBroken(f"{where}: is in no unit")
    return _Pattern(who, role, tuple(chosen), about.get("certified") is True)


def _usernames(patterns: list[_Pattern]) -> Iterator[tuple[str, str, _Pattern]]:
    for pattern in patterns:
        for unit in pattern.units:
            yield f"{pattern.who}.{unit}", unit, pattern


def _person(people: dict[str, Any], username: str) -> tuple[str, str]:
    """Take the person of an account out of those not yet placed."""
    person = people.pop(username, None)
    if person is None:
        raise DeclarationBroken(f"people: nobody holds {username}")
    _exactly(person, f"people: {username}", frozenset({"name", "language"}))
    return person["name"], person["language"]


def _course(name: str, about: Any) -> _Course:
    where = f"courses: {name}"
    _exactly(about, where, frozenset({"roles", "passed_days_ago", "valid_for_days"}))
    try:
        roles = frozenset(Role(role) for role in about["roles"])
    except ValueError as wrong:
        raise DeclarationBroken(f"{where}: {wrong}") from None
    days = (about["passed_days_ago"], about["valid_for_days"])
    if not all(isinstance(count, int) and count >= 0 for count in days):
        raise DeclarationBroken(f"{where}: days are whole numbers")
    return _Course(roles, *days)


def _certificates(
    pattern: _Pattern, courses: Mapping[str, _Course], expired: tuple[str, ...] | list[str]
) -> tuple[Holding, ...]:
    held = []
    for name, course in courses.items():
        if name in expired:
            held.append(Holding(name, course.valid_for_days + 1, -1))
        elif pattern.certified and pattern.role in course.roles:
            ago = course.passed_days_ago
            held.append(Holding(name, ago, course.valid_for_days - ago))
    return tuple(held)


def _exactly(document: Any, where: str, keys: frozenset[str]) -> None:
    _only_keys(document, where, keys)
    missing = keys - document.keys()
    if missing:
        raise DeclarationBroken(f"{where}: missing: {', '.join(sorted(missing))}")


def _only_keys(document: Any, where: str, keys: frozenset[str]) -> None:
    if not isinstance(document, Mapping):
        raise DeclarationBroken(f"{where}: a mapping is needed")
    _nobody_left(where, document, keys)


def _nobody_left(where: str, document: Mapping[str, Any], expected: Any) -> None:
    strangers = [str(name) for name in document if name not in expected]
    if strangers:
        raise DeclarationBroken(f"{where}: unknown: {', '.join(sorted(strangers))}")
