"""A procedure pack as frozen data: what `loading` makes of a YAML file and `engine` decides by.

Every code is unique in its list; every reference has been checked by `soundness` before anyone gets to
see a `Pack`. Titles and texts are English message ids; the reader of the product sees them translated.
Tuples stand in the order of the file. Look-ups by code are cached properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from community_api.procedure_engine.engine.clocks import Clock
from community_api.procedure_engine.pack.pack_actions import Action, Guard, Move, ReportSource, Result
from community_api.procedure_engine.pack.pack_forms import Choice, Field, Form
from community_api.procedure_engine.pack.pack_lists import (
    Crosswalk,
    Feedback,
    FeedbackRule,
    FlagRules,
    Framework,
    RetentionClass,
    Scheme,
    Staff,
    Titled,
)
from community_api.procedure_engine.pack.pack_national import (
    Children,
    Classification,
    Emergency,
    Logs,
    Meeting,
    Oversight,
    Product,
    Pursued,
    Rights,
    Safeguarding,
    SpecialCategories,
    Statistics,
    Threshold,
    Translation,
)
from community_api.procedure_engine.terms import Phase, Reach

__all__ = [
    "Action",
    "Choice",
    "Edge",
    "Entrance",
    "Field",
    "Form",
    "Guard",
    "Header",
    "Move",
    "Pack",
    "ReportSource",
    "Result",
    "Stage",
]


@dataclass(frozen=True)
class Header:
    """Who stands behind a pack. `effective_to` None: until replaced. `notice` is shown with the pack.

    `impact_assessment` identifies the data protection impact assessment (R19). `language`: in which the
    pack's words are written, such as "fr".
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
    language: str = "en"


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
    staffing: tuple[Staff, ...] = ()
    crosswalks: tuple[Crosswalk, ...] = ()
    threshold: Threshold | None = None
    classification: Classification | None = None
    children: Children | None = None
    safeguarding: Safeguarding | None = None
    emergency: Emergency | None = None
    duty_to_pursue: tuple[Pursued, ...] = ()
    special_categories: SpecialCategories | None = None
    rights: Rights | None = None
    meetings: tuple[Meeting, ...] = ()
    products: tuple[Product, ...] = ()
    statistics: Statistics | None = None
    oversight: Oversight | None = None
    logs: Logs | None = None
    languages: tuple[str, ...] | None = None
    translations: tuple[Translation, ...] = ()

    def translated(self, text: str, language: str) -> str | None:
        """A text of the pack in a language such as "de-AT", as the pack itself has it; None: it has not."""
        return None if text not in self._own else self._own[text].into(language.split("-", 1)[0].lower())

    @cached_property
    def _own(self) -> Mapping[str, Translation]:
        return {one.text: one for one in self.translations}

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

    def converted(self, scheme: str, axis: str, code: str) -> tuple[tuple[str, str], ...]:
        """What a grade is in other schemes: scheme and code of each match."""
        return self._matches.get((scheme, axis, code), ())

    @cached_property
    def _matches(self) -> Mapping[tuple[str, str, str], tuple[tuple[str, str], ...]]:
        matches: dict[tuple[str, str, str], tuple[tuple[str, str], ...]] = {}
        for walk in self.crosswalks:
            for side in walk.axes:
                for one in side.values:
                    if one.target is not None:
                        key = (walk.source, side.axis, one.source)
                        matches[key] = (*matches.get(key, ()), (walk.target, one.target))
        return matches

    @cached_property
    def categories_to_pursue(self) -> frozenset[str]:
        """Categories of reports that the law obliges the police to pursue."""
        return frozenset(one.category for one in self.duty_to_pursue)

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
