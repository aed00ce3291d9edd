"""What a drawing of a pack shows, before anything has a place: lanes, boxes, arrows, numbered steps.

Only what a case can reach is drawn. An arrow that many stages share (taking back, correcting) would hide
the others; it is gathered into one sign on its lane that names where it is possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from community_api.procedure_engine.pack.definition import Action, Move, Pack, Stage
from community_api.procedure_engine.terms import EXTERNAL, Entry
from community_api.procedure_engine.verification.stage_graph import (
    Node,
    Way,
    reached_by,
    reached_levels,
    ways_of,
)

# From so many stages of one lane, a step to the same stage is gathered.
MANY = 3


@dataclass(frozen=True)
class DrawnStep:
    """A numbered action, or a move of the product (`move` set instead of `action`)."""

    number: int
    code: str
    title: str
    action: Action | None
    move: Move | None

    @property
    def owes(self) -> bool:
        """Whether any of its results is a decision that owes an answer."""
        return self.action is not None and any(result.feedback for result in self.action.results)

    @property
    def second(self) -> bool:
        """Whether it asks for a second person."""
        return self.action is not None and bool(self.action.not_actor_of)


@dataclass(frozen=True)
class Arrow:
    """One arrow between two stages of a lane, with everything that leads along it."""

    start: str
    end: str
    steps: tuple[DrawnStep, ...]
    owes: bool


@dataclass(frozen=True)
class JoinedArrows:
    """A step from many stages of a lane; `end` None: the case stays where it is."""

    step: DrawnStep
    sources: tuple[str, ...]
    end: str | None


@dataclass(frozen=True)
class Crossing:
    """An arrow from a lane to another: a report is given, and a case begins there.

    `end` None: it begins none (outside the chain).
    """

    start: Node
    level: str
    end: str | None
    steps: tuple[DrawnStep, ...]


@dataclass(frozen=True)
class Lane:
    """One level with what happens there, in the order of the pack."""

    level: str
    title: str
    stages: tuple[Stage, ...]
    begins: Mapping[str, str]
    arrows: tuple[Arrow, ...]
    gathered: tuple[JoinedArrows, ...]


class Sketch:
    """Everything that the drawing of one pack shows."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._ways = tuple(ways_of(pack))
        self._nodes = reached_by(pack, self._ways)

    @cached_property
    def steps(self) -> tuple[DrawnStep, ...]:
        """Actions, then moves, numbered in the order of the pack."""
        told = [(one.code, one.title, one, None) for one in self.pack.actions]
        moves = [(one.code, one.title, None, one) for one in self.pack.moves]
        return tuple(DrawnStep(number, *one) for number, one in enumerate([*told, *moves], start=1))

    @cached_property
    def _step_by_code(self) -> Mapping[str, DrawnStep]:
        return {step.code: step for step in self.steps}

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """The levels that a case can be at, and those outside the chain that something is sent to."""
        at = {level for _stage, level in self._nodes} | {edge.target for edge in self.pack.edges}
        return tuple(self._lane(level.code, level.title) for level in self.pack.levels if level.code in at)

    @cached_property
    def crossings(self) -> tuple[Crossing, ...]:
        """Every way on which a report is given to another level, once for each pair of ends."""
        found: dict[tuple[Node, str, str | None], list[DrawnStep]] = defaultdict(list)
        for way in self._going():
            if way.disseminates and not way.opens:
                action = self.pack.action_by_code[way.by]
                for level in reached_levels(self.pack, action, way.start[1]):
                    found[way.start, level, self._opened(level)].append(self._step_by_code[way.by])
        return tuple(
            Crossing(start, level, end, tuple(dict.fromkeys(steps)))
            for (start, level, end), steps in found.items()
        )

    def _opened(self, level: str) -> str | None:
        """The stage at which a report arrives at a level."""
        for entrance in self.pack.entrances:
            if entrance.by == Entry.DISSEMINATION and level in entrance.levels:
                return entrance.stage
        return None

    def _going(self) -> Iterator[Way]:
        return (way for way in self._ways if way.start in self._nodes)

    def _lane(self, level: str, title: str) -> Lane:
        begins = {
            one.stage: one.by
            for one in self.pack.entrances
            if level in one.levels and level != EXTERNAL and one.by != Entry.RECALL
        }
        found = [one for one in self.pack.stages if (one.code, level) in self._nodes]
        stages = tuple(sorted(found, key=lambda item: item.code not in begins))
        ways = [way for way in self._going() if way.start[1] == level and not way.opens]
        shared = self._shared(ways)
        return Lane(
            level,
            title,
            stages,
            begins,
            tuple(self._arrows(way for way in ways if _key(way) not in shared)),
            tuple(self._gathered(ways, shared)),
        )

    @staticmethod
    def _shared(ways: Iterable[Way]) -> frozenset[tuple[str, str | None]]:
        """Steps with their ends that leave many stages, or that leave none."""
        sources: dict[tuple[str, str | None], set[str]] = defaultdict(set)
        for way in ways:
            sources[_key(way)].add(way.start[0])
        return frozenset(key for key, found in sources.items() if key[1] is None or len(found) >= MANY)

    def _arrows(self, ways: Iterable[Way]) -> Iterator[Arrow]:
        found: dict[tuple[str, str], list[Way]] = defaultdict(list)
        for way in ways:
            found[way.start[0], way.end[0]].append(way)
        for (start, end), along in found.items():
            steps = tuple(dict.fromkeys(self._step_by_code[way.by] for way in along))
            yield Arrow(start, end, steps, any(way.owes for way in along))

    def _gathered(
        self, ways: Iterable[Way], shared: frozenset[tuple[str, str | None]]
    ) -> Iterator[JoinedArrows]:
        sources: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        for way in ways:
            if _key(way) in shared:
                sources[_key(way)].append(way.start[0])
        for (code, end), found in sources.items():
            yield JoinedArrows(self._step_by_code[code], tuple(dict.fromkeys(found)), end)


def _key(way: Way) -> tuple[str, str | None]:
    """What a way is gathered by: what it is, and where it leads (None: nowhere else)."""
    return way.by, None if way.start == way.end else way.end[0]
