"""A worker that leaves one row for each item it did: python -m tests.torture.slow_worker ADDRESS [--sole].

Slow between reading and commit, so that a kill meets every moment of its work.
"""

from __future__ import annotations

import random
import sys
import time

from community_api.core.clock import Clock
from community_api.core.crypto.keys import PURPOSES, KeyRing
from community_api.core.crypto.sealing import Sealer
from community_api.core.database.engine import Database
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.outbox.dispatch import Handler
from community_api.outbox.models import OutboxItem
from community_api.outbox.worker import Worker

KIND = "torture"


def leave_a_row(tx: Transaction, item: OutboxItem) -> None:
    tx.changed(KIND, item.ref_id, 1, item.ref_id)


def leave_a_row_slowly(tx: Transaction, item: OutboxItem) -> None:
    time.sleep(random.uniform(0, 0.02))
    leave_a_row(tx, item)


HANDLERS: dict[str, Handler] = {KIND: leave_a_row_slowly}


def main() -> None:
    keys = KeyRing(wrapping={"wrap-0001": b"w" * 32}, **{name: name.encode() for name in PURPOSES})
    uow = UnitOfWork(Database(sys.argv[1], pool_size=1), Clock(), Sealer(keys), keys)
    Worker(uow, HANDLERS, sole="--sole" in sys.argv).run(_pause)


def _pause(seconds: float) -> bool:
    time.sleep(seconds)
    return False


if __name__ == "__main__":
    main()
