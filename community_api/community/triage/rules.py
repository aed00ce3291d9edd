"""How likely two reports tell of one matter, purely; every point of the score has its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import asin, cos, hypot, radians, sin, sqrt
from uuid import UUID

from community_api.community.triage.terms import Sign
from community_api.community.triage.weights import Weights

EARTH_RADIUS_M = 6_371_009


@dataclass(frozen=True)
class ComparedReport:
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
    """One part of a score; ``amount`` is metres, hours, days or per cent, None where nothing is measured."""

    sign: Sign
    points: float
    amount: int | None = None


@dataclass(frozen=True)
class LikelyDuplicate:
    """Another report that may tell of the same, and why. ``distance_m`` orders what is equally likely."""

    other: ComparedReport
    reasons: tuple[Reason, ...]
    distance_m: float

    @property
    def score(self) -> int:
        return sum(round(reason.points) for reason in self.reasons)


# How alike the words of another report are, 0 to 1; None if they cannot be compared.
Similarity = Callable[[UUID], float | None]


def nearest(report: ComparedReport, others: Iterable[ComparedReport]) -> list[ComparedReport]:
    """Others that have a place, the nearest first."""
    placed = [
        (apart, other.id, other)
        for other in others
        if other.id != report.id and (apart := distance_m(report, other)) is not None
    ]
    return [other for _, _, other in sorted(placed, key=lambda item: item[:2])]


def candidates(
    report: ComparedReport, others: Iterable[ComparedReport], weights: Weights
) -> list[LikelyDuplicate]:
    """Those within reach whose words may still make them likely, the most alike first."""
    near = (_by_facts(report, other, weights) for other in others if other.id != report.id)
    least = weights.least_score - weights.words.points
    good = [one for one in near if one is not None and one.score >= least]
    return sorted(good, key=_best_first)[: weights.compared]


def likely(
    results: Iterable[LikelyDuplicate], similarity: Similarity, weights: Weights
) -> list[LikelyDuplicate]:
    """The most likely duplicates among candidates, best first; of equal ones the nearer."""
    judged = [_with_words(one, similarity(one.other.id), weights) for one in results]
    good = [one for one in judged if one.score >= weights.least_score]
    return sorted(good, key=_best_first)[: weights.offered]


def _best_first(item: LikelyDuplicate) -> tuple[float, float, UUID]:
    return -sum(reason.points for reason in item.reasons), item.distance_m, item.other.id


def distance_m(a: ComparedReport, b: ComparedReport) -> float | None:
    """Great-circle distance in metres; None when one has no place."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    chord = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord)))


def _by_facts(a: ComparedReport, b: ComparedReport, weights: Weights) -> LikelyDuplicate | None:
    """What place, time and category say; None if the places are unknown or not near."""
    apart = distance_m(a, b)
    if apart is None or apart > weights.place.reach_m:
        return None
    place = Reason(Sign.PLACE, _place_points(a, b, apart, weights), round(apart))
    if place.points < weights.place.least:
        return None
    reasons = (place, _time(a, b, weights), *_category(a, b, weights))
    return LikelyDuplicate(b, tuple(one for one in reasons if round(one.points) > 0), apart)


def _place_points(a: ComparedReport, b: ComparedReport, apart: float, weights: Weights) -> float:
    """In full within what both places may be off, less where that is much: then nearness says less."""
    place = weights.place
    known = (place.unknown_accuracy_m if one.accuracy_m is None else one.accuracy_m for one in (a, b))
    # Both being off by the most and in opposite directions is rare: errors add up by their squares.
    off = hypot(*(min(accuracy, place.accuracy_at_most_m) for accuracy in known)) + place.slack_m
    sharpness = min(1.0, place.sharp_within_m / off) if off else 1.0
    return _faded(place.points, max(0.0, apart - off), place.fades_over_m) * sharpness


def _time(a: ComparedReport, b: ComparedReport, weights: Weights) -> Reason:
    if a.at is not None and b.at is not None:
        hours = abs(a.at - b.at) / timedelta(hours=1)
        return Reason(Sign.HOURS, _faded(weights.time.points, hours, weights.time.fades_over_h), round(hours))
    days = abs((a.day - b.day).days)
    return Reason(Sign.DAY, {0: weights.time.same_day, 1: weights.time.next_day}.get(days, 0), days)


def _category(a: ComparedReport, b: ComparedReport, weights: Weights) -> Iterator[Reason]:
    if a.category == b.category:
        yield Reason(Sign.CATEGORY, weights.category.same)
    elif weights.are_related(a.category, b.category):
        yield Reason(Sign.RELATED_CATEGORY, weights.category.related)


def _with_words(item: LikelyDuplicate, similarity: float | None, weights: Weights) -> LikelyDuplicate:
    words = weights.words
    share = 0.0 if similarity is None else (similarity - words.none) / (words.all - words.none)
    points = words.points * min(1.0, max(0.0, share))
    if similarity is None or round(points) == 0:
        return item
    reason = Reason(Sign.WORDS, points, round(100 * similarity))
    return LikelyDuplicate(item.other, (*item.reasons, reason), item.distance_m)


def _faded(points: int, amount: float, fades: float) -> float:
    return max(0.0, points * (1 - amount / fades))
