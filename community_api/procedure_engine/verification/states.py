"""What a state of a case holds, and what leads from one to another: words of the exploration in `cases`."""

from __future__ import annotations

from typing import Final, NamedTuple

from community_api.core.i18n.translations import N_
from community_api.procedure_engine.pack.definition import Result

# What other units do to a case, in the words of a path.
TAKEN_BACK: Final = N_("what it was given is taken back")
MARKED: Final = N_("another unit's step marks it")
# Stands before an act that was done in a case further up the chain, not in this one.
BEFORE: Final = "^"
# The axes on which a report is graded before it is issued.
GRADED: Final = frozenset({"source", "information"})
# Fifteen times what the largest shipped pack has: a mark that guards ask about doubles them.
MOST_STATES: Final = 10_000
MOST_WAYS: Final = 100_000


class TooManyStates(Exception):
    """There are more states, or ways between them, than can all be looked at in good time."""


class Case(NamedTuple):
    """A state. `done`: the acts that guards and reports ask about; `owed`: since it began or was taken up."""

    stage: str
    level: str
    was_given: bool = False
    marks: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    holds: bool = False
    gave: bool = False
    children: bool = False
    called_back: bool = False
    taken_back: bool = False
    owed: bool = False


class Way(NamedTuple):
    """One way from a state to another. `opens`: another case begins there; this one does not go that way."""

    start: Case
    end: Case
    by: str
    result: Result | None = None
    opens: bool = False
