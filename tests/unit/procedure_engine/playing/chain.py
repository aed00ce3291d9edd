"""A chain of cases under one procedure, played by the engine: what it decides is done to all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.clocks import Calendar
from community_api.procedure_engine.engine.state import ActorView, CaseState, Facts, Refusal, Step, UnitView
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.terms import Entry
from tests.unit.procedure_engine.playing.country import ABOVE, LEVEL
from tests.unit.procedure_engine.playing.model import Known

OSLO = Calendar("Europe/Oslo")
START = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)
UNITS = tuple(UnitView(name, LEVEL[name], frozenset(ABOVE[name]), abroad=name == "sudria") for name in LEVEL)
VIEW = {unit.name: unit for unit in UNITS}


def person(name: str) -> UUID:
    return uuid5(NAMESPACE_DNS, name)


@dataclass
class Giving:
    """A report that one case gave to a unit; `child` None: abroad. `state`: held, recalled, given_up."""

    giver: Played
    unit: str
    child: Played | None
    code: str
    state: str = "held"
    recalled_by: Played | None = None


@dataclass(eq=False)
class Played:
    """A case: where the engine has it, and what is known of it."""

    state: CaseState
    known: Known
    restricted: bool = False
    history: list[str] = field(default_factory=list)


@dataclass
class Chain:
    """All cases of one matter."""

    pack: Pack
    now: datetime = START
    cases: list[Played] = field(default_factory=list)
    givings: list[Giving] = field(default_factory=list)
    questions: dict[str, tuple[Played, Played]] = field(default_factory=dict)
    asked: int = 0

    def begin(self) -> None:
        """A confirmed flag opens the first case."""
        opening = engine.open_case(self.pack, Entry.FLAG, "local", self.now, OSLO)
        known = Known("lin", opening.case.stage)
        known.acts = {"report.author": {"officer"}, "flag.raise": {"officer"}, "flag.confirm": {"sara"}}
        self.cases.append(Played(opening.case, known))

    def refresh(self, played: Played) -> Known:
        """What is known of a case, gathered anew."""
        known = played.known
        mine = [one for one in self.givings if one.giver is played]
        received = next((one for one in self.givings if one.child is played), None)
        known.given = sum(one.state == "held" for one in mine)
        known.children = sum(one.child is not None for one in mine)
        known.open_children = sum(one.child is not None and not self.has_ended(one.child) for one in mine)
        known.recalled_here = received is not None and received.state == "recalled"
        known.taken_back = played.restricted or (
            received is not None and received.state in {"recalled", "given_up"}
        )
        known.received_under = None if received is None else received.code
        known.unconfirmed = sum(one.state == "recalled" and one.recalled_by is played for one in self.givings)
        held = {one.unit for one in self.givings if one.state != "given_up"}
        known.holders = held | {"lin"} if known.made or received is not None else set()
        known.questions = {code for code, (_asking, asked) in self.questions.items() if asked is played}
        known.asking = any(asking is played for asking, _asked in self.questions.values())
        known.paused = played.state.is_paused(self.now)
        known.stage, known.marks = played.state.stage, set(played.state.marks)
        return known

    def has_ended(self, played: Played) -> bool:
        return self.pack.stage_by_code[played.state.stage].phase == "ended"

    def facts(self, known_facts: Known) -> Facts:
        acts = {act for case in self.cases for act in case.known.acts}
        return Facts(
            unit=VIEW[known_facts.unit],
            acts={act: frozenset(map(person, known_facts.who_did(act))) for act in acts},
            units=tuple(unit for unit in UNITS if unit.name not in known_facts.holders),
            open_obligations=known_facts.owed,
            children=known_facts.children,
            open_children=known_facts.open_children,
            calendar=OSLO,
            made_report=known_facts.made,
            given=known_facts.given,
            recalled_here=known_facts.recalled_here,
            taken_back=known_facts.taken_back,
            unconfirmed=known_facts.unconfirmed,
            received_under=known_facts.received_under,
            questions=frozenset(known_facts.questions),
            asking=known_facts.asking,
            linked=frozenset(known_facts.linked),
        )

    def attempt(
        self,
        played: Played,
        who: str,
        roles: set[str],
        action: str,
        form: Mapping[str, Any],
        passed: set[str],
    ) -> Step | Refusal:
        """Put a step before the engine, and do what it decides."""
        known = self.refresh(played)
        actor = ActorView(person(who), frozenset(roles), frozenset(passed))
        decided = engine.decide(
            self.pack, played.state, actor, action, dict(form), at=self.now, facts=self.facts(known)
        )
        if isinstance(decided, Step):
            known.acts.setdefault(action, set()).add(who)
            self.do(played, decided, form)
        return decided

    def do(self, played: Played, step: Step, form: Mapping[str, Any]) -> None:
        """Everything that follows from a step, as the product does it."""
        known = played.known
        played.state = step.case
        played.history.append(step.action)
        known.owed += len(step.obligations)
        known.made = known.made or step.issues_report is not None
        # A report is restricted when its own maker takes it back; the next one that is made is not.
        played.restricted = played.restricted and step.issues_report is None
        for name in step.recipients:
            self._give(played, name, str(form["handling_code"]))
        reaches = step.reaches
        if reaches is None:
            return
        received = next((one for one in self.givings if one.child is played), None)
        if reaches.marks_sender and received is not None:
            self._mark(received.giver, reaches.marks_sender)
        if reaches.recalls:
            self._recall(played, played)
            played.restricted = known.parent is None
        if reaches.confirms_recall and received is not None:
            received.state = "given_up"
        if reaches.asks_originator:
            self.asked += 1
            self.questions[str(uuid5(NAMESPACE_DNS, f"question {self.asked}"))] = (played, self.cases[0])
        if reaches.answers_originator and step.question is not None:
            asking, _asked = self.questions.pop(step.question)
            self._mark(asking, reaches.marks_asker)

    def settle(self) -> list[tuple[Played, Step]]:
        """What the product does by itself, until nothing is left to do."""
        done = []
        for played in self.cases:
            while (
                move := engine.move_due(self.pack, played.state, self.now, self.facts(self.refresh(played)))
            ) is not None:
                self.do(played, move, {})
                done.append((played, move))
        return done

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)

    def _give(self, giver: Played, unit: str, code: str) -> None:
        if LEVEL[unit] == "external":
            self.givings.append(Giving(giver, unit, None, code))
            return
        opening = engine.open_case(self.pack, Entry.DISSEMINATION, LEVEL[unit], self.now, OSLO)
        child = Played(opening.case, Known(unit, opening.case.stage, parent=giver.known))
        self.cases.append(child)
        self.givings.append(Giving(giver, unit, child, code))

    def _recall(self, by: Played, giver: Played) -> None:
        for one in [one for one in self.givings if one.giver is giver]:
            if one.child is not None:
                self._recall(by, one.child)
            if one.state == "held":
                one.state, one.recalled_by = "recalled", by
                called = (
                    None
                    if one.child is None
                    else engine.call_back(self.pack, one.child.state, self.now, OSLO)
                )
                if one.child is not None and called is not None:
                    one.child.state = called.case

    @staticmethod
    def _mark(played: Played, marks: tuple[str, ...]) -> None:
        state = played.state
        played.state = CaseState(
            state.stage, state.level, state.urgent, state.child, state.marks | set(marks), state.due_at,
            state.entered_at, state.pauses,
        )  # fmt: skip
