"""Every state that a case can be in, as a finite graph: what people, the product and other units can do.

A state holds all that a guard can ask about a case: stage and level, marks, what was done, whether it holds
a report and gave it on, whether that was taken back, and whether a decision has owed an answer. What a
guard asks about persons, content and the progress of others may be either way at any time: here it may
hold. So every state that a case can really be in is among these.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Final, TypeAlias

from community_api.procedure_engine.pack.definition import (
    Action,
    Choice,
    Entrance,
    Field,
    Guard,
    Pack,
    Result,
)
from community_api.procedure_engine.terms import EXTERNAL, Entry, Phase
from community_api.procedure_engine.verification.stage_graph import level_allows, reached_levels
from community_api.procedure_engine.verification.states import (
    BEFORE,
    GRADED,
    MARKED,
    MOST_STATES,
    MOST_WAYS,
    TAKEN_BACK,
    Case,
    TooManyStates,
    Way,
)

Reached: TypeAlias = Mapping[Case, Way | None]


class Explorer:
    """All states of one pack, and the ways between them."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._actions: dict[str, list[Action]] = {stage.code: [] for stage in pack.stages}
        for action in pack.actions:
            for source in action.sources:
                self._actions[source].append(action)
        self._forms = {
            action.code: pack.form_by_code[action.form].fields if action.form else ()
            for action in pack.actions
        }
        self._targets = {
            (action.code, level.code): reached_levels(pack, action, level.code)
            for action in pack.actions
            for level in pack.levels
        }

    @cached_property
    def reached(self) -> Reached:
        """Every state that a case can come into, with the last way there; None: it begins so.

        Raises TooManyStates, as whatever asks for it.
        """
        found: dict[Case, Way | None] = dict.fromkeys(self.begins())
        waiting = deque(found)
        while waiting:
            for way in self.leaving[waiting.popleft()]:
                if way.end not in found:
                    found[way.end] = way
                    waiting.append(way.end)
            if len(found) > MOST_STATES:
                raise TooManyStates
        return found

    @cached_property
    def in_stage(self) -> Mapping[str, Sequence[Case]]:
        """The reached states of every stage."""
        cases: dict[str, list[Case]] = {stage.code: [] for stage in self.pack.stages}
        for case in self.reached:
            cases[case.stage].append(case)
        return cases

    @cached_property
    def leaving(self) -> _Leaving:
        """The ways out of a state, found when first asked for."""
        return _Leaving(self)

    def begins(self) -> Iterator[Case]:
        """Where a case begins on a flag."""
        for entrance in self.pack.entrances:
            for level in entrance.levels if entrance.by == Entry.FLAG else ():
                yield Case(entrance.stage, level)

    def is_end(self, case: Case) -> bool:
        """Whether the case has ended."""
        return self.pack.stage_by_code[case.stage].phase is Phase.ENDED

    def may_hold(self, guards: Collection[Guard], case: Case) -> bool:
        """Whether all guards may hold at once in a state."""
        return level_allows(self.pack, guards, case.level) and all(
            guard.predicate not in _ABOUT_CASE or _ABOUT_CASE[guard.predicate](self.pack, guard, case)
            for guard in guards
        )

    def offered(self, field: Field, case: Case) -> tuple[Choice, ...]:
        """The choices of a field that a state may offer."""
        return tuple(choice for choice in field.choices if self.may_hold(choice.only_if, case))

    def may_be_taken(self, action: Action, case: Case) -> bool:
        """Whether somebody may take an action in a state, with a form that can be filled in."""
        if case.taken_back and action.disseminates:
            return False
        return self.may_hold(action.guards, case) and all(
            not field.required or self._can_be_filled_in(action, field, case)
            for field in self._forms[action.code]
        )

    def results(self, action: Action, case: Case) -> Iterator[Result]:
        """What can come of an action in a state."""
        field = next((f for f in self._forms[action.code] if f.code == action.outcome_field), None)
        offered = None if field is None else {choice.code for choice in self.offered(field, case)}
        for result in action.results:
            if result.is_at(case.level) and (offered is None or not offered.isdisjoint(result.when)):
                yield result

    def ways(self, case: Case) -> Iterator[Way]:
        """Every way out of a state: what people do in it, what the product does, what others do to it."""
        for action in self._actions[case.stage]:
            if self.may_be_taken(action, case):
                for result in self.results(action, case):
                    yield from self._ways_by_result(action, result, case)
        for move in self.pack.moves:
            if move.source == case.stage and self.may_hold(move.guards, case):
                yield Way(case, case._replace(stage=move.to), move.code)
        yield from self._by_others(case)

    def path(self, case: Case) -> tuple[Way, ...]:
        """A shortest way to a state that is reached, from where a first case begins."""
        ways: list[Way] = []
        last = self.reached[case]
        while last is not None:
            ways.append(last)
            last = self.reached[last.start]
        return tuple(reversed(ways))

    # --- one step --------------------------------------------------------------------------------

    def _can_be_filled_in(self, action: Action, field: Field, case: Case) -> bool:
        """Whether an obligatory field has a value that is offered: no choice and no unit may be left."""
        if field.type == "units":
            return bool(self._targets[action.code, case.level])
        return field.type not in {"choice", "choices"} or bool(self.offered(field, case))

    def _ways_by_result(self, action: Action, result: Result, case: Case) -> Iterator[Way]:
        """The ways on which a step leads: its own case, once for each way its marks can fall, and others."""
        targets = self._targets[action.code, case.level] if result.disseminates else ()
        for marks in self._marks(action, result, case):
            yield Way(case, self._after(action, result, case, marks, targets), action.code, result)
        for target in targets:
            for entrance in self._entrances(Entry.DISSEMINATION, target):
                before = frozenset(act if act[0] == BEFORE else BEFORE + act for act in case.done)
                given = Case(entrance.stage, target, was_given=True, done=before, holds=True)
                yield Way(case, given, action.code, result, opens=True)

    def _after(
        self,
        action: Action,
        result: Result,
        case: Case,
        marks: frozenset[str],
        targets: Collection[str],
    ) -> Case:
        """The state of the case itself after a step."""
        taken_up = result.to is not None and self.is_end(case)
        return case._replace(
            stage=result.to or case.stage,
            marks=marks,
            done=case.done | ({action.code} & (self._tracked if case.holds else self._before_a_report)),
            holds=case.holds or result.issues_report is not None,
            gave=(case.gave or bool(targets)) and not result.recalls,
            children=case.children or bool(set(targets) - {EXTERNAL}),
            called_back=case.called_back and not result.confirms_recall,
            taken_back=self._taken_back(result, case),
            owed=(case.owed and not taken_up) or result.feedback is not None,
        )

    def _taken_back(self, result: Result, case: Case) -> bool:
        """Whether nobody passes on what it holds: for good where it was given, else until it is made anew."""
        if case.was_given:
            return case.taken_back
        return (case.taken_back or result.recalls) and result.issues_report is None

    def _marks(self, action: Action, result: Result, case: Case) -> Iterator[frozenset[str]]:
        """The marks after a step, for every way in which its form can set them."""
        fallen = {case.marks}
        for field in self._forms[action.code]:
            if field.sets_mark in self._asked:
                mark = frozenset({field.sets_mark})
                unsaid = set() if field.required else fallen
                fallen = {marks | mark for marks in fallen} | {marks - mark for marks in fallen} | unsaid
                if len(fallen) > MOST_STATES:
                    raise TooManyStates
        for marks in sorted(fallen, key=sorted):
            yield ((marks | set(result.sets)) - set(result.clears)) & self._asked

    def _by_others(self, case: Case) -> Iterator[Way]:
        """What other cases of the chain do to this one."""
        if case.children and self._from_recipients - case.marks:
            yield Way(case, case._replace(marks=case.marks | self._from_recipients), MARKED)
        if case.was_given and not self._asking.isdisjoint(case.done) and self._answers - case.marks:
            yield Way(case, case._replace(marks=case.marks | self._answers), MARKED)
        # Once: whoever is given it again has another case of it.
        if case.was_given and self._takes_back and not case.taken_back:
            for entrance in self._entrances(Entry.RECALL, case.level):
                # Whoever takes it back owes the answer for what came of it.
                yield Way(
                    case,
                    case._replace(
                        stage=entrance.stage, called_back=True, taken_back=True, gave=False, owed=True
                    ),
                    TAKEN_BACK,
                )

    def _entrances(self, by: Entry, level: str) -> Iterator[Entrance]:
        return (one for one in self.pack.entrances if one.by == by and level in one.levels)

    # --- what guards ask about ---------------------------------------------------------------------

    @cached_property
    def _asked(self) -> frozenset[str]:
        """Marks on which anything depends."""
        return frozenset(
            guard.params["mark"]
            for guard in _guards(self.pack)
            if guard.predicate in {"mark_is_set", "mark_is_not_set"}
        )

    @cached_property
    def _tracked(self) -> frozenset[str]:
        """Acts on which anything depends at any time: that guards name, write corrections, ask others."""
        named = {g.params["act"] for g in _guards(self.pack) if g.predicate == "act_was_done"}
        sources = {one.corrects_report.action for one in _results(self.pack) if one.corrects_report}
        return frozenset(named | sources | self._asking) & self.pack.action_by_code.keys()

    @cached_property
    def _before_a_report(self) -> frozenset[str]:
        """Those, and what must come before a report is issued: its text and its grades."""
        sources = {one.issues_report.action for one in _results(self.pack) if one.issues_report}
        grading = {code for code in self._forms if self.grades(code)}
        return self._tracked | ((sources | grading) & self.pack.action_by_code.keys())

    def grades(self, action: str) -> frozenset[str]:
        """The axes of a report on which an action obliges to give a grade."""
        fields = self._forms[action]
        return frozenset(f.axis for f in fields if f.type == "grade" and f.required and f.axis) & GRADED

    @cached_property
    def _asking(self) -> frozenset[str]:
        return frozenset(
            action.code for action in self.pack.actions if any(r.asks_originator for r in action.results)
        )

    @cached_property
    def _from_recipients(self) -> frozenset[str]:
        return frozenset(mark for one in _results(self.pack) for mark in one.marks_sender) & self._asked

    @cached_property
    def _answers(self) -> frozenset[str]:
        return frozenset(mark for one in _results(self.pack) for mark in one.marks_asker) & self._asked

    @cached_property
    def _takes_back(self) -> bool:
        return any(result.recalls for result in _results(self.pack))


