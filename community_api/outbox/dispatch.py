"""Doing one item: its effect and its done-mark are one commit, so it happens once whatever is killed when."""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Callable, Mapping
from enum import Enum, auto

from sqlalchemy import select

from community_api.core.database.commands import ATTEMPTS as RACES
from community_api.core.database.commands import again
from community_api.core.database.statements import Revision
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import AlreadyCommitted, DomainError, Stale
from community_api.core.monitoring import metrics
from community_api.outbox import backoff
from community_api.outbox.models import OutboxItem
from community_api.outbox.terms import DATABASE_AWAY, Fault

Handler = Callable[[Transaction, OutboxItem], None]
log = logging.getLogger("community.outbox")


class Outcome(Enum):
    """What became of a claimed item; LOST: it was cancelled, or another worker has it."""

    DONE = auto()
    LOST = auto()
    RESTING = auto()
    DEAD = auto()


def handle(uow: UnitOfWork, handlers: Mapping[str, Handler], item_id: uuid.UUID, me: uuid.UUID) -> Outcome:
    """Call the handler of a claimed item and mark it done in the same commit.

    Raises DomainError when the database cannot serve, which is not the item's fault; every other
    failure is written down and the item rests, or dies.
    """
    try:
        return _finish(uow, handlers, item_id, me)
    except DomainError as refusal:
        if refusal.code in DATABASE_AWAY:
            raise
        return _fail(uow, item_id, me, refusal.code)
    except Exception as error:
        log.exception("handler failed", extra={"object_id": str(item_id)})
        return _fail(uow, item_id, me, type(error).__name__)


def give_up(uow: UnitOfWork, item_id: uuid.UUID, me: uuid.UUID) -> Outcome:
    """Make a dead letter of an item whose workers died at it."""
    return _fail(uow, item_id, me, Fault.ABANDONED)


def _finish(uow: UnitOfWork, handlers: Mapping[str, Handler], item_id: uuid.UUID, me: uuid.UUID) -> Outcome:
    for _race in range(RACES):
        try:
            with uow() as tx:
                item = _mine(tx, item_id, me)
                if item is None:
                    return Outcome.LOST
                handler = handlers.get(item.kind)
                if handler is None:
                    raise DomainError(Fault.NO_HANDLER)
                handler(tx, item)
                _spare(tx, item)
                _close(tx, item)
        except (Stale, AlreadyCommitted):
            continue
        metrics.item_handled(item.kind, "done")
        return Outcome.DONE
    raise DomainError(Fault.CONFLICT)


def _mine(tx: Transaction, item_id: uuid.UUID, me: uuid.UUID) -> OutboxItem | None:
    item = tx.get(OutboxItem, item_id)
    if item is None or item.claimed_by != me or item.done_at or item.cancelled_at:
        return None
    return item


def _close(tx: Transaction, item: OutboxItem) -> None:
    guard = {"id": item.id, "claimed_by": item.claimed_by, "done_at": None, "cancelled_at": None}
    tx.update_where(OutboxItem, guard, {"done_at": tx.now, "claimed_by": None, "claimed_until": None})


def _spare(tx: Transaction, item: OutboxItem) -> None:
    """Where the handler cancelled all items like its own, let it mean the others.

    One statement can change a row only once, and this row is about to be marked done.
    """
    for index, operation in enumerate(tx.operations):
        if isinstance(operation, Revision) and _cancels(operation, item):
            others = tx.all(
                select(OutboxItem.id).where(
                    OutboxItem.kind == item.kind,
                    OutboxItem.ref_id == item.ref_id,
                    OutboxItem.id != item.id,
                    OutboxItem.done_at.is_(None),
                    OutboxItem.cancelled_at.is_(None),
                )
            )
            guards = ({"id": other, "done_at": None, "cancelled_at": None} for other in others)
            tx.operations[index : index + 1] = [
                Revision(OutboxItem, guard, dict(operation.values), expect=None) for guard in guards
            ]
            return _spare(tx, item)
    return None


def _cancels(operation: Revision, item: OutboxItem) -> bool:
    where = operation.where
    return operation.model is OutboxItem and (where.get("kind"), where.get("ref_id")) == (
        item.kind,
        item.ref_id,
    )


def _fail(uow: UnitOfWork, item_id: uuid.UUID, me: uuid.UUID, code: str) -> Outcome:
    return again(lambda: _write_failure(uow, item_id, me, code))


def _write_failure(uow: UnitOfWork, item_id: uuid.UUID, me: uuid.UUID, code: str) -> Outcome:
    with uow() as tx:
        item = _mine(tx, item_id, me)
        if item is None:
            return Outcome.LOST
        dead = backoff.is_dead(item.attempts)
        tx.update_where(
            OutboxItem,
            {"id": item.id, "claimed_by": me, "done_at": None, "cancelled_at": None},
            {
                "last_error": code[:60],
                "retry_at": tx.now + backoff.backoff(item.attempts, random.uniform),
                "dead_at": tx.now if dead else None,
                "claimed_by": None,
                "claimed_until": None,
            },
        )
    told = {"object_id": str(item_id), "kind": item.kind, "code": code, "count": item.attempts}
    metrics.item_handled(item.kind, "dead" if dead else "resting")
    log.log(
        logging.CRITICAL if dead else logging.WARNING, "dead letter" if dead else "item rests", extra=told
    )
    return Outcome.DEAD if dead else Outcome.RESTING
