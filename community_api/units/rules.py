"""The tree of units as a pure, unchanging thing: who stands above whom, and whose area a place is in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from community_api.units.areas import Area
from community_api.units.terms import Level, is_unit_name


class TreeBroken(ValueError):
    """Units that form no tree the product can work with; the message names the unit and the reason."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: a team, an intelligence unit, a department, or a body outside.

    `name` is the public short name, `title` the words for people (a proper name, not translated),
    `timezone` an IANA zone in which its days and deadlines are counted, `country` its short name.
    `holidays` is the region whose public holidays and weekends count; None: Monday to Friday, no holidays.
    `partner` is what an agency is in the procedure's list of partners; None: nobody has said.
    `parent_id` None: the top, or outside the chain. `area` None: it answers for no place of its own.
    """

    id: UUID
    name: str
    title: str
    level: Level
    parent_id: UUID | None
    timezone: str
    country: str
    area: Area | None = None
    holidays: str | None = None
    partner: str | None = None


class UnitTree:
    """All units of the installation. Lookups take constant time; `team_at` looks at each team once.

    Methods take and give ids of units; an unknown id raises KeyError, because ids come from our own tables.
    Raises TreeBroken when the units form no tree: see `_check`.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        listed = sorted(units, key=lambda unit: unit.name)
        self._units: Final = {unit.id: unit for unit in listed}
        self._names: Final = {unit.name: unit for unit in listed}
        if len(self._units) != len(listed) or len(self._names) != len(listed):
            raise TreeBroken("two units share an id or a name")
        self._above: Final = {unit.id: _ancestors(unit, self._units) for unit in listed}
        for unit in listed:
            self._check(unit)
        self._children: Final = _children(listed)
        self._scopes: Final = _scopes(self._above)
        self._levels: Final = {level: tuple(u for u in listed if u.level is level) for level in Level}
        self._path_names: Final = {unit.id: self._spell(unit) for unit in listed}

    def _check(self, unit: Unit) -> None:
        """Names are short names; parents stand higher; a team has a local unit; outside is outside."""
        if not is_unit_name(unit.name):
            raise TreeBroken(f"{unit.name!r} is no short name of a unit")
        if unit.parent_id is None:
            if unit.level not in {Level.NATIONAL, Level.EXTERNAL}:
                raise TreeBroken(
                    f"{unit.name}: only the national unit and external bodies stand under nobody"
                )
        elif not unit.level < self._units[unit.parent_id].level:
            raise TreeBroken(f"{unit.name}: its parent must stand higher than {unit.level.value}")
        if unit.level is Level.COMMUNITY and self.local_unit_of(unit.id) is None:
            raise TreeBroken(f"{unit.name}: a team stands under a local unit")

    def __iter__(self) -> Iterator[Unit]:
        """All units, by name."""
        return iter(self._units.values())

    def __len__(self) -> int:
        return len(self._units)

    def __contains__(self, unit_id: object) -> bool:
        return unit_id in self._units

    def __getitem__(self, unit_id: UUID) -> Unit:
        return self._units[unit_id]

    @property
    def names(self) -> Mapping[str, Unit]:
        """Units by short name."""
        return MappingProxyType(self._names)

    def named(self, name: str) -> Unit | None:
        """The unit of that short name; None means that there is none."""
        return self._names.get(name)

    def name_of(self, unit_id: UUID) -> str:
        """The public short name of a unit."""
        return self._units[unit_id].name

    def parent(self, unit_id: UUID) -> Unit | None:
        """The unit directly above; None at the top and outside."""
        parent_id = self._units[unit_id].parent_id
        return None if parent_id is None else self._units[parent_id]

    def ancestors(self, unit_id: UUID) -> tuple[UUID, ...]:
        """Ids of the units above, nearest first, without the unit itself."""
        return tuple(self._above[unit_id])

    def children(self, unit_id: UUID) -> tuple[Unit, ...]:
        """The units directly below, by name."""
        return self._children.get(unit_id, ())

    def same_or_below(self, unit_id: UUID) -> frozenset[UUID]:
        """The unit and everything under it: the scope of roles that reach down."""
        return self._scopes[unit_id]

    def is_same_or_below(self, unit_id: UUID, top_id: UUID) -> bool:
        """Whether a unit is `top_id` or stands anywhere under it."""
        return unit_id == top_id or top_id in self._above[unit_id]

    def level(self, unit_id: UUID) -> Level:
        """How high the unit stands."""
        return self._units[unit_id].level

    def local_unit_of(self, unit_id: UUID) -> Unit | None:
        """The local unit that a team belongs to, or the unit itself when it is one; None elsewhere."""
        return self._at_level(unit_id, Level.LOCAL)

    def region_of(self, unit_id: UUID) -> Unit | None:
        """The region that a unit belongs to or is; None: it stands directly under the nation, or outside."""
        return self._at_level(unit_id, Level.REGIONAL)

    def at_level(self, level: Level) -> tuple[Unit, ...]:
        """All units of one level, by name."""
        return self._levels[level]

    def path(self, unit_id: UUID) -> str:
        """The unit and those above it by name, highest first: "nor/ost/lin/lin-a"."""
        return self._path_names[unit_id]

    def team_at(self, lat: float, lon: float) -> Unit | None:
        """The team in whose area a place lies, degrees WGS 84; None: in no unit's area, which is no error.

        A place on the border of two teams belongs to exactly one, the same one every time; a place on the
        outer rim of the country belongs to the first team by name that it touches.
        """
        teams = [(unit, unit.area) for unit in self._levels[Level.COMMUNITY] if unit.area is not None]
        inside = (unit for unit, area in teams if area.contains(lat, lon))
        rim = (unit for unit, area in teams if area.touches(lat, lon))
        return next(inside, None) or next(rim, None)

    def _at_level(self, unit_id: UUID, level: Level) -> Unit | None:
        for candidate in (unit_id, *self._above[unit_id]):
            if self._units[candidate].level is level:
                return self._units[candidate]
        return None

    def _spell(self, unit: Unit) -> str:
        return "/".join([*(self._units[above].name for above in reversed(self._above[unit.id])), unit.name])


def _ancestors(unit: Unit, units: Mapping[UUID, Unit]) -> dict[UUID, None]:
    """Ids above a unit, nearest first, as an ordered set. Raises TreeBroken on a gap or a ring."""
    above: dict[UUID, None] = {}
    parent_id = unit.parent_id
    while parent_id is not None:
        if parent_id not in units:
            raise TreeBroken(f"{unit.name}: its parent does not exist")
        if parent_id == unit.id or parent_id in above:
            raise TreeBroken(f"{unit.name}: stands above itself")
        above[parent_id] = None
        parent_id = units[parent_id].parent_id
    return above


def _children(units: Iterable[Unit]) -> dict[UUID, tuple[Unit, ...]]:
    below: dict[UUID, list[Unit]] = {}
    for unit in units:
        if unit.parent_id is not None:
            below.setdefault(unit.parent_id, []).append(unit)
    return {parent_id: tuple(children) for parent_id, children in below.items()}


def _scopes(above: Mapping[UUID, Iterable[UUID]]) -> dict[UUID, frozenset[UUID]]:
    """For every unit: itself and everything under it."""
    scopes = {unit_id: {unit_id} for unit_id in above}
    for unit_id, ancestors in above.items():
        for ancestor in ancestors:
            scopes[ancestor].add(unit_id)
    return {unit_id: frozenset(scope) for unit_id, scope in scopes.items()}
