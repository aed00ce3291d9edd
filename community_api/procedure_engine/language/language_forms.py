"""Pack language version 1, part one: guards, choices, fields and forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import yaml

from community_api.core.i18n.translations import N_
from community_api.procedure_engine.engine.form_validation import FIELD_TYPES
from community_api.procedure_engine.engine.guards import Predicate
from community_api.procedure_engine.engine.predicates import PREDICATES
from community_api.procedure_engine.language.language_parts import TITLE
from community_api.procedure_engine.language.readers import (
    REQUIRED,
    FindingCollector,
    Key,
    Path,
    Reader,
    Skip,
    act,
    block,
    code,
    each,
    grade_code,
    made,
    missing,
    one_of,
    pairs_of,
    scheme_code,
    shape_of,
    shape_of_keys,
    shaped,
    value_code,
    values_of,
    whole_number,
    words,
    yes_or_no,
)
from community_api.procedure_engine.language.unknown_names import NO_COURSE, NO_LEVEL, lacking
from community_api.procedure_engine.pack.definition import Choice, Field, Form, Guard
from community_api.procedure_engine.terms import COURSES, LEVELS

PARAM_READERS: Final[Mapping[str, Reader]] = {
    "act": act,
    "code": code,
    "codes": each(grade_code, least=1),
    "course": one_of(COURSES, NO_COURSE),
    "days": whole_number(0, 36_500),
    "field": code,
    "levels": each(one_of(LEVELS, NO_LEVEL), least=1),
    "mark": code,
    "value": value_code,
    "values": each(value_code, least=1),
}


NO_KIND: Final = {"predicate": N_("there is no predicate `{word}`"), "type": N_("there is no type `{word}`")}


def _kinded(chooser: str, keys_of: Callable[[str], Sequence[Key]], allowed: Sequence[str]) -> Any:
    """Reads a block whose keys depend on the value of one of them, such as a field's `type`."""
    read_kind = one_of(allowed, NO_KIND[chooser])

    def read(notebook: FindingCollector, node: yaml.Node, path: Path) -> tuple[str, dict[str, Any]]:
        pairs = pairs_of(notebook, node, path)
        if chooser not in pairs:
            notebook.refuse(node, lacking(chooser))
        kind = read_kind(notebook, pairs.pop(chooser), (*path, chooser))
        keys = {key.name: key for key in keys_of(kind)}
        values, whole = values_of(notebook, pairs, keys, path)
        for name in missing(keys, pairs):
            notebook.note_at(path, lacking(name))
            whole = False
        if not whole:
            raise Skip
        return kind, values

    def shape() -> dict[str, Any]:
        chosen = Key(chooser, read_kind, f"the {chooser}")
        each_kind = (
            {**shape_of_keys([Key(chooser, one_of([kind], NO_KIND[chooser]), chosen.says), *keys_of(kind)])}
            for kind in allowed
        )
        return {"oneOf": list(each_kind)}

    return shaped(read, shape)


# --- guards ----------------------------------------------------------------------------------

OFFERED_ANYWAY: Final = Key(
    "offered_anyway", yes_or_no, "show the action although it would be refused now", default=False
)


def _param_keys(predicate: Predicate) -> list[Key]:
    """The parameters of a predicate as keys."""
    return [
        Key(param.name, PARAM_READERS[param.kind], param.says, default=REQUIRED) for param in predicate.params
    ]


_read_guard: Final = _kinded(
    "predicate", lambda kind: [OFFERED_ANYWAY, *_param_keys(PREDICATES[kind])], tuple(PREDICATES)
)


def guard(notebook: FindingCollector, node: yaml.Node, path: Path) -> Guard:
    """A named predicate with its parameters beside it."""
    kind, values = _read_guard(notebook, node, path)
    anyway = values.pop("offered_anyway")
    return Guard(kind, MappingProxyType(values), anyway)


shaped(guard, lambda: {"$ref": "#/$defs/guard"})
guards: Final = each(guard)

choice: Final = block(
    Choice,
    [
        Key("code", code, "the value that is sent"),
        TITLE,
        Key("only_if", guards, "guards about the case; the choice exists only where they hold", default=()),
    ],
)
choices: Final = each(choice, least=1)

# --- fields ----------------------------------------------------------------------------------


_read_required_when: Final = block(
    dict,
    [
        Key("field", code, "another field of the same form"),
        Key("is", each(value_code, least=1), "the values of that field"),
    ],
)


