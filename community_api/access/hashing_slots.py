"""Turns at hashing passwords: two at a time, one of them never a stranger's.

A hash takes 19 MiB and a few hundredths of a second, and everybody may ask for one by typing a name. So
strangers have one slot between them and one place to wait for it; the other slot is for devices that the
account named is known to use, and for whoever has proved who they are in another way.
"""

from __future__ import annotations

import threading
from typing import Final

AT_A_TIME: Final = 2
OF_STRANGERS: Final = 1
# In seconds, for Retry-After: the one who waits is served in less, whoever comes then finds a place.
SOON: Final = 1
LATER: Final = 5


class HashingSlots:
    """The slots of one process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = 0
        self._busy_strangers = 0
        self._stranger_waits = False

    def take(self, *, stranger: bool, patience: float) -> int | None:
        """Take a slot, waiting ``patience`` seconds at most; None, or in how many seconds to come again."""
        with self._changed:
            if not stranger:
                return self._wait(patience, stranger=False)
            if self._stranger_waits:
                return SOON
            self._stranger_waits = True
            try:
                return self._wait(patience, stranger=True)
            finally:
                self._stranger_waits = False

    def give_back(self, *, stranger: bool) -> None:
        """Let the next one have the slot."""
        with self._changed:
            self._busy -= 1
            self._busy_strangers -= stranger
            self._changed.notify_all()

    def _wait(self, patience: float, *, stranger: bool) -> int | None:
        if not self._changed.wait_for(lambda: self._is_free(stranger=stranger), patience):
            return LATER
        self._busy += 1
        self._busy_strangers += stranger
        return None

    def _is_free(self, *, stranger: bool) -> bool:
        if stranger and self._busy_strangers >= OF_STRANGERS:
            return False
        return self._busy < AT_A_TIME
