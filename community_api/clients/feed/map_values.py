"""Reads the values of a map: constants, columns, templates, tables, times, places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from community_api.clients.feed.coordinates import SYSTEMS
from community_api.clients.feed.values import (
    RFC3339,
    Ambiguous,
    Choose,
    Column,
    Constant,
    Day,
    Gap,
    Moment,
    Place,
    Template,
    Value,
)
from community_api.clients.feed.yaml_lines import Node

IMPORTED = "imported_from"
# {{ and }} are braces; {column} and {column|words for an empty cell} are gaps.
PIECES = re.compile(r"\{\{|\}\}|\{([^{}|]+)(?:\|([^{}]*))?\}|[{}]")
FORMS = ("column", "template", "choose", "table", "default")
# Days that differ from each other, and from strptime's own 1 January 1900, in every part.
TRIAL_DAYS = (datetime(2011, 10, 29, 13, 14, 15, tzinfo=UTC), datetime(2023, 2, 17, 1, 2, 3, tzinfo=UTC))
DETAILS = ("accuracy_m", "precision", "description")


@dataclass(frozen=True)
class Reading:
    """What values are read against: where the file comes from, and which columns none may use."""

    imported_from: str
    left_out: Mapping[str, str]

    def text(self, node: Node) -> Value | None:
        """A constant, ``column:``, ``template:`` or ``choose:`` with its table."""
        if node.is_scalar:
            return self._constant(node)
        told = node.known(FORMS)
        if "column" in told and len(told) == 1:
            return Column(self._column(told["column"]))
        if "template" in told and len(told) == 1:
            return self._template(told["template"])
        if "choose" in told and not {"column", "template"} & told.keys():
            return self._choose(node, told)
        node.wrong("expected a constant, or one of: column · template · choose with table and default")
        return None

    def says_imported(self, node: Node) -> bool:
        """Whether this is a template that names the origin of the file."""
        told = node.entries() if node.is_mapping else {}
        return "template" in told and "{" + IMPORTED + "}" in told["template"].text()

    def moment(self, node: Node) -> Value | None:
        """``column`` with ``format: rfc3339``, or with a strptime format, a ``zone`` and ``ambiguous``."""
        told = node.known(("column", "format", "zone", "ambiguous"), required=("column", "format"))
        if "column" not in told or "format" not in told:
            return None
        column, pattern = self._column(told["column"]), told["format"].text()
        if pattern == RFC3339:
            for name in ("zone", "ambiguous"):
                if name in told:
                    told[name].wrong(f"{RFC3339} times carry their own offset: no {name!r} here")
            return Moment(column)
        _check_pattern(told["format"], pattern)
        if "zone" not in told and "%z" not in pattern:
            node.wrong("local times need a 'zone', such as Europe/London")
        return Moment(column, pattern, self._zone(told.get("zone")), self._ambiguous(told.get("ambiguous")))

    def day(self, node: Node) -> Value | None:
        """``column`` with a ``format``, and a ``zone`` when the times carry an offset."""
        told = node.known(("column", "format", "zone"), required=("column", "format"))
        if "column" not in told or "format" not in told:
            return None
        pattern = told["format"].text()
        if pattern != RFC3339:
            _check_pattern(told["format"], pattern)
        carries = pattern == RFC3339 or "%z" in pattern
        if carries and "zone" not in told:
            node.wrong("a time with an offset is on different days in different places: name the 'zone'")
        if not carries and "zone" in told:
            told["zone"].wrong("a local time names its day by itself: no 'zone' here")
        return Day(self._column(told["column"]), pattern, self._zone(told.get("zone")))

    def place(self, node: Node) -> Value | None:
        """Two columns of one system, what stands for "nowhere", and the details."""
        systems = [name for name, system in SYSTEMS.items() if set(system.keys) & node.entries().keys()]
        keys = [key for name in systems for key in SYSTEMS[name].keys]
        told = node.known((*_all_keys(), "nowhere", *DETAILS), required=keys)
        if len(systems) != 1 or not set(keys) <= told.keys():
            node.wrong("a place is given by latitude and longitude (WGS 84) or east and north (LV95)")
            return None
        details = {name: self._detail(name, told[name]) for name in DETAILS if name in told}
        first, second = (self._column(told[key]) for key in keys)
        kept = {name: value for name, value in details.items() if value is not None}
        return Place(first, second, systems[0], _nowhere(told.get("nowhere")), kept)

    def _detail(self, name: str, node: Node) -> Value | None:
        if name != "accuracy_m":
            return self.text(node)
        number = node.number()
        return None if number is None else Constant(number)

    def _constant(self, node: Node) -> Value | None:
        words = node.text()
        if not words.strip():
            node.wrong("a constant cannot be empty")
        if "{" in words:
            node.wrong("this looks like a template: write it under 'template:'")
        return Constant(words)

    def _column(self, node: Node) -> str:
        name = node.text()
        if not name:
            node.wrong("expected the name of a column")
        if name in self.left_out:
            node.wrong(f"column {name!r} is left out by this map: {self.left_out[name]}")
        return name

    def _template(self, node: Node) -> Value:
        parts: list[str | Gap] = []
        words, end = node.text().strip(), 0
        for piece in PIECES.finditer(words):
            parts.append(words[end : piece.start()])
            parts.append(self._piece(node, piece))
            end = piece.end()
        parts.append(words[end:])
        return Template(tuple(part for part in parts if part != ""))

    def _piece(self, node: Node, piece: re.Match[str]) -> str | Gap:
        column = piece.group(1)
        if column is None:
            if piece.group() in "{}":
                node.wrong(f"a lone {piece.group()} in a template; a brace itself is written twice")
            return piece.group()[0]
        if column == IMPORTED:
            return self.imported_from
        if column in self.left_out:
            node.wrong(f"column {column!r} is left out by this map: {self.left_out[column]}")
        return Gap(column, piece.group(2))

    def _choose(self, node: Node, told: Mapping[str, Node]) -> Value | None:
        if "table" not in told:
            node.wrong("'choose' needs a 'table': what stands in the column -> the code to send")
            return None
        table = {cell: code.text() for cell, code in told["table"].entries().items()}
        default = told["default"].text() if "default" in told else None
        return Choose(self._column(told["choose"]), table, default)

    def _zone(self, node: Node | None) -> ZoneInfo | None:
        try:
            return ZoneInfo(node.text()) if node else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            if node:
                node.wrong("no time zone of this name is known")
            return None

    def _ambiguous(self, node: Node | None) -> Ambiguous:
        told = node.text() if node else "refuse"
        rules: tuple[Ambiguous, ...] = get_args(Ambiguous)
        for rule in rules:
            if told == rule:
                return rule
        if node:
            node.wrong(f"'ambiguous' is one of: {', '.join(rules)}")
        return "refuse"


def _check_pattern(node: Node, pattern: str) -> None:
    """Note a mistake where ``pattern`` reads no time, or one without year, month and day."""
    if "%" not in pattern:
        node.wrong(f"a format is {RFC3339} or strptime's, such as %Y-%m-%d %H:%M")
        return
    try:
        read = [datetime.strptime(day.strftime(pattern), pattern).date() for day in TRIAL_DAYS]  # noqa: DTZ007
    except (ValueError, re.error):
        node.wrong(f"strptime reads no time by {pattern!r}")
        return
    if read != [day.date() for day in TRIAL_DAYS]:
        node.wrong("a format gives year, month and day, such as %Y-%m-%d")


def _all_keys() -> tuple[str, ...]:
    return tuple(key for system in SYSTEMS.values() for key in system.keys)


def _nowhere(node: Node | None) -> tuple[tuple[float, float], ...]:
    """Points that stand for an unknown place, each a list of two numbers in the file's own system."""
    points: list[tuple[float, float]] = []
    for member in node.items() if node else ():
        pair: list[Any] = [number.number() for number in member.items()]
        if len(pair) == 2 and None not in pair:
            points.append((pair[0], pair[1]))
        else:
            member.wrong("expected two numbers, such as [42.3594, -71.0587]")
    return tuple(points)
