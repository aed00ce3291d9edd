"""Ending in good order: with the parent, with the main thread, and not twice by one Ctrl-C."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from community_api.outbox.worker import Wait
from community_api.server.terms import STOP_SECONDS

log = logging.getLogger("community.worker")
LOOK_SECONDS = 0.25


def leave_signals_to_parent() -> None:
    """Let the parent end this child.

    A terminal sends Ctrl-C to every process of a group, but the parent ends its children in order. And a
    child that branches off has the parent's handler for SIGTERM, which would mean nothing here.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def ctrl_c_held_back() -> Iterator[None]:
    """What is started within is deaf to Ctrl-C from its first moment, before its own code runs."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent(parent: int) -> None:
    """End this process soon after the process ``parent`` has gone, however it went."""
    threading.Thread(target=_watch, args=(parent,), name="parent watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)


class Works(Protocol):
    """A worker: ``alive_at`` is when it last finished something, by the monotonic clock."""

    alive_at: float

    def run(self, wait: Wait) -> None: ...


class WorkerThread(threading.Thread):
    """The worker inside the one API process on SQLite.

    Not a daemon, so that an item at hand is finished; it ends when the main thread has, because the
    server runs no exit functions and waits for every thread that is left.
    """

    # A handler may take its time; nothing heard for this long means that it hangs.
    STUCK_AFTER_SECONDS = 120.0

    def __init__(self, worker: Works) -> None:
        super().__init__(name="worker", daemon=False)
        self._worker = worker
        self._stopping = threading.Event()

    def run(self) -> None:
        try:
            self._worker.run(self._wait)
        except BaseException:
            log.critical("worker died", exc_info=True)
            raise

    def stop(self) -> None:
        """Ask it to end; ``join`` waits for it."""
        self._stopping.set()

    def state(self) -> str:
        """``ok``, ``dead`` or ``stuck``, for /health/ready."""
        if not self.is_alive():
            return "dead"
        silent = time.monotonic() - self._worker.alive_at
        return "stuck" if silent > self.STUCK_AFTER_SECONDS else "ok"

    def _wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while threading.main_thread().is_alive():
            left = until - time.monotonic()
            if self._stopping.wait(max(0.0, min(left, LOOK_SECONDS))):
                return True
            if left <= LOOK_SECONDS:
                return False
        return True
