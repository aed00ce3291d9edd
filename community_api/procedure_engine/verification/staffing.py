"""Whether there is always somebody left who may go on: roles at each level, and second persons.

Explored with as many people as the pack says that a unit has of each role, one person per role each, for one
unit of each level: who has done what excludes whom, and nobody is ever without a successor. People of one
role are alike, so a state holds only from what each of them is excluded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.pack.definition import Action, Pack
from community_api.procedure_engine.terms import LEVELS, STAFFED, Entry, FeedbackPoint
from community_api.procedure_engine.verification.counterexamples import STEP, begun
from community_api.procedure_engine.verification.references import Findings
from community_api.procedure_engine.verification.state_space import Explorer
from community_api.procedure_engine.verification.states import MOST_STATES, TooManyStates

# Where a pack says nothing: enough for a second person of every role.
PEOPLE: Final = 2
# No chain of second persons of one role is as long; more are as alike as they are.
MOST_PEOPLE: Final = 6
_NO_TEAM: Final = N_("no team has such a post: nobody could do this")
_NO_TEAM_OR_UNIT: Final = N_("no team and no local unit has such a post: nobody could do this")
_NO_UNIT: Final = N_("no local unit has such a post: nobody could do this")
_IN_THE_TEAM: Final = (
    FeedbackPoint.TRIAGE,
    FeedbackPoint.CLOSING,
    FeedbackPoint.FLAG_DECISION,
    FeedbackPoint.RULING,
)

# For each role what each of its people may take no more, by what they have done, as bits; least first. Acts
# that close the same are one: what matters of the past is only what it excludes from.
_Closed: TypeAlias = tuple[tuple[int, ...], ...]


class _State(NamedTuple):
    stage: str
    closed: _Closed


class _Step(NamedTuple):
    """A step in one stage. `by` None: no person takes it."""

    action: str
    to: str
    by: Action | None


class _Path(NamedTuple):
    before: _State
    words: Sentence


def findings(explorer: Explorer) -> Findings:
    """Roles that nobody has where they are needed, and cases that nobody may take further."""
    pack = explorer.pack
    yield from _roles(explorer)
    yield from _feedback(explorer)
    yield from _flags(pack)
    for level in pack.levels:
        yield from _caught(_Unit(explorer, level.code))


# --- posts ----------------------------------------------------------------------------------------


def _roles(explorer: Explorer) -> Findings:
    """For every action and stage, and every level at which it matters: some post that every unit has."""
    pack = explorer.pack
    taken = {(way.by, case.level) for case in explorer.reached for way in explorer.leaving[case]}
    for index, action in enumerate(pack.actions):
        for level in _in_order(level for by, level in taken if by == action.code):
            if not set(action.roles) & set(STAFFED[level]):
                message = Sentence(
                    N_("nobody may take `{code}` at level {level}: no unit there has such a post"),
                    code=action.code,
                    level=level,
                )
                yield ("actions", index, "roles"), message
    reached = {(case.stage, case.level) for case in explorer.reached}
    for index, stage in enumerate(pack.stages):
        for level in _in_order(level for code, level in reached if code == stage.code):
            if stage.owner is not None and stage.owner not in STAFFED[level]:
                message = Sentence(
                    N_("at level {level} no unit has a post of {role}, who owns `{code}`"),
                    level=level,
                    role=stage.owner,
                    code=stage.code,
                )
                yield ("stages", index, "owner"), message


def _feedback(explorer: Explorer) -> Findings:
    """Whoever owes an answer exists where it is owed."""
    owed = {
        (way.result.feedback, case.level)
        for case in explorer.reached
        for way in explorer.leaving[case]
        if way.result is not None and way.result.feedback
    }
    for index, rule in enumerate(explorer.pack.feedback.rules):
        where = {level for point, level in owed if point == rule.point}
        where |= {"community"} if rule.point in _IN_THE_TEAM else set()
        for level in _in_order(where):
            if rule.owed_by not in STAFFED[level]:
                message = Sentence(
                    N_("at level {level} no unit has a post of {role}, who owes this answer"),
                    level=level,
                    role=rule.owed_by,
                )
                yield ("feedback", "rules", index, "owed_by"), message


def _flags(pack: Pack) -> Findings:
    """Flags are raised in teams; the second person sits in a team or the local unit, the co-signer there."""
    near = {*STAFFED["community"], *STAFFED["local"]}
    asked = (
        ("roles", pack.flags.roles, set(STAFFED["community"]), _NO_TEAM),
        ("decided_by", pack.flags.decided_by, near, _NO_TEAM_OR_UNIT),
        ("cosign_by", (pack.flags.cosign_by,), set(STAFFED["local"]), _NO_UNIT),
    )
    for key, roles, known, text in asked:
        if not known & set(roles):
            yield ("flags", key), Sentence(text)


def _in_order(levels: Iterable[str]) -> list[str]:
    return sorted(set(levels), key=LEVELS.index)


# --- persons ----------------------------------------------------------------------------------------


class _Unit:
    """The people of one unit at a level, and what they can do with its cases."""

    def __init__(self, explorer: Explorer, level: str) -> None:
        pack = explorer.pack
        self.pack, self.level = pack, level
        acting = {role for action in pack.actions for role in action.roles}
        self.roles = tuple(role for role in STAFFED[level] if role in acting)
        told = {one.role: one.people for one in pack.staffing}
        self.people = {role: min(told.get(role, 1 if told else PEOPLE), MOST_PEOPLE) for role in self.roles}
        self._steps: dict[str, dict[_Step, None]] = {}
        for case in explorer.reached:
            for way in explorer.leaving[case] if case.level == level else ():
                if not way.opens:
                    step = _Step(way.by, way.end.stage, pack.action_by_code.get(way.by))
                    self._steps.setdefault(case.stage, {})[step] = None
        self.begins = tuple(
            _State(entrance.stage, tuple((0,) * self.people[role] for role in self.roles))
            for entrance in pack.entrances
            if level in entrance.levels and entrance.by != Entry.RECALL
        )
        self._bits = {action.code: 1 << number for number, action in enumerate(pack.actions)}
        self._closed = {
            (role, action.code): self._closed_by(action.code, role)
            for role in self.roles
            for action in pack.actions
        }

    def after(self, state: _State) -> Iterator[tuple[_State, Sentence]]:
        """Every next state, with who did what in words."""
        for step in self._steps.get(state.stage, ()):
            if step.by is None:
                yield (
                    _State(step.to, state.closed),
                    Sentence(STEP, action=step.action, to=step.to),
                )
                continue
            for at, role in enumerate(self.roles):
                if role not in step.by.roles:
                    continue
                for who in sorted(set(state.closed[at])):
                    if not who & self._bits[step.action]:
                        closed = self._with(state.closed, at, who, self._closed[role, step.action])
                        yield (
                            _State(step.to, closed),
                            Sentence(
                                N_("{action} by {role} to {to}"), action=step.action, role=role, to=step.to
                            ),
                        )

    def _closed_by(self, act: str, role: str) -> int:
        """The actions of a role that whoever did something may take no more."""
        return sum(
            self._bits[action.code]
            for action in self.pack.actions
            if role in action.roles and act in {*action.not_actor_of, *self.pack.conflict_of_interest}
        )

    @staticmethod
    def _with(before: _Closed, at: int, who: int, closed: int) -> _Closed:
        """What is closed to whom, once one of a role's people has done something more."""
        others = list(before[at])
        others.remove(who)
        return (*before[:at], tuple(sorted([*others, who | closed])), *before[at + 1 :])


