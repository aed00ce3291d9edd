"""The file of a backup: a tar of manifest, seal and database.

The manifest says what must be in the database; the seal is an HMAC over it by the installation's own key, so
that a file that was changed anywhere, or comes from elsewhere, is refused before anything is touched.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

import orjson

from community_api.core.crypto.keys import KeyRing
from community_api.core.errors import StartupError
from community_api.server.backups.contents import Contents

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.hmac"
DATABASE: Final = "database"
LARGEST_MANIFEST: Final = 1_000_000
_BLOCK: Final = 1 << 20
_PURPOSE: Final = "backup"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    ``made_at`` is ISO 8601 in UTC; ``revision`` is that of the schema.
    ``keys`` are short hashes of the wrapping keys under which the texts can be read, by name of the key;
    ``sha256`` is that of the database's part, in hex.
    """

    format: int
    made_at: str
    dialect: str
    revision: str
    keys: dict[str, str]
    sha256: str
    contents: Contents


def fingerprint(key: bytes) -> str:
    """The public part of a key: sixteen hex digits that reveal nothing of it."""
    return hashlib.sha256(b"community backup key\0" + key).hexdigest()[:16]


def digest(file: IO[bytes]) -> str:
    """SHA-256 of the rest of a file, in hex."""
    hashed = hashlib.sha256()
    while block := file.read(_BLOCK):
        hashed.update(block)
    return hashed.hexdigest()


def write(target: Path, manifest: Manifest, database: Path, keys: KeyRing) -> None:
    """Write the archive (mode 0600) and have the disk keep it."""
    text = orjson.dumps(asdict(manifest), option=orjson.OPT_SORT_KEYS)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            _add(tar, MANIFEST, text)
            _add(tar, SEAL, keys.authenticate(_PURPOSE, text))
            tar.add(database, arcname=DATABASE, filter=_without_owner)
        file.flush()
        os.fsync(file.fileno())


class Archive:
    """A backup that is read: its manifest, as it was sealed, and its database."""

    def __init__(self, tar: tarfile.TarFile, keys: KeyRing) -> None:
        """Raises StartupError for a file that was changed or sealed with another key."""
        self._tar = tar
        text, seal = self._small(MANIFEST), self._small(SEAL)
        if not hmac.compare_digest(keys.authenticate(_PURPOSE, text), seal):
            raise StartupError(
                "The backup was changed, or made under another backup.key than that of COMMUNITY_KEYS"
            )
        values = orjson.loads(text)
        if values["format"] != FORMAT:
            raise StartupError("The backup was made by a newer version of this program")
        self.manifest = Manifest(**{**values, "contents": Contents(**values["contents"])})
        with self.database() as part:
            if digest(part) != self.manifest.sha256:
                raise StartupError("The backup was changed or is not whole")

    @contextmanager
    def database(self) -> Iterator[IO[bytes]]:
        """The database's part, from its beginning."""
        part = self._tar.extractfile(DATABASE)
        if part is None:
            raise StartupError("The file is no backup of this product")
        with part:
            yield part

    def _small(self, name: str) -> bytes:
        member = self._tar.getmember(name)
        part = self._tar.extractfile(member)
        if part is None or member.size > LARGEST_MANIFEST:
            raise KeyError(name)
        with part:
            return part.read()


@contextmanager
def opened(file: Path, keys: KeyRing) -> Iterator[Archive]:
    """Open and verify a backup; raises StartupError for a changed or incomplete file."""
    try:
        with tarfile.open(file, mode="r:") as tar:
            archive = Archive(tar, keys)
            yield archive
    except (tarfile.TarError, KeyError, orjson.JSONDecodeError, EOFError):
        raise StartupError("The file is no backup of this product, or is not whole") from None


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """The file says nothing of the machine's users."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
