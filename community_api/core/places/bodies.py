"""Bodies, read in whole before anybody works on them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

# What is read at once, and counted when it is more than the first.
STEP = 16_384


class CutOff(Exception):
    """The client went away, or stopped sending, before the body was complete."""


def declared_length(environ: dict[str, Any]) -> int | None:
    """The length of the body in bytes, 0 for none; None if it comes in chunks of unknown length."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    declared = environ.get("CONTENT_LENGTH") or ""
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def read(source: Any, length: int | None, most: int, add_bytes: Callable[[int], None]) -> bytes:
    """The body: ``length`` bytes, or if that is None all there is, ``most`` bytes at most.

    ``add_bytes`` is asked for room for whatever follows the first step. Raises CutOff, and what it raises.
    """
    wanted, parts, size = most if length is None else length, [], 0
    while size < wanted:
        step = min(STEP, wanted - size)
        if size:
            add_bytes(step)
        part = source.read(step)
        if not part:
            break
        parts.append(part)
        size += len(part)
    if length is not None and size < length:
        raise CutOff
    return parts[0] if len(parts) == 1 else b"".join(parts)


def replace(environ: dict[str, Any], body: bytes) -> None:
    """Let the application find a body of known length that is already here."""
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body)) if body else ""
    environ.pop("HTTP_TRANSFER_ENCODING", None)
