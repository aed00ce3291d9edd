"""The one parser refuses what no schema should ever see."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.core.errors import DomainError
from community_api.core.http import json_parser

UNREADABLE = [
    (b"{", "malformed_json"),
    (b"", "malformed_json"),
    (b"{'a': 1}", "malformed_json"),
    (b'{"a": 1} x', "malformed_json"),
    (b'\xef\xbb\xbf{"a": 1}', "malformed_json"),
    (b'{"a": "\xff"}', "not_utf8"),
    (b'{"a": 1, "a": 2}', "duplicate_key"),
    (b'{"o": {"a": 1, "a": 1}}', "duplicate_key"),
    (b'{"a": "x\\u0000y"}', "nul_character"),
    (b'{"a\\u0000": 1}', "nul_character"),
    (b'{"a": "\\ud800"}', "lone_surrogate"),
    (b'{"\\udfff": 1}', "lone_surrogate"),
    (b'{"a": NaN}', "number_out_of_range"),
    (b'{"a": Infinity}', "number_out_of_range"),
    (b'{"a": 1e999}', "number_out_of_range"),
    (b'{"a": 9007199254740993}', "number_out_of_range"),
    (b'{"a": ' + b"9" * 5000 + b"}", "number_out_of_range"),
    (b"[" * 21 + b"]" * 21, "too_deep"),
    (b"[" * 200_000, "too_deep"),
    (json.dumps([0] * 501).encode(), "array_too_long"),
    (json.dumps({str(n): 0 for n in range(1001)}).encode(), "too_many_members"),
    (b'"' + b"x" * json_parser.MAX_BODY_BYTES + b'"', "body_too_large"),
]


@pytest.mark.parametrize(
    ("raw", "code"), UNREADABLE, ids=[f"{code}-{i}" for i, (_, code) in enumerate(UNREADABLE)]
)
def test_what_cannot_be_read_is_refused_with_its_own_code(raw: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        json_parser.parse(raw)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 20 + b"]" * 20,
        json.dumps([0] * 500).encode(),
        json.dumps({str(n): 0 for n in range(1000)}).encode(),
        '{"a": "\U0001f600 ä"}'.encode(),
        b'{"a": "\\ud83d\\ude00"}',
    ],
)
def test_what_lies_just_within_the_bounds_is_read(raw: bytes) -> None:
    assert json_parser.parse(raw) == json.loads(raw)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_nothing_else_happens(raw: bytes) -> None:
    assert outcome(raw) in {"read"} | {code for _, code in UNREADABLE}


def outcome(raw: bytes) -> str:
    try:
        json_parser.parse(raw)
    except DomainError as refusal:
        return refusal.code
    return "read"


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        lambda inner: (
            st.lists(inner, max_size=5) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=5)
        ),
        max_leaves=20,
    )
)
def test_what_json_can_say_is_read_as_it_was_meant(value: object) -> None:
    assert json_parser.parse(json.dumps(value).encode()) == value
