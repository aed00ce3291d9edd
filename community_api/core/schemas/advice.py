"""What a body gives to think over: fields that ``advise`` say it by code, the answer carries the warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from community_api.core.errors import FieldError


def advice(schema: Schema, values: Mapping[str, Any]) -> list[FieldError]:
    """The warnings of all fields of a body that was read, in the order of the schema."""
    return list(_of_body(schema, values, ""))


@cache
def advises(schema: Schema) -> bool:
    """Whether any field of a schema, at any depth, has something to say."""
    return hasattr(schema, "parts") or any(_speaks(field) for field in schema.load_fields.values())


def _speaks(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.List):
        return _speaks(field.inner)
    return advises(field.schema) if isinstance(field, fields.Nested) else hasattr(field, "advise")


def _of_body(schema: Schema, values: Mapping[str, Any], pointer: str) -> Iterator[FieldError]:
    for name, field in schema.load_fields.items():
        value = values.get(field.attribute or name)
        if value is not None and _speaks(field):
            yield from _of_value(field, value, f"{pointer}/{field.data_key or name}")
    # What is read by a schema that another value names.
    for name, inner in schema.parts(values).items() if hasattr(schema, "parts") else ():
        yield from _of_body(inner, values[name], f"{pointer}/{name}")


def _of_value(field: Any, value: Any, pointer: str) -> Iterator[FieldError]:
    if isinstance(field, fields.List):
        for index, one in enumerate(value):
            yield from _of_value(field.inner, one, f"{pointer}/{index}")
    elif isinstance(field, fields.Nested):
        yield from _of_body(field.schema, value, pointer)
    else:
        for code in field.advise(value):
            yield FieldError(pointer, code)
