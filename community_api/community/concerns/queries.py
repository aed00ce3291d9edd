"""Reading concerns and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from community_api.access.visibility import VisibleScope
from community_api.community.concerns.models import (
    Concern,
    ConcernContact,
    ConcernContactUnlock,
    ConcernMessage,
    ConcernReply,
    ConcernTranslation,
)
from community_api.community.concerns.terms import ReplyKind, ReplyState
from community_api.core.database.unit_of_work import Transaction
from community_api.units.terms import Role


def visible(
    sight: VisibleScope,
    filters: Mapping[str, Any],
    unit_ids: frozenset[UUID] | None,
    commanded: frozenset[UUID],
) -> Select[Any]:
    """Concerns that the caller may list, narrowed by status, category, unit and days of receipt.

    ``commanded`` are the desks for which the caller is the duty commander: those in danger are theirs.
    """
    query = select(Concern).where(Concern.erased_at.is_(None))
    if not sight.everything:
        query = query.where(or_(*_visible_to(sight, commanded)))
    return query.where(*_narrowed(filters, unit_ids))


def messages(tx: Transaction, concern_id: UUID) -> list[ConcernMessage]:
    """What the reporter added, in the order of the thread."""
    query = select(ConcernMessage).where(ConcernMessage.concern_id == concern_id)
    return tx.all(query.order_by(ConcernMessage.position))


def replies(tx: Transaction, concern_id: UUID) -> list[ConcernReply]:
    """What the desk wrote, oldest first, whatever became of it."""
    query = select(ConcernReply).where(ConcernReply.concern_id == concern_id)
    return tx.all(query.order_by(ConcernReply.written_at, ConcernReply.id))


def translations(tx: Transaction, concern_id: UUID) -> list[ConcernTranslation]:
    """What was translated of a concern and its messages, oldest first."""
    query = select(ConcernTranslation).where(ConcernTranslation.concern_id == concern_id)
    return tx.all(query.order_by(ConcernTranslation.written_at, ConcernTranslation.id))


def unlocks(tx: Transaction, concern_id: UUID) -> list[ConcernContactUnlock]:
    """Who asked to read contact details, oldest first."""
    query = select(ConcernContactUnlock).where(ConcernContactUnlock.concern_id == concern_id)
    return tx.all(query.order_by(ConcernContactUnlock.proposed_at, ConcernContactUnlock.id))


def _visible_to(sight: VisibleScope, commanded: frozenset[UUID]) -> list[ColumnElement[bool]]:
    shown: list[ColumnElement[bool]] = []
    units = sight.units
    if len(units) == 1:
        # An equality lets the index of the unit serve the order as well.
        shown.append(Concern.unit_id == next(iter(units)))
    elif units:
        shown.append(Concern.unit_id.in_(units))
    if any(part.addressed for part in sight.parts):
        shown.append(Concern.taken_by_id == sight.person_id)
        if any(part.grant.role == Role.DUTY_COMMANDER for part in sight.parts if part.addressed):
            shown.append(Concern.immediate_danger & Concern.unit_id.in_(commanded))
    return shown or [Concern.id.is_(None)]


def _narrowed(filters: Mapping[str, Any], unit_ids: frozenset[UUID] | None) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    for name, column in (("status", Concern.status), ("category", Concern.category)):
        if filters.get(name) is not None:
            narrowed.append(column == filters[name])
    if unit_ids is not None:
        narrowed.append(Concern.unit_id.in_(unit_ids))
    if filters.get("since") is not None:
        narrowed.append(Concern.received_at >= filters["since"])
    if filters.get("until") is not None:
        narrowed.append(Concern.received_at < filters["until"])
    return narrowed


def has_contact(tx: Transaction, concern_id: UUID) -> bool:
    """Whether the reporter said how to reach them; not how."""
    query = select(ConcernContact.id).where(ConcernContact.concern_id == concern_id)
    return tx.first(query.where(ConcernContact.erased_at.is_(None))) is not None


def last_word(tx: Transaction, concern_id: UUID) -> ConcernReply | None:
    """The newest closing word that its reporter was given; None: there is none."""
    query = select(ConcernReply).where(
        ConcernReply.concern_id == concern_id,
        ConcernReply.kind == ReplyKind.FINAL.value,
        ConcernReply.state == ReplyState.APPROVED.value,
    )
    found: ConcernReply | None = tx.first(query.order_by(ConcernReply.position.desc()))
    return found
