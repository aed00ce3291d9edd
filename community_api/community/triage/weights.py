"""What likely duplicates are judged by, as `duplicates.yaml` declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from community_api.core import yaml_files

WEIGHTS: Final = Path(__file__).with_name("duplicates.yaml")


@dataclass(frozen=True)
class PlaceWeights:
    """Metres and points; the file says what each means."""

    points: int
    least: int
    reach_m: int
    slack_m: int
    fades_over_m: int
    unknown_accuracy_m: int
    accuracy_at_most_m: int
    sharp_within_m: int


@dataclass(frozen=True)
class TimeWeights:
    """Points, and hours by which they fall to none."""

    points: int
    fades_over_h: int
    same_day: int
    next_day: int


@dataclass(frozen=True)
class CategoryWeights:
    """Points of the same category, and of a related one."""

    same: int
    related: int


@dataclass(frozen=True)
class WordWeights:
    """Points, and how alike (0 to 1) words must be for none and for all; ``alike_from`` in per cent."""

    points: int
    none: float
    all: float
    alike_from: int
    shortest_within: int


@dataclass(frozen=True)
class Weights:
    """Everything that a score is made of."""

    offered: int
    least_score: int
    days_around: int
    nearest: int
    compared: int
    background: int
    place: PlaceWeights
    time: TimeWeights
    category: CategoryWeights
    words: WordWeights
    related: frozenset[frozenset[str]]

    def are_related(self, first: str, other: str) -> bool:
        """Whether one matter is often told under both."""
        return frozenset({first, other}) in self.related


@cache
def weights() -> Weights:
    """The declared weights, read once."""
    return weights_of(yaml_files.read(WEIGHTS.read_bytes()))


def weights_of(declared: Mapping[str, Any]) -> Weights:
    """Weights from a document of the form of `duplicates.yaml`."""
    plain = ("offered", "least_score", "days_around", "nearest", "compared", "background")
    return Weights(
        **{name: declared[name] for name in plain},
        place=PlaceWeights(**declared["place"]),
        time=TimeWeights(**declared["time"]),
        category=CategoryWeights(**declared["category"]),
        words=WordWeights(**declared["words"]),
        related=frozenset(frozenset(pair) for pair in declared["related"]),
    )
