"""Tables of the outbox."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Identified, PartialIndex


class OutboxItem(Identified, Base):
    """Something to be done at ``due_at`` or as soon as possible after it, exactly once.

    ``params`` holds ids and codes only, never content. It is open until one of ``done_at``,
    ``cancelled_at`` or ``dead_at`` is set. ``claimed_by`` is the worker that has it until
    ``claimed_until``; ``retry_at`` the earliest moment of the next attempt after a failure, None
    before the first. ``attempts`` counts claims. ``last_error`` is a code or the name of an exception.
    ``created_at`` is the moment, or for what a public request caused the start of the day.
    """

    __tablename__ = "outbox_item"

    kind: Mapped[str] = mapped_column(String(60))
    ref_id: Mapped[uuid.UUID] = mapped_column()
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    due_at: Mapped[datetime] = mapped_column()
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column()
    claimed_by: Mapped[uuid.UUID | None] = mapped_column()
    claimed_until: Mapped[datetime | None] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column()
    cancelled_at: Mapped[datetime | None] = mapped_column()
    dead_at: Mapped[datetime | None] = mapped_column()
    last_error: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column()


IS_UNFINISHED = and_(OutboxItem.done_at.is_(None), OutboxItem.cancelled_at.is_(None))
IS_OPEN = and_(IS_UNFINISHED, OutboxItem.dead_at.is_(None))

PartialIndex("ix_outbox_item_due", OutboxItem.due_at, OutboxItem.id, where=IS_OPEN)
# Cancelling knows the matter, not the item.
PartialIndex(
    "ix_outbox_item_ref",
    OutboxItem.ref_id,
    OutboxItem.kind,
    where=IS_UNFINISHED,
)
PartialIndex(
    "ix_outbox_item_dead",
    OutboxItem.dead_at,
    OutboxItem.id,
    where=OutboxItem.dead_at.is_not(None),
)


class WorkerBeat(Identified, Base):
    """A worker in a process of its own, and when it last said that it lives."""

    __tablename__ = "outbox_worker"

    started_at: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column()


class PeriodicTask(Base):
    """A periodic task; ``next_at`` is when it is due again, whichever worker does it then."""

    __tablename__ = "outbox_periodic_task"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_at: Mapped[datetime] = mapped_column()
