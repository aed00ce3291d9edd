"""Reading emergencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from community_api.access.sight import Sight
from community_api.community.emergencies.models import Emergency, EmergencyEntry, EmergencyPage
from community_api.core.uow import Work
from community_api.units import posts
from community_api.units.terms import Role


def visible(sight: Sight, *, state: str | None) -> Select[Any]:
    """Emergencies of the caller's units, and those to which a commander was called from elsewhere."""
    shown: list[ColumnElement[bool]] = [Emergency.unit_id.in_(sight.units)]
    called = [
        posts.id_of(Role.DUTY_COMMANDER, grant.unit_id)
        for grant in sight.addressees
        if grant.role == Role.DUTY_COMMANDER
    ]
    if called:
        calls = select(EmergencyPage.emergency_id).where(EmergencyPage.post_id.in_(called))
        shown.append(Emergency.id.in_(calls))
    if sight.everything:
        shown = [Emergency.id.is_not(None)]
    query = select(Emergency).where(or_(*shown), Emergency.erased_at.is_(None))
    return query if state is None else query.where(Emergency.state == state)


def subjects_told_to(post_ids: Sequence[Any]) -> Select[UUID]:
    """The reports about which these posts of commanders were called; ids, or parameters for them."""
    called = Emergency.id == EmergencyPage.emergency_id
    return select(Emergency.subject_id).join(EmergencyPage, called).where(EmergencyPage.post_id.in_(post_ids))


def about(tx: Work, subject_id: UUID) -> Emergency | None:
    """The emergency that a report opened; None: it told of no danger."""
    for operation in tx.operations:
        row = getattr(operation, "row", None)
        if isinstance(row, Emergency) and row.subject_id == subject_id:
            return row
    found: Emergency | None = tx.one(select(Emergency).where(Emergency.subject_id == subject_id))
    return found


def called_posts(tx: Work, emergency_id: UUID) -> list[UUID]:
    """The posts that were paged, each once."""
    query = select(EmergencyPage.post_id).where(EmergencyPage.emergency_id == emergency_id).distinct()
    return sorted(tx.all(query))


def pages_of(tx: Work, emergency_id: UUID) -> list[EmergencyPage]:
    """Every page, in the order of rounds."""
    return tx.all(
        select(EmergencyPage)
        .where(EmergencyPage.emergency_id == emergency_id)
        .order_by(EmergencyPage.round, EmergencyPage.post_id)
    )


def entries_of(tx: Work, emergency_id: UUID) -> list[EmergencyEntry]:
    """What was done, oldest first."""
    return tx.all(
        select(EmergencyEntry)
        .where(EmergencyEntry.emergency_id == emergency_id)
        .order_by(EmergencyEntry.entered_at, EmergencyEntry.id)
    )
