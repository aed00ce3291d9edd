"""Reading what is right, and writing what is plain, without ado.

Marshmallow walks through six functions for every field so that it can say everything that is wrong with
a body. Nearly every body is right. It is read here by one or two functions a field; at the first thing that
is not plainly right this gives up without a word, and marshmallow reads from the start and says what is
wrong. So what is refused, and with which words, is marshmallow's alone. Answers are written likewise: views
are dictionaries, and most of their values go out as they are. Tests compare both with marshmallow's own way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing
from marshmallow.decorators import POST_DUMP, POST_LOAD, PRE_DUMP, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA

DUMP_HOOKS = (PRE_DUMP, POST_DUMP)
HOOKS = (PRE_LOAD, POST_LOAD, VALIDATES, VALIDATES_SCHEMA)
# What marshmallow would only copy.
AS_IT_IS: tuple[tuple[type[fields.Field[Any]], type], ...] = (
    (fields.String, str),
    (fields.Integer, int),
    (fields.Boolean, bool),
)
Read = Callable[[Any], Any]
Write = Callable[[Any], Any]


class FastPathMiss(Exception):
    """Something that marshmallow has to look at."""


@dataclass(frozen=True)
class _Plan:
    """One field: its name in the body, where its value goes, how it is read, what stands in for it."""

    name: str
    key: str
    read: Read
    required: bool
    default: Any


class Reader:
    """Reads bodies of one schema; made once for each of its instances."""

    def __init__(self, schema: Schema) -> None:
        self.reads = schema.unknown == RAISE and not schema.partial
        self._plans = [
            _Plan(
                name=name if field.data_key is None else field.data_key,
                key=field.attribute or name,
                read=_reading(field),
                required=field.required,
                default=field.load_default,
            )
            for name, field in schema.load_fields.items()
        ]

    def __call__(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The values read; raises NotPlain, or ValidationError without all that is wrong."""
        found: dict[str, Any] = {}
        known = 0
        for plan in self._plans:
            value = body.get(plan.name, missing)
            if value is missing:
                if plan.required:
                    raise FastPathMiss
                if plan.default is not missing:
                    found[plan.key] = plan.default() if callable(plan.default) else plan.default
                continue
            known += 1
            found[plan.key] = plan.read(value)
        if known != len(body):
            raise FastPathMiss
        return found


def _reading(field: fields.Field[Any]) -> Read:
    """How a value is read; what may be null, and fields with steps of their own, are read by marshmallow."""
    if field.allow_none or field.pre_load or field.post_load or "." in (field.attribute or ""):
        return field.deserialize
    if isinstance(field, fields.Nested):
        return _nested(field)
    plainly: Read | None = getattr(field, "plainly", None)
    if plainly is not None:
        return plainly
    return _checked(field)


def _checked(field: fields.Field[Any]) -> Read:
    deserialize, validators = field._deserialize, tuple(field.validators)  # noqa: SLF001 - its own protocol

    def read(value: Any) -> Any:
        if value is None:
            raise FastPathMiss
        found = deserialize(value, None, None)
        for validate in validators:
            validate(found)
        return found

    return read


def _nested(field: fields.Nested) -> Read:
    inner = field.schema
    if field.many or inner.many or field.unknown is not None or any(inner._hooks[hook] for hook in HOOKS):  # noqa: SLF001
        return field.deserialize
    reader = Reader(inner)

    def read(value: Any) -> Any:
        if type(value) is not dict or not reader.reads:
            raise FastPathMiss
        return reader(value)

    return read


def read(reader: Reader, body: Any) -> dict[str, Any] | None:
    """What a body says; None: marshmallow has to read it."""
    if type(body) is not dict or not reader.reads:
        return None
    try:
        return reader(body)
    except (FastPathMiss, ValidationError):
        return None


class Writer:
    """Writes views of one schema; made once for each of its instances."""

    def __init__(self, schema: Schema) -> None:
        self.writes = all(
            field._CHECK_ATTRIBUTE and "." not in (field.attribute or "")  # noqa: SLF001 - its own protocol
            for field in schema.dump_fields.values()
        )
        self._plans = [
            (
                field.data_key if field.data_key is not None else name,
                field.attribute or name,
                _copied(field),
                _writing(field, name),
                field.dump_default,
            )
            for name, field in schema.dump_fields.items()
        ]

    def __call__(self, view: Mapping[str, Any]) -> dict[str, Any]:
        """What goes out of a view, in the declared order."""
        said: dict[str, Any] = {}
        for name, key, copied, write, default in self._plans:
            value = view.get(key, missing)
            if value is missing:
                value = default() if callable(default) else default
                if value is missing:
                    continue
            said[name] = value if value is None or type(value) is copied else write(value)
        return said


def _writing(field: fields.Field[Any], name: str) -> Write:
    """How a value goes out."""
    if isinstance(field, fields.Nested):
        return _nested_writing(field)
    if type(field) is fields.List:
        inner, same = _writing(field.inner, name), _copied(field.inner)
        return lambda values: [
            value if value is None or type(value) is same else inner(value) for value in values
        ]
    plainly: Write | None = getattr(field, "written_plainly", None)
    if plainly is not None:
        return plainly
    serialize = field._serialize  # noqa: SLF001 - its own protocol
    return lambda value: serialize(value, name, None)


def _copied(field: fields.Field[Any]) -> type | None:
    """The type of value that marshmallow would give back as it is; None: it does something with each."""
    if getattr(field, "as_string", False):
        return None
    return next((kind for of, kind in AS_IT_IS if type(field)._serialize is of._serialize), None)  # noqa: SLF001


def _nested_writing(field: fields.Nested) -> Write:
    schema = field.schema
    many = field.many or schema.many
    if any(schema._hooks[hook] for hook in DUMP_HOOKS):  # noqa: SLF001 - its own protocol
        return lambda value: None if value is None else schema.dump(value, many=many)
    writer = Writer(schema)

    def write_one(value: Any) -> Any:
        return writer(value) if type(value) is dict and writer.writes else schema.dump(value, many=False)

    def write(value: Any) -> Any:
        if value is None:
            return None
        return [write_one(one) for one in value] if many else write_one(value)

    return write