class _Leaving(dict[Case, tuple[Way, ...]]):
    """Ways by the state that they leave."""

    def __init__(self, explorer: Explorer) -> None:
        super().__init__()
        self._explorer = explorer
        self._left = MOST_WAYS

    def __missing__(self, case: Case) -> tuple[Way, ...]:
        # A form that sets many marks has more ways out of one state than anybody can count.
        ways = self[case] = tuple(islice(self._explorer.ways(case), self._left + 1))
        self._left -= len(ways)
        if self._left < 0:
            raise TooManyStates
        return ways


def _results(pack: Pack) -> Iterator[Result]:
    return (result for action in pack.actions for result in action.results)


def _guards(pack: Pack) -> Iterator[Guard]:
    """Every guard of a pack, wherever it stands."""
    for action in pack.actions:
        yield from action.guards
    for move in pack.moves:
        yield from move.guards
    for form in pack.forms:
        for field in form.fields:
            for choice in field.choices:
                yield from choice.only_if


def _act_was_done(pack: Pack, guard: Guard, case: Case) -> bool:
    # What went before the case may have been done: a co-sign, a supplement.
    act = guard.params["act"]
    return act not in pack.action_by_code or not {act, BEFORE + act}.isdisjoint(case.done)


# Guards whose answer follows from the state; those about the level are judged by `graph`, all others may
# hold in any.
_ABOUT_CASE: Final[Mapping[str, Callable[[Pack, Guard, Case], bool]]] = {
    "mark_is_set": lambda _pack, guard, case: guard.params["mark"] in case.marks,
    "mark_is_not_set": lambda _pack, guard, case: guard.params["mark"] not in case.marks,
    "act_was_done": _act_was_done,
    "has_children": lambda _pack, _guard, case: case.children,
    "made_the_report": lambda _pack, _guard, case: case.holds and not case.was_given,
    "was_given_the_report": lambda _pack, _guard, case: case.was_given,
    "has_given": lambda _pack, _guard, case: case.gave,
    "must_give_up": lambda _pack, _guard, case: case.called_back,
    "nothing_to_give_up": lambda _pack, _guard, case: not case.called_back,
    # Only whoever made a report and gave it can be asked about it.
    "question_waits": lambda _pack, _guard, case: case.holds and not case.was_given and case.children,
}
