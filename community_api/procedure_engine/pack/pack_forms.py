"""The parts of a pack that say what is asked: forms, fields, choices."""

from __future__ import annotations

from dataclasses import dataclass

from community_api.procedure_engine.pack.pack_actions import Guard


@dataclass(frozen=True)
class Choice:
    """One value of a choice; offered only where every predicate of `only_if` holds."""

    code: str
    title: str
    only_if: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class Field:
    """One field of a form. Which settings a type has is in `field_types`; the rest stay None or empty.

    `required_when` (field, values): obligatory only when that other field has one of those values.
    `schemes` of a grade are those it can be read in: the fixed one, or those of the field `scheme_from`.
    `levels` of units are those whose units it offers; empty: every level that the graph permits.
    """

    code: str
    type: str
    title: str
    help: str | None = None
    required: bool = True
    required_when: tuple[str, tuple[str, ...]] | None = None
    sets_mark: str | None = None
    min_length: int = 1
    max_length: int = 0
    least: int | None = None
    most: int | None = None
    choices: tuple[Choice, ...] = ()
    schemes: tuple[str, ...] = ()
    scheme: str | None = None
    scheme_from: str | None = None
    axis: str | None = None
    framework: str | None = None
    fields: tuple[Field, ...] = ()
    exactly_one_of: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    panel: str | None = None


@dataclass(frozen=True)
class Form:
    """What an action asks for, in the order in which people fill it in."""

    code: str
    title: str
    fields: tuple[Field, ...]
