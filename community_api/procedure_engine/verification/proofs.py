"""What is proved about everything that can ever happen: no sampling, and a shortest path where it fails.

`cases` gives every state; each function here looks at one property of all of them. The path in words begins
where a first case begins.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.pack.definition import Action, Guard, Pack, Result
from community_api.procedure_engine.terms import STRICT, Entry, Phase
from community_api.procedure_engine.verification import clock_checks, staffing
from community_api.procedure_engine.verification.counterexamples import with_way
from community_api.procedure_engine.verification.references import Findings
from community_api.procedure_engine.verification.state_space import Explorer
from community_api.procedure_engine.verification.states import GRADED, Case, Way

_NO_WAY_OUT: Final = N_(
    "from the stage `{code}` at level {level} no end can be reached: nothing leads out of it"
)
_IN_A_CIRCLE: Final = N_(
    "from the stage `{code}` at level {level} no end can be reached: every way leads round in a circle"
)
_BEFORE_ITS_TEXT: Final = {
    "issues_report": N_("`{code}` can issue a report before `{action}` has written its text"),
    "corrects_report": N_("`{code}` can correct a report before `{action}` has written its text"),
}


def findings(pack: Pack) -> Findings:
    """Everything that can go wrong by a pack whose references are sound.

    What follows from a stage that no case reaches, or never leaves, is not told beside it.
    """
    explorer = Explorer(pack)
    first = list(_first(explorer))
    yield from first
    if pack.header.language_version >= STRICT and not first:
        yield from _never(explorer)
        yield from _ungraded(explorer)
        yield from staffing.findings(explorer)


def _first(explorer: Explorer) -> Findings:
    """Where cases come to, and how they end."""
    pack = explorer.pack
    yield from _unreached(explorer)
    yield from _endless(explorer)
    yield from _owing(pack)
    yield from _silent(explorer)
    yield from _bare(explorer)
    yield from _unwritten(explorer)
    yield from clock_checks.reaching(pack, _levels_of(explorer.reached))
    if pack.header.language_version >= STRICT:
        yield from _never_offered(explorer)


# --- stages and ways --------------------------------------------------------------------------


def _unreached(explorer: Explorer) -> Findings:
    """Stages, and entrances of disseminations, that no case comes to; of a lost chain only its beginning."""
    pack = explorer.pack
    reached = {(case.stage, case.level) for case in explorer.reached}
    stages = {stage for stage, _level in reached}
    lost = [stage.code for stage in pack.stages if stage.code not in stages]
    while lost:
        path = ("stages", list(pack.stage_by_code).index(lost[0]), "code")
        yield path, Sentence(N_("no case ever reaches the stage `{code}`"), code=lost[0])
        follow = _following(pack, lost[0])
        lost = [code for code in lost if code not in follow]
    for index, entrance in enumerate(pack.entrances):
        for at, level in enumerate(entrance.levels):
            if entrance.stage in stages and (entrance.stage, level) not in reached:
                message = Sentence(
                    N_("no case ever begins at level {level}: nothing is disseminated to it"), level=level
                )
                yield ("entrances", index, "levels", at), message


def _following(pack: Pack, stage: str) -> set[str]:
    """The stages to which ways lead from a stage, itself included, whatever guards say."""
    follow, waiting = {stage}, [stage]
    while waiting:
        here = waiting.pop()
        results = [one for action in pack.actions if here in action.sources for one in action.results]
        targets = {result.to for result in results if result.to is not None}
        if any(result.disseminates for result in results):
            targets |= {one.stage for one in pack.entrances if one.by == Entry.DISSEMINATION}
        targets |= {move.to for move in pack.moves if move.source == here}
        waiting.extend(targets - follow)
        follow |= targets
    return follow


def _never(explorer: Explorer) -> Findings:
    """Actions, results and moves that no state permits: dead letters, or a mistyped condition."""
    pack = explorer.pack
    by = {way.by for case in explorer.reached for way in explorer.leaving[case]}
    taken = {id(way.result) for case in explorer.reached for way in explorer.leaving[case]}
    for index, action in enumerate(pack.actions):
        if action.code not in by:
            yield (
                ("actions", index),
                Sentence(
                    N_("`{code}` can never be taken: no case comes to a state for it"), code=action.code
                ),
            )
            continue
        for at, result in enumerate(action.results):
            if id(result) not in taken:
                path = ("actions", index, "results", at)
                yield path, Sentence(N_("this result of `{code}` can never come about"), code=action.code)
        for at, source in enumerate(action.sources):
            if not _taken_from(explorer, action, source):
                message = Sentence(
                    N_("`{code}` can never be taken in the stage `{source}`"), code=action.code, source=source
                )
                yield ("actions", index, "from", at), message
    for index, move in enumerate(pack.moves):
        if move.code not in by:
            yield (
                ("moves", index),
                Sentence(N_("`{code}` can never happen: no case comes to a state for it"), code=move.code),
            )


def _taken_from(explorer: Explorer, action: Action, source: str) -> bool:
    return any(explorer.may_be_taken(action, case) for case in explorer.in_stage[source])


def _never_offered(explorer: Explorer) -> Findings:
    """Choices with a condition that never holds where their form is asked for."""
    pack = explorer.pack
    for index, form in enumerate(pack.forms):
        asking = [action for action in pack.actions if action.form == form.code]
        for at, field in enumerate(form.fields):
            for number, choice in enumerate(field.choices):
                if choice.only_if and not any(
                    explorer.may_hold(choice.only_if, case) and explorer.may_be_taken(action, case)
                    for action in asking
                    for stage in action.sources
                    for case in explorer.in_stage[stage]
                ):
                    path = ("forms", index, "fields", at, "choices", number)
                    yield path, Sentence(N_("the choice `{code}` is never offered"), code=choice.code)


# --- ends -----------------------------------------------------------------------------------------


def _endless(explorer: Explorer) -> Findings:
    """Where a case is caught: every stage without a way out, else the first of a circle; with a way there."""
    pack, reached = explorer.pack, explorer.reached
    going = [way for case in reached for way in explorer.leaving[case] if not way.opens]
    ending = _backwards([case for case in reached if explorer.is_end(case)], going)
    caught = [case for case in reached if case not in ending]
    leaving = {way.start for way in going if way.end != way.start}
    stuck = {case.stage: case for case in reversed(caught) if case not in leaving}
    circle = {case.stage: case for case in caught[:1]}
    text = _NO_WAY_OUT if stuck else _IN_A_CIRCLE
    for index, stage in enumerate(pack.stages):
        case = (stuck or circle).get(stage.code)
        if case is not None:
            message = Sentence(text, code=stage.code, level=case.level)
            yield ("stages", index, "code"), with_way(message, explorer.path(case))


def _backwards(ends: Iterable[Case], ways: Iterable[Way]) -> set[Case]:
    """Every state from which one of the ends can be reached."""
    before: dict[Case, list[Case]] = {}
    for way in ways:
        before.setdefault(way.end, []).append(way.start)
    found = set(ends)
    waiting = list(found)
    while waiting:
        for case in before.get(waiting.pop(), ()):
            if case not in found:
                found.add(case)
                waiting.append(case)
    return found


def _owing(pack: Pack) -> Findings:
    """Whatever leads into an end asks first whether feedback is owed."""
    ends = {stage.code for stage in pack.stages if stage.phase is Phase.ENDED}
    for index, action in enumerate(pack.actions):
        into = [one.to for one in action.results if one.to in ends]
        if into and not _asks(action.guards):
            yield (
                ("actions", index),
                (
                    Sentence(
                        N_("`{code}` leads into the end `{to}`, so it needs the guard `no_feedback_owed`"),
                        code=action.code,
                        to=into[0],
                    )
                ),
            )
    for index, move in enumerate(pack.moves):
        if move.to in ends and not _asks(move.guards):
            yield (
                ("moves", index),
                (
                    Sentence(
                        N_("`{code}` leads into the end `{to}`, so it needs the guard `no_feedback_owed`"),
                        code=move.code,
                        to=move.to,
                    )
                ),
            )


def _asks(guards: Iterable[Guard]) -> bool:
    return any(guard.predicate == "no_feedback_owed" for guard in guards)


def _silent(explorer: Explorer) -> Findings:
    """Ends that a case can come to without any decision having owed an answer."""
    for index, stage in enumerate(explorer.pack.stages):
        levels = set()
        for case in explorer.reached:
            silent = case.stage == stage.code and explorer.is_end(case) and not case.owed
            if silent and case.level not in levels:
                levels.add(case.level)
                message = Sentence(
                    N_(
                        "a case can end in `{code}` at level {level} without any feedback: no step on the "
                        "way there has a feedback point"
                    ),
                    code=stage.code,
                    level=case.level,
                )
                yield ("stages", index, "code"), with_way(message, _own(explorer.path(case)))


# --- reports ----------------------------------------------------------------------------------------


def _bare(explorer: Explorer) -> Findings:
    """What came in by a flag leaves the unit only as a report."""
    yield from _too_early(
        explorer,
        lambda way: not way.start.holds and _gives(way.result),
        lambda action: Sentence(
            N_("`{code}` can disseminate a case that has no report yet"), code=action.code
        ),
    )


def _unwritten(explorer: Explorer) -> Findings:
    """The action that writes the text of a report comes before the one that issues it."""
    for index, action in enumerate(explorer.pack.actions):
        for at, result in enumerate(action.results):
            for key, text in _BEFORE_ITS_TEXT.items():
                source = getattr(result, key)
                if source is None or source.action == action.code:
                    continue
                early = next(
                    (case for case in _where(explorer, action) if source.action not in case.done), None
                )
                if early is not None:
                    message = Sentence(text, code=action.code, action=source.action)
                    yield ("actions", index, "results", at, key), with_way(message, explorer.path(early))


def _ungraded(explorer: Explorer) -> Findings:
    """No report is issued before its source and its information have been graded."""
    for index, action in enumerate(explorer.pack.actions):
        for at, result in enumerate(action.results):
            if result.issues_report is None:
                continue
            for axis in sorted(GRADED):
                early = next(
                    (case for case in _where(explorer, action) if not _graded(explorer, case, action, axis)),
                    None,
                )
                if early is not None:
                    message = Sentence(
                        N_("`{code}` can issue a report whose {axis} has not been graded"),
                        code=action.code,
                        axis=axis,
                    )
                    path = ("actions", index, "results", at, "issues_report")
                    yield path, with_way(message, explorer.path(early))


def _graded(explorer: Explorer, case: Case, action: Action, axis: str) -> bool:
    acts = {action.code, *(act for act in case.done if act in explorer.pack.action_by_code)}
    return any(axis in explorer.grades(act) for act in acts)


def _where(explorer: Explorer, action: Action) -> Iterator[Case]:
    """The states in which an action may be taken."""
    return (
        case
        for case in explorer.reached
        if case.stage in action.sources and explorer.may_be_taken(action, case)
    )


def _too_early(
    explorer: Explorer, is_early: Callable[[Way], bool], sentence: Callable[[Action], Sentence]
) -> Findings:
    """One finding for each action on whose ways something comes too early."""
    early: dict[str, Case] = {}
    for case in explorer.reached:
        for way in explorer.leaving[case]:
            if is_early(way):
                early.setdefault(way.by, case)
    for index, action in enumerate(explorer.pack.actions):
        if action.code in early:
            yield ("actions", index), with_way(sentence(action), explorer.path(early[action.code]))


def _gives(result: Result | None) -> bool:
    """Whether a result disseminates what it does not issue in the same step."""
    return result is not None and result.disseminates and result.issues_report is None


def _own(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """The part of a way that one case goes itself: from where it began, by a flag or by a dissemination."""
    begun = [at for at, way in enumerate(ways) if way.opens]
    return ways[begun[-1] + 1 :] if begun else ways


def _levels_of(reached: Collection[Case]) -> Mapping[str, list[str]]:
    """The levels at which cases come to each stage."""
    levels: dict[str, list[str]] = {}
    for case in reached:
        known = levels.setdefault(case.stage, [])
        if case.level not in known:
            known.append(case.level)
    return levels
