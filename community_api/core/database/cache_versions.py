"""Counters that rise when slow-changing data changes, so that what every process keeps of it is read anew."""

from __future__ import annotations

from sqlalchemy import select

from community_api.core.database.tables import Epoch
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import Stale


def value_of(tx: Transaction, name: str) -> int:
    """How often the data of that name has changed."""
    return int(tx.first(select(Epoch.value).where(Epoch.name == name)) or 0)


def rise(tx: Transaction, name: str, *, planned_at: int | None = None) -> None:
    """Tell every process, in this commit, that the data has changed.

    ``planned_at`` is the value by which the change was judged: Stale when there is a newer one.
    """
    row = tx.get(Epoch, name)
    if planned_at is not None and planned_at != (0 if row is None else row.value):
        raise Stale
    if row is None:
        tx.add(Epoch(name=name, value=1))
    else:
        # Guarded, so that of two commits at once each leaves a value of its own.
        tx.update_where(Epoch, {"name": name, "value": row.value}, {"value": row.value + 1})
