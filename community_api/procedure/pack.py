"""A procedure pack as frozen data: what `loading` makes of a YAML file and `engine` decides by.

Every code is unique in its list; every reference has been checked by `soundness` before anyone gets to
see a `Pack`. Titles and texts are English message ids; the reader of the product sees them translated.
Tuples stand in the order of the file. Look-ups by code are cached properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from community_api.procedure.clocks import Clock
from community_api.procedure.pack_lists import (
    Feedback,
    FeedbackRule,
    FlagRules,
    Framework,
    RetentionClass,
    Scheme,
    Titled,
)
from community_api.procedure.terms import Phase, Reach


@dataclass(frozen=True)
class Header:
    """Who stands behind a pack. `effective_to` None: until replaced. `notice` is shown with the pack.

    `impact_assessment` identifies the data protection impact assessment (R19).
    """

    language_version: int
    name: str
    version: int
    title: str
    notice: str
    legal_basis: str
    approved_by: str
    impact_assessment: str
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True)
class Edge:
    """One permitted way between levels; `reach` says to which units of the other level."""

    source: str
    target: str
    reach: Reach


@dataclass(frozen=True)
class Entrance:
    """Where a case begins when a flag is confirmed or a dissemination arrives, at which levels, how kept.

    By a recall no case begins: it is where the case of a recipient goes when what it holds is taken back.
    """

    by: str
    stage: str
    levels: tuple[str, ...]
    retention: str


@dataclass(frozen=True)
class Stage:
    """A state of a case. `owner` is the role of the post that owes the next act, `clock` its time.

    An ended stage has neither. `urgent_clock` replaces `clock` for urgent cases; None: the same. The post
    of `escalates_to` hears of it when the time has run out: of the unit itself, or the nearest above; None:
    the intelligence manager's. `warn_before`: so long before that the duty is shown as due soon; None: not.
    """

    code: str
    title: str
    phase: Phase
    owner: str | None
    clock: Clock | None
    urgent_clock: Clock | None
    escalates_to: str | None = None
    warn_before: Clock | None = None


@dataclass(frozen=True)
class Choice:
    """One value of a choice; offered only where every predicate of `only_if` holds."""

    code: str
    title: str
    only_if: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class Field:
    """One field of a form. Which settings a type has is in `field_types`; the rest stay None or empty.

    `required_when` (field, values): obligatory only when that other field has one of those values.
    `schemes` of a grade are those it can be read in: the fixed one, or those of the field `scheme_from`.
    `levels` of units are those whose units it offers; empty: every level that the graph permits.
    """

    code: str
    type: str
    title: str
    help: str | None = None
    required: bool = True
    required_when: tuple[str, tuple[str, ...]] | None = None
    sets_mark: str | None = None
    min_length: int = 1
    max_length: int = 0
    least: int | None = None
    most: int | None = None
    choices: tuple[Choice, ...] = ()
    schemes: tuple[str, ...] = ()
    scheme: str | None = None
    scheme_from: str | None = None
    axis: str | None = None
    framework: str | None = None
    fields: tuple[Field, ...] = ()
    exactly_one_of: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """What an action asks for, in the order in which people fill it in."""

    code: str
    title: str
    fields: tuple[Field, ...]


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
    recipient outside the chain answered; its grades are those of the reply. ValueError: neither or both of
    `to` and `stays`.
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
    within: Clock | None = None
    at_levels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.to is None) is not self.stays:
            raise ValueError("a result has either the key `to` or `stays: true`")

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


@dataclass(frozen=True)
class Move:
    """What the product does by itself as soon as every guard holds, without a person."""

    code: str
    title: str
    source: str
    to: str
    guards: tuple[Guard, ...]


@dataclass(frozen=True, eq=False)
class Pack:
    """One version of one procedure. `hash` is the SHA-256 of its canonical content, in hex.

    Packs are kept once each, so they are compared by identity; compare `hash` for content.
    """

    header: Header
    levels: tuple[Titled, ...]
    edges: tuple[Edge, ...]
    entrances: tuple[Entrance, ...]
    marks: tuple[Titled, ...]
    conflict_of_interest: tuple[str, ...]
    stages: tuple[Stage, ...]
    actions: tuple[Action, ...]
    moves: tuple[Move, ...]
    forms: tuple[Form, ...]
    schemes: tuple[Scheme, ...]
    frameworks: tuple[Framework, ...]
    feedback: Feedback
    flags: FlagRules
    retention: tuple[RetentionClass, ...]
    hash: str

    @property
    def name(self) -> str:
        """The name of the procedure, such as osce-baseline."""
        return self.header.name

    @property
    def version(self) -> int:
        """The number of this version."""
        return self.header.version

    @cached_property
    def stage_by_code(self) -> Mapping[str, Stage]:
        """Stages by code."""
        return {stage.code: stage for stage in self.stages}

    @cached_property
    def action_by_code(self) -> Mapping[str, Action]:
        """Actions by code."""
        return {action.code: action for action in self.actions}

    @cached_property
    def form_by_code(self) -> Mapping[str, Form]:
        """Forms by code."""
        return {form.code: form for form in self.forms}

    @cached_property
    def scheme_by_code(self) -> Mapping[str, Scheme]:
        """Grading schemes by code."""
        return {scheme.code: scheme for scheme in self.schemes}

    @cached_property
    def axis_titles(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """Titles by code of every axis, by scheme and axis."""
        return {
            (scheme.code, axis.code): {value.code: value.title for value in axis.values}
            for scheme in self.schemes
            for axis in scheme.axes
        }

    @cached_property
    def framework_by_code(self) -> Mapping[str, Framework]:
        """Assessment frameworks by code."""
        return {framework.code: framework for framework in self.frameworks}

    @cached_property
    def factor_titles(self) -> Mapping[str, Mapping[str, str]]:
        """Titles by code of every framework's factors."""
        return {
            framework.code: {factor.code: factor.title for factor in framework.factors}
            for framework in self.frameworks
        }

    @cached_property
    def feedback_titles(self) -> Mapping[str, str]:
        """Titles of the feedback outcomes by code."""
        return {outcome.code: outcome.title for outcome in self.feedback.outcomes}

    @cached_property
    def rule_by_point(self) -> Mapping[str, FeedbackRule]:
        """Rules of feedback by the decision that owes it."""
        return {rule.point: rule for rule in self.feedback.rules}

    @cached_property
    def retention_by_code(self) -> Mapping[str, RetentionClass]:
        """Retention classes by code."""
        return {declared.code: declared for declared in self.retention}

    @cached_property
    def reaches_others(self) -> bool:
        """Whether any action reaches other cases of a chain, so that decisions depend on those."""
        return any(action.after_end for action in self.actions) or any(
            entrance.by == "recall" for entrance in self.entrances
        )

    @cached_property
    def edges_from(self) -> Mapping[str, tuple[Edge, ...]]:
        """The permitted edges that leave each level."""
        return {
            level.code: tuple(edge for edge in self.edges if edge.source == level.code)
            for level in self.levels
        }
