"""Kinds of waiting places, how many there are of each, and who takes them (contract section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

# Threads of each process that answer requests, and how many of them work at the same time.
THREADS: Final = 128
WORKING: Final = 4
# When to come again, for whoever found no place.
RETRY_SECONDS: Final = 2
# A body may take so long, and a second more for each thousand bytes of it; so may one piece of an answer.
# Longer than the longest answer that is held back until there is news.
BODY_SECONDS: Final = 40.0
BYTES_A_SECOND: Final = 1_000
# Under these names a request carries its visit, and why it is refused before anybody looks at it.
VISIT: Final = "community.visit"
REFUSAL: Final = "community.refusal"


class Kind(IntEnum):
    """What a thread is doing while it holds a waiting place."""

    # A body that has not come in whole, and one that has.
    READING = 0
    HOLDING = 1
    # A request without a body.
    PLAIN = 2
    # An answer that goes out piece by piece, and one that is held back until there is news.
    DOWNLOAD = 3
    POLL = 4


@dataclass(frozen=True)
class Caller:
    """Who asks, as far as places need to know.

    ``key`` is an opaque digest of the account, or of the address without one. ``signed``: the token has a
    good signature and is in its time; nothing is known of its session.
    """

    key: bytes
    signed: bool


@dataclass(frozen=True)
class Limits:
    """How many waiting places there are; ``each_…`` is for one caller.

    ``signed_only`` of the bodies are kept for callers with a signed token. ``spare`` threads never wait, so
    that whoever comes too late hears so at once. Bytes: the first piece of a body always has room; what is
    longer shares ``bytes``, so that no crowd of large bodies fills the memory.
    """

    threads: int = THREADS
    spare: int = 4
    bodies: int = 80
    signed_only: int = 8
    downloads: int = 16
    polls: int = 16
    each_reading: int = 32
    each_bodies: int = 64
    each_plain: int = 32
    each_download: int = 2
    each_poll: int = 2
    bytes: int = 8_388_608
    each_bytes: int = 4_194_304
    signed_only_bytes: int = 2_097_152

    @property
    def without_body(self) -> int:
        """Places for requests without a body, downloads and polls together."""
        return self.threads - self.spare - self.bodies


class Full(Exception):
    """No waiting place of this kind is left, or none for this caller."""
