"""Every shipped procedure played by everybody, at random: engine and plain model agree on every step.

People of every role, also with two at once, try every action on every case of a chain, in any order, with
forms that are filled in well and chosen at random. Long form: a hundred thousand steps.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
import yaml
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from community_api.procedure_engine import repository
from community_api.procedure_engine.engine.state import Step
from community_api.procedure_engine.terms import COURSES
from tests.unit.procedure_engine.playing.chain import Chain, Played
from tests.unit.procedure_engine.playing.filling import choosing, fill
from tests.unit.procedure_engine.playing.model import Pack, action_of, fields_of, goes_on, permitted, predict
from tests.unit.procedure_engine.playing.running import CHANCE, play

PACKS = {(pack.name, pack.version): pack for pack in repository.packs()}
PEOPLE = {
    "lin": {"ana": {"analyst"}, "bo": {"analyst"}, "mia": {"intelligence_manager"},
            "both": {"analyst", "intelligence_manager"}, "sara": {"analyst"}, "officer": {"analyst"}},
    "ost": {"oda": {"analyst"}, "olaf": {"intelligence_manager"}},
    "nor": {"nina": {"analyst"}, "nils": {"intelligence_manager"}},
    "bru": {"ben": {"analyst"}, "berta": {"intelligence_manager"}},
    "hav": {"hal": {"analyst"}, "hilda": {"intelligence_manager"}},
    "wes": {"wanda": {"analyst"}, "wim": {"intelligence_manager"}},
}  # fmt: skip
# Who has not passed which course.
UNTRAINED = {"bo": {"reviewing"}, "sara": {"grading", "sanitising"}}
NOWHERE = "00000000-0000-4000-8000-000000000000"
TAKEN: Counter[tuple[tuple[str, int], str]] = Counter()


def document(name: str, version: int) -> Pack:
    found: Pack = yaml.safe_load((repository.SHIPPED / f"{name}.v{version}.yaml").read_text(encoding="utf-8"))
    return found


class Game(RuleBasedStateMachine):
    """One chain, from a confirmed flag on."""

    key: tuple[str, int]

    @initialize()
    def begins(self) -> None:
        self.pack = document(*self.key)
        self.actions = [action["code"] for action in self.pack["actions"]]
        self.another_matter()

    def another_matter(self) -> None:
        self.chain = Chain(PACKS[self.key])
        self.chain.begin()

    def attempts(self, played: Played, who: str, roles: set[str], action: str, chance: Random) -> None:
        """One step, judged by both."""
        known = self.chain.refresh(played)
        units = [*permitted(self.pack, known), "ost", "sudria", "bru"]
        ids = [*known.questions, NOWHERE]
        fields = fields_of(self.pack, action_of(self.pack, action))
        said = fill(self.pack, fields, choosing(chance), units, ids, self.chain.now)
        passed = set(COURSES) - UNTRAINED.get(who, set())
        expected = predict(self.pack, known, who, roles, action, said, passed)
        excluded = action_of(self.pack, action).get("not_actor_of", ())
        excluded = {person for act in excluded for person in known.who_did(act)}
        decided = self.chain.attempt(played, who, roles, action, said, passed)
        assert decided.code == expected.code, (self.key, known, who, action, said, decided)
        if isinstance(decided, Step):
            TAKEN[self.key, action] += 1
            assert who not in excluded, "nobody is their own second person"
            assert (decided.case.stage, decided.case.marks) == (expected.stage, expected.marks)
            assert (len(decided.obligations), decided.recipients) == (expected.owes, expected.sent_to)

    @rule(chance=CHANCE)
    def somebody_tries_anything(self, chance: Random) -> None:
        played = chance.choice(self.chain.cases)
        who, roles = chance.choice(list(PEOPLE[played.known.unit].items()))
        self.attempts(played, who, set(roles), chance.choice(self.actions), chance)

    @rule(chance=CHANCE, times=st.integers(10, 60))
    def the_work_goes_on(self, chance: Random, times: int) -> None:
        """Somebody with the role does what the stage is for, so that histories become long."""
        for _ in range(times):
            if all(map(self.chain.has_ended, self.chain.cases)) and chance.random() < 0.5:
                self.another_matter()
            played = chance.choice(self.chain.cases)
            if chance.random() < 0.2:
                played.known.owed = 0
            here = [one for one in self.pack["actions"] if played.state.stage in one["from"]]
            # Rarely what only one in many would do: most days things go forward.
            onward = [one for one in here if any("to" in result for result in one["results"])]
            action = chance.choice(onward * 3 + here) if here else None
            if action is not None:
                able = [p for p in PEOPLE[played.known.unit].items() if p[1] & set(action["roles"])]
                if able:
                    who, roles = chance.choice(able)
                    self.attempts(played, who, set(roles), action["code"], chance)
            self.the_product_goes_on()

    @rule()
    def the_product_goes_on(self) -> None:
        for played in self.chain.cases:
            expected = goes_on(self.pack, self.chain.refresh(played))
            if expected is not None:
                done = self.chain.settle()
                assert any(one is played and step.action == expected[0] for one, step in done)
                return
        assert self.chain.settle() == []

    @rule(chance=CHANCE)
    def what_was_owed_is_answered(self, chance: Random) -> None:
        chance.choice(self.chain.cases).known.owed = 0

    @rule(days=st.integers(1, 60))
    def time_passes(self, days: int) -> None:
        self.chain.later(days)

    @precondition(lambda self: hasattr(self, "chain"))
    @invariant()
    def every_case_has_an_owner_and_a_deadline_or_an_end(self) -> None:
        for played in self.chain.cases:
            stage = self.chain.pack.stage_by_code[played.state.stage]
            assert (stage.owner is None) is (played.state.due_at is None) is self.chain.has_ended(played)

    @precondition(lambda self: hasattr(self, "chain"))
    @invariant()
    def nobody_handles_what_they_brought(self) -> None:
        for played in self.chain.cases:
            acts = played.known.acts
            brought = acts.get("report.author", set()) | acts.get("flag.raise", set())
            handled = set().union(*(people for act, people in acts.items() if "." not in act))
            assert not brought & handled

    @precondition(lambda self: hasattr(self, "chain"))
    @invariant()
    def no_unit_holds_what_was_not_given_to_it_upwards(self) -> None:
        for one in self.chain.givings:
            edges = {(edge["from"], edge["to"]) for edge in self.pack["edges"]}
            levels = {unit.name: unit.level for unit in self.chain.facts(one.giver.known).units}
            there = levels.get(one.unit, "external" if one.unit == "sudria" else None)
            assert there is None or (one.giver.state.level, there) in edges


@pytest.mark.parametrize("long", [False, pytest.param(True, marks=pytest.mark.torture)])
@pytest.mark.parametrize("key", sorted(PACKS), ids=lambda key: f"{key[0]}.v{key[1]}")
def test_engine_and_model_agree_on_every_step_of_every_chain(key: tuple[str, int], *, long: bool) -> None:
    game = type("Game", (Game,), {"key": key})
    examples, steps = (150, 40) if long else (8, 12)
    play(game, examples, steps, long=long)
    taken = {action for of, action in TAKEN if of == key}
    if long:
        assert taken == {action.code for action in PACKS[key].actions}
        assert sum(number for (of, _action), number in TAKEN.items() if of == key) > 10_000
    else:
        assert len(taken) > len(PACKS[key].actions) / 3
