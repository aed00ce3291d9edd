"""Reads the times and days of a map: their columns, format, what stands in for missing parts, zone."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from community_api.clients.importer.map_values import Reading
from community_api.clients.importer.times import PARTS, RFC3339, Ambiguous, Day, Moment, TimeFormat
from community_api.clients.importer.values import Column, Gap, Template, Value
from community_api.clients.importer.yaml_lines import Node

SOURCES = ("column", "columns", "template")
# Days that differ from each other, and from strptime's own 1 January 1900, in every part.
TRIAL_DAYS = (datetime(2011, 10, 27, 13, 14, 15, tzinfo=UTC), datetime(2023, 2, 17, 1, 2, 3, tzinfo=UTC))
RANGES = {"year": (1, 9999), "month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59)}
# Every month has these days.
SAFE_DAYS = 28


def moment(node: Node, reading: Reading) -> Value | None:
    """A time of a report; None, and a mistake, where it cannot be read."""
    members = node.only_keys((*SOURCES, "format", "stands_in", "zone", "ambiguous"), required=("format",))
    source = _source(node, members, reading)
    if source is None or "format" not in members:
        return None
    time_format = _format(members)
    if time_format.pattern == RFC3339:
        for name in ("zone", "ambiguous"):
            if name in members:
                members[name].wrong(f"{RFC3339} times carry their own offset: no {name!r} here")
        return Moment(source, time_format)
    if "zone" not in members and not time_format.carries_offset:
        node.wrong("local times need a 'zone', such as Europe/London")
    return Moment(source, time_format, _zone(members.get("zone")), _ambiguous(members.get("ambiguous")))


def day(node: Node, reading: Reading) -> Value | None:
    """A calendar day of a report; None, and a mistake, where it cannot be read."""
    members = node.only_keys((*SOURCES, "format", "stands_in", "zone"), required=("format",))
    source = _source(node, members, reading)
    if source is None or "format" not in members:
        return None
    time_format = _format(members)
    if time_format.carries_offset and "zone" not in members:
        node.wrong("a time with an offset is on different days in different places: name the 'zone'")
    if not time_format.carries_offset and "zone" in members:
        members["zone"].wrong("a local time names its day by itself: no 'zone' here")
    return Day(source, time_format, _zone(members.get("zone")))


def _source(node: Node, members: Mapping[str, Node], reading: Reading) -> Value | None:
    """One column, several joined by a blank, or a template with words for empty cells."""
    chosen = [name for name in SOURCES if name in members]
    if len(chosen) != 1:
        node.wrong("a time stands in one 'column', in 'columns: [date, time]', or in a 'template'")
        return None
    source = members[chosen[0]]
    if chosen == ["column"]:
        return Column(reading.column(source))
    if chosen == ["template"]:
        return reading.template(source)
    gaps = [Gap(reading.column(column), None) for column in source.items()]
    if not gaps:
        source.wrong("expected the columns of a time, such as [date, time]")
        return None
    parts: list[str | Gap] = [gaps[0]]
    for gap in gaps[1:]:
        parts += [" ", gap]
    return Template(tuple(parts))


def _format(members: Mapping[str, Node]) -> TimeFormat:
    node, pattern = members["format"], members["format"].text()
    stands_in = _stands_in(members.get("stands_in"))
    if pattern == RFC3339:
        if "stands_in" in members:
            members["stands_in"].wrong(f"{RFC3339} times lack nothing: no 'stands_in' here")
        return TimeFormat()
    if "%" not in pattern:
        node.wrong(f"a format is {RFC3339} or strptime's, such as %Y-%m-%d %H:%M")
    else:
        _check(node, TimeFormat(pattern, stands_in))
    return TimeFormat(pattern, stands_in)


def _stands_in(node: Node | None) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for part, member in node.only_keys(PARTS).items() if node else ():
        number, (least, most) = member.number(), RANGES[part]
        if number is None or number % 1 or not least <= number <= most:
            member.wrong(f"{part!r} is a whole number from {least} to {most}")
        else:
            numbers[part] = int(number)
    if node and numbers.get("day", 1) > SAFE_DAYS and "month" not in numbers:
        node.wrong(f"not every month has this day: take one up to {SAFE_DAYS}")
    return numbers


def _check(node: Node, time_format: TimeFormat) -> None:
    """Note a mistake where the format reads no time, or gives not year, month and day."""
    pattern = time_format.pattern
    try:
        with warnings.catch_warnings():
            # Python warns of days without a year; that is a mistake of the map here.
            warnings.simplefilter("ignore")
            read = [time_format.read(day.strftime(pattern)) for day in TRIAL_DAYS]
            wanted = [day.replace(**time_format.stands_in) for day in TRIAL_DAYS]  # type: ignore[arg-type]
    except (ValueError, OverflowError, IndexError, KeyError, re.error):
        node.wrong(
            f"strptime reads no time by {pattern!r}" + " with what stands in" * bool(time_format.stands_in)
        )
        return
    if [one.date() for one in read] != [one.date() for one in wanted]:
        node.wrong(
            "a format gives year, month and day, such as %Y-%m-%d, or 'stands_in' says what to take:"
            " stands_in: {day: 15}"
        )


def _zone(node: Node | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(node.text()) if node else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if node:
            node.wrong("no time zone of this name is known")
        return None


def _ambiguous(node: Node | None) -> Ambiguous:
    wanted = node.text() if node else "refuse"
    rules: tuple[Ambiguous, ...] = get_args(Ambiguous)
    for rule in rules:
        if wanted == rule:
            return rule
    if node:
        node.wrong(f"'ambiguous' is one of: {', '.join(rules)}")
    return "refuse"
