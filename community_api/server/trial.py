"""`flask procedure try FILE`: what a pack would have changed of the cases that ended last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from community_api.core.config import Settings
from community_api.intelligence.chain.referrals.dry_run import Difference, Trial, replay
from community_api.procedure_engine.pack.loader import load
from community_api.server.setup import unit_of_work


def report(settings: Settings, file: Path, last: int) -> list[str]:
    """Lines for a terminal, of no case by itself. PackError: the pack is not sound."""
    pack = load(file)
    with unit_of_work(settings) as uow, uow() as tx:
        trial = replay(tx, pack, last=last)
    return list(_lines(trial))


def _lines(trial: Trial) -> Iterator[str]:
    yield f"{trial.replayed} ended cases replayed, {trial.same} of them would have gone the same way"
    for one in trial.differences:
        yield f"  {one.cases} x {_describe(one)}"


def _describe(difference: Difference) -> str:
    told = difference.divergence
    after = f"after {told.action}" if told.action else "at the beginning"
    if told.what == "refused":
        wrong = f" ({', '.join(told.pointers)})" if told.pointers else ""
        return f"{told.action} would have been refused: {told.after}{wrong}"
    if told.what == "deadline" and difference.days is not None:
        return f"{after}: the deadline {difference.days[0]:+.1f} to {difference.days[1]:+.1f} days"
    return f"{after}: the {told.what} {told.after or 'nowhere'} instead of {told.before or 'nobody'}"
