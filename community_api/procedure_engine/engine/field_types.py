"""The closed list of field types: each with its check and the JSON Schema that accepts exactly the same.

Check and schema stand side by side on purpose; a property test holds them together. Patterns are written
so that every regular-expression dialect reads them alike: explicit classes instead of shorthands, and an
end that does not match before a last line break, as Python's would.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from community_api.procedure_engine.engine.guards import Situation
from community_api.procedure_engine.engine.state import FieldProblem
from community_api.procedure_engine.pack.definition import Field
from community_api.procedure_engine.terms import FieldCode

Schema: TypeAlias = dict[str, Any]
Translate: TypeAlias = Callable[[str], str]

_BLANK: Final = (
    r"\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_NOT_BLANK: Final = f"[^{_BLANK}]"
_WORDS: Final = re.compile(_NOT_BLANK)
_END: Final = r"$(?!\n)"
CODE_PATTERN: Final = r"^[a-z][a-z0-9_]{0,39}" + _END
UUID_PATTERN: Final = r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}" + _END
# Every real day from 1900 to 2199 and no other, so that no reader needs a calendar to check the format.
_LEAP_YEARS: Final = "(19|20|21)(0[48]|[2468][048]|[13579][26])|2000"
_DAY: Final = (
    "((19|20|21)[0-9]{2}-("
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
    f")|({_LEAP_YEARS})-02-29)"
)
DATE_PATTERN: Final = f"^{_DAY}{_END}"
_HOUR: Final = "([01][0-9]|2[0-3])"
MOMENT_PATTERN: Final = (
    f"^{_DAY}T{_HOUR}:[0-5][0-9]:[0-5][0-9](\\.[0-9]{{1,6}})?(Z|[+-]{_HOUR}:[0-5][0-9]){_END}"
)


class Wrong(Exception):
    """A value does not fit; the pointers of its `problems` begin at the field."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__(*problems)
        self.problems = problems


def wrong(code: FieldCode, **params: Any) -> Wrong:
    """The whole value is wrong for one reason."""
    return Wrong(FieldProblem("", code, params))


@dataclass(frozen=True)
class FieldType:
    """A type: which settings it takes in a pack, how a value is checked and normalised, its JSON Schema."""

    name: str
    says: str
    settings: tuple[str, ...]
    check: Callable[[Any, Field, Situation], Any]
    schema: Callable[[Field, Situation, Translate], Schema]


def _text(value: Any, field: Field, _now: Situation) -> str:
    text = _string(value)
    if _WORDS.search(text) is None:
        raise wrong(FieldCode.BLANK)
    if len(text) < field.min_length:
        raise wrong(FieldCode.TOO_SHORT, min=field.min_length)
    if len(text) > field.max_length:
        raise wrong(FieldCode.TOO_LONG, max=field.max_length)
    return text


def _text_schema(field: Field, _now: Situation, _translate: Translate) -> Schema:
    lengths = {"minLength": field.min_length, "maxLength": field.max_length}
    return {"type": "string", **lengths, "pattern": _NOT_BLANK}


def _boolean(value: Any, _field: Field, _now: Situation) -> bool:
    if not isinstance(value, bool):
        raise wrong(FieldCode.WRONG_TYPE, expected="boolean")
    return value


def _boolean_schema(_field: Field, _now: Situation, _translate: Translate) -> Schema:
    return {"type": "boolean"}


def _integer(value: Any, field: Field, _now: Situation) -> int:
    """JSON Schema calls 3.0 an integer, and so do we."""
    if isinstance(value, bool) or not (isinstance(value, int) or _is_whole(value)):
        raise wrong(FieldCode.WRONG_TYPE, expected="integer")
    if field.least is not None and value < field.least:
        raise wrong(FieldCode.TOO_SMALL, min=field.least)
    if field.most is not None and value > field.most:
        raise wrong(FieldCode.TOO_LARGE, max=field.most)
    return int(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


def _integer_schema(field: Field, _now: Situation, _translate: Translate) -> Schema:
    bounds = {"minimum": field.least, "maximum": field.most}
    return {"type": "integer"} | {name: bound for name, bound in bounds.items() if bound is not None}


def _formatted(pattern: str, settle: Callable[[str], str]) -> Callable[[Any, Field, Situation], str]:
    """A string of a given spelling, brought into its one normal form."""
    compiled = re.compile(pattern)

    def check(value: Any, _field: Field, _now: Situation) -> str:
        text = _string(value)
        if compiled.search(text) is None:
            raise wrong(FieldCode.BAD_FORMAT)
        return settle(text)

    return check


def _formatted_schema(pattern: str, **more: Any) -> Callable[[Field, Situation, Translate], Schema]:
    return lambda _field, _now, _translate: {"type": "string", **more, "pattern": pattern}


def _in_utc(text: str) -> str:
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise wrong(FieldCode.WRONG_TYPE, expected="string")
    return value


SIMPLE_TYPES: Final = (
    FieldType(
        "text",
        "words, not only blanks, `min_length` (1) to `max_length` characters",
        ("min_length", "max_length"),
        _text,
        _text_schema,
    ),
    FieldType(
        "code",
        "a code of small letters, digits and underscores, at most 40",
        (),
        _formatted(CODE_PATTERN, str),
        _formatted_schema(CODE_PATTERN),
    ),
    FieldType("boolean", "true or false", ("sets_mark",), _boolean, _boolean_schema),
    FieldType(
        "integer", "a whole number from `least` to `most`", ("least", "most"), _integer, _integer_schema
    ),
    FieldType(
        "date",
        "a day such as 2026-03-31, from 1900 to 2199",
        (),
        _formatted(DATE_PATTERN, str),
        _formatted_schema(DATE_PATTERN, format="date"),
    ),
    FieldType(
        "moment",
        "a time with its offset, such as 2026-03-31T18:05:00+02:00; kept in UTC",
        (),
        _formatted(MOMENT_PATTERN, _in_utc),
        _formatted_schema(MOMENT_PATTERN, format="date-time"),
    ),
    FieldType(
        "uuid",
        "an id of 32 hexadecimal digits in five groups",
        (),
        _formatted(UUID_PATTERN, str.lower),
        _formatted_schema(UUID_PATTERN, format="uuid"),
    ),
)


def titled(codes: Mapping[str, str], translate: Translate) -> Schema:
    """One of some codes: as `enum` for programs and once more with its titles for people."""
    values = [{"const": code, "title": translate(title)} for code, title in codes.items()]
    return {"type": "string", "enum": list(codes), **({"oneOf": values} if values else {})}
