"""The desk's queue: what waits for triage, as duties of the team's supervisors."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from community_api.community.shared.terms import TRIAGE_WITHIN, DutyKind
from community_api.core.database.unit_of_work import Transaction
from community_api.procedure_engine.engine.clocks import deadline
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.models import Duty
from community_api.units.terms import Role

KINDS = tuple(kind.value for kind in DutyKind)


def enter(
    tx: Transaction,
    why: DutyKind,
    report_kind: str,
    report_id: uuid.UUID,
    unit_id: uuid.UUID,
    *,
    day: datetime | None = None,
    due_at: datetime | None = None,
) -> None:
    """A report waits for its desk from now on.

    ``day``: all that may be kept of now (UTC), for what came of a public request, with the ``due_at`` that
    follows from it; None keeps the moment.
    """
    duties.owe(
        tx,
        kind=why,
        subject_kind=report_kind,
        subject_id=report_id,
        post_id=posts.establish(tx, Role.SUPERVISOR, unit_id),
        due_at=due_at or deadline(TRIAGE_WITHIN, tx.now, calendar_of(tx, unit_id)),
        opened_at=day,
        new_subject=why is DutyKind.NEW,
    )


def leave(tx: Transaction, report_id: uuid.UUID) -> None:
    """It waits no longer, whatever for."""
    for kind in DutyKind:
        duties.discharge(tx, kind=kind, subject_id=report_id)


def is_in(tx: Transaction, report_id: uuid.UUID) -> bool:
    """Whether a report waits for triage."""
    query = select(Duty.id).where(
        Duty.subject_id == report_id, Duty.kind.in_(KINDS), Duty.discharged_at.is_(None)
    )
    return tx.first(query) is not None
