"""How likely two reports tell of one matter, purely; every point of the score has its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from community_api.community.triage.terms import (
    ACCURACY_MOST_M,
    CATEGORY_POINTS,
    NEXT_DAY_POINTS,
    OFFERED,
    OTHER,
    PLACE_FADES_M,
    PLACE_POINTS,
    PLACE_SLACK_M,
    PLACELESS_POINTS,
    RELATED,
    RELATED_POINTS,
    SAME_DAY_POINTS,
    SCORE_MIN,
    TIME_FADES_H,
    TIME_POINTS,
    Sign,
)

EARTH_RADIUS_M = 6_371_009


@dataclass(frozen=True)
class Told:
    """What of a report is compared. ``at`` None: only the day is known; ``lat`` None: no place is."""

    kind: str
    id: UUID
    category: str
    day: date
    at: datetime | None
    lat: float | None
    lon: float | None
    accuracy_m: int | None


@dataclass(frozen=True)
class Reason:
    """One part of a score; ``amount`` is metres, hours or days, None where nothing is measured."""

    sign: Sign
    points: int
    amount: int | None = None


@dataclass(frozen=True)
class Likely:
    """Another report that may tell of the same, and why."""

    other: Told
    score: int
    reasons: tuple[Reason, ...]


def likely(report: Told, others: list[Told]) -> list[Likely]:
    """The most likely duplicates among ``others``, best first; of equal ones the nearer in time and place."""
    found = [Likely(other, *_compare(report, other)) for other in others if other.id != report.id]
    good = [one for one in found if one.score >= SCORE_MIN]
    return sorted(good, key=lambda one: (-one.score, _spread(one), one.other.id))[:OFFERED]


def distance_m(a: Told, b: Told) -> float | None:
    """Great-circle distance in metres; None when one has no place."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    chord = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord)))


def _compare(a: Told, b: Told) -> tuple[int, tuple[Reason, ...]]:
    reasons = tuple(one for one in (*_place(a, b), *_time(a, b), *_category(a, b)) if one.points > 0)
    out_of_reach = not any(one.sign in {Sign.PLACE, Sign.TEAM} for one in reasons)
    return (0 if out_of_reach else sum(one.points for one in reasons)), reasons


def _place(a: Told, b: Told) -> Iterator[Reason]:
    apart = distance_m(a, b)
    if apart is None:
        yield Reason(Sign.TEAM, PLACELESS_POINTS)
        return
    off = sum(min(one.accuracy_m or 0, ACCURACY_MOST_M) for one in (a, b)) + PLACE_SLACK_M
    yield Reason(Sign.PLACE, _faded(PLACE_POINTS, max(0.0, apart - off), PLACE_FADES_M), round(apart))


def _time(a: Told, b: Told) -> Iterator[Reason]:
    if a.at is not None and b.at is not None:
        hours = abs(a.at - b.at) / timedelta(hours=1)
        yield Reason(Sign.HOURS, _faded(TIME_POINTS, hours, TIME_FADES_H), round(hours))
        return
    days = abs((a.day - b.day).days)
    points = {0: SAME_DAY_POINTS, 1: NEXT_DAY_POINTS}.get(days, 0)
    yield Reason(Sign.DAY, points, days)


def _category(a: Told, b: Told) -> Iterator[Reason]:
    both = {a.category, b.category}
    if len(both) == 1:
        yield Reason(Sign.CATEGORY, CATEGORY_POINTS)
    elif OTHER in both or any(both <= group for group in RELATED):
        yield Reason(Sign.RELATED_CATEGORY, RELATED_POINTS)


def _faded(points: int, amount: float, fades: float) -> int:
    return max(0, round(points * (1 - amount / fades)))


def _spread(one: Likely) -> tuple[int, ...]:
    return tuple(reason.amount or 0 for reason in one.reasons)
