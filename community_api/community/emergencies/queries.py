"""Reading emergencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from community_api.access.visibility import VisibleScope
from community_api.community.emergencies.models import (
    Emergency,
    EmergencyCall,
    EmergencyEntry,
    EmergencyPage,
)
from community_api.community.emergencies.terms import MAX_BATCH, State
from community_api.core.database.unit_of_work import Transaction
from community_api.units import posts
from community_api.units.terms import Role


def visible(sight: VisibleScope, *, state: str | None, gathered_with: UUID | None = None) -> Select[Any]:
    """Emergencies of the caller's units, and those to which a commander was called from elsewhere.

    ``gathered_with``: only those that share its call; None, as ``state`` None, does not narrow.
    """
    shown: list[ColumnElement[bool]] = [Emergency.unit_id.in_(sight.units)]
    called = [
        posts.id_of(Role.DUTY_COMMANDER, grant.unit_id)
        for grant in sight.addressees
        if grant.role == Role.DUTY_COMMANDER
    ]
    if called:
        shown.append(Emergency.id.in_(_paged(Emergency.id, EmergencyPage.post_id.in_(called))))
    if sight.everything:
        shown = [Emergency.id.is_not(None)]
    query = select(Emergency).where(or_(*shown), Emergency.erased_at.is_(None))
    if gathered_with is not None:
        its_call = select(Emergency.call_id).where(Emergency.id == gathered_with).scalar_subquery()
        query = query.where(Emergency.call_id == its_call)
    return query if state is None else query.where(Emergency.state == state)


def subjects_told_to(post_ids: Sequence[Any]) -> Select[UUID]:
    """The reports about which these posts of commanders were called; ids, or parameters for them."""
    return _paged(Emergency.subject_id, EmergencyPage.post_id.in_(post_ids))


def about(tx: Transaction, subject_id: UUID) -> Emergency | None:
    """The emergency that a report opened; None: it told of no danger."""
    for operation in tx.operations:
        row = getattr(operation, "row", None)
        if isinstance(row, Emergency) and row.subject_id == subject_id:
            return row
    found: Emergency | None = tx.first(select(Emergency).where(Emergency.subject_id == subject_id))
    return found


def by_ids(tx: Transaction, ids: Sequence[UUID]) -> list[Emergency]:
    """The emergencies of these ids, the oldest first; those that are erased or not there are left out."""
    query = select(Emergency).where(Emergency.id.in_(ids), Emergency.erased_at.is_(None))
    return tx.all(query.order_by(Emergency.opened_at, Emergency.id))


def members(tx: Transaction, call_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many emergencies each call is about."""
    query = select(Emergency.call_id, func.count()).where(Emergency.call_id.in_(call_ids))
    return dict(tx.all(query.group_by(Emergency.call_id)))


def kinds_of_calls(tx: Transaction, call_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What kind each call is."""
    query = select(EmergencyCall.id, EmergencyCall.kind).where(EmergencyCall.id.in_(call_ids))
    return dict(tx.all(query))


def gathered(tx: Transaction, visible_ones: Select[Any]) -> list[Emergency]:
    """As many of a call as one act can be about: first those that nobody answered, then by age."""
    order = case({State.PAGING.value: 0, State.ACKNOWLEDGED.value: 1}, value=Emergency.state, else_=2)
    return tx.all(visible_ones.order_by(order, Emergency.opened_at, Emergency.id).limit(MAX_BATCH))


def called_of_many(tx: Transaction, rows: Sequence[Emergency]) -> list[Any]:
    """Which posts were paged about which of these emergencies, as pairs (emergency, post)."""
    ids = [row.id for row in rows]
    pairs = _paged(Emergency.id, Emergency.id.in_(ids)).add_columns(EmergencyPage.post_id).distinct()
    return tx.all(pairs)


def called_posts(tx: Transaction, row: Emergency) -> list[UUID]:
    """The posts that were paged about an emergency, each once."""
    return tx.all(_paged(EmergencyPage.post_id, Emergency.id == row.id).distinct())


def pages_of(tx: Transaction, row: Emergency) -> list[EmergencyPage]:
    """Every page about an emergency, in the order of rounds."""
    query = _paged(EmergencyPage, Emergency.id == row.id)
    return tx.all(query.order_by(EmergencyPage.round, EmergencyPage.post_id))


def of_call(tx: Transaction, call_id: UUID) -> list[Any]:
    """What is owed about each emergency of a call: light rows, the oldest first."""
    query = select(
        Emergency.id,
        Emergency.state,
        Emergency.owner_post_id,
        Emergency.justify_by,
        Emergency.justified_at,
        Emergency.breached_at,
    )
    return tx.all(query.where(Emergency.call_id == call_id).order_by(Emergency.opened_at, Emergency.id))


def unanswered(tx: Transaction, call_id: UUID) -> list[Any]:
    """The emergencies of a call that nobody has answered: light rows, the oldest first."""
    query = select(Emergency.id, Emergency.paged_at, Emergency.owner_post_id, Emergency.justify_by)
    query = query.where(Emergency.call_id == call_id, Emergency.state == State.PAGING.value)
    return tx.all(query.order_by(Emergency.opened_at, Emergency.id))


def entries_of(tx: Transaction, emergency_id: UUID) -> list[EmergencyEntry]:
    """What was done, oldest first."""
    return tx.all(
        select(EmergencyEntry)
        .where(EmergencyEntry.emergency_id == emergency_id)
        .order_by(EmergencyEntry.entered_at, EmergencyEntry.id)
    )


def _paged(what: Any, narrowed: ColumnElement[bool]) -> Select[Any]:
    """``what`` of the pairs of an emergency and a page that was about it."""
    about_it = and_(
        Emergency.call_id == EmergencyPage.call_id,
        EmergencyPage.round >= Emergency.first_round,
        or_(Emergency.last_round.is_(None), EmergencyPage.round <= Emergency.last_round),
    )
    return select(what).select_from(EmergencyPage).join(Emergency, about_it).where(narrowed)
