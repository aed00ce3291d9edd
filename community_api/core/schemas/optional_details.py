"""Optional details of a report: what cannot be read of them is left out, and never holds the report back.

A schema says of its optional fields when they may be left out (``BaseSchema.left_out``). Required fields, and
optional ones that say nothing there (what somebody permits or forbids), stay strict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, Final

from marshmallow import Schema, fields

from community_api.core.errors import FieldError

# The field by which a report says that somebody is in danger now.
DANGER: Final = "immediate_danger"
EMPTY: Final = frozenset({"blank", "null"})


class LeftOut(Enum):
    """When an optional field that cannot be read is left out."""

    ALWAYS = "always"
    # Null or blank says nothing; all else is somebody's words, and only danger may cost them.
    EMPTY_OR_IN_DANGER = "empty_or_in_danger"
    # What a reporter's safety hangs on: nothing but a null or a blank.
    EMPTY = "empty"


@cache
def has_details(schema: Schema) -> bool:
    """Whether anything in a body of this schema may be left out."""
    return bool(_rules(schema)) or any(
        has_details(field.schema) for field in schema.load_fields.values() if isinstance(field, fields.Nested)
    )


def leave_out(
    schema: Schema, body: Mapping[str, Any], faults: Iterable[FieldError]
) -> tuple[dict[str, Any], list[FieldError]]:
    """The body without the optional details that have these faults, and what was left out of it."""
    in_danger = body.get(DANGER) is True
    rest, left_out = dict(body), dict[str, FieldError]()
    for fault in faults:
        place = _place(schema, fault, in_danger=in_danger)
        if place and _remove(rest, place):
            pointer = f"/{'/'.join(place)}"
            left_out[pointer] = FieldError(pointer, fault.code, fault.params)
    return rest, list(left_out.values())


def _place(schema: Schema, fault: FieldError, *, in_danger: bool) -> Sequence[str]:
    """The innermost field around a fault that may be left out for it; empty if there is none."""
    steps = fault.pointer.split("/")[1:]
    found: Sequence[str] = ()
    inside: Schema | None = schema
    for depth, step in enumerate(steps, start=1):
        if inside is None:
            break
        rule = _rules(inside).get(step)
        if rule is not None and _applies(rule, fault, whole=depth == len(steps), in_danger=in_danger):
            found = steps[:depth]
        field = inside.load_fields.get(step)
        inside = field.schema if isinstance(field, fields.Nested) else None
    return found


def _applies(rule: LeftOut, fault: FieldError, *, whole: bool, in_danger: bool) -> bool:
    if whole and fault.code in EMPTY:
        return True
    return rule is LeftOut.ALWAYS or (rule is LeftOut.EMPTY_OR_IN_DANGER and in_danger)


def _rules(schema: Schema) -> Mapping[str, LeftOut]:
    return getattr(schema, "left_out", {})


def _remove(body: dict[str, Any], place: Sequence[str]) -> bool:
    """Take a field out of a body, copying what lies around it; False if it is not there any more."""
    *around, name = place
    for step in around:
        inner = body.get(step)
        if not isinstance(inner, dict):
            return False
        body[step] = body = dict(inner)
    return body.pop(name, body) is not body
