"""The graph over (stage, level) that stages, actions and moves form: what a drawing shows.

Guards about the level are taken at their word, all others count as possible. What can really happen, with
marks, acts and other units, is explored by `cases`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from community_api.procedure_engine.pack.definition import Action, Guard, Pack, Result
from community_api.procedure_engine.terms import Entry

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
    disseminates: bool = False


def ways_of(pack: Pack) -> Iterator[Way]:
    """Every way that the pack declares, at every level."""
    for level in pack.levels:
        for action in pack.actions:
            for stage in action.sources:
                for result in _possible(pack, action, level.code):
                    yield from _results(pack, action, result, (stage, level.code))
        for move in pack.moves:
            if level_allows(pack, move.guards, level.code):
                yield Way((move.source, level.code), (move.to, level.code), move.code, owes=False)


def _results(pack: Pack, action: Action, result: Result, start: Node) -> Iterator[Way]:
    """The way to the next stage, and those on which a case begins at a recipient."""
    level = start[1]
    yield Way(
        start,
        (result.to or start[0], level),
        action.code,
        owes=result.feedback is not None,
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
    if not level_allows(pack, action.guards, level):
        return
    fields = pack.form_by_code[action.form].fields if action.form else ()
    choices = {choice.code: choice for f in fields if f.code == action.outcome_field for choice in f.choices}
    for result in action.results:
        if not result.is_at(level):
            continue
        offered = (level_allows(pack, choices[code].only_if, level) for code in result.when)
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


def level_allows(pack: Pack, guards: Iterable[Guard], level: str) -> bool:
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
