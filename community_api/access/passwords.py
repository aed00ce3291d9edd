"""Passwords: Argon2id, two hashes at a time, bounded before hashing; wrong ones cost what right ones do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from community_api.access.hashing_slots import HashingSlots
from community_api.access.terms import PASSWORD_MAX, PASSWORD_MIN
from community_api.core.errors import Refused

# OWASP's second recommended setting: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(
    time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
PATIENCE_SECONDS: Final = 10.0
_slots: Final = HashingSlots()
# Long enough, and still among the first that anybody tries.
_COMMON: Final = frozenset(
    {
        "password",
        "passwort",
        "qwertyuiop",
        "qwertzuiop",
        "letmein",
        "iloveyou",
        "welcome",
        "willkommen",
        "administrator",
        "changeme",
        "geheim",
        "police",
        "polizei",
    }
)


@contextmanager
def hashing_slot(*, stranger: bool = False) -> Iterator[None]:
    """A turn at hashing, so that memory stays bounded.

    ``stranger``: nothing is known of whoever asks but what they sent. Raises ``service_unavailable``: for a
    stranger at once when another one waits already, for everybody when the wait becomes too long.
    """
    wait = _slots.take(stranger=stranger, patience=PATIENCE_SECONDS)
    if wait is not None:
        raise Refused("service_unavailable", retry_after=wait)
    try:
        yield
    finally:
        _slots.give_back(stranger=stranger)


def hash_password(password: str) -> str:
    """The hash to keep, with its parameters and salt."""
    with hashing_slot():
        return _HASHER.hash(_normal(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; the caller holds a hashing slot.

    ``password_hash`` None (no such account, none set yet): a hash that nobody's password fits is computed
    all the same, so that the refusal takes as long.
    """
    try:
        _HASHER.verify(password_hash or _nobodys(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def check_strength(password: str, *names: str) -> None:
    """Raises ``password_too_weak`` for what is short, long, repetitive, common, or holds one of ``names``."""
    folded = _normal(password).casefold()
    letters = "".join(character for character in folded if character.isalpha())
    too_plain = len(set(folded)) < 6 or letters in _COMMON
    holds_name = any(name.casefold() in folded for name in names if len(name) > 2)
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX or too_plain or holds_name:
        raise Refused("password_too_weak")


def _normal(password: str) -> str:
    """The same password typed on another keyboard has the same bytes."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's password: it only takes time")
