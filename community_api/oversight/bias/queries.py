"""What bias reviews read: how much each place reported, and earlier reviews."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from community_api.community.concerns.models import Concern
from community_api.community.observations.models import Observation
from community_api.core.database.unit_of_work import Transaction
from community_api.oversight.bias.models import BiasReview


def received(tx: Transaction, since: datetime, until: datetime) -> Counter[UUID]:
    """How many reports each unit's desk received from one moment until before another."""
    found: Counter[UUID] = Counter()
    for table in (Observation, Concern):
        query = (
            select(table.unit_id, func.count())
            .where(table.received_at >= since, table.received_at < until)
            .group_by(table.unit_id)
        )
        for unit_id, number in tx.all(query):
            found[unit_id] += number
    return found


def looked_at(tx: Transaction, since: datetime) -> frozenset[UUID]:
    """Places that are being reviewed, or were closed since a moment."""
    query = select(BiasReview.unit_id).where(BiasReview.closed_at.is_(None) | (BiasReview.closed_at >= since))
    return frozenset(tx.all(query))


def reviews(state: str | None) -> Select[Any]:
    """All reviews, or those in a state."""
    query = select(BiasReview)
    return query if state is None else query.where(BiasReview.state == state)
