"""The period that a list is narrowed to: times, or whole days of the reader's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def resolve(filters: Mapping[str, Any], timezone: str) -> dict[str, Any]:
    """The filters with ``since`` and ``until`` as moments; ``until`` is exclusive.

    A day as ``since`` begins at its midnight in ``timezone``; a day as ``until`` is included whole.
    """
    bounds = {
        "since": _start(filters.get("since"), timezone, 0),
        "until": _start(filters.get("until"), timezone, 1),
    }
    return {**filters, **{name: moment for name, moment in bounds.items() if moment is not None}}


def _start(value: date | datetime | None, timezone: str, days_later: int) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    midnight = datetime.combine(value + timedelta(days=days_later), time(), ZoneInfo(timezone))
    return midnight.astimezone(UTC)
