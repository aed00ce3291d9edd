"""How many answers came to be owed, and how many of them were waived, by unit."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from community_api.core.database.unit_of_work import Transaction
from community_api.feedback.models import Obligation
from community_api.feedback.terms import State


def opened(tx: Transaction, since: datetime, until: datetime) -> Counter[tuple[UUID, str]]:
    """By owing unit: answers that came to be ``owed`` in a time, and those of them now ``waived``.

    From one moment until before another, UTC.
    """
    query = (
        select(Obligation.unit_id, Obligation.state, func.count())
        .where(Obligation.opened_at >= since, Obligation.opened_at < until)
        .group_by(Obligation.unit_id, Obligation.state)
    )
    counted: Counter[tuple[UUID, str]] = Counter()
    for unit_id, state, number in tx.all(query):
        counted[unit_id, "owed"] += number
        if state == State.WAIVED:
            counted[unit_id, "waived"] += number
    return counted