def _caught(unit: _Unit) -> Findings:
    """The first stage in which nobody is left who could bring the case to an end."""
    found: dict[_State, _Path | None] = dict.fromkeys(unit.begins)
    before: dict[_State, list[_State]] = {}
    waiting = deque(found)
    while waiting:
        state = waiting.popleft()
        for after, words in unit.after(state):
            before.setdefault(after, []).append(state)
            if after not in found:
                found[after] = _Path(state, words)
                waiting.append(after)
        if len(found) > MOST_STATES:
            raise TooManyStates
    ended = [state for state in found if unit.pack.stage_by_code[state.stage].owner is None]
    ending, open_ = set(ended), list(ended)
    while open_:
        for state in before.get(open_.pop(), ()):
            if state not in ending:
                ending.add(state)
                open_.append(state)
    caught = next((state for state in found if state not in ending), None)
    if caught is not None:
        index = list(unit.pack.stage_by_code).index(caught.stage)
        people = ", ".join(f"{unit.people[role]} {role}" for role in unit.roles)
        message = Sentence(
            N_(
                "at level {level} a case can be caught in `{stage}`: with {people} in the unit nobody is "
                "left who may bring it to an end {told}"
            ),
            level=unit.level,
            stage=caught.stage,
            people=people,
            told=_sentence(found, caught, unit.level),
        )
        yield ("stages", index, "code"), message


def _sentence(paths: Mapping[_State, _Path | None], state: _State, level: str) -> Sentence:
    words: list[Sentence] = []
    last = paths[state]
    while last is not None:
        words.append(last.words)
        state = last.before
        last = paths[state]
    return begun(state.stage, level, words[::-1])
