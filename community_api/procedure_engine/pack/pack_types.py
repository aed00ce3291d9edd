"""Field types whose values the pack declares: choices, units, grades, factors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from community_api.procedure_engine.engine.field_types import (
    CODE_PATTERN,
    FieldType,
    Schema,
    Translate,
    Wrong,
    titled,
    wrong,
)
from community_api.procedure_engine.engine.guards import Situation
from community_api.procedure_engine.engine.predicates import holds, permitted_units
from community_api.procedure_engine.engine.state import FieldProblem
from community_api.procedure_engine.pack.definition import Field
from community_api.procedure_engine.terms import FieldCode

_Codes: TypeAlias = Callable[[Field, Situation], Mapping[str, str]]


def offered_choices(field: Field, now: Situation) -> dict[str, str]:
    """The choices that this case may take, with their titles."""
    return {
        choice.code: choice.title
        for choice in field.choices
        if not choice.only_if or all(holds(guard, now) for guard in choice.only_if)
    }


def _feedback_outcomes(_field: Field, now: Situation) -> Mapping[str, str]:
    return now.pack.feedback_titles


def _schemes(field: Field, now: Situation) -> Mapping[str, str]:
    return {code: now.pack.scheme_by_code[code].title for code in field.schemes}


def _one_of(codes: _Codes) -> Callable[[Any, Field, Situation], str]:
    """Exactly one of the codes."""

    def check(value: Any, field: Field, now: Situation) -> str:
        if not isinstance(value, str):
            raise wrong(FieldCode.WRONG_TYPE, expected="string")
        if value not in codes(field, now):
            raise wrong(FieldCode.NOT_A_CHOICE)
        return value

    return check


def _one_schema(codes: _Codes) -> Callable[[Field, Situation, Translate], Schema]:
    return lambda field, now, translate: titled(codes(field, now), translate)


def several(value: Any, field: Field) -> list[Any]:
    """A list with as many entries as the field takes."""
    if not isinstance(value, list):
        raise wrong(FieldCode.WRONG_TYPE, expected="array")
    if field.least is not None and len(value) < field.least:
        raise wrong(FieldCode.TOO_FEW, min=field.least)
    if field.most is not None and len(value) > field.most:
        raise wrong(FieldCode.TOO_MANY, max=field.most)
    return value


def several_schema(field: Field, items: Schema) -> Schema:
    """The schema of such a list."""
    bounds = {"minItems": field.least, "maxItems": field.most}
    return {"type": "array", "items": items} | {k: v for k, v in bounds.items() if v is not None}


def _each_once(codes: _Codes, refusal: FieldCode) -> Callable[[Any, Field, Situation], list[str]]:
    """Some of the codes, none twice."""

    def check(value: Any, field: Field, now: Situation) -> list[str]:
        items = several(value, field)
        known = codes(field, now)
        refused = [(index, _refused(item, items[:index], known, refusal)) for index, item in enumerate(items)]
        problems = [FieldProblem(f"/{index}", code) for index, code in refused if code]
        if problems:
            raise Wrong(*problems)
        return items

    return check


def _refused(
    item: Any, before: list[Any], allowed: Mapping[str, str], refusal: FieldCode
) -> FieldCode | None:
    """What is wrong with one entry of a list, given those before it."""
    if not isinstance(item, str):
        return FieldCode.WRONG_TYPE
    if item not in allowed:
        return refusal
    return FieldCode.REPEATED if item in before else None


def _each_once_schema(codes: _Codes) -> Callable[[Field, Situation, Translate], Schema]:
    def schema(field: Field, now: Situation, translate: Translate) -> Schema:
        return several_schema(field, titled(codes(field, now), translate)) | {"uniqueItems": True}

    return schema


def _units(field: Field, now: Situation) -> Mapping[str, str]:
    """A unit's short name is its own title: names of units are not translated."""
    return {unit.name: unit.name for unit in permitted_units(now.pack, now.facts, field.levels)}


def scheme_of(field: Field, now: Situation) -> str | None:
    """The scheme that a grade is read in: fixed, or as another field of the step says."""
    if field.scheme_from is None:
        return field.scheme
    said = now.fields.get(field.scheme_from)
    return said if isinstance(said, str) else None


def _grade(value: Any, field: Field, now: Situation) -> str:
    """Without a readable scheme the scheme's own problem is enough."""
    if not isinstance(value, str):
        raise wrong(FieldCode.WRONG_TYPE, expected="string")
    scheme = scheme_of(field, now)
    if scheme in field.schemes and value not in now.pack.axis_titles[scheme, field.axis or ""]:
        raise wrong(FieldCode.NOT_A_CHOICE)
    return value


