"""How a game of procedures is run: the same in every run, or by chance and for long."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

# A number, and all that follows from it: a history is long, and each can be played again.
CHANCE = st.integers(0, 2**32).map(Random)


def play(game: type[RuleBasedStateMachine], examples: int, steps: int, *, long: bool) -> None:
    """So many histories of so many rules; AssertionError where two players do not agree."""
    run_state_machine_as_test(
        game,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not long,
            suppress_health_check=list(HealthCheck),
            # A history is long: making it shorter takes longer than reading it.
            phases=[Phase.generate],
        ),
    )
