"""Forms: checking the `fields` of a step, and the JSON Schema that accepts exactly the same.

What a schema cannot say (guards about content, such as a date counted from today) is checked by the
engine afterwards and named in the schema under `x-rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from community_api.procedure_engine.engine.field_types import (
    SIMPLE_TYPES,
    FieldType,
    Schema,
    Translate,
    Wrong,
)
from community_api.procedure_engine.engine.guards import Situation
from community_api.procedure_engine.engine.state import FieldProblem
from community_api.procedure_engine.pack.definition import Field, Form
from community_api.procedure_engine.pack.pack_types import (
    PACK_TYPES,
    grade_conditions,
    several,
    several_schema,
)
from community_api.procedure_engine.terms import FieldCode

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def check(fields: Sequence[Field], sent: Any, now: Situation) -> tuple[dict[str, Any], list[FieldProblem]]:
    """The accepted values, normalised, and every problem. `now.fields` is what the step sent."""
    if not isinstance(sent, Mapping):
        return {}, [FieldProblem("", FieldCode.WRONG_TYPE, {"expected": "object"})]
    known = {field.code for field in fields}
    problems = [FieldProblem(_pointer(key), FieldCode.UNKNOWN_FIELD) for key in sent if key not in known]
    accepted: dict[str, Any] = {}
    for field in fields:
        if field.code in sent:
            _take(field, sent[field.code], now, accepted, problems)
        elif is_required(field, sent):
            problems.append(FieldProblem(_pointer(field.code), FieldCode.REQUIRED))
    return accepted, problems


def is_required(field: Field, sent: Mapping[str, Any]) -> bool:
    """Whether the field must be there, given what else was sent."""
    if field.required_when is None:
        return field.required
    other, values = field.required_when
    said = sent.get(other)
    return isinstance(said, str) and said in values


def _take(
    field: Field, value: Any, now: Situation, accepted: dict[str, Any], problems: list[FieldProblem]
) -> None:
    """Check one value and file it or its problems."""
    if value is None:
        problems.append(FieldProblem(_pointer(field.code), FieldCode.NULL))
        return
    try:
        accepted[field.code] = FIELD_TYPES[field.type].check(value, field, now)
    except Wrong as wrong:
        problems.extend(_below(_pointer(field.code), problem) for problem in wrong.problems)


def _records(value: Any, field: Field, now: Situation) -> list[dict[str, Any]]:
    """Every record, checked like a small form of its own; all problems of all records at once."""
    records: list[dict[str, Any]] = []
    problems: list[FieldProblem] = []
    for index, sent in enumerate(several(value, field)):
        record, found = check(field.fields, sent, now)
        if isinstance(sent, Mapping) and field.exactly_one_of and _answered(field, sent) != 1:
            found.append(FieldProblem("", FieldCode.EXACTLY_ONE, {"of": ", ".join(field.exactly_one_of)}))
        problems.extend(_below(f"/{index}", problem) for problem in found)
        records.append(record)
    if problems:
        raise Wrong(*problems)
    return records


def _answered(field: Field, sent: Mapping[str, Any]) -> int:
    """How many of the alternatives are given; `false` says that one is not."""
    return sum(code in sent and sent[code] is not False for code in field.exactly_one_of)


def _below(pointer: str, problem: FieldProblem) -> FieldProblem:
    return FieldProblem(pointer + problem.pointer, problem.code, problem.params)


def _pointer(key: str) -> str:
    """A step of an RFC 6901 pointer."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def schema(form: Form | None, now: Situation, translate: Translate, rules: Iterable[Schema]) -> Schema:
    """The JSON Schema of a whole form; None: of an action that asks for nothing."""
    listed = list(rules)
    return (
        {"$schema": _DIALECT}
        | ({"title": translate(form.title)} if form else {})
        | _object(form.fields if form else (), (), now, translate)
        | ({"x-rules": listed} if listed else {})
    )


def _object(
    fields: Sequence[Field], exactly_one_of: Sequence[str], now: Situation, translate: Translate
) -> Schema:
    """An object with these fields and no others."""
    conditions = [condition for field in fields for condition in _conditions(field, now, translate)]
    always = [field.code for field in fields if field.required and field.required_when is None]
    one_of = [_given_schema(field) for field in fields if field.code in exactly_one_of]
    return {
        "type": "object",
        "properties": {field.code: _property(field, now, translate) for field in fields},
        "required": always,
        "additionalProperties": False,
        **({"oneOf": one_of} if one_of else {}),
        **({"allOf": conditions} if conditions else {}),
    }


def _conditions(field: Field, now: Situation, translate: Translate) -> list[Schema]:
    """What holds only if another field says so."""
    conditions = grade_conditions(field, now, translate)
    if field.required_when is not None:
        other, values = field.required_when
        said = {"required": [other], "properties": {other: {"enum": list(values)}}}
        conditions.append({"if": said, "then": {"required": [field.code]}})
    return conditions


def _given_schema(field: Field) -> Schema:
    """That an alternative is given; a yes or no is given when it says yes."""
    given: Schema = {"required": [field.code]}
    if field.type == "boolean":
        given["properties"] = {field.code: {"const": True}}
    return given


def _property(field: Field, now: Situation, translate: Translate) -> Schema:
    """One field with its words."""
    described = {"description": translate(field.help)} if field.help else {}
    return {
        "title": translate(field.title),
        **described,
        **FIELD_TYPES[field.type].schema(field, now, translate),
    }


def _records_schema(field: Field, now: Situation, translate: Translate) -> Schema:
    return several_schema(field, _object(field.fields, field.exactly_one_of, now, translate))


_RECORDS: Final = FieldType(
    "records",
    "a list of `least` to `most` small forms of `fields`; of the fields in `exactly_one_of`, one is given",
    ("fields", "exactly_one_of", "least", "most"),
    _records,
    _records_schema,
)
FIELD_TYPES: Final[Mapping[str, FieldType]] = {
    declared.name: declared for declared in (*SIMPLE_TYPES, *PACK_TYPES, _RECORDS)
}
