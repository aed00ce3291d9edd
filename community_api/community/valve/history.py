"""What became of the flags that a report had: whether one was refused, and which stand on one report."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from community_api.community.concerns.models import ConcernMessage
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.concerns.terms import MessageKind
from community_api.community.reports.models import Supplement
from community_api.community.valve.models import Passage
from community_api.core.uow import Work

# What a reporter adds by code that can make a refused flag worth another look.
_ADDS_FACTS = (MessageKind.MESSAGE.value, MessageKind.DISPUTE.value)


def was_refused(tx: Work, report_kind: str, report_id: uuid.UUID) -> bool:
    """Whether a second person refused a flag on this report, and nothing was added to it since."""
    then = tx.one(
        select(func.max(Passage.supplements_when_refused)).where(
            Passage.report_kind == report_kind, Passage.report_id == report_id
        )
    )
    return then is not None and supplements_of(tx, report_kind, report_id) <= then


def supplements_of(tx: Work, report_kind: str, report_id: uuid.UUID) -> int:
    """How much was added to a report: supplements; to a concern, what its reporter wrote by code."""
    query = select(func.count()).where(Supplement.report_id == report_id)
    if report_kind == CONCERN:
        query = select(func.count()).where(
            ConcernMessage.concern_id == report_id, ConcernMessage.kind.in_(_ADDS_FACTS)
        )
    return int(tx.one(query) or 0)


def report_by_flag(tx: Work, flag_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Flags by the report they stand on, each report a bare number that means nothing elsewhere."""
    rows = tx.all(select(Passage.id, Passage.report_id).where(Passage.id.in_(flag_ids)))
    numbers: dict[uuid.UUID, int] = {}
    return {flag_id: numbers.setdefault(report_id, len(numbers)) for flag_id, report_id in rows}
