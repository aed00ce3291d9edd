"""Ways in words: how a case comes to where something is wrong, from where it begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.verification.states import MARKED, TAKEN_BACK, Way

STEP: Final = N_("{action} to {to}")


def with_way(sentence: Sentence, ways: tuple[Way, ...]) -> Sentence:
    """What is wrong, and a way on which it comes about; no step is taken on an empty one."""
    if not ways:
        return sentence
    start = ways[0].start
    return Sentence(
        "{said} {way}", said=sentence, way=begun(start.stage, start.level, [_step(way) for way in ways])
    )


def begun(stage: str, level: str, steps: Sequence[Sentence]) -> Sentence:
    """Where a case begins, and the steps it takes."""
    if not steps:
        return Sentence(N_("(begin in {stage} at level {level})"), stage=stage, level=level)
    text = N_("(begin in {stage} at level {level}, {steps})")
    return Sentence(text, stage=stage, level=level, steps=list(steps))


def _step(way: Way) -> Sentence:
    """One step, with the level where it changes that."""
    # What others do is said in words; an action is called by its code in every language.
    action = Sentence(way.by) if way.by in {TAKEN_BACK, MARKED} else way.by
    if way.end.level == way.start.level:
        return Sentence(STEP, action=action, to=way.end.stage)
    text = N_("{action} to {to} at level {level}")
    return Sentence(text, action=action, to=way.end.stage, level=way.end.level)
