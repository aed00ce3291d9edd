"""Receipt codes: made by the server before anything is told, known afterwards to their holder only.

32 characters of Crockford's base 32: 26 random ones (130 bits), 5 of a MAC over them, so that only codes
made here open anything, and a Luhn mod 32 check that clients can test. Nothing of a code is ever stored:
the concern is found by a keyed digest of it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from typing import Final

from community_api.core.crypto.keys import KeyRing
from community_api.core.ids import ALPHABET

RANDOM: Final = 26
MAC: Final = 5
LENGTH: Final = RANDOM + MAC + 1
GROUP: Final = 4
BITS: Final = 5
# What people write for what they read.
MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
# Far longer than any way of writing a code down.
LONGEST: Final = 200


def issue(keys: KeyRing) -> str:
    """A new code; nothing of it is kept."""
    return _completed(keys, "".join(secrets.choice(ALPHABET) for _ in range(RANDOM)))


def read_out(keys: KeyRing, command_id: uuid.UUID) -> str:
    """The code for somebody who told or telephoned: the same one when the same command is sent again.

    Nobody can make it without the key, and nothing of it is kept.
    """
    seed = int.from_bytes(keys.authenticate("receipt", b"read out\0" + command_id.bytes), "big")
    return _completed(keys, _spelled(seed, RANDOM))


def groups(code: str) -> list[str]:
    """The code in the eight groups in which people write it down."""
    return [code[start : start + GROUP] for start in range(0, LENGTH, GROUP)]


def normalised(written: str) -> str:
    """A code as it is compared: case, spaces, hyphens and misread letters do not count."""
    return written[:LONGEST].upper().translate(MISREAD)


def is_ours(keys: KeyRing, code: str) -> bool:
    """Whether a normalised code was made here; takes as long for one as for the other."""
    fits = len(code) == LENGTH and all(letter in ALPHABET for letter in code)
    tried = code if fits else ALPHABET
    expected = _completed(keys, tried[:RANDOM])
    return hmac.compare_digest(expected, tried) and fits


def lookup_of(keys: KeyRing, code: str) -> bytes:
    """The keyed digest under which a concern is kept."""
    return keys.authenticate("receipt_lookup", b"concern\0" + code.encode())


def maker_of(keys: KeyRing, code: str) -> uuid.UUID:
    """Who sends a command by this code, as far as the product knows anybody without an account."""
    return uuid.UUID(bytes=keys.authenticate("receipt_lookup", b"maker\0" + code.encode())[:16])


def command_id(keys: KeyRing, maker: uuid.UUID, sent: uuid.UUID) -> uuid.UUID:
    """Under which id a command by a code is kept: in a space of that code's own.

    So no id that somebody else sends or has is ever taken, and no answer tells which ids exist.
    """
    digest = keys.authenticate("receipt_lookup", b"command\0" + maker.bytes + sent.bytes)
    return uuid.UUID(bytes=digest[:16], version=4)


def luhn(characters: str) -> str:
    """The check character (Luhn mod 32) that goes behind these."""
    total = 0
    for distance, character in enumerate(reversed(characters)):
        addend = ALPHABET.index(character) * (2 if distance % 2 == 0 else 1)
        total += addend // len(ALPHABET) + addend % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def _completed(keys: KeyRing, random: str) -> str:
    digest = keys.authenticate("receipt", b"code\0" + random.encode())
    body = random + _spelled(int.from_bytes(digest, "big"), MAC)
    return body + luhn(body)


def _spelled(number: int, length: int) -> str:
    """The first bits of a 256-bit number, five to a character."""
    top = hashlib.sha256().digest_size * 8
    return "".join(ALPHABET[number >> (top - BITS * (place + 1)) & 31] for place in range(length))
