"""Words of the outbox, and its measures."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """Why the worker could not finish an item, besides the code of a refusal or the name of an exception."""

    # Its worker died again and again while it was at it.
    ABANDONED = "abandoned"
    # Others kept winning the race for the rows it changes.
    CONFLICT = "conflict"
    # The program that runs knows no such kind; perhaps a newer one does.
    NO_HANDLER = "no_handler"


# An item goes to the dead letters when it has failed this often: about two hours after it was due.
ATTEMPTS: Final = 12
FIRST_REST: Final = timedelta(seconds=5)
LONGEST_REST: Final = timedelta(hours=1)
# How long a worker may keep what it claimed; afterwards another one takes it over.
CLAIM: Final = timedelta(seconds=60)
BATCH: Final = 20
# Done items are proof of nothing (the trail is) and go after this time; retention class "technical".
KEPT_WHEN_DONE: Final = timedelta(days=90)
SWEPT_AT_ONCE: Final = 500
# A worker that was not seen for this long is taken to be gone.
ABSENT_AFTER: Final = timedelta(seconds=60)
HEARTBEAT: Final = timedelta(seconds=15)
# Refusals that say that the database cannot serve: no fault of the item at hand.
DATABASE_AWAY: Final = frozenset({"database_unavailable", "service_unavailable", "storage_full"})
