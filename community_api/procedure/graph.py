"""What stages, actions and moves form together: a finite graph over (stage, level), explored whole.

Now proved: every stage is reached, every stage reached can end, no case ends while feedback can be owed
or without a decision that owed any, nothing is disseminated before it is a report, and no report is
issued before its text was written. Guards about persons, content, marks and what was done count as
possible here; guards about the level are taken at their word.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from community_api.procedure import soundness_clocks
from community_api.procedure.pack import Action, Guard, Pack, Result
from community_api.procedure.references import Findings
from community_api.procedure.terms import Entry, Phase

Node: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a node to another: which action or move, and whether it owes feedback."""

    start: Node
    end: Node
    by: str
    owes: bool
    # Another case begins there; this one does not go that way.
    opens: bool = False
    issues: bool = False
    disseminates: bool = False


def findings(pack: Pack) -> Findings:
    """Everything unsound about the graph as a whole."""
    ways = tuple(ways_of(pack))
    reached = reached_by(pack, ways)
    yield from _unreached(pack, ways, reached)
    yield from _endless(pack, ways, reached)
    yield from _owing(pack)
    yield from _silent(pack, ways, reached)
    yield from soundness_clocks.reaching(pack, _levels_of(reached))
    yield from _bare(pack, ways)
    yield from _unwritten(pack, ways)


def _levels_of(reached: Iterable[Node]) -> Mapping[str, list[str]]:
    """The levels at which cases come to each stage."""
    levels: dict[str, list[str]] = {}
    for stage, level in reached:
        levels.setdefault(stage, []).append(level)
    return levels


def ways_of(pack: Pack) -> Iterator[Way]:
    """Every way that the pack declares, at every level."""
    for level in pack.levels:
        for action in pack.actions:
            for stage in action.sources:
                for result in _possible(pack, action, level.code):
                    yield from _results(pack, action, result, (stage, level.code))
        for move in pack.moves:
            if _level_allows(pack, move.guards, level.code):
                yield Way((move.source, level.code), (move.to, level.code), move.code, owes=False)


def _results(pack: Pack, action: Action, result: Result, start: Node) -> Iterator[Way]:
    """The way to the next stage, and those on which a case begins at a recipient."""
    level = start[1]
    yield Way(
        start,
        (result.to or start[0], level),
        action.code,
        owes=result.feedback is not None,
        issues=result.issues_report is not None,
        disseminates=result.disseminates,
    )
    if result.disseminates:
        for target in reached_levels(pack, action, level):
            for entrance in pack.entrances:
                if entrance.by == Entry.DISSEMINATION and target in entrance.levels:
                    yield Way(start, (entrance.stage, target), action.code, owes=False, opens=True)
    if result.recalls:
        for entrance in pack.entrances:
            for called in entrance.levels if entrance.by == Entry.RECALL else ():
                yield Way(start, (entrance.stage, called), action.code, owes=False, opens=True)


def _possible(pack: Pack, action: Action, level: str) -> Iterator[Result]:
    """The results that an action can have at a level."""
    if not _level_allows(pack, action.guards, level):
        return
    fields = pack.form_by_code[action.form].fields if action.form else ()
    choices = {choice.code: choice for f in fields if f.code == action.outcome_field for choice in f.choices}
    for result in action.results:
        if not result.is_at(level):
            continue
        offered = (_level_allows(pack, choices[code].only_if, level) for code in result.when)
        if (not result.when or any(offered)) and (
            not result.disseminates or reached_levels(pack, action, level)
        ):
            yield result


def reached_levels(pack: Pack, action: Action, level: str) -> tuple[str, ...]:
    """The levels whose units the form of an action that disseminates can name, sent from a level."""
    fields = pack.form_by_code[action.form].fields if action.form else ()
    offered = [field.levels for field in fields if field.type == "units"]
    targets = (edge.target for edge in pack.edges_from[level])
    return tuple(one for one in targets if any(not levels or one in levels for levels in offered))


_ABOUT_LEVEL: Final[Mapping[str, Callable[[Pack, Guard, str], bool]]] = {
    "level_has_edge_out": lambda pack, _guard, level: bool(pack.edges_from[level]),
    # Where no edge leads out nobody is ever left; elsewhere somebody may be.
    "recipients_left": lambda pack, _guard, level: bool(pack.edges_from[level]),
    "level_is": lambda _pack, guard, level: level in guard.params["levels"],
}


def _level_allows(pack: Pack, guards: Iterable[Guard], level: str) -> bool:
    """Whether the guards about the level hold; all others may."""
    return all(
        _ABOUT_LEVEL[guard.predicate](pack, guard, level)
        for guard in guards
        if guard.predicate in _ABOUT_LEVEL
    )


def _starts(pack: Pack) -> list[Node]:
    """Where cases begin on a flag."""
    return [(e.stage, level) for e in pack.entrances if e.by == Entry.FLAG for level in e.levels]


def reached_by(pack: Pack, ways: Iterable[Way]) -> Mapping[Node, tuple[Way, ...]]:
    """Every node that a case can be in, with a shortest way there."""
    return _search(_starts(pack), ways)


def _search(starts: Iterable[Node], ways: Iterable[Way]) -> Mapping[Node, tuple[Way, ...]]:
    """Breadth first: nodes with a shortest sequence of ways from a start."""
    leaving: dict[Node, list[Way]] = {}
    for way in ways:
        leaving.setdefault(way.start, []).append(way)
    found: dict[Node, tuple[Way, ...]] = dict.fromkeys(starts, ())
    waiting = deque(found)
    while waiting:
        node = waiting.popleft()
        for way in leaving.get(node, ()):
            if way.end not in found:
                found[way.end] = (*found[node], way)
                waiting.append(way.end)
    return found


