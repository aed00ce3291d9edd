"""What use cases ask of the outbox, in the commit that makes it due."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from community_api.core.database.statements import Insertion
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.ids import new_id
from community_api.outbox.models import OutboxItem
from community_api.outbox.terms import KEPT_WHEN_DONE, SWEPT_AT_ONCE


def schedule(
    tx: Transaction,
    kind: str,
    ref_id: uuid.UUID,
    due_at: datetime,
    params: Mapping[str, Any] | None = None,
    *,
    day_only: bool = False,
) -> OutboxItem:
    """Have the handler of ``kind`` called for ``ref_id`` at ``due_at`` (aware), once, by the worker.

    ``params`` are ids and codes only. ``day_only`` keeps the day alone as the time of making, for
    what a public request caused; its ``due_at`` is then the end of a day, which is the caller's to say.
    """
    made_at = tx.today if day_only else tx.now
    item = OutboxItem(
        id=new_id(), kind=kind, ref_id=ref_id, params=dict(params or {}), due_at=due_at, created_at=made_at
    )
    return tx.add(item)


def cancel(
    tx: Transaction, kind: str | tuple[str, ...], ref_id: uuid.UUID, *, day_only: bool = False
) -> None:
    """Take back unfinished items of a kind, or of several, for ``ref_id``, dead letters too; none is fine.

    Items that this use of the unit of work adds afterwards stay: cancel, then later, moves a deadline.
    A handler may already be at work on one: whichever commits first counts, and the handler's
    commit finds the item gone. ``day_only`` as of ``later``.
    """
    at = tx.today if day_only else tx.now
    kinds = kind if isinstance(kind, tuple) else (kind,)
    for operation in tx.operations:
        if isinstance(operation, Insertion) and isinstance(operation.row, OutboxItem):
            item = operation.row
            if item.kind in kinds and item.ref_id == ref_id:
                item.cancelled_at = at
    tx.update_where(
        OutboxItem,
        {"kind": kind, "ref_id": ref_id, "done_at": None, "cancelled_at": None},
        {"cancelled_at": at},
        expect=None,
    )


def sweep(uow: UnitOfWork) -> int:
    """Remove items that were done or cancelled long ago; how many. Retention class "technical"."""
    removed = 0
    while True:
        with uow() as tx:
            past = tx.now - KEPT_WHEN_DONE
            finished = (OutboxItem.done_at < past) | (OutboxItem.cancelled_at < past)
            found = tx.all(select(OutboxItem.id).where(finished).limit(SWEPT_AT_ONCE))
            for item_id in found:
                tx.delete_where(OutboxItem, {"id": item_id})
        removed += len(found)
        if len(found) < SWEPT_AT_ONCE:
            return removed
