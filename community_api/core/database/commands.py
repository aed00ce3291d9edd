"""Commands: every write carries an id that its client made, and happens once (contract section 2).

The happy path costs nothing: the command's row goes out with the records, and its primary key
decides. Only when a use case is refused, or finds its id taken, is the id looked up: then a known
command with the same content and maker is answered as it is now, whatever the refusal was; so a
replay is recognised before permission, state and content, without a query on every write.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import orjson

from community_api.core.crypto.keys import KeyRing
from community_api.core.database.tables import CommandRecord
from community_api.core.errors import AlreadyCommitted, DomainError, Stale
from community_api.core.http.json_parser import MAX_INTEGER

if TYPE_CHECKING:
    from community_api.core.database.unit_of_work import UnitOfWork

T = TypeVar("T")
# Fifty at once on one row: each round has a winner, so the last one needs as many tries as there are others.
ATTEMPTS = 64
# The first byte of a digest says how it was made.
DIGEST_VERSION: Final = b"\x01"
EARLIER_DIGEST_BYTES: Final = 32


@dataclass(frozen=True)
class Receipt:
    """What a caller keeps to prove later that the act was logged."""

    event_id: uuid.UUID
    leaf_hash: bytes


@dataclass
class Command:
    """``kind`` is the operation; ``maker`` the account; ``digest`` is keyed, over the fields read.

    ``id`` None: a write that makes no record (a change of settings, a sign-out): it has no row and
    may be repeated. ``receipt`` is set by the commit. ``day_only``: its row keeps the day alone as the time,
    for what a public request caused. ``earlier_digest`` makes the digest that
    commands got before digests had a version.
    """

    id: uuid.UUID | None
    kind: str
    maker: uuid.UUID
    digest: bytes = b""
    receipt: Receipt | None = None
    day_only: bool = False
    earlier_digest: Callable[[], bytes] | None = None

    @property
    def record_id(self) -> uuid.UUID:
        """The id of the record that this command makes."""
        if self.id is None:
            raise ValueError("this command makes no record")
        return self.id


@dataclass(frozen=True)
class Performed(Generic[T]):
    """What a command led to; ``receipt`` is that of the first time, also on a replay."""

    result: T
    replayed: bool
    receipt: Receipt | None


def digest_of(keys: KeyRing, kind: str, path: Mapping[str, Any], values: Mapping[str, Any]) -> bytes:
    """A keyed digest of the fields as they were read, without the id: what "the same content" means.

    The same moment, language or number spelled otherwise is the same; a field that was left out is no part
    of it. The first byte is DIGEST_VERSION.
    """
    content = {name: _canonical(value) for name, value in values.items() if name != "id"}
    message = orjson.dumps(
        [kind, {name: str(value) for name, value in path.items()}, content],
        default=_plain,
        option=orjson.OPT_SORT_KEYS,
    )
    return DIGEST_VERSION + keys.authenticate("digest", message)[: hashlib.sha256().digest_size]


def is_same(digest: bytes, stored: bytes, earlier_digest: Callable[[], bytes] | None) -> bool:
    """Whether two digests are of the same content; ``stored`` may be of before digests had a version."""
    if len(stored) == EARLIER_DIGEST_BYTES and earlier_digest is not None:
        return earlier_digest() == stored
    return digest == stored


def _canonical(value: Any) -> Any:
    """A value that is spelled one way: 1.0 is 1."""
    kind = type(value)
    if kind is float:
        return int(value) if value.is_integer() and abs(value) <= MAX_INTEGER else value
    if kind is dict:
        return {name: _canonical(inner) for name, inner in value.items()}
    if kind is list:
        return [_canonical(inner) for inner in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(type(value).__name__)


def earlier_digest_of(keys: KeyRing, kind: str, path: Mapping[str, Any], body: Any) -> bytes:
    """The digest of before digests had a version: of the fields as sent."""
    told = {name: value for name, value in body.items() if name != "id"} if isinstance(body, dict) else body
    message = orjson.dumps(
        [kind, {name: str(value) for name, value in path.items()}, told], option=orjson.OPT_SORT_KEYS
    )
    return keys.authenticate("digest", message)[: hashlib.sha256().digest_size]


def perform(
    uow: UnitOfWork, command: Command, act: Callable[[], T], show: Callable[[CommandRecord], T]
) -> Performed[T]:
    """Do it once: act, or show what the same command led to before.

    Raises DomainError: what the use case refused; ``id_reused`` (409) for other content or another
    maker, one and the same for both; ``erased`` (410) when its record was erased; ``conflict`` when
    others keep winning the race.
    """
    for _attempt in range(ATTEMPTS):
        try:
            result = act()
        except (DomainError, Stale, AlreadyCommitted) as failure:
            known = recall(uow, command)
            if known is not None:
                return Performed(show(known), replayed=True, receipt=_receipt(known))
            if isinstance(failure, DomainError):
                raise
        else:
            return Performed(result, replayed=False, receipt=command.receipt)
    raise DomainError("conflict", retry_after=1)


def again(act: Callable[[], T]) -> T:
    """Call a use case that has no command of its own until it wins or refuses."""
    for _attempt in range(ATTEMPTS):
        try:
            return act()
        except Stale:
            continue
    raise DomainError("conflict", retry_after=1)


def recall(uow: UnitOfWork, command: Command) -> CommandRecord | None:
    """The accepted command of this id, None if there is none; raises ``id_reused`` or ``erased``."""
    if command.id is None:
        return None
    with uow() as tx:
        known = tx.get(CommandRecord, command.id)
    if known is None:
        return None
    if (known.kind, known.maker) != (command.kind, command.maker) or not is_same(
        command.digest, known.digest, command.earlier_digest
    ):
        raise DomainError("id_reused")
    if known.erased_at is not None:
        raise DomainError("erased")
    return known


def _receipt(record: CommandRecord) -> Receipt | None:
    if record.event_id is None or record.leaf_hash is None:
        return None
    return Receipt(record.event_id, record.leaf_hash)