def _required_when(notebook: FindingCollector, node: yaml.Node, path: Path) -> tuple[str, tuple[str, ...]]:
    """`{field: ..., is: [...]}` as a pair."""
    values = _read_required_when(notebook, node, path)
    return values["field"], values["is"]


shaped(_required_when, lambda: shape_of(_read_required_when))

FIELD_KEYS: Final = (
    Key("code", code, "the name of the field in `fields`"),
    TITLE,
    Key("text", words, "a line of help; translated", default=None, into="help"),
    Key("required", yes_or_no, "whether a step needs it", default=True),
    Key("required_when", _required_when, "obligatory only when another field has some value", default=None),
)


def _at_least(name: str, default: int) -> Key:
    return Key(name, whole_number(0, 200), f"{name} entries", default=default)


def _subfields(notebook: FindingCollector, node: yaml.Node, path: Path) -> tuple[Field, ...]:
    """Fields of records: read when needed, because records are fields themselves."""
    read: Reader = each(_field_of(_INNER_TYPES), least=1)
    return tuple(read(notebook, node, path))


shaped(_subfields, lambda: shape_of(each(_field_of(_INNER_TYPES), least=1)))

SETTINGS: Final[Mapping[str, tuple[Key, ...]]] = {
    "text": (
        Key("min_length", whole_number(1, 20_000), "characters at least", default=1),
        Key("max_length", whole_number(1, 20_000), "characters at most"),
    ),
    "boolean": (Key("sets_mark", code, "true sets this mark on the case, false clears it", default=None),),
    "integer": (
        Key("least", whole_number(0, 10**9), "the smallest value"),
        Key("most", whole_number(0, 10**9), "the largest value"),
    ),
    "choice": (Key("choices", choices, "the values"),),
    "choices": (Key("choices", choices, "the values"), _at_least("least", 1), _at_least("most", 50)),
    "units": (
        _at_least("least", 1),
        _at_least("most", 50),
        Key(
            "levels",
            each(one_of(LEVELS, NO_LEVEL), least=1),
            "only units of these levels; left out: of every level that the graph permits",
            default=(),
        ),
    ),
    "scheme": (Key("schemes", each(scheme_code, least=1), "grading schemes that may be used"),),
    "grade": (
        Key("axis", code, "an axis of the scheme"),
        Key("scheme", scheme_code, "the scheme, when it is fixed", default=None),
        Key("scheme_from", code, "the field that names the scheme", default=None),
    ),
    "factor": (Key("framework", code, "the assessment framework"),),
    "panel": (Key("panel", code, "the panel of `safeguarding`"),),
    "records": (
        Key("fields", _subfields, "the fields of each record; no records or units"),
        Key("exactly_one_of", each(code), "alternatives: one is given", default=()),
        _at_least("least", 0),
        _at_least("most", 50),
    ),
}
_INNER_TYPES: Final[tuple[str, ...]] = tuple(name for name in FIELD_TYPES if name not in {"records", "units"})


def _field_of(types: Sequence[str]) -> Reader:
    """A field of one of these types."""
    read_kind = _kinded("type", lambda kind: [*FIELD_KEYS, *SETTINGS.get(kind, ())], types)

    def read(notebook: FindingCollector, node: yaml.Node, path: Path) -> Field:
        kind, values = read_kind(notebook, node, path)
        field: Field = made(notebook, node, Field, {"type": kind, **values})
        return field

    return shaped(read, lambda: shape_of(read_kind))


field: Final = _field_of(tuple(FIELD_TYPES))


def _form(code: str, title: str, fields: tuple[Field, ...]) -> Form:
    """A form whose grades know the schemes they can be read in."""
    return Form(code, title, _with_schemes(fields))


def _with_schemes(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields, the grades among them with their own scheme or those of the field that names it."""
    named = {field.code: field.schemes for field in fields if field.type == "scheme"}

    def completed(field: Field) -> Field:
        if field.type == "grade":
            own = (field.scheme,) if field.scheme else named.get(field.scheme_from or "", ())
            return replace(field, schemes=own)
        return replace(field, fields=_with_schemes(field.fields)) if field.fields else field

    return tuple(completed(field) for field in fields)


form: Final = block(
    _form,
    [
        Key("code", code, "how actions refer to it"),
        TITLE,
        Key("fields", each(field, least=1), "what is asked, in this order"),
    ],
)


def shared_shapes() -> dict[str, Any]:
    """What the JSON Schema of a pack refers to from many places, by name."""
    return {"guard": shape_of(_read_guard)}
