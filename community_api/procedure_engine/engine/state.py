"""What the engine is told and what it answers. All of it is handed over: the engine looks nothing up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from community_api.procedure_engine.engine.clocks import Calendar, Pause
from community_api.procedure_engine.pack.definition import ReportSource, Result
from community_api.procedure_engine.terms import Code, Phase


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case stands, finite by construction: a stage, a level, a few marks.

    `urgent` chooses the urgent clocks; `child`: somebody in it is or may be a child (retention class).
    `due_at` None: nothing is due (an end). `entered_at`: since when it has been in its stage (None: not
    known, so that its clock cannot be paused); `pauses`: when the stage's clock stood still, in their order.
    `categories`: of whom the case names (retention class); empty: it names nobody.
    """

    stage: str
    level: str
    urgent: bool = False
    child: bool = False
    marks: frozenset[str] = frozenset()
    due_at: datetime | None = None
    entered_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    categories: frozenset[str] = frozenset()

    def is_paused(self, at: datetime) -> bool:
        """Whether the clock of its stage stands still at a moment."""
        return any(pause.since <= at < pause.until for pause in self.pauses)


@dataclass(frozen=True, slots=True)
class ActorView:
    """The person who asks: their roles IN THE UNIT OF THE CASE, and courses they are certified in today."""

    person_id: UUID
    roles: frozenset[str]
    certificates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit by its public name, its level, and the names of the units above it.

    `abroad`: it belongs to another state than the unit whose case it is.
    """

    name: str
    level: str
    above: frozenset[str] = frozenset()
    abroad: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What has happened, gathered by the caller in one read.

    `acts`: person ids by act, ever in this case: `flag.raise`, `flag.confirm`, `flag.cosign`,
    `report.author`, `report.supplement`, and every action of the pack by its code; hand over those of the
    cases above (the parent's) as well, so that nobody decides twice in one chain. `unit`: whose case it is.
    `units`: every unit that does not hold the case's report yet; the engine sieves by the level graph.
    `open_obligations`: owed for this case, neither met nor withheld nor waived. `children`, `open_children`:
    cases that its disseminations opened at recipients, and how many of them have not ended.

    `made_report`: the case issued the report that it holds. `given`: how many units hold it by this case.
    `recalled_here`: what the case was given has been taken back and is not given up yet; `taken_back`: it
    has been, given up or not, or its report is restricted: nobody passes that on, whatever a pack says (R7).
    `unconfirmed`: how many recalls of this case are not confirmed. `received_under`: the handling code under
    which the case was given its report (None: it was given none). `questions`: ids of those that others have
    asked this case about its report and that wait for an answer; `asking`: this case has one waiting.
    `linked`: ids of other cases of the unit about linked reports or the same subjects.
    """

    unit: UnitView
    acts: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    units: tuple[UnitView, ...] = ()
    open_obligations: int = 0
    children: int = 0
    open_children: int = 0
    calendar: Calendar = field(default_factory=Calendar)
    made_report: bool = False
    given: int = 0
    recalled_here: bool = False
    taken_back: bool = False
    unconfirmed: int = 0
    received_under: str | None = None
    questions: frozenset[str] = frozenset()
    asking: bool = False
    linked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field. `pointer` is RFC 6901 WITHIN `fields`, such as /factors/0/evidence.

    The whole document is the empty pointer. `params` never repeat what was submitted.
    """

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """No, and why: `code` of contract section 7, the `reason` that failed (a predicate, rule or role)."""

    code: Code
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[FieldProblem, ...] = ()
    allow: Literal[False] = False


@dataclass(frozen=True, slots=True)
class Duty:
    """What a post of the case's unit owes now. `kind` is the stage, `title` an English message id.

    `warn_at`: from when it is shown as due soon; None: never, or there would be no time to warn.
    """

    kind: str
    title: str
    role: str
    due_at: datetime
    warn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """An answer that this step owes to every officer behind the report."""

    point: str
    outcome: str | None
    owed_by: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade with its scheme and axis, never a bare code.

    `derived_from`: the grade that it was converted from, as "5x5x5:B"; None: a person gave it.
    """

    scheme: str
    axis: str
    code: str
    derived_from: str | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """The class a case has from now on and the day of its review, in the unit's own calendar."""

    code: str
    review_on: date
    at_most: date


@dataclass(frozen=True, slots=True)
class Opening:
    """A new case: at once for a confirmed flag, or at the recipient of a dissemination."""

    case: CaseState
    phase: Phase
    duty: Duty
    retention: Retention


@dataclass(frozen=True, slots=True)
class Step:
    """Yes, and everything that has to be written in one commit with it.

    `action` is the pack's action or move; `outcome` the choice taken (None: there was none). `case` is the
    state afterwards, its `due_at` included. `duty` is what the stage's owner owes now (None: an end); the
    duty of the stage that was left is done. `fields` are the accepted values, normalised (dates and ids
    as text, as in JSON). `recipients`: short names of the units that get a dissemination now.
    `issues_report`: the case gets its report, from that text (None: no report). `retention` None: unchanged.
    `stays`: the stage, its duty and its deadline are what they were. `reaches`: the result that was chosen,
    where it has to do with other cases of the chain; `confirm_by`: until when those must have answered it;
    `question`: the id of the one that is answered.
    """

    action: str
    outcome: str | None
    from_stage: str
    case: CaseState
    phase: Phase
    duty: Duty | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    obligations: tuple[Obligation, ...] = ()
    retention: Retention | None = None
    grades: tuple[Grade, ...] = ()
    recipients: tuple[str, ...] = ()
    issues_report: ReportSource | None = None
    stays: bool = False
    reaches: Result | None = None
    confirm_by: datetime | None = None
    question: str | None = None
    code: Literal[Code.ALLOWED] = Code.ALLOWED
    allow: Literal[True] = True

    @property
    def due_at(self) -> datetime | None:
        """Until when the owner has to act; None at an end."""
        return self.case.due_at

    @property
    def owner_role(self) -> str | None:
        """The role of the post that owes the next act; None at an end."""
        return self.duty.role if self.duty else None


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that leaves the case's stage, and whether this actor may take it now.

    `withheld` None: offered. `blocked` set on an offered one: it is shown, but a step would be refused now
    for that reason (closing while feedback is owed).
    """

    action: str
    title: str
    to_stages: tuple[str, ...]
    due_at: datetime | None
    withheld: Refusal | None = None
    blocked: Refusal | None = None
