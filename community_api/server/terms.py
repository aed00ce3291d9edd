"""Words and measures of starting and stopping."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

SERVE: Final = "serve"
WORKER: Final = "worker"
DOWNGRADE: Final = "downgrade"
DEMO_LOAD: Final = "demo load"
RESTORE: Final = "restore"
# How the engine calls the application; which one that is says `supervisor`.
APPLICATION: Final = "community_api.factory:create_app"
MOST_PROCESSES: Final = 4
# How long what runs may take to end after Ctrl-C before it is killed.
STOP_SECONDS: Final = 8


# How the processes of a server run: what stands in docstrings and where in a line a fault happened is no use
# to them, and takes six megabytes of each.
INTERPRETER: Final = ("-OO", "-X", "no_debug_ranges")


class Exit(IntEnum):
    """With what a command ends; 0 and 1 mean what they always do."""

    SETTING = 2
    HELD = 3
    PORT = 4
    DATABASE = 5


# A password hash takes 19 MiB for a moment. Left to itself glibc learns from the first one that such
# blocks are usual and keeps them for good; fixed thresholds have it give them back. The engine has an
# allocator of its own, which would keep what each of the waiting threads once used.
ALLOCATOR: Final = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
    "_RJEM_MALLOC_CONF": "narenas:1,tcache:false,dirty_decay_ms:0,muzzy_decay_ms:0",
}
