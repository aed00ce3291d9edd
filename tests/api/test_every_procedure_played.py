"""Every shipped procedure played over HTTP by everybody, at random: product, engine and plain model agree.

The same game as that of the engine alone, with the whole product in it: what is said goes through the
grammar, the matrix and the forms, what follows through the commit, the database and the worker. Long form:
sixty long histories of each procedure on each database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from community_api.procedure_engine.engine.state import Step
from community_api.procedure_engine.terms import Phase
from tests.api.played import KNOWN_AS, PEOPLE, Product
from tests.support.app import make_world
from tests.support.databases import Databases
from tests.support.factories import seed_demo
from tests.unit.procedure_engine.playing.chain import Chain, Played
from tests.unit.procedure_engine.playing.filling import choosing, fill
from tests.unit.procedure_engine.playing.model import Pack, action_of, fields_of, permitted, predict
from tests.unit.procedure_engine.playing.running import CHANCE, play
from tests.unit.procedure_engine.test_every_procedure import NOWHERE, PACKS, document

NEWEST = {name: max(version for of, version in PACKS if of == name) for name, _ in PACKS}
TAKEN: Counter[tuple[str, str]] = Counter()
REFUSED: Counter[tuple[str, str]] = Counter()
# Certificates of the demo organisation are good for eleven months.
MOST_DAYS = 200


class Game(RuleBasedStateMachine):
    """One chain, from a confirmed flag on, in a database of its own."""

    name: str
    databases: Databases
    dialect: str

    @initialize()
    def begins(self) -> None:
        self.end = ExitStack()
        self.product = self.end.enter_context(product(self.databases, self.dialect, self.name))
        self.pack: Pack = document(self.name, NEWEST[self.name])
        self.actions = [action["code"] for action in self.pack["actions"]]
        self.chain = Chain(PACKS[self.name, NEWEST[self.name]])
        self.days = 0
        self._now()
        self.chain.begin()
        self.product.begin(self.chain.cases[0])

    def teardown(self) -> None:
        if hasattr(self, "end"):
            self.end.close()

    def attempts(self, played: Played, username: str, action: str, chance: Random) -> None:
        """One step, judged by all three."""
        self._now()
        known = self.chain.refresh(played)
        who, roles = KNOWN_AS.get(username, username), set(PEOPLE[known.unit][username])
        # The highest first, so that more than a few chains come to where things are sent abroad.
        units = [*reversed(permitted(self.pack, known)), "ost", "sudria", "bru"]
        fields = fields_of(self.pack, action_of(self.pack, action))
        said = fill(
            self.pack, fields, choosing(chance), units, [*sorted(known.questions), NOWHERE], self.chain.now
        )
        passed = self.product.passed(username)
        expected = predict(self.pack, known, who, roles, action, said, passed)
        code = self.product.attempt(played, username, action, said)
        seen = [(one.known.unit, one.state.stage, sorted(one.state.marks)) for one in self.chain.cases]
        assert code == expected.code, (username, action, said, known, seen)
        if code != "allowed":
            REFUSED[self.name, code] += 1
            return
        TAKEN[self.name, action] += 1
        assert isinstance(self.chain.attempt(played, who, roles, action, said, passed), Step)
        self.product.work(self.chain)

    @rule(chance=CHANCE)
    def somebody_tries_anything(self, chance: Random) -> None:
        played = chance.choice(self.chain.cases)
        who = chance.choice(list(PEOPLE[played.known.unit]))
        self.attempts(played, who, chance.choice(self.actions), chance)

    @rule(chance=CHANCE, times=st.integers(5, 20))
    def the_work_goes_on(self, chance: Random, times: int) -> None:
        """Somebody with the role does what the stage is for, so that histories become long."""
        for _ in range(times):
            played = chance.choice([*self.chain.cases, self.chain.cases[-1]])
            if self.product.owed(played) and chance.random() < 0.5:
                self.what_is_owed_is_answered()
            here = [one for one in self.pack["actions"] if played.state.stage in one["from"]]
            onward = [one for one in here if any("to" in result for result in one["results"])]
            action = chance.choice(onward * 3 + here) if here else None
            if action is None:
                continue
            able = [who for who, roles in PEOPLE[played.known.unit].items() if roles & set(action["roles"])]
            if able:
                self.attempts(played, chance.choice(able), action["code"], chance)

    @rule()
    def what_is_owed_is_answered(self) -> None:
        self.product.answer(self.pack["feedback"]["outcomes"][0]["code"])
        for played in self.chain.cases:
            played.known.owed = 0

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        if self.days + days <= MOST_DAYS:
            self.days += days
            self.product.world.later(days=days)
            self._now()
            self.product.work(self.chain)

    @precondition(lambda self: hasattr(self, "chain"))
    @invariant()
    def every_case_stands_where_the_engine_has_it(self) -> None:
        for played in self.chain.cases:
            row = self.product.row(played)
            assert (row.stage, set(row.marks)) == (played.state.stage, set(played.state.marks))
            has_ended = self.chain.has_ended(played)
            assert (row.phase == Phase.ENDED) is has_ended
            assert (row.owner_post_id is None) is (row.due_at is None) is has_ended
            assert (self.product.owed(played) > 0) is (played.known.owed > 0)

    @precondition(lambda self: hasattr(self, "chain"))
    @invariant()
    def every_step_was_taken_once_and_none_besides(self) -> None:
        for played in self.chain.cases:
            assert self.product.steps(played) == self.product.taken[self.product.cases[id(played)]]

    def _now(self) -> None:
        self.chain.now = self.product.world.clock.now()


@contextmanager
def product(databases: Databases, dialect: str, procedure: str) -> Iterator[Product]:
    with databases.fresh(dialect, seed=seed_demo) as addresses, TemporaryDirectory() as folder:
        first = make_world(addresses, Path(folder))
        made = Product.under(first, procedure)
        yield made
        made.close()
        first.close()


@pytest.mark.parametrize("long", [False, pytest.param(True, marks=pytest.mark.torture)])
@pytest.mark.parametrize("name", sorted(NEWEST))
def test_product_and_model_agree_on_every_step(
    databases: Databases, dialect: str, name: str, *, long: bool
) -> None:
    game = type("Game", (Game,), {"name": name, "databases": databases, "dialect": dialect})
    examples, steps = (60, 30) if long else (5, 10)
    play(game, examples, steps, long=long)
    taken = {action for of, action in TAKEN if of == name}

    if long:
        assert len(taken) > len(PACKS[name, NEWEST[name]].actions) * 0.8
        assert REFUSED.total() > 100
    else:
        assert len(taken) > 2
