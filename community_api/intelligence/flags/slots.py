"""Rows that are found by a value which only the server's keys can make, and that nothing else joins.

Each row of one owner stands in a slot of its own: HMAC(key, purpose, owner, number). Who has the database and
not the keys sees random values, no two alike: neither which rows belong together nor whose they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import select

from community_api.core.crypto.keys import KeyRing
from community_api.core.database.unit_of_work import Transaction

# So many are asked for at once; who has more is asked for again. Gaps of a whole block end the search.
BLOCK: Final = 16


def tokens(keys: KeyRing, purpose: bytes, owner: bytes, block: int = 0) -> list[str]:
    """The values of the slots of a block, in hex, from the first number on."""
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    return [token(keys, purpose, owner, number) for number in numbers]


def token(keys: KeyRing, purpose: bytes, owner: bytes, number: int) -> str:
    """The value of one slot, in hex."""
    message = b"\x00".join((purpose, owner, number.to_bytes(4, "big")))
    return keys.authenticate("lookup", message).hex()


def rows_of(
    tx: Transaction, model: Any, purpose: bytes, owners: Iterable[bytes]
) -> Mapping[bytes, dict[int, Any]]:
    """The rows of each owner, by the number of their slot; by an index, some statements for all together."""
    found: dict[bytes, dict[int, Any]] = defaultdict(dict)
    waiting, block = list(dict.fromkeys(owners)), 0
    while waiting:
        asked = {
            value: (owner, block * BLOCK + at)
            for owner in waiting
            for at, value in enumerate(tokens(tx.keys, purpose, owner, block))
        }
        hit = set()
        for row in tx.all(select(model).where(model.token.in_(list(asked)))):
            owner, number = asked[row.token]
            found[owner][number] = row
            hit.add(owner)
        waiting, block = [owner for owner in waiting if owner in hit], block + 1
    return found


def free(used: set[int]) -> int:
    """The lowest number that is free, which is used from now on.

    Two at once choose the same one: the unique index lets one of them begin again, and see the other.
    """
    number = next(one for one in range(len(used) + 1) if one not in used)
    used.add(number)
    return number
