"""Identifiers: random ones for records, readable ones for people."""

from __future__ import annotations

import secrets
import uuid

# Crockford's base 32: no I, L, O, U, so that a reference survives being read out over a radio.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> uuid.UUID:
    """A random (version 4) identifier: it tells neither time nor order."""
    return uuid.uuid4()


def reference(prefix: str) -> str:
    """A reference such as ``LIN-A-7K3M-Q9XD`` for people; 40 random bits, no serial number."""
    drawn = secrets.randbits(40)
    tail = "".join(ALPHABET[drawn >> shift & 31] for shift in range(0, 40, 5))
    return f"{prefix.upper()}-{tail[:4]}-{tail[4:]}"
