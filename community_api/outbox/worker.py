"""The worker: claims what is due and does it, until it is told to stop; several may run."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from community_api.core.database.commands import again
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.ids import new_id
from community_api.outbox import dispatch, queries
from community_api.outbox.dispatch import Handler, Outcome
from community_api.outbox.models import PeriodicTask, WorkerBeat
from community_api.outbox.terms import ATTEMPTS, CLAIM, DATABASE_AWAY, HEARTBEAT

log = logging.getLogger("community.outbox")
# Waits that many seconds at most and says whether to stop.
Wait = Callable[[float], bool]
PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
# What is left of a claim when a worker gives the rest of its batch back rather than be overtaken.
CLAIM_MARGIN = CLAIM / 3
# How often a worker asks whether a periodic task is due.
LOOK = timedelta(seconds=5)


@dataclass(frozen=True)
class Periodic:
    """Something done about once in every interval, by one of the workers; harmless when done twice."""

    name: str
    every: timedelta
    act: Callable[[UnitOfWork], object]


class Worker:
    """One worker. ``sole``: no other lives (SQLite), so what an earlier one left claimed is free at once."""

    def __init__(
        self,
        uow: UnitOfWork,
        handlers: Mapping[str, Handler],
        periodics: Sequence[Periodic] = (),
        *,
        sole: bool = False,
    ) -> None:
        self.id = new_id()
        self._uow = uow
        self._handlers = handlers
        self._periodics = periodics
        self._sole = sole
        self._looks: dict[str, datetime] = {}
        self._failures = 0
        self._started_at = uow.clock.now()
        # When it last finished something, by the monotonic clock: what tells a stuck worker from a busy one.
        self.alive_at = time.monotonic()

    def run(self, wait: Wait) -> None:
        """Work until ``wait`` says to stop; a database that is away is waited for."""
        pause = 0.0
        while not wait(pause):
            pause = self._round(wait)
        self._leave()

    def step(self, wait: Wait = lambda _seconds: False) -> int:
        """Do what is due now, once over; how many items were claimed."""
        self._beat()
        self._do_periodics()
        claimed = self._claim()
        begun_at = time.monotonic()
        for item_id, attempts, _due_at in claimed:
            if wait(0) or time.monotonic() - begun_at > (CLAIM - CLAIM_MARGIN).total_seconds():
                self._release()
                break
            self._do(item_id, attempts)
            self.alive_at = time.monotonic()
        return len(claimed)

    def drain(self) -> int:
        """Do what is due now and what becomes due by it; how many items were claimed."""
        total = 0
        while claimed := self.step():
            total += claimed
        return total

    def _round(self, wait: Wait) -> float:
        """One step; returns the seconds to pause after it."""
        self.alive_at = time.monotonic()
        try:
            if self._failures:
                self._release()
            claimed = self.step(wait)
        except Exception as error:
            self._failures += 1
            told = {"error": error.code if isinstance(error, DomainError) else type(error).__name__}
            log.exception("worker waits", extra={**told, "worker": str(self.id)})
            return random.uniform(PAUSE_SECONDS, min(2.0**self._failures, LONGEST_PAUSE_SECONDS))
        self._failures = 0
        return 0.0 if claimed else PAUSE_SECONDS

    def _claim(self) -> Sequence[Any]:
        now = self._uow.clock.now()
        with self._uow() as tx:
            if tx.first(queries.anything_claimable(now, self.id, sole=self._sole)) is None:
                return ()
        locking = not self._uow.database.is_sqlite
        rows = self._uow.atomic(queries.claim(now, self.id, sole=self._sole, locking=locking))
        return sorted(rows, key=lambda row: (row.due_at, row.id))

    def _release(self) -> None:
        self._uow.atomic(queries.release(self.id))

    def _do(self, item_id: Any, attempts: int) -> Outcome:
        if attempts > ATTEMPTS:
            return dispatch.give_up(self._uow, item_id, self.id)
        return dispatch.handle(self._uow, self._handlers, item_id, self.id)

    def _do_periodics(self) -> None:
        now = self._uow.clock.now()
        for periodic in self._periodics:
            if now < self._looks.get(periodic.name, now) <= now + LOOK:
                continue
            self._looks[periodic.name] = now + LOOK
            again(partial(self._ensure_round, periodic.name))
            if self._uow.atomic(queries.take_round(periodic.name, now, periodic.every)):
                self._perform(periodic)

    def _perform(self, periodic: Periodic) -> None:
        """A periodic task that fails is tried again at its next turn, and holds up nothing else."""
        try:
            periodic.act(self._uow)
        except DomainError as refusal:
            if refusal.code in DATABASE_AWAY:
                raise
            log.exception("periodic task failed", extra={"kind": periodic.name, "code": refusal.code})
        except Exception:
            log.exception("periodic task failed", extra={"kind": periodic.name})

    def _ensure_round(self, name: str) -> None:
        with self._uow() as tx:
            if tx.get(PeriodicTask, name) is None:
                tx.add(PeriodicTask(name=name, next_at=tx.now))

    def _beat(self) -> None:
        """Say in the database that this worker lives; one in the server's own process need not."""
        now = self._uow.clock.now()
        if self._sole or now < self._looks.get("", now) <= now + HEARTBEAT:
            return
        self._looks[""] = now + HEARTBEAT
        again(self._write_beat)

    def _write_beat(self) -> None:
        with self._uow() as tx:
            if tx.get(WorkerBeat, self.id) is None:
                tx.add(WorkerBeat(id=self.id, started_at=self._started_at, seen_at=tx.now))
            else:
                tx.update_where(WorkerBeat, {"id": self.id}, {"seen_at": tx.now})

    def _leave(self) -> None:
        """Give back what is claimed; where the database is away the claim runs out by itself."""
        try:
            self._release()
            with self._uow() as tx:
                tx.delete_where(WorkerBeat, {"id": self.id})
        except DomainError as refusal:
            log.warning("worker left without a word", extra={"code": refusal.code, "worker": str(self.id)})
