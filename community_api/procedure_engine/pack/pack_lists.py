"""The parts of a pack that hold for every case: grading, frameworks, feedback, flags, retention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from community_api.procedure_engine.engine.clocks import Clock


@dataclass(frozen=True)
class Titled:
    """A code and what people call it."""

    code: str
    title: str


@dataclass(frozen=True)
class Staff:
    """How many people of a role every unit that has it is expected to have."""

    role: str
    people: int


@dataclass(frozen=True)
class Axis:
    """One side of a grade: source, information or handling.

    `values` stand best first, but for those of `unassessed`, which say that the quality is not known.
    """

    code: str
    title: str
    values: tuple[Titled, ...]
    unassessed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scheme:
    """A grading scheme. A grade is never a bare code: scheme and axis always stand beside it."""

    code: str
    title: str
    reference: str
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Match:
    """What one grade is in another scheme; `target` None: it has no match there, and nothing is derived."""

    source: str
    target: str | None


@dataclass(frozen=True)
class MatchedAxis:
    """One side of a cross-walk: every grade of the first scheme with its match."""

    axis: str
    values: tuple[Match, ...]


@dataclass(frozen=True)
class Crosswalk:
    """How grades of one scheme are shown in another. What is derived is marked, and never a better grade."""

    source: str
    target: str
    axes: tuple[MatchedAxis, ...]


@dataclass(frozen=True)
class Framework:
    """Prompts for structured judgement, never a score. `open`: an assessor may name a factor of their own."""

    code: str
    version: int
    title: str
    open: bool
    factors: tuple[Titled, ...]


@dataclass(frozen=True)
class FeedbackRule:
    """Until when the answer that a decision owes is due, and which post owes it."""

    point: str
    title: str
    owed_by: str
    clock: Clock


@dataclass(frozen=True)
class Outcome:
    """What an officer can be told; `text` is the sentence that an answer begins with, None: it has none."""

    code: str
    title: str
    text: str | None = None


@dataclass(frozen=True)
class Feedback:
    """What reporters hear. The public is answered by calendar only (contract section 8)."""

    outcomes: tuple[Outcome, ...]
    rules: tuple[FeedbackRule, ...]
    public_first_answer: Clock
    public_status_every: Clock


@dataclass(frozen=True)
class Needed:
    """What a flag must say of a subject of a category, beside what it always says."""

    category: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class FlagRules:
    """What must hold before a flag becomes a case. No pack can do without the second person.

    `refused_kept_days`: after so many days nothing finds a flag that was refused, withdrawn or lapsed.
    """

    kinds: tuple[Titled, ...]
    roles: tuple[str, ...]
    minimum_grounds: int
    fact_min_length: int
    superseded_list_days: int
    decide_within: Clock
    lapses_after: Clock
    decided_by: tuple[str, ...]
    not_actor_of: tuple[str, ...]
    cosign_by: str
    cosign_within: Clock
    cosign_when_age: tuple[str, ...]
    subjects: tuple[Needed, ...] = ()
    refused_kept_days: int = 30

    def missing_of(self, subject: Mapping[str, object]) -> tuple[str, ...]:
        """What a subject lacks of what its category needs: names of fields."""
        asked = {
            name for one in self.subjects if one.category == subject.get("category") for name in one.fields
        }
        return tuple(sorted(name for name in asked if not subject.get(name)))


@dataclass(frozen=True)
class ForCategories:
    """The retention class of a case in which everybody named is of one of these categories."""

    categories: tuple[str, ...]
    retention: str


@dataclass(frozen=True)
class RetentionClass:
    """How long a case of this class is kept: days to its review, and at most without a new validation.

    `for_categories` name classes that take its place where everybody named is of certain categories, the
    first that fits; `for_children` the class that takes its, when somebody is or may be a child.
    """

    code: str
    title: str
    review_after_days: int
    at_most_days: int
    for_children: str | None
    for_categories: tuple[ForCategories, ...] = ()
