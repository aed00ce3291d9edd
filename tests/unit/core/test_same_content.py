"""The same content is the same however it is spelled, also beside digests of before they had a version."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest

from community_api.core.crypto.keys import KeyRing, load_keys
from community_api.core.database import commands
from community_api.core.i18n.language_tags import canonical_tag
from tests.support.factories import write_keys

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load_keys(write_keys(tmp_path_factory.mktemp("keys")), make_missing=False)


def digest(keys: KeyRing, values: dict[str, Any]) -> bytes:
    return commands.digest_of(keys, "POST /x", {}, values)


@pytest.mark.parametrize(
    ("first", "other", "same"),
    [
        ({"n": 1}, {"n": 1.0}, True),
        ({"n": -0.0}, {"n": 0}, True),
        ({"n": 1.5}, {"n": 1}, False),
        ({"d": {"a": [1.0, {"b": 2.0}]}}, {"d": {"a": [1, {"b": 2}]}}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"id": uuid.UUID(int=1), "a": 1}, {"id": uuid.UUID(int=2), "a": 1}, True),
        ({"a": None}, {}, False),
        ({"a": ""}, {}, False),
        ({"a": True}, {"a": 1}, False),
        ({"a": "1"}, {"a": 1}, False),
        ({"at": AT}, {"at": AT.replace(microsecond=1)}, False),
        ({"on": date(2026, 3, 2)}, {"on": date(2026, 3, 3)}, False),
    ],
)
def test_values_are_compared_as_they_were_read(
    keys: KeyRing,
    first: dict[str, Any],
    other: dict[str, Any],
    same: bool,
) -> None:
    assert (digest(keys, first) == digest(keys, other)) is same
    assert digest(keys, first)[:1] == commands.DIGEST_VERSION


def test_what_was_kept_before_digests_had_a_version_is_still_known(keys: KeyRing) -> None:
    sent = {"occurred_at": "2026-03-02T09:00:00Z", "n": 1.0}
    earlier = commands.earlier_digest_of(keys, "POST /x", {}, sent)
    now = digest(keys, {"occurred_at": AT, "n": 1})
    assert commands.is_same(now, earlier, lambda: commands.earlier_digest_of(keys, "POST /x", {}, sent))
    assert not commands.is_same(
        now, earlier, lambda: commands.earlier_digest_of(keys, "POST /x", {}, {"n": 1})
    )
    assert not commands.is_same(now, earlier, None)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("EN", "en"),
        ("de-ch", "de-CH"),
        ("ZH-HANT-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sl-ROZAJ-biske", "sl-rozaj-biske"),
        ("de-DE-u-CO-phonebk", "de-DE-u-co-phonebk"),
        ("en-x-US", "en-x-us"),
        ("X-nadsat", "x-nadsat"),
        ("de_CH", None),
        ("", None),
        ("e", None),
        ("de-", None),
        ("deutsch, bitte", None),
        ("de\n", None),
        ("a" * 36, None),
    ],
)
def test_a_language_is_read_without_regard_to_case(text: str, tag: str | None) -> None:
    assert canonical_tag(text) == tag
