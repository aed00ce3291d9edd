"""The one parser: every body passes here before any schema (contract section 2).

Refused: another content type (415), too many bytes (413), and with 400 what is not UTF-8, not JSON,
has NUL characters, lone surrogates, duplicate keys, numbers without a value, too many members or items, or is
nested too deep.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from community_api.core.errors import DomainError

MAX_BODY_BYTES = 1_048_576
MAX_DEPTH = 20
MAX_ITEMS = 500
MAX_MEMBERS = 1_000
MAX_INTEGER = 2**53
LONGEST_WHOLE = len(str(-MAX_INTEGER))


def parse(raw: bytes) -> Any:
    """The JSON value of ``raw``; raises DomainError with the code of what is wrong."""
    if len(raw) > MAX_BODY_BYTES:
        raise DomainError("body_too_large")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise DomainError("not_utf8") from None
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise DomainError("too_deep", limit=MAX_DEPTH) from None
    except ValueError:
        raise DomainError("malformed_json") from None
    _inspect(value, 0)
    return value


def _inspect(value: Any, depth: int) -> None:
    """Refuse what JSON permits and no schema should ever see."""
    if isinstance(value, str):
        inspect_text(value)
    elif isinstance(value, (dict, list)):
        _inspect_items(value, depth)
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise DomainError("number_out_of_range")
    elif isinstance(value, float) and not math.isfinite(value):
        raise DomainError("number_out_of_range")


def _inspect_items(value: dict[str, Any] | list[Any], depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise DomainError("too_deep", limit=MAX_DEPTH)
    if isinstance(value, dict):
        if len(value) > MAX_MEMBERS:
            raise DomainError("too_many_members", limit=MAX_MEMBERS)
        for name in value:
            inspect_text(name)
    elif len(value) > MAX_ITEMS:
        raise DomainError("array_too_long", limit=MAX_ITEMS)
    for item in value.values() if isinstance(value, dict) else value:
        _inspect(item, depth + 1)


def inspect_text(text: str) -> None:
    """Raises DomainError for characters that databases and fonts choke on, wherever they were told."""
    if text.isascii():
        if "\0" in text:
            raise DomainError("nul_character")
        return
    if "\0" in text:
        raise DomainError("nul_character")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise DomainError("lone_surrogate")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise DomainError("duplicate_key")
    return told


def _refuse_constant(_name: str) -> NoReturn:
    raise DomainError("number_out_of_range")


def _whole(digits: str) -> int:
    """Python refuses to read very long numbers; what is that long is out of range anyway."""
    if len(digits) > LONGEST_WHOLE:
        raise DomainError("number_out_of_range")
    return int(digits)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant, parse_int=_whole
)
