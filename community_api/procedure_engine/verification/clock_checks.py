"""Checks of what happens around a deadline: who hears of it, and whether a warning comes in time.

Language version 1 leaves escalation to the product; from version 2 on every clock names who hears of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.engine.clocks import Clock
from community_api.procedure_engine.language.readers import Path
from community_api.procedure_engine.pack.definition import Pack, Result, Stage
from community_api.procedure_engine.terms import EXTERNAL, LEVELS, STAFFED, STRICT, Phase
from community_api.procedure_engine.verification.references import Findings


def findings(pack: Pack) -> Findings:
    """What is wrong with single stages, wherever cases reach them."""
    for index, stage in enumerate(pack.stages):
        path: Path = ("stages", index)
        if stage.phase is Phase.ENDED:
            yield from _at_end(path, stage)
            continue
        if stage.escalates_to is None and pack.header.language_version >= STRICT:
            yield (
                path,
                Sentence(
                    N_("the clock of `{code}` needs the key `escalates_to`: who hears when it runs out"),
                    code=stage.code,
                ),
            )
        for name, clock in (("clock", stage.clock), ("urgent_clock", stage.urgent_clock)):
            if stage.warn_before and clock and _takes_all(stage.warn_before, clock):
                yield (
                    (*path, "warn_before"),
                    Sentence(
                        N_("the warning of `{code}` comes before its {name} starts"),
                        code=stage.code,
                        name=name,
                    ),
                )


def pauses(path: Path, result: Result) -> Findings:
    """A clock stands still while the case stays where it is, for a longest time, and never by the product."""
    for key in ("pauses", "resumes"):
        if getattr(result, key) and not result.stays:
            yield (
                (*path, key),
                Sentence(N_("a clock stands still only where the case stays: the next stage has its own")),
            )
    if result.pauses and result.resumes:
        yield (*path, "resumes"), Sentence(N_("a clock cannot stand still and run again at once"))
    if result.pauses and result.within is None:
        yield (
            (*path, "pauses"),
            Sentence(N_("a pause needs the key `within`: no clock stands still for ever")),
        )


def reaching(pack: Pack, levels_of: Mapping[str, Collection[str]]) -> Findings:
    """Escalations that would reach nobody; `levels_of` tells at which levels cases are in a stage."""
    for index, stage in enumerate(pack.stages):
        for level in levels_of.get(stage.code, ()):
            if stage.escalates_to is not None and not any(heard_at(stage, level)):
                message = Sentence(
                    N_(
                        "at level {level} nobody hears of it when the clock of `{code}` runs out: no unit "
                        "there or above has another post of {role}"
                    ),
                    level=level,
                    code=stage.code,
                    role=stage.escalates_to,
                )
                yield ("stages", index, "escalates_to"), message
                break


def heard_at(stage: Stage, level: str) -> Iterator[bool]:
    """For the level and each above it, whether units there have a post that hears of the stage's deadline.

    The owner's own post hears of nothing that it does not know: the same role counts from the level above.
    """
    for higher in LEVELS[LEVELS.index(level) :]:
        if higher != EXTERNAL and not (higher == level and stage.escalates_to == stage.owner):
            yield stage.escalates_to in STAFFED[higher]


def _at_end(path: Path, stage: Stage) -> Findings:
    for key, value in (("escalates_to", stage.escalates_to), ("warn_before", stage.warn_before)):
        if value is not None:
            yield (*path, key), Sentence(N_("the end `{code}` has no {key}"), code=stage.code, key=key)


def _takes_all(warn: Clock, clock: Clock) -> bool:
    """Whether a warning would have to come before the clock starts; clocks of two kinds are not compared."""
    if warn.hours is not None and clock.hours is not None:
        return warn.hours >= clock.hours
    if warn.working_days is not None and clock.working_days is not None:
        return warn.working_days >= clock.working_days
    return False
