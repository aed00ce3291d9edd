"""What became of the flags that a report had: whether one was refused, and which stand on one report."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, func, select

from community_api.community.concerns.models import ConcernMessage
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.concerns.terms import MESSAGE_LABEL, MessageKind
from community_api.community.shared.models import Supplement
from community_api.community.shared.terms import SUPPLEMENT_LABEL
from community_api.community.valve.models import FlagLink
from community_api.core.database.unit_of_work import Transaction
from community_api.wording.facts import says_something

# What a reporter adds by code that can make a refused flag worth another look.
_ADDS_FACTS = (MessageKind.MESSAGE.value, MessageKind.DISPUTE.value)
# Where its words stand; an id that the sender made has letters as well.
_WORDS = ("text", "facts", "assessment", "answers")


def was_refused(tx: Transaction, report_kind: str, report_id: uuid.UUID) -> bool:
    """Whether a second person refused a flag on this report, and nothing was added to it since.

    A supplement is kept whatever it says; one of dots or single letters adds nothing to judge anew.
    """
    then = tx.first(
        select(func.max(FlagLink.supplements_when_refused)).where(
            FlagLink.report_kind == report_kind, FlagLink.report_id == report_id
        )
    )
    return then is not None and not any(map(says_something, _added_since(tx, report_kind, report_id, then)))


def _added_since(tx: Transaction, report_kind: str, report_id: uuid.UUID, allowed: int) -> Iterator[str]:
    """The words of what was added after the first ``allowed`` of what `supplements_of` counts."""
    query: Select[Any] = select(Supplement).where(Supplement.report_id == report_id)
    query, label = query.order_by(Supplement.received_at, Supplement.id), SUPPLEMENT_LABEL
    if report_kind == CONCERN:
        query, label = _messages(report_id).order_by(ConcernMessage.position), MESSAGE_LABEL
    for row in tx.all(query.offset(allowed)):
        if row.sealed is not None:
            document = tx.sealer.open(tx, row.id, label, row.text_version, row.sealed)
            yield " ".join(value for name in _WORDS if isinstance(value := document.get(name), str))


def _messages(concern_id: uuid.UUID) -> Select[Any]:
    return select(ConcernMessage).where(
        ConcernMessage.concern_id == concern_id, ConcernMessage.kind.in_(_ADDS_FACTS)
    )


def supplements_of(tx: Transaction, report_kind: str, report_id: uuid.UUID) -> int:
    """How much was added to a report: supplements; to a concern, what its reporter wrote by code."""
    query = select(func.count()).where(Supplement.report_id == report_id)
    if report_kind == CONCERN:
        query = select(func.count()).where(
            ConcernMessage.concern_id == report_id, ConcernMessage.kind.in_(_ADDS_FACTS)
        )
    return int(tx.first(query) or 0)


def report_by_flag(tx: Transaction, flag_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Flags by the report they stand on, each report a bare number that means nothing elsewhere."""
    rows = tx.all(select(FlagLink.id, FlagLink.report_id).where(FlagLink.id.in_(flag_ids)))
    numbers: dict[uuid.UUID, int] = {}
    return {flag_id: numbers.setdefault(report_id, len(numbers)) for flag_id, report_id in rows}
