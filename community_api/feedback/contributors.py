"""Who is behind a report: handed down by the community side when something is told."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from community_api.core.database.unit_of_work import Transaction
from community_api.feedback.models import Contributor


def begin(
    tx: Transaction,
    *,
    matter_id: uuid.UUID,
    person_id: uuid.UUID,
    account_id: uuid.UUID,
    unit_id: uuid.UUID,
    report_reference: str,
) -> None:
    """The author of a new report will hear back about it."""
    tx.insert(
        Contributor,
        matter_id=matter_id,
        person_id=person_id,
        account_id=account_id,
        unit_id=unit_id,
        report_reference=report_reference,
        since=tx.now,
    )


def contribute(
    tx: Transaction,
    *,
    matter_id: uuid.UUID,
    person_id: uuid.UUID,
    account_id: uuid.UUID,
    unit_id: uuid.UUID,
    report_reference: str,
) -> None:
    """Somebody added to a report and will hear back from now on; already known: nothing to do."""
    known = tx.first(
        select(Contributor.since).where(
            Contributor.matter_id == matter_id, Contributor.person_id == person_id
        )
    )
    if known is None:
        begin(
            tx,
            matter_id=matter_id,
            person_id=person_id,
            account_id=account_id,
            unit_id=unit_id,
            report_reference=report_reference,
        )


def behind(tx: Transaction, matter_id: uuid.UUID) -> list[Contributor]:
    """Everybody who will hear back about a matter."""
    return tx.all(
        select(Contributor).where(Contributor.matter_id == matter_id).order_by(Contributor.person_id)
    )