def _grade_schema(field: Field, now: Situation, translate: Translate) -> Schema:
    """With several schemes to choose from, `grade_conditions` narrows this to the one chosen."""
    if len(field.schemes) > 1:
        return {"type": "string"}
    return _axis_schema(field, field.schemes[0], now, translate)


def grade_conditions(field: Field, now: Situation, translate: Translate) -> list[Schema]:
    """If that scheme, then that axis: one condition for each of several schemes."""
    if field.type != "grade" or len(field.schemes) < 2:
        return []
    return [
        {
            "if": {"required": [field.scheme_from], "properties": {field.scheme_from: {"const": scheme}}},
            "then": {"properties": {field.code: _axis_schema(field, scheme, now, translate)}},
        }
        for scheme in field.schemes
    ]


def _axis_schema(field: Field, scheme: str, now: Situation, translate: Translate) -> Schema:
    return titled(now.pack.axis_titles[scheme, field.axis or ""], translate)


def _factor(value: Any, field: Field, now: Situation) -> str:
    """An open framework takes a factor that the assessor names; it must still be a code."""
    framework = now.pack.framework_by_code[field.framework or ""]
    if not isinstance(value, str):
        raise wrong(FieldCode.WRONG_TYPE, expected="string")
    if value in now.pack.factor_titles[framework.code]:
        return value
    if not framework.open:
        raise wrong(FieldCode.NOT_A_CHOICE)
    if re.search(CODE_PATTERN, value) is None:
        raise wrong(FieldCode.BAD_FORMAT)
    return value


def _factor_schema(field: Field, now: Situation, translate: Translate) -> Schema:
    framework = now.pack.framework_by_code[field.framework or ""]
    known = titled(now.pack.factor_titles[framework.code], translate)
    if not framework.open:
        return known
    return {"type": "string", "anyOf": [known, {"type": "string", "pattern": CODE_PATTERN}]}


def _members(field: Field, now: Situation) -> Mapping[str, str]:
    """The kinds of partners that belong to a panel."""
    rules = now.pack.safeguarding
    panel = next(one for one in rules.panels if one.code == field.panel) if rules else None
    return (
        {one.code: one.title for one in rules.partners or () if one.code in panel.members}
        if rules and panel
        else {}
    )


def _quorum(field: Field, now: Situation) -> Field:
    """The field with the panel's quorum as its least."""
    panels = now.pack.safeguarding.panels if now.pack.safeguarding else ()
    return replace(field, least=next(one.quorum for one in panels if one.code == field.panel))


def _sat(value: Any, field: Field, now: Situation) -> list[str]:
    return _each_once(_members, FieldCode.NOT_A_CHOICE)(value, _quorum(field, now), now)


def _sat_schema(field: Field, now: Situation, translate: Translate) -> Schema:
    return _each_once_schema(_members)(_quorum(field, now), now, translate)


def _classifications(_field: Field, now: Situation) -> Mapping[str, str]:
    scheme = now.pack.classification
    return {one.code: one.title for one in scheme.values} if scheme else {}


PACK_TYPES: Final = (
    FieldType(
        "choice", "one of `choices`", ("choices",), _one_of(offered_choices), _one_schema(offered_choices)
    ),
    FieldType(
        "choices",
        "some of `choices`, none twice, `least` to `most` of them",
        ("choices", "least", "most"),
        _each_once(offered_choices, FieldCode.NOT_A_CHOICE),
        _each_once_schema(offered_choices),
    ),
    FieldType(
        "units",
        "units that the level graph permits, by their short names, none twice",
        ("least", "most", "levels"),
        _each_once(_units, FieldCode.UNIT_NOT_PERMITTED),
        _each_once_schema(_units),
    ),
    FieldType(
        "scheme", "one of the grading `schemes`", ("schemes",), _one_of(_schemes), _one_schema(_schemes)
    ),
    FieldType(
        "grade",
        "a code on an `axis` of a `scheme`, or of the scheme that the field `scheme_from` names",
        ("scheme", "scheme_from", "axis"),
        _grade,
        _grade_schema,
    ),
    FieldType(
        "classification",
        "one of the pack's classifications",
        (),
        _one_of(_classifications),
        _one_schema(_classifications),
    ),
    FieldType(
        "panel",
        "the kinds of partners of a `panel` that took part, none twice, at least its quorum",
        ("panel",),
        _sat,
        _sat_schema,
    ),
    FieldType("factor", "a factor of an assessment `framework`", ("framework",), _factor, _factor_schema),
    FieldType(
        "feedback_outcome",
        "one of the pack's feedback outcomes",
        (),
        _one_of(_feedback_outcomes),
        _one_schema(_feedback_outcomes),
    ),
)
