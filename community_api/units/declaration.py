"""Units as somebody declares them in a file, checked before anything is stored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from community_api.units.areas import AreaBroken, box_geojson, from_geojson
from community_api.units.rules import TreeBroken, Unit, UnitTree
from community_api.units.terms import Level, is_holiday_region, is_partner_code, is_timezone

KEYS = frozenset({"level", "under", "called", "area", "timezone", "country", "holidays", "partner"})


class DeclarationBroken(ValueError):
    """A declaration cannot be used; the message names the place in the file and what is wrong there."""


@dataclass(frozen=True, slots=True)
class DeclaredUnit:
    """One unit of a declaration; `under` is the name of the unit above, `area` a GeoJSON geometry."""

    name: str
    title: str
    level: Level
    under: str | None
    timezone: str
    country: str
    area: Mapping[str, Any] | None
    holidays: str | None = None
    partner: str | None = None


def read_units(
    document: Any, *, timezone: str, country: str, holidays: str | None = None
) -> tuple[DeclaredUnit, ...]:
    """Read the `units:` of a declaration; `timezone`, `country`, `holidays` are for those that name none.

    Units come back highest first, so that each may be stored after the one above it. Raises
    DeclarationBroken.
    """
    if not isinstance(document, Mapping) or not document:
        raise DeclarationBroken("units: a mapping from short names to units is needed")
    units = [_unit(name, about, timezone, country, holidays) for name, about in document.items()]
    tree = _tree(units)
    return tuple(sorted(units, key=lambda unit: (tree.path(_key(unit.name)).count("/"), unit.name)))


def as_tree(declared: Sequence[DeclaredUnit], id_of: Callable[[str], UUID]) -> UnitTree:
    """The tree that declared units form under the ids that `id_of` gives their names. Raises TreeBroken."""
    names = {unit.name for unit in declared}
    for unit in declared:
        if unit.under is not None and unit.under not in names:
            raise TreeBroken(f"{unit.name}: stands under {unit.under}, which is not declared")
    return UnitTree(
        Unit(
            id=id_of(unit.name),
            name=unit.name,
            title=unit.title,
            level=unit.level,
            parent_id=None if unit.under is None else id_of(unit.under),
            timezone=unit.timezone,
            country=unit.country,
            holidays=unit.holidays,
            partner=unit.partner,
            area=None if unit.area is None else from_geojson(unit.area),
        )
        for unit in declared
    )


def _unit(name: Any, about: Any, timezone: str, country: str, holidays: str | None) -> DeclaredUnit:
    where = f"units: {name}"
    if not isinstance(name, str) or not isinstance(about, Mapping):
        raise DeclarationBroken(f"{where}: a short name and what is to be known about it are needed")
    unknown = about.keys() - KEYS
    if unknown:
        raise DeclarationBroken(f"{where}: unknown: {', '.join(sorted(map(str, unknown)))}")
    unit = DeclaredUnit(
        name=name,
        title=_text(where, about, "called"),
        level=_level(where, about.get("level")),
        under=about.get("under"),
        timezone=about.get("timezone", timezone),
        country=about.get("country", country),
        holidays=about.get("holidays", holidays),
        partner=about.get("partner"),
        area=_area(where, about.get("area")),
    )
    if not is_timezone(unit.timezone):
        raise DeclarationBroken(f"{where}: timezone: {unit.timezone} is not known")
    if unit.holidays is not None and not is_holiday_region(str(unit.holidays)):
        raise DeclarationBroken(f"{where}: holidays: {unit.holidays} is no country or region that is known")
    if unit.partner is not None and not is_partner_code(unit.partner):
        raise DeclarationBroken(f"{where}: partner: a code like education is needed")
    return unit


def _text(where: str, about: Mapping[str, Any], key: str) -> str:
    text = about.get(key)
    if not isinstance(text, str) or not text.strip():
        raise DeclarationBroken(f"{where}: {key}: a text is needed")
    return text


def _level(where: str, value: Any) -> Level:
    try:
        return Level(value)
    except ValueError:
        raise DeclarationBroken(f"{where}: level: one of {', '.join(Level)}") from None


def _area(where: str, value: Any) -> Mapping[str, Any] | None:
    """An area is a box (west, south, east, north) or a GeoJSON geometry."""
    if value is None:
        return None
    try:
        geometry = value if isinstance(value, Mapping) else _box(value)
        from_geojson(geometry)
    except AreaBroken as broken:
        raise DeclarationBroken(f"{where}: area: {broken}") from None
    return geometry


def _box(value: Any) -> Mapping[str, Any]:
    numbers = (
        isinstance(value, Sequence) and len(value) == 4 and all(isinstance(s, int | float) for s in value)
    )
    if not numbers:
        raise AreaBroken("four numbers (west, south, east, north) or a GeoJSON geometry are needed")
    return box_geojson(*value)


def _tree(units: Sequence[DeclaredUnit]) -> UnitTree:
    try:
        return as_tree(units, _key)
    except TreeBroken as broken:
        raise DeclarationBroken(f"units: {broken}") from None


def _key(name: str) -> UUID:
    """An id for checking only: nothing keeps it."""
    return uuid5(NAMESPACE_URL, name)
