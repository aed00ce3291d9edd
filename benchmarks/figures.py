"""Figures and what is required of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from benchmarks.interleaved_runs import Run, Series

Verdict = Literal["ok", "missed", "not judged", "no figure"]
PARTS = ("server", "database", "load")


@dataclass(frozen=True)
class Requirement:
    """A bound: ``at_least`` for ratios, ``at_most`` for sizes; ``aim`` is hoped for, not required."""

    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None

    def holds(self, value: float) -> bool:
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )

    def __str__(self) -> str:
        told = [f"≥ {self.at_least:g}"] if self.at_least is not None else []
        told += [f"≤ {self.at_most:g}"] if self.at_most is not None else []
        told += [f"aim {self.aim:g}"] if self.aim is not None else []
        return ", ".join(told) or "told only"


@dataclass(frozen=True)
class Figure:
    """A value to read, and perhaps one that must hold; ``value`` None: it could not be had."""

    name: str
    value: float | None
    unit: str
    requirement: Requirement = Requirement()

    def verdict(self, *, judged: bool) -> Verdict:
        if self.value is None:
            return "no figure"
        if not judged or (self.requirement.at_least is None and self.requirement.at_most is None):
            return "not judged"
        return "ok" if self.requirement.holds(self.value) else "missed"


@dataclass
class Section:
    """What one scenario gave on one database."""

    title: str
    dialect: str
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    contaminated: bool = False
    dropped: int = 0
    data: dict[str, Any] = field(default_factory=dict)

    def missed(self, *, judged: bool) -> list[Figure]:
        """Required figures that do not hold, or that could not be had."""
        wrong = ("missed", "no figure") if judged else ()
        return [figure for figure in self.figures if figure.verdict(judged=judged) in wrong]


HEADER = ["", "req/s", "p50 ms", "p95 ms", "p99 ms", "server µs", "database µs", "load µs", "others", "host"]


def section(title: str, dialect: str, series: Series) -> Section:
    """The medians of a series as a table, and all its runs as data."""
    if series.failures:
        return Section(title, dialect, failures=series.failures, data={"runs": _runs(series)})
    return Section(
        title,
        dialect,
        HEADER,
        [_row(series, name) for name in series.names],
        contaminated=series.contaminated,
        dropped=series.dropped,
        data={"runs": _runs(series)},
    )


def rate(run: Run) -> float:
    return run.rate


def cost(run: Run) -> float | None:
    """Microseconds of CPU of server and database together: what a busy host cannot blur."""
    told = [cost for part in ("server", "database") if (cost := run.cost(part)) is not None]
    return sum(told) if told else None


def _row(series: Series, name: str) -> list[str]:
    median = series.median
    return [
        name,
        _number(median(name, rate)),
        _number(median(name, lambda run: run.outcome.p50_ms), 1),
        _number(median(name, lambda run: run.outcome.p95_ms), 1),
        _number(median(name, lambda run: run.outcome.p99_ms), 1),
        *(_number(median(name, lambda run, part=part: run.cost(part))) for part in PARTS),  # type: ignore[misc]
        f"{median(name, lambda run: run.usage.others) or 0:.0%}",
        f"{median(name, lambda run: run.usage.stolen) or 0:.0%}",
    ]


def _number(value: float | None, places: int = 0) -> str:
    return "-" if value is None else f"{value:,.{places}f}"


def _runs(series: Series) -> list[dict[str, Any]]:
    return [{name: _as_json(run) for name, run in turn.items()} for turn in series.turns]


def _as_json(run: Run) -> dict[str, Any]:
    return {**asdict(run), "rate": run.rate, "contaminated": run.usage.contaminated}
