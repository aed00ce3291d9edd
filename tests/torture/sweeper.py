"""A worker of the whole product, slow between reading and commit.

    python -m tests.torture.sweeper ADDRESS FOLDER

FOLDER holds the keys. The clock is the real one, so that what was due long ago is due.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from community_api import composition
from community_api.core.clock import Clock
from community_api.core.config import Settings
from community_api.core.database.unit_of_work import Transaction
from community_api.outbox import queries
from community_api.outbox.worker import Worker


def slowly(handle: Callable[[Transaction, Any], None]) -> Callable[[Transaction, Any], None]:
    """The same handler, in the middle of which a kill falls more often than not."""

    def handler(tx: Transaction, item: Any) -> None:
        time.sleep(random.uniform(0, 0.2))
        handle(tx, item)
        time.sleep(random.uniform(0, 0.2))

    return handler


def worker_over(address: str, folder: Path) -> Worker:
    settings = Settings(mode="test", database_url=address, keys=folder / "keys", var=folder)
    uow = composition.make_services(settings, Clock()).uow
    handlers = {kind: slowly(handle) for kind, handle in composition.HANDLERS.items()}
    return Worker(uow, handlers, sole=settings.is_sqlite)


def _pause(seconds: float) -> bool:
    time.sleep(min(seconds, 0.2))
    return False


if __name__ == "__main__":
    # Whoever is killed takes little with it: what it had claimed is free only after a minute.
    vars(queries)["BATCH"] = 1
    worker_over(sys.argv[1], Path(sys.argv[2])).run(_pause)
