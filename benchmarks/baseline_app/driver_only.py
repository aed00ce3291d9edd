"""The driver alone in a process of its own: no HTTP, no Flask, as many threads as a server would have.

{"threads": 4, "seconds": 3.0, "work": "create"}
"""

from __future__ import annotations

import json
import sys
import threading
import time
import uuid
from typing import Any

from benchmarks.baseline_app import store

BODY: dict[str, Any] = {
    "occurred_at": "2026-03-04T21:10:00+01:00", "category": "vandalism", "purpose": "community_problem",
    "source_relation": "witnessed", "place": {"lat": 51.0, "lon": 10.0, "accuracy_m": 25},
    "facts": "x" * 500, "assessment": "x" * 200,
}  # fmt: skip


def run(database: store.Store, threads: int, seconds: float, work: str) -> dict[str, Any]:
    """Work until the time is up; how much was done, in how long."""
    done = [0] * threads
    started = time.perf_counter()

    def labour(mine: int) -> None:
        while time.perf_counter() < started + seconds:
            if work == "create":
                database.write(store.rows_of({**BODY, "id": str(uuid.uuid4())}))
            else:
                database.read(store.reading_leaf())
            done[mine] += 1

    hands = [threading.Thread(target=labour, args=(mine,)) for mine in range(threads)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return {"answered": sum(done), "elapsed": time.perf_counter() - started}


if __name__ == "__main__":
    target = store.open_store(sys.argv[1])
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(run(target, order["threads"], order["seconds"], order["work"])), flush=True)
