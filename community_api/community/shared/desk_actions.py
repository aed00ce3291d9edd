"""What the desk did with a report: kept one by one, never changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from community_api.community.shared.models import DeskAct
from community_api.community.shared.terms import ACT_LABEL, RETENTION, TAKES_UP
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.core.retention import review_on


@dataclass(frozen=True)
class OpenedAct:
    """An act with its words; ``document`` is empty once erased."""

    row: DeskAct
    document: Mapping[str, Any]


def keep(
    tx: Transaction,
    actor: Actor,
    act_id: uuid.UUID,
    *,
    act: str,
    code: str | None,
    report_kind: str,
    report_id: uuid.UUID,
    document: Mapping[str, Any],
    reply_id: uuid.UUID | None = None,
) -> OpenedAct:
    """Buffer an act; the caller has asked for permission, moves the report and writes the leaf."""
    words = {name: value for name, value in document.items() if value is not None}
    row = tx.add(
        DeskAct(
            id=act_id,
            report_kind=report_kind,
            report_id=report_id,
            act=act,
            code=code,
            person_id=actor.person_id,
            acted_at=tx.now,
            reply_id=reply_id,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, act_id, ACT_LABEL, words),
        )
    )
    return OpenedAct(row, words)


def opened(tx: Transaction, act_id: uuid.UUID) -> OpenedAct:
    """One act with its words; raises DomainError ``not_found``."""
    row = tx.get(DeskAct, act_id)
    if row is None:
        raise DomainError("not_found")
    document: Mapping[str, Any] = {}
    if row.sealed is not None:
        document = tx.sealer.open(tx, row.id, ACT_LABEL, row.text_version, row.sealed)
    return OpenedAct(row, document)


def was_taken_up(tx: Transaction, report_id: uuid.UUID) -> bool:
    """Whether the desk has ever done more with a report than to return it."""
    query = select(DeskAct.id).where(DeskAct.report_id == report_id, DeskAct.code.in_(TAKES_UP))
    return tx.first(query) is not None
