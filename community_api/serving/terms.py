"""Words and measures of starting and stopping."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

SERVE: Final = "serve"
WORKER: Final = "worker"
DOWNGRADE: Final = "downgrade"
DEMO_LOAD: Final = "demo load"
# What a WSGI server is given; processes find it by name, as they would any application.
APPLICATION: Final = "community_api.factory:create_app"
WORKER_MAKER: Final = "community_api.factory:make_worker"
UPGRADE: Final = "community_api.core.migrating:upgrade"
DOWNGRADING: Final = "community_api.core.migrating:downgrade"
# One process answers on SQLite; its threads wait for each other's commits anyway.
SQLITE_THREADS: Final = 8
POSTGRESQL_THREADS: Final = 4
MOST_PROCESSES: Final = 4
# How long what runs may take to end after Ctrl-C before it is killed.
STOP_SECONDS: Final = 8


class Exit(IntEnum):
    """With what a command ends; 0 and 1 mean what they always do."""

    SETTING = 2
    HELD = 3
    PORT = 4
    DATABASE = 5
