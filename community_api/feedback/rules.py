"""Figures of timeliness, purely; nothing in them is about a person, nothing about flags (R35)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from community_api.feedback.terms import OWED, State

# The ages by which open answers are told apart, in whole days, upper bound excluded; the last has none.
AGES = (("under_5_d", 5), ("under_20_d", 20), ("under_60_d", 60), ("over_60_d", None))


@dataclass(frozen=True)
class Owed:
    """One obligation as figures see it; ``met_at`` None: not answered."""

    point: str
    unit: str
    state: str
    opened_at: datetime
    due_at: datetime
    met_at: datetime | None


@dataclass
class Figures:
    """Timeliness of one clock; hours to the answer, None where nothing was answered yet."""

    owed: int = 0
    met_in_time: int = 0
    late: int = 0
    open_by_age: dict[str, int] = field(default_factory=lambda: {name: 0 for name, _ in AGES})
    withheld_by_code: dict[str, int] = field(default_factory=dict)
    waived: int = 0
    median_h: float | None = None
    p95_h: float | None = None
    usefulness: float | None = None
    ratings: int = 0


def figures(rows: Sequence[Owed], ratings: Iterable[int], now: datetime) -> Figures:
    """Count one group. Late is what was answered after its day, or is still owed after it."""
    found = Figures(owed=len(rows))
    taken: list[float] = []
    for row in rows:
        if row.met_at is not None:
            taken.append((row.met_at - row.opened_at) / timedelta(hours=1))
            found.met_in_time += row.met_at <= row.due_at
            found.late += row.met_at > row.due_at
        elif row.state in OWED:
            found.open_by_age[_age(now - row.opened_at)] += 1
            found.late += now > row.due_at
        elif row.state == State.WITHHELD:
            found.withheld_by_code["unknown"] = found.withheld_by_code.get("unknown", 0) + 1
    found.waived = sum(row.state == State.WAIVED for row in rows)
    found.median_h = percentile(taken, 0.5)
    found.p95_h = percentile(taken, 0.95)
    given = list(ratings)
    found.ratings = len(given)
    found.usefulness = round(sum(given) / len(given), 2) if given else None
    return found


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of all do not exceed, to a tenth; None for no values."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 1)


def _age(age: timedelta) -> str:
    return next(name for name, days in AGES if days is None or age < timedelta(days=days))
