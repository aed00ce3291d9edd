"""Counters and histograms for operators: endpoints, codes and counts, never who or what about.

Processes that share a folder (``PROMETHEUS_MULTIPROC_DIR``, set by ``serve``) are added up; without
one the process speaks for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
# One registry for the process, however many applications live in it.
REGISTRY = CollectorRegistry()
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_REQUESTS = Counter(
    "community_requests", "Requests answered.", ("endpoint", "method", "status"), registry=REGISTRY
)
_DURATION = Histogram(
    "community_request_seconds",
    "Seconds from the first byte read to the answer given.",
    ("endpoint", "method"),
    buckets=SECONDS,
    registry=REGISTRY,
)
_JUNK = Counter("community_junk_requests", "Refused requests without a signed-in caller.", registry=REGISTRY)
_TURNED_AWAY = Counter(
    "community_turned_away",
    "Requests refused at once because every waiting place of their kind was taken.",
    ("kind",),
    registry=REGISTRY,
)
_BROKEN_SEALS = Counter("community_broken_seals", "Sealed texts found swapped or changed.", registry=REGISTRY)
_ITEMS = Counter("community_outbox_items", "Outbox items by outcome.", ("kind", "outcome"), registry=REGISTRY)
# Methods that a client makes up must not make series.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Measure(NamedTuple):
    """A gauge that is read when somebody asks."""

    name: str
    told: str
    value: float


def request_answered(endpoint: str, method: str, status: int, seconds: float) -> None:
    """Count one answer; ``endpoint`` is the name of the route, never the path."""
    method = method if method in METHODS else "other"
    _request_counter(endpoint, method, f"{status // 100}xx").inc()
    _request_timer(endpoint, method).observe(seconds)


def junk() -> None:
    _JUNK.inc()


def turned_away(kind: str) -> None:
    _TURNED_AWAY.labels(kind).inc()


def seal_broken() -> None:
    _BROKEN_SEALS.inc()


def item_handled(kind: str, outcome: str) -> None:
    _ITEMS.labels(kind, outcome).inc()


def exposition(folder: Path | None, measures: Iterable[Measure]) -> bytes:
    """All of it in Prometheus' text format; ``folder`` None: this process alone."""
    registry = REGISTRY
    if folder is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    now = CollectorRegistry()
    now.register(_Measures(list(measures)))
    return generate_latest(registry) + generate_latest(now)


class _Measures(Collector):
    """What was just measured, in the form that the exposition takes."""

    def __init__(self, measures: list[Measure]) -> None:
        self._measures = measures

    def collect(self) -> Iterator[Metric]:
        for measure in self._measures:
            yield GaugeMetricFamily(measure.name, measure.told, value=measure.value)


@lru_cache(maxsize=4096)
def _request_counter(endpoint: str, method: str, status: str) -> Counter:
    return _REQUESTS.labels(endpoint, method, status)


@lru_cache(maxsize=1024)
def _request_timer(endpoint: str, method: str) -> Histogram:
    return _DURATION.labels(endpoint, method)
