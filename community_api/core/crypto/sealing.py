"""Sealed text: AES-256-GCM under a data key per record, wrapped by a key of the key ring.

Sealing and opening are explicit calls in services. A seal binds the text to a label, the record and
the text's own version, so that a row swapped with another, or an old text put back, is detected.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from community_api.core.crypto.keys import KeyRing
from community_api.core.database.tables import DataKey
from community_api.core.errors import SealBroken, StartupError

NONCE_BYTES = 12
DATA_KEY_BYTES = 32


class Buffer(Protocol):
    """What sealing needs of the unit of work."""

    data_keys: dict[uuid.UUID, bytes]

    def insert(self, model: type[Any], **values: Any) -> None: ...

    def get(self, model: type[Any], key: Any) -> Any: ...


@dataclass(frozen=True)
class _Wrapping:
    """The wrapping keys as they were read once: what is new is wrapped by ``newest``."""

    ciphers: Mapping[str, AESGCM]
    newest: str

    @classmethod
    def of(cls, keys: KeyRing) -> _Wrapping:
        ciphers = {key_id: AESGCM(key[:DATA_KEY_BYTES]) for key_id, key in keys.wrapping.items()}
        return cls(ciphers, keys.newest)

    def wrap(self, owner_id: uuid.UUID, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.ciphers[self.newest].encrypt(nonce, key, b"data-key\0" + owner_id.bytes)


class Sealer:
    """Seals and opens the texts of records; ``alarm`` is told of every seal that is broken.

    ``reread`` reads the key files anew when a record names a key that was made after this process began;
    None: the keys stay as they are.
    """

    def __init__(
        self,
        keys: KeyRing,
        alarm: Callable[[uuid.UUID], None] = lambda _owner: None,
        reread: Callable[[], KeyRing] | None = None,
    ) -> None:
        self._wrapping = _Wrapping.of(keys)
        self._reread = reread
        self.alarm = alarm

    def seal_new(self, tx: Buffer, owner_id: uuid.UUID, label: str, document: Any) -> bytes:
        """Seal the first text of a new record and buffer the record's data key."""
        key = os.urandom(DATA_KEY_BYTES)
        # Once for both: another thread may learn of a newer key meanwhile.
        wrapping = self._wrapping
        tx.insert(DataKey, owner_id=owner_id, key_id=wrapping.newest, wrapped=wrapping.wrap(owner_id, key))
        tx.data_keys[owner_id] = key
        return _seal(key, _bound(label, owner_id, 1), document)

    def seal(self, tx: Buffer, owner_id: uuid.UUID, label: str, text_version: int, document: Any) -> bytes:
        """Seal another text, or a text written anew, under the record's own key."""
        return _seal(self._key(tx, owner_id), _bound(label, owner_id, text_version), document)

    def open(self, tx: Buffer, owner_id: uuid.UUID, label: str, text_version: int, sealed: bytes) -> Any:
        """The document; raises SealBroken when it was not sealed for this place."""
        try:
            clear = AESGCM(self._key(tx, owner_id)).decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(label, owner_id, text_version)
            )
        except (InvalidTag, ValueError):
            self.alarm(owner_id)
            raise SealBroken(owner_id) from None
        return orjson.loads(clear)

    def pretend(self) -> None:
        """Open a text that is nobody's: what is not there takes as long to answer as what may not be read."""
        key = os.urandom(DATA_KEY_BYTES)
        AESGCM(key).decrypt(*_parts(_seal(key, b"nobody", {"text": " " * 512})), b"nobody")

    def rewrapped(self, row: DataKey) -> bytes:
        """The row's data key under the newest wrapping key; texts stay as they are."""
        return self._wrapping.wrap(row.owner_id, self._unwrap(row))

    @property
    def newest(self) -> str:
        return self._wrapping.newest

    def _cipher(self, key_id: str) -> AESGCM | None:
        """The wrapping key of that id, also one that was made since this process began."""
        known = self._wrapping.ciphers.get(key_id)
        if known is not None or self._reread is None:
            return known
        try:
            self._wrapping = _Wrapping.of(self._reread())
        except (StartupError, OSError):
            # The keys that were read at the start stay in force; the alarm tells of the record.
            return None
        return self._wrapping.ciphers.get(key_id)

    def _unwrap(self, row: DataKey) -> bytes:
        wrapper = self._cipher(row.key_id)
        try:
            if wrapper is None:
                raise InvalidTag
            return wrapper.decrypt(
                row.wrapped[:NONCE_BYTES], row.wrapped[NONCE_BYTES:], b"data-key\0" + row.owner_id.bytes
            )
        except (InvalidTag, ValueError):
            self.alarm(row.owner_id)
            raise SealBroken(row.owner_id) from None

    def _key(self, tx: Buffer, owner_id: uuid.UUID) -> bytes:
        known = tx.data_keys.get(owner_id)
        if known is not None:
            return known
        row = tx.get(DataKey, owner_id)
        if row is None:
            self.alarm(owner_id)
            raise SealBroken(owner_id)
        tx.data_keys[owner_id] = key = self._unwrap(row)
        return key


def _parts(sealed: bytes) -> tuple[bytes, bytes]:
    return sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]


def _bound(label: str, owner_id: uuid.UUID, text_version: int) -> bytes:
    return b"\0".join((label.encode(), owner_id.bytes, str(text_version).encode()))


def _seal(key: bytes, bound: bytes, document: Any) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, orjson.dumps(document), bound)


def rotate(uow: Any, sealer: Sealer, *, batch: int = 500) -> int:
    """Re-wrap every data key that an older key wraps; resumable, texts untouched.

    Returns how many were re-wrapped. ``uow`` is the unit of work.
    """
    done = 0
    while True:
        with uow() as tx:
            rows = tx.all(select(DataKey).where(DataKey.key_id != sealer.newest).limit(batch))
            for row in rows:
                tx.update_where(
                    DataKey,
                    {"owner_id": row.owner_id, "key_id": row.key_id},
                    {"key_id": sealer.newest, "wrapped": sealer.rewrapped(row)},
                    expect=None,
                )
        done += len(rows)
        if len(rows) < batch:
            return done