def _unreached(pack: Pack, ways: Iterable[Way], reached: Mapping[Node, tuple[Way, ...]]) -> Findings:
    """Stages, and entrances of disseminations, that no case comes to; of a lost chain only its beginning."""
    stages = {stage for stage, _level in reached}
    lost = [stage.code for stage in pack.stages if stage.code not in stages]
    while lost:
        path = ("stages", list(pack.stage_by_code).index(lost[0]), "code")
        yield path, f"no case ever reaches the stage `{lost[0]}`"
        heads = [node for node in _nodes(ways) if node[0] == lost[0]]
        follow = {lost[0], *(stage for stage, _level in _search(heads, ways))}
        lost = [code for code in lost if code not in follow]
    for index, entrance in enumerate(pack.entrances):
        for at, level in enumerate(entrance.levels):
            if entrance.stage in stages and (entrance.stage, level) not in reached:
                message = f"no case ever begins at level {level}: nothing is disseminated to it"
                yield ("entrances", index, "levels", at), message


def _endless(pack: Pack, ways: Iterable[Way], reached: Mapping[Node, tuple[Way, ...]]) -> Findings:
    """Where a case is caught: every stage without a way out, else the first of a circle; with a way there."""
    going = [way for way in ways if not way.opens and way.start in reached]
    backwards = [Way(way.end, way.start, way.by, way.owes) for way in going]
    ending = _search([node for node in reached if _is_end(pack, node)], backwards)
    caught = [node for node in reached if node not in ending]
    leaving = {way.start for way in going}
    stuck = {node[0]: node for node in reversed(caught) if node not in leaving}
    circle = {node[0]: node for node in caught[:1]}
    why = "nothing leads out of it" if stuck else "every way leads round in a circle"
    for index, stage in enumerate(pack.stages):
        node = (stuck or circle).get(stage.code)
        if node is not None:
            message = f"from the stage `{stage.code}` at level {node[1]} no end can be reached: {why}"
            yield ("stages", index, "code"), message + _told(reached[node])


def _owing(pack: Pack) -> Findings:
    """Whatever leads into an end asks first whether feedback is owed."""
    for index, action in enumerate(pack.actions):
        into = [one.to for one in action.results if one.to is not None and _is_end(pack, (one.to, ""))]
        if into and not _asks(action.guards):
            yield (
                ("actions", index),
                (f"`{action.code}` leads into the end `{into[0]}`, so it needs the guard `no_feedback_owed`"),
            )
    for index, move in enumerate(pack.moves):
        if _is_end(pack, (move.to, "")) and not _asks(move.guards):
            yield (
                ("moves", index),
                (f"`{move.code}` leads into the end `{move.to}`, so it needs the guard `no_feedback_owed`"),
            )


def _asks(guards: Iterable[Guard]) -> bool:
    return any(guard.predicate == "no_feedback_owed" for guard in guards)


def _silent(pack: Pack, ways: Iterable[Way], reached: Mapping[Node, tuple[Way, ...]]) -> Findings:
    """Ends that a case can come to without any decision having owed an answer."""
    starts = [node for node in reached if node in _begins(pack)]
    silent = _search(starts, [way for way in ways if not way.owes and not way.opens])
    for index, stage in enumerate(pack.stages):
        for node in silent:
            if node[0] == stage.code and _is_end(pack, node):
                yield (
                    ("stages", index, "code"),
                    (
                        f"a case can end in `{stage.code}` at level {node[1]} without any feedback: "
                        f"no step on the way there has a feedback point{_told(silent[node])}"
                    ),
                )


def _bare(pack: Pack, ways: Iterable[Way]) -> Findings:
    """What came in by a flag leaves the unit only as a report."""
    without = _search(_starts(pack), [way for way in ways if not way.issues and not way.opens])
    bare = {way.by: way.start for way in ways if way.disseminates and not way.issues and way.start in without}
    for index, action in enumerate(pack.actions):
        if action.code in bare:
            told = _told(without[bare[action.code]])
            yield ("actions", index), f"`{action.code}` can disseminate a case that has no report yet{told}"


def _unwritten(pack: Pack, ways: Iterable[Way]) -> Findings:
    """The action that writes the text of a report comes before the one that issues it."""
    for index, action in enumerate(pack.actions):
        for at, result in enumerate(action.results):
            source = result.issues_report.action if result.issues_report else action.code
            without = _search(_starts(pack), [way for way in ways if way.by != source and not way.opens])
            early = [node for node in without if node[0] in action.sources and source != action.code]
            if early:
                message = f"`{action.code}` can issue a report before `{source}` has written its text"
                yield ("actions", index, "results", at, "issues_report"), message + _told(without[early[0]])


def _nodes(ways: Iterable[Way]) -> frozenset[Node]:
    """Every node that a way begins at."""
    return frozenset(way.start for way in ways)


def _begins(pack: Pack) -> frozenset[Node]:
    """Where cases begin, by flag or by dissemination; whoever takes back owes the answer for what he took."""
    begins = (entrance for entrance in pack.entrances if entrance.by != Entry.RECALL)
    return frozenset((entrance.stage, level) for entrance in begins for level in entrance.levels)


def _is_end(pack: Pack, node: Node) -> bool:
    return pack.stage_by_code[node[0]].phase is Phase.ENDED


def _told(ways: tuple[Way, ...]) -> str:
    """A way in words, from where it begins."""
    if not ways:
        return ""
    steps = "".join(f", {way.by} to {way.end[0]}{_at(way)}" for way in ways)
    return f" (begin in {ways[0].start[0]} at level {ways[0].start[1]}{steps})"


def _at(way: Way) -> str:
    """The level, where the way changes it."""
    return f" at level {way.end[1]}" if way.end[1] != way.start[1] else ""
