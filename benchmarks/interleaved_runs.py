"""Variants side by side: in every turn each runs once, the order alternating (A B C, C B A, …).

So what drifts (caches, clocks, a busy host) meets all of them alike, and ratios are taken inside a
turn. A run that answers anything but 2xx, or whose tables grew by other than what was acknowledged,
is no measurement: it fails.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks import cpu

Count = Callable[[], int]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What the load saw: ``answered`` requests (or units of work) in ``elapsed`` seconds."""

    answered: int
    elapsed: float
    statuses: Mapping[str, int] = field(default_factory=dict)
    refused: str | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Outcome:
        return cls(**answer)


@dataclass(frozen=True)
class Variant:
    """One of the things compared.

    ``prepare`` makes ready what a run of so many seconds needs, untimed; ``work`` runs it.
    ``counts`` are tables that grow by one row for each answer; ``parts`` the process trees by name.
    """

    name: str
    work: Callable[[float], Outcome]
    counts: Mapping[str, Count]
    parts: Mapping[str, Sequence[int]]
    prepare: Callable[[float], None] = lambda _seconds: None


@dataclass(frozen=True)
class Run:
    """One variant in one turn."""

    variant: str
    outcome: Outcome
    usage: cpu.Usage
    failure: str | None

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return self.outcome.answered / self.outcome.elapsed if self.outcome.elapsed else 0.0

    def cost(self, part: str) -> float | None:
        """Microseconds of CPU that ``part`` spent on one answer; None when it had no part in it."""
        if part not in self.usage.by_part or not self.outcome.answered:
            return None
        return self.usage.by_part[part] / self.outcome.answered * 1e6


Turn = Mapping[str, Run]


@dataclass(frozen=True)
class Series:
    """All turns of one comparison on one database; ``turns`` are those that count."""

    turns: Sequence[Turn]
    dropped: int
    contaminated: bool

    @property
    def names(self) -> list[str]:
        return list(self.turns[0])

    @property
    def failures(self) -> list[str]:
        return [
            f"{run.variant}: {run.failure}" for turn in self.turns for run in turn.values() if run.failure
        ]

    def median(self, variant: str, figure: Callable[[Run], float | None]) -> float | None:
        told = [value for turn in self.turns if (value := figure(turn[variant])) is not None]
        return statistics.median(told) if told else None

    def ratio(self, of: str, to: str, figure: Callable[[Run], float | None]) -> float | None:
        """The median over turns of ``of`` by ``to`` in the same turn."""
        pairs = [(figure(turn[of]), figure(turn[to])) for turn in self.turns]
        ratios = [above / below for above, below in pairs if above is not None and below]
        return statistics.median(ratios) if ratios else None


def _silent(_line: str) -> None:
    """Tell nobody."""


def compare(variants: Sequence[Variant], *, turns: int, seconds: float, tell: Tell = _silent) -> Series:
    """Warm up, then run ``turns`` turns; contaminated ones are run again, at most as many more.

    When too few stay clean all of them count and the series says that it is contaminated. A failed
    run ends the series at once: there is nothing left to compare.
    """
    for variant in variants:
        warm = run(variant, seconds / 2)
        if warm.failure:
            return Series([{variant.name: warm}], 0, contaminated=False)
    done: list[dict[str, Run]] = []
    while len(_clean(done)) < turns and len(done) < 2 * turns:
        order = variants if len(done) % 2 == 0 else list(reversed(variants))
        ran = {variant.name: run(variant, seconds) for variant in order}
        turn = {variant.name: ran[variant.name] for variant in variants}
        done.append(turn)
        tell(_line(len(done), turn))
        if any(each.failure for each in turn.values()):
            return Series([turn], 0, contaminated=False)
    clean = _clean(done)
    if len(clean) >= turns:
        return Series(clean, len(done) - len(clean), contaminated=False)
    return Series(done, 0, contaminated=True)


def run(variant: Variant, seconds: float) -> Run:
    """One variant once, its tables counted before and after, its processes' CPU read at both ends."""
    variant.prepare(seconds)
    before = {name: count() for name, count in variant.counts.items()}
    opened = cpu.snapshot(time.monotonic())
    outcome = variant.work(seconds)
    closed = cpu.snapshot(time.monotonic())
    grown = {name: count() - before[name] for name, count in variant.counts.items()}
    used = cpu.usage(opened, closed, variant.parts, os.getpid())
    return Run(variant.name, outcome, used, failure_of(outcome, grown))


def failure_of(outcome: Outcome, grown: Mapping[str, int]) -> str | None:
    """Why a run is no measurement; None when it is one."""
    wrong = {status: number for status, number in outcome.statuses.items() if not status.startswith("2")}
    if wrong:
        told = ", ".join(f"{number} of {status}" for status, number in sorted(wrong.items()))
        return f"answers other than 2xx ({told}): {outcome.refused}"
    if not outcome.answered:
        return "nothing was answered"
    for table, rows in grown.items():
        if rows != outcome.answered:
            return f"{outcome.answered} acknowledged, but {table} grew by {rows} rows"
    return None


def _clean(turns: Sequence[dict[str, Run]]) -> list[dict[str, Run]]:
    return [turn for turn in turns if not any(run.usage.contaminated for run in turn.values())]


def _line(number: int, turn: Turn) -> str:
    rates = "  ".join(f"{name} {each.rate:,.0f}/s" for name, each in turn.items())
    others = max(each.usage.others for each in turn.values())
    stolen = max(each.usage.stolen for each in turn.values())
    mark = "  CONTAMINATED" if any(each.usage.contaminated for each in turn.values()) else ""
    return f"    turn {number}: {rates}  (others {others:.0%}, host {stolen:.0%}){mark}"
