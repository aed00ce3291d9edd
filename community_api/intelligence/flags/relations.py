"""Which flags belong together, kept so that only the question about one of them finds the others.

Each of two flags has a row of its own; what it says is masked under a value that its slot gives.
"""

from __future__ import annotations

import hmac
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from community_api.core.crypto.keys import KeyRing
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.intelligence.flags import slots
from community_api.intelligence.flags.models import FlagRelation
from community_api.intelligence.flags.terms import Why

PURPOSE: Final = b"flag-relation"
_MASK, _SEAL = b"flag-relation-mask\x00", b"flag-relation-seal\x00"
_CODES: Final = {Why.SUBJECT: b"s", Why.REPORT: b"r"}
_WHY: Final = {code: why for why, code in _CODES.items()}
_CONTENT = 18
Used = dict[uuid.UUID, set[int]]


@dataclass(frozen=True)
class Relation:
    """What one flag has to do with another; ``earlier``: the other was raised before it."""

    row_id: uuid.UUID
    other: uuid.UUID
    why: Why
    earlier: bool


@dataclass(frozen=True)
class Pair:
    """Two flags that belong together, the later one first."""

    later: uuid.UUID
    earlier: uuid.UUID
    why: Why


def of(tx: Transaction, flag_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[Relation]]:
    """What each flag has to do with others. Raises ValueError for a row that was changed or swapped."""
    return {flag_id: [one for _number, one in kept] for flag_id, kept in _numbered(tx, flag_ids).items()}


def add(tx: Transaction, pairs: Collection[Pair]) -> None:
    """Buffer the pairs that are not kept yet; all of a commit in one call."""
    kept = _numbered(tx, {one for pair in pairs for one in (pair.later, pair.earlier)})
    used = {flag_id: {number for number, _one in rows} for flag_id, rows in kept.items()}
    known = {(flag_id, one.other, one.why) for flag_id, rows in kept.items() for _number, one in rows}
    for pair in pairs:
        if (pair.later, pair.earlier, pair.why) in known:
            continue
        known |= {(pair.later, pair.earlier, pair.why), (pair.earlier, pair.later, pair.why)}
        _note(tx, used, pair.later, pair.earlier, pair.why, earlier=True)
        _note(tx, used, pair.earlier, pair.later, pair.why, earlier=False)


def end(tx: Transaction, first: uuid.UUID, other: uuid.UUID, why: Why) -> None:
    """Buffer that two flags do not belong together any more, for this reason."""
    for flag_id, relations in of(tx, (first, other)).items():
        for found in relations:
            if found.why is why and {flag_id, found.other} == {first, other}:
                tx.delete_where(FlagRelation, {"id": found.row_id})


def forget(tx: Transaction, flag_id: uuid.UUID) -> None:
    """Buffer the end of everything that a flag belongs to, from either side."""
    mine = of(tx, (flag_id,)).get(flag_id, [])
    others = of(tx, {one.other for one in mine})
    theirs = [one for relations in others.values() for one in relations if one.other == flag_id]
    for found in (*mine, *theirs):
        tx.delete_where(FlagRelation, {"id": found.row_id})


def _numbered(
    tx: Transaction, flag_ids: Iterable[uuid.UUID]
) -> Mapping[uuid.UUID, list[tuple[int, Relation]]]:
    owners = {flag_id.bytes: flag_id for flag_id in flag_ids}
    found: dict[uuid.UUID, list[tuple[int, Relation]]] = defaultdict(list)
    for owner, rows in slots.rows_of(tx, FlagRelation, PURPOSE, owners).items():
        found[owners[owner]] = [(number, _opened(tx.keys, row)) for number, row in sorted(rows.items())]
    return found


def _note(
    tx: Transaction,
    used: Used,
    flag_id: uuid.UUID,
    other: uuid.UUID,
    why: Why,
    *,
    earlier: bool,
) -> None:
    number = slots.free(used.setdefault(flag_id, set()))
    token = slots.token(tx.keys, PURPOSE, flag_id.bytes, number)
    content = other.bytes + _CODES[why] + (b"e" if earlier else b"l")
    tx.insert(FlagRelation, id=new_id(), token=token, masked=_masked(tx.keys, token, content))


def _masked(keys: KeyRing, token: str, content: bytes) -> bytes:
    seal = keys.authenticate("lookup", _SEAL + token.encode() + content)[: 32 - _CONTENT]
    return _mask(keys, token, content) + seal


def _opened(keys: KeyRing, row: FlagRelation) -> Relation:
    content = _mask(keys, row.token, row.masked[:_CONTENT])
    if not hmac.compare_digest(_masked(keys, row.token, content), row.masked):
        raise ValueError(f"a relation of flags was changed: {row.id}")
    other = uuid.UUID(bytes=content[:16])
    return Relation(row.id, other, _WHY[content[16:17]], earlier=content[17:18] == b"e")


def _mask(keys: KeyRing, token: str, content: bytes) -> bytes:
    mask = keys.authenticate("lookup", _MASK + token.encode())
    return bytes(sign ^ hidden for sign, hidden in zip(content, mask, strict=False))
