"""Supplements of reports: written once, read with the report."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from community_api.community.shared.models import Supplement
from community_api.community.shared.terms import SUPPLEMENT_LABEL
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.retention import review_on


@dataclass(frozen=True)
class OpenedSupplement:
    """A supplement with its text opened; the texts are None once erased."""

    id: uuid.UUID
    received_at: datetime
    own: bool
    facts: str | None
    assessment: str | None
    answers: str | None


def write(
    tx: Transaction,
    actor: Actor,
    *,
    supplement_id: uuid.UUID,
    report_kind: str,
    report_id: uuid.UUID,
    retention_class: str,
    body: Mapping[str, Any],
) -> Supplement:
    """Buffer a supplement; the caller has asked for permission and writes the leaf."""
    document = {name: body.get(name) for name in ("facts", "assessment", "answers")}
    return tx.add(
        Supplement(
            id=supplement_id,
            report_kind=report_kind,
            report_id=report_id,
            author_id=actor.person_id,
            received_at=tx.now,
            retention_class=retention_class,
            review_on=review_on(retention_class, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, supplement_id, SUPPLEMENT_LABEL, document),
        )
    )


def opened(tx: Transaction, actor: Actor, report_id: uuid.UUID) -> list[OpenedSupplement]:
    """All supplements of a report, oldest first, with their texts."""
    rows = tx.all(
        select(Supplement)
        .where(Supplement.report_id == report_id)
        .order_by(Supplement.received_at, Supplement.id)
    )
    return [_open(tx, actor, row) for row in rows]


def _open(tx: Transaction, actor: Actor, row: Supplement) -> OpenedSupplement:
    document: Mapping[str, Any] = {}
    if row.sealed is not None:
        document = tx.sealer.open(tx, row.id, SUPPLEMENT_LABEL, row.text_version, row.sealed)
    return OpenedSupplement(
        id=row.id,
        received_at=row.received_at,
        own=row.author_id == actor.person_id,
        facts=document.get("facts"),
        assessment=document.get("assessment"),
        answers=document.get("answers"),
    )
