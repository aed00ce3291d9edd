"""A call that is made once for all who ask at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedCall(Generic[T]):
    """One call at a time: who asks while it runs gets its result, so that no crowd asks the database at once.

    ``lasts``: seconds for which a result is given again without a call.
    """

    def __init__(
        self, call: Callable[[], T], *, lasts: float = 0.0, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._call = call
        self._lasts = lasts
        self._now = now
        self._changed = threading.Condition()
        self._running = False
        self._rounds = 0
        self._result: tuple[float, T] | None = None

    def __call__(self) -> T:
        """The result; raises what the call raises."""
        with self._changed:
            if self._result is not None and self._now() < self._result[0] + self._lasts:
                return self._result[1]
            while self._running:
                awaited = self._rounds
                while self._rounds == awaited:
                    self._changed.wait()
                if self._result is not None:
                    return self._result[1]
            self._running, self._result = True, None
        return self._run()

    def _run(self) -> T:
        result: tuple[float, T] | None = None
        try:
            made = self._call()
            result = (self._now(), made)
        finally:
            with self._changed:
                self._running, self._result = False, result
                self._rounds += 1
                self._changed.notify_all()
        return made
