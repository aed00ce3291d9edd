"""Keys: files of a directory that only the product's user may read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from community_api.core.errors import StartupError

KEY_BYTES = 32
# Each purpose has a key of its own, so that one that leaks opens one door.
PURPOSES = ("backup", "cursor", "digest", "lookup", "receipt", "receipt_lookup", "token")
FIRST_WRAPPING = "wrap-0001"


@dataclass(frozen=True)
class KeyRing:
    """The keys in force.

    ``wrapping`` maps key ids to keys that wrap data keys; the newest id wraps what is new.
    """

    wrapping: Mapping[str, bytes]
    backup: bytes
    cursor: bytes
    digest: bytes
    lookup: bytes
    receipt: bytes
    receipt_lookup: bytes
    token: bytes

    @property
    def newest(self) -> str:
        return max(self.wrapping)

    def authenticate(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA256 of ``message`` under the key of ``purpose`` (one of PURPOSES)."""
        return hmac.digest(getattr(self, purpose), message, hashlib.sha256)


def load_keys(directory: Path, *, make_missing: bool) -> KeyRing:
    """Read every key file; in demo and test mode make those that are missing.

    Raises StartupError for a directory that is missing or open to others, and for a file that is missing,
    readable by others, too short, or the same as another.
    """
    if make_missing:
        complete(directory)
    if not directory.is_dir():
        raise StartupError("COMMUNITY_KEYS: the directory of key files does not exist")
    if stat.S_IMODE(directory.stat().st_mode) & 0o077:
        raise StartupError("COMMUNITY_KEYS: the directory is open to others; set its mode to 0700")
    keys = {path.stem: _read(path) for path in sorted(directory.glob("*.key"))}
    wrapping = {name: key for name, key in keys.items() if name.startswith("wrap-")}
    missing = [name for name in PURPOSES if name not in keys]
    if missing or not wrapping:
        wanted = ", ".join(f"{name}.key" for name in (missing or [FIRST_WRAPPING]))
        raise StartupError(f"COMMUNITY_KEYS: the directory lacks {wanted}")
    if len(set(keys.values())) != len(keys):
        raise StartupError("COMMUNITY_KEYS: two key files hold the same key; each purpose needs its own")
    return KeyRing(wrapping=wrapping, **{name: keys[name] for name in PURPOSES})


def complete(directory: Path) -> list[Path]:
    """Make the key files that are missing, and the directory; which were made."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = [] if any(directory.glob("wrap-*.key")) else [FIRST_WRAPPING]
    return [path for name in (*names, *PURPOSES) if make_key(path := directory / f"{name}.key")]


def add_wrapping(directory: Path) -> Path:
    """Make the wrapping key after the newest one; its file. Raises StartupError where none can follow."""
    newest = load_keys(directory, make_missing=False).newest
    number = newest.removeprefix("wrap-")
    if not number.isascii() or not number.isdigit():
        raise StartupError(f"COMMUNITY_KEYS: {newest}.key has no number that another could follow")
    path = directory / f"wrap-{int(number) + 1:0{len(number)}}.key"
    if len(path.stem) != len(newest):
        raise StartupError(f"COMMUNITY_KEYS: after {newest}.key no name follows in the order of names")
    make_key(path)
    return path


def make_key(path: Path) -> bool:
    """Write a new random key, readable by its owner only; False: the file was there and is left alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def _read(path: Path) -> bytes:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise StartupError(f"COMMUNITY_KEYS: {path.name} may be read by others; set its mode to 0600")
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except binascii.Error:
        raise StartupError(f"COMMUNITY_KEYS: {path.name} is not base64") from None
    if len(key) < KEY_BYTES:
        raise StartupError(f"COMMUNITY_KEYS: {path.name} holds fewer than {KEY_BYTES} bytes")
    if len(set(key)) < 8:
        raise StartupError(f"COMMUNITY_KEYS: {path.name} is not random")
    return key
