"""Reads the places of a map: their columns, coordinate system, points for "unknown", details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from community_api.clients.importer.coordinates import System, UnknownSystem, system_of
from community_api.clients.importer.map_values import Reading
from community_api.clients.importer.points import Coordinates, OneColumn, Place, TwoColumns
from community_api.clients.importer.values import Constant, Value
from community_api.clients.importer.yaml_lines import Node

COLUMNS = ("latitude", "longitude", "east", "north", "point")
DETAILS = ("accuracy_m", "precision", "description")
# What the contract allows (section 7).
PRECISIONS = ("exact", "street", "area")
HOW = "a place is given by latitude and longitude, by east and north, or by one point"


def place(node: Node, reading: Reading) -> Value | None:
    """The place of a report; None, and a mistake, where it cannot be read."""
    members = node.only_keys((*COLUMNS, "system", "order", "nowhere", *DETAILS))
    system = _system(members)
    coordinates = _coordinates(node, members, system, reading) if system else None
    if system is None or coordinates is None:
        return None
    details = {name: _detail(name, members[name], reading) for name in DETAILS if name in members}
    usable = {name: value for name, value in details.items() if value is not None}
    return Place(coordinates, system, _nowhere(members.get("nowhere")), usable)


def _system(members: Mapping[str, Node]) -> System | None:
    """The declared system; WGS 84 for degrees and Swiss LV95 for metres where nothing is said."""
    try:
        if "system" in members:
            return system_of(members["system"].text())
        return system_of("lv95" if "east" in members or "north" in members else "wgs84")
    except UnknownSystem as unknown:
        members["system"].wrong(str(unknown))
        return None


def _coordinates(
    node: Node, members: Mapping[str, Node], system: System, reading: Reading
) -> Coordinates | None:
    used = {name for name in COLUMNS if name in members}
    decimal = reading.csv.decimal
    if used == {"point"}:
        swapped = _swapped(members.get("order"), system)
        return OneColumn(reading.column(members["point"]), decimal, swapped, system.degrees)
    if "order" in members:
        members["order"].wrong("'order' is for a place in one column: 'point'")
    if not used or "point" in used or not (used <= set(COLUMNS[:2]) or used <= set(COLUMNS[2:4])):
        node.wrong(HOW)
        return None
    missing = [key for key in system.keys if key not in used]
    for key in missing:
        node.wrong(f"{key!r} is missing: {system.name} has {' and '.join(system.keys)}")
    if missing:
        return None
    first, second = (reading.column(members[key]) for key in system.keys)
    return TwoColumns(first, second, decimal)


def _swapped(node: Node | None, system: System) -> bool:
    orders = ["lat_lon", "lon_lat"] if system.degrees else ["east_north", "north_east"]
    if node is None:
        return False
    if node.text() not in orders:
        node.wrong(f"the 'order' in {system.name} is one of: {', '.join(orders)}")
    return node.text() == orders[1]


def _detail(name: str, node: Node, reading: Reading) -> Value | None:
    if name == "accuracy_m":
        number = node.number()
        return None if number is None else Constant(number)
    value = reading.text(node)
    if name == "precision" and isinstance(value, Constant) and value.value not in PRECISIONS:
        node.wrong(f"'precision' is one of: {', '.join(PRECISIONS)}")
    return value


def _nowhere(node: Node | None) -> tuple[tuple[float, float], ...]:
    """Points that stand for an unknown place, in the order of the system: latitude or east first."""
    points: list[tuple[float, float]] = []
    for member in node.items() if node else ():
        pair: list[Any] = [number.number() for number in member.items()]
        if len(pair) == 2 and None not in pair:
            points.append((pair[0], pair[1]))
        else:
            member.wrong("expected two numbers, such as [42.3594, -71.0587]")
    return tuple(points)
