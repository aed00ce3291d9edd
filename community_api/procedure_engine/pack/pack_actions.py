"""The parts of a pack that say what can happen: guards, actions and their results, moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.engine.clocks import Clock


@dataclass(frozen=True)
class Guard:
    """A named predicate with its typed parameters; all guards of an action must hold.

    `offered_anyway`: the action is shown as possible although it would be refused now, so that people
    see what they will be able to do and why not yet.
    """

    predicate: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    offered_anyway: bool = False


@dataclass(frozen=True)
class ReportSource:
    """Where the text of a report comes from: the field that was last filled in by that action."""

    action: str
    field: str


@dataclass(frozen=True)
class Result:
    """One way an action can end: `when` the outcome field has one of these values, or always when empty.

    `to` is the next stage; None with `stays`: the case remains where it is, and its clock goes on.
    `at_levels`: it is the result only at these levels; empty: at all. `disseminates`: the units named in
    the form get the report. `issues_report`: the case gets its report, from the text that was sanitised
    and now confirmed. `feedback` names the point that opens an obligation, `retention` the class the case
    gets; None: nothing is owed, the class stays.

    What reaches the other cases of a chain: `recalls` takes back what was given, and what was passed on;
    `confirms_recall`: it is given up here; `regrades`, `corrects_report`: whoever holds the report hears of
    its new grade or text and confirms it `within` that time; `asks_originator` and `answers_originator`:
    the originator's consent, asked (to be answered `within`) and given or refused; `marks_sender` and
    `marks_asker` set marks on the case that the report came from, or that asked. `reply`: it tells what a
    recipient outside the chain answered; its grades are those of the reply. `pauses`: the stage's clock
    stands still, `within` that time at most; `resumes`: it runs again. ValueError: neither or both of `to`
    and `stays`.
    """

    to: str | None = None
    stays: bool = False
    when: tuple[str, ...] = ()
    feedback: str | None = None
    retention: str | None = None
    disseminates: bool = False
    issues_report: ReportSource | None = None
    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    recalls: bool = False
    confirms_recall: bool = False
    regrades: bool = False
    corrects_report: ReportSource | None = None
    asks_originator: bool = False
    answers_originator: bool = False
    marks_sender: tuple[str, ...] = ()
    marks_asker: tuple[str, ...] = ()
    reply: bool = False
    pauses: bool = False
    resumes: bool = False
    within: Clock | None = None
    at_levels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.to is None) is not self.stays:
            raise ValueError(Sentence(N_("a result has either the key `to` or `stays: true`")))

    def is_at(self, level: str) -> bool:
        """Whether it can be the result at a level."""
        return not self.at_levels or level in self.at_levels


@dataclass(frozen=True)
class Action:
    """What a person may do in a stage. `outcome_field` None: it has exactly one result.

    `after_end`: it may be taken when the case has ended, to take it up again or to reach its copies.
    """

    code: str
    title: str
    sources: tuple[str, ...]
    roles: tuple[str, ...]
    not_actor_of: tuple[str, ...]
    form: str | None
    guards: tuple[Guard, ...]
    outcome_field: str | None
    results: tuple[Result, ...]
    after_end: bool = False

    @property
    def disseminates(self) -> bool:
        """Whether somebody may be given the report by it."""
        return any(result.disseminates for result in self.results)


@dataclass(frozen=True)
class Move:
    """What the product does by itself as soon as every guard holds, without a person."""

    code: str
    title: str
    source: str
    to: str
    guards: tuple[Guard, ...]
