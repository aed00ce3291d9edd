"""How many reports went out and came back, by unit."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.chain.reports.models import Dissemination
from community_api.intelligence.chain.reports.terms import DisseminationState

RECALLED = frozenset({DisseminationState.RECALLED.value, DisseminationState.RECALL_CONFIRMED.value})


def count_disseminations(tx: Transaction, since: datetime, until: datetime) -> Counter[tuple[UUID, str]]:
    """By unit that sent: disseminations between two moments, and those of them that were recalled."""
    query = (
        select(Dissemination.from_unit_id, Dissemination.state, func.count())
        .where(Dissemination.sent_at >= since, Dissemination.sent_at < until)
        .group_by(Dissemination.from_unit_id, Dissemination.state)
    )
    found: Counter[tuple[UUID, str]] = Counter()
    for unit_id, state, number in tx.all(query):
        found[unit_id, "disseminated"] += number
        if state in RECALLED:
            found[unit_id, "recalled"] += number
    return found
