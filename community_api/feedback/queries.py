"""Reading obligations and messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from community_api.access.terms import Cell
from community_api.access.visibility import VisibleScope
from community_api.core.database.unit_of_work import Transaction
from community_api.feedback.models import Message, Obligation
from community_api.feedback.terms import OWED, MessageState

OWED_STATES = [state.value for state in OWED]
# Who sees obligations as figures over units, without having to answer them.
WATCHING = frozenset({Cell.METADATA})


def owed(
    sight: VisibleScope,
    post_ids: frozenset[UUID],
    filters: Mapping[str, Any],
    unit_ids: frozenset[UUID] | None,
    now: datetime,
) -> Select[Any]:
    """Obligations of the caller's posts, breaches told to them, and for those who watch, of their units.

    Nobody sees one that is owed to themselves: it would tell them what was decided, and they may
    not answer it. ``filters``: state, overdue.
    """
    shown: list[ColumnElement[bool]] = [
        Obligation.owed_by_post_id.in_(post_ids),
        Obligation.breach_post_id.in_(post_ids),
    ]
    for part in sight.parts:
        if part.everything:
            shown.append(Obligation.id.is_not(None))
        elif part.cell in WATCHING:
            shown.append(Obligation.unit_id.in_(part.units))
    query = select(Obligation).where(or_(*shown), Obligation.recipient_id != sight.person_id)
    if filters.get("state") is not None:
        query = query.where(Obligation.state == filters["state"])
    if filters.get("overdue") is True:
        query = query.where(Obligation.state.in_(OWED_STATES), Obligation.due_at < now)
    if filters.get("overdue") is False:
        query = query.where(or_(Obligation.state.not_in(OWED_STATES), Obligation.due_at >= now))
    if unit_ids is not None:
        query = query.where(Obligation.unit_id.in_(unit_ids))
    return query


def inbox(person_id: UUID, *, unread: bool | None) -> Select[Any]:
    """What a person was told; ``unread`` None: read and unread."""
    query = select(Message).where(
        Message.recipient_id == person_id,
        Message.state == MessageState.DELIVERED.value,
        Message.erased_at.is_(None),
    )
    if unread is not None:
        query = query.where(Message.read_at.is_(None) if unread else Message.read_at.is_not(None))
    return query


def answer_waiting(tx: Transaction, obligation_id: UUID) -> Message | None:
    """The answer that waits for its second reading; None when there is none."""
    found: Message | None = tx.first(
        select(Message).where(
            Message.obligation_id == obligation_id,
            Message.state == MessageState.AWAITING_SECOND_READING.value,
        )
    )
    return found


def in_window(sight: VisibleScope, unit_ids: frozenset[UUID] | None, since: datetime, until: datetime) -> Any:
    """What figures are made of: obligations opened in a time, of the caller's units; no persons."""
    query = select(
        Obligation.point,
        Obligation.unit_id,
        Obligation.state,
        Obligation.opened_at,
        Obligation.due_at,
        Obligation.met_at,
    ).where(Obligation.opened_at >= since, Obligation.opened_at < until)
    if not sight.everything:
        query = query.where(Obligation.unit_id.in_(sight.units))
    if unit_ids is not None:
        query = query.where(Obligation.unit_id.in_(unit_ids))
    return query


def ratings(sight: VisibleScope, unit_ids: frozenset[UUID] | None, since: datetime, until: datetime) -> Any:
    """How useful answers were found, by decision and unit; no persons."""
    query = (
        select(Obligation.point, Obligation.unit_id, Message.rated)
        .join(Message, Message.obligation_id == Obligation.id)
        .where(Message.rated.is_not(None), Obligation.opened_at >= since, Obligation.opened_at < until)
    )
    if not sight.everything:
        query = query.where(Obligation.unit_id.in_(sight.units))
    if unit_ids is not None:
        query = query.where(Obligation.unit_id.in_(unit_ids))
    return query
