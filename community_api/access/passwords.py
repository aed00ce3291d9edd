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
from community_api.core.errors import DomainError

# OWASP's second recommended setting: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(
    time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
PATIENCE_SECONDS: Final = 10.0
_slots: Final = HashingSlots()


@contextmanager
def hashing_slot(*, stranger: bool = False) -> Iterator[None]:
    """A turn at hashing, so that memory stays bounded.

    ``stranger``: nothing is known of whoever asks but what they sent. Raises ``service_unavailable``: for a
    stranger at once when another one waits already, for everybody when the wait becomes too long.
    """
    wait = _slots.take(stranger=stranger, patience=PATIENCE_SECONDS)
    if wait is not None:
        raise DomainError("service_unavailable", retry_after=wait)
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


def _normal(password: str) -> str:
    """The same password typed on another keyboard has the same bytes."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's password: it only takes time")
