"""Everything that a step is decided by, read at once: what happened in a case and its chain.

One statement, spelled once, in place of a dozen: reading was most of what a step cost. It sees what is
committed; whoever has changed something in this use already asks `situation.facts_of`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    CompoundSelect,
    Dialect,
    Select,
    String,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from community_api import feedback
from community_api.core.database.fast.prepared_statements import PreparedStatement
from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.chain.referrals import earlier_referrals
from community_api.intelligence.chain.referrals.models import Referral, ReferralActor, ReferralGrade
from community_api.intelligence.chain.reports.models import (
    Dissemination,
    IntelligenceReport,
    OriginatorQuestion,
)
from community_api.intelligence.chain.reports.terms import RECALLED
from community_api.intelligence.flags import relations, slots
from community_api.intelligence.flags.models import FlagRelation
from community_api.intelligence.suspensions.models import Suspension
from community_api.intelligence.suspensions.terms import Subject
from community_api.procedure_engine.terms import Phase

# Every row says what it is and has so many values, none of them NULL.
_WIDTH: Final = 5
_NOTHING: Final = ""
_SLOTS: Final = tuple(f"slot{number}" for number in range(slots.BLOCK))


@dataclass(frozen=True)
class Grade:
    """A grade that was given in the case."""

    scheme: str
    axis: str
    code: str
    derived_from: str | None


@dataclass
class ReferralFacts:
    """What was found; ids of persons by act, of the whole chain and of the case alone."""

    acts: dict[str, set[uuid.UUID]] = field(default_factory=dict)
    own_acts: set[tuple[str, uuid.UUID]] = field(default_factory=set)
    children: int = 0
    open_children: int = 0
    open_obligations: int = 0
    given: int = 0
    unconfirmed: int = 0
    received_under: str | None = None
    recalled_here: bool = False
    taken_back: bool = False
    questions: set[str] = field(default_factory=set)
    asking: bool = False
    linked: set[str] = field(default_factory=set)
    is_related: bool = False
    holders: set[uuid.UUID] = field(default_factory=set)
    grades: list[Grade] = field(default_factory=list)
    is_stopped: bool = False


def gather(tx: Transaction, row: Referral) -> ReferralFacts:
    """Everything about a case, as it is committed."""
    told = {
        "case": row.id,
        # What is not there is asked for by an id that nothing has.
        **_slots(tx, row.flag_id),
        "report": row.report_id or row.id,
        "procedure": row.procedure_name,
    }
    found = ReferralFacts()
    for what, *values in tx.execute_prepared(_spelled(tx.database.engine.dialect), told):
        _TAKEN[what](found, *values)
    if found.is_related:
        found.linked = set(earlier_referrals.other_cases(tx, row))
    return found


def _slots(tx: Transaction, flag_id: uuid.UUID | None) -> dict[str, str]:
    """Where a flag's relations would stand; without a flag, nowhere."""
    if flag_id is None:
        return dict.fromkeys(_SLOTS, _NOTHING)
    return dict(zip(_SLOTS, slots.tokens(tx.keys, relations.PURPOSE, flag_id.bytes), strict=True))


# --- what each kind of row adds -----------------------------------------------------------------


def _acts(facts: ReferralFacts, kind: str, own: str, *_: str) -> None:
    words = kind.split()
    for act, person in zip(words[::2], words[1::2], strict=True):
        person_id = uuid.UUID(person)
        facts.acts.setdefault(act, set()).add(person_id)
        if own:
            facts.own_acts.add((act, person_id))


def _children(facts: ReferralFacts, total: str, unfinished: str, *_: str) -> None:
    facts.children, facts.open_children = int(total), int(unfinished)


def _owed(facts: ReferralFacts, number: str, *_: str) -> None:
    facts.open_obligations = int(number)


def _giving(facts: ReferralFacts, side: str, state: str, handling: str, *_: str) -> None:
    recalled = state in RECALLED
    if side == "given":
        facts.given += not recalled
    elif side == "recalled":
        facts.unconfirmed += state == RECALLED[0]
    else:
        facts.received_under = handling
        facts.recalled_here = state == RECALLED[0]
        facts.taken_back |= recalled


def _question(facts: ReferralFacts, question: str, side: str, *_: str) -> None:
    if side == "asking":
        facts.asking = True
    else:
        facts.questions.add(str(uuid.UUID(question)))


def _related(facts: ReferralFacts, *_: str) -> None:
    facts.is_related = True


def _holder(facts: ReferralFacts, unit: str, restricted: str, *_: str) -> None:
    facts.holders.add(uuid.UUID(unit))
    facts.taken_back |= bool(restricted)


def _grade(facts: ReferralFacts, scheme: str, axis: str, code: str, derived_from: str, *_: str) -> None:
    facts.grades.append(Grade(scheme, axis, code, derived_from or None))


def _stopped(facts: ReferralFacts, *_: str) -> None:
    facts.is_stopped = True


_TAKEN: Final[Mapping[str, Callable[..., None]]] = {
    "acts": _acts,
    "children": _children,
    "owed": _owed,
    "giving": _giving,
    "question": _question,
    "related": _related,
    "holder": _holder,
    "grade": _grade,
    "stopped": _stopped,
}


# --- the statement --------------------------------------------------------------------------------


@cache
def _spelled(dialect: Dialect) -> PreparedStatement:
    return PreparedStatement(dialect, _everything(dialect.name))


def _everything(dialect: str) -> CompoundSelect[Any]:
    case_id, report_id = (bindparam(name, type_=Uuid()) for name in ("case", "report"))
    return union_all(
        *_of_the_case(case_id, dialect),
        *_of_givings(case_id, report_id),
        _row("related").where(FlagRelation.token.in_([bindparam(name, type_=String()) for name in _SLOTS])),
        _row("stopped").where(
            Suspension.subject == literal(Subject.PROCEDURE.value),
            Suspension.name == bindparam("procedure", type_=String()),
            Suspension.lifted_at.is_(None),
        ),
    )


def _of_the_case(case_id: ColumnElement[uuid.UUID], dialect: str) -> tuple[Select[Any], ...]:
    above = select(Referral.id, Referral.parent_id).where(Referral.id == case_id).cte("above", recursive=True)
    parent = aliased(Referral)
    chain = above.union_all(select(parent.id, parent.parent_id).where(parent.id == above.c.parent_id))
    own = case((chain.c.id == case_id, literal("own")), else_=literal(_NOTHING))
    gathered = func.string_agg if dialect == "postgresql" else func.group_concat
    said = ReferralActor.act.concat(literal(" ")).concat(cast(ReferralActor.person_id, Text()))
    acts = (
        select(gathered(said, literal(" ")))
        .where(ReferralActor.referral_id == chain.c.id)
        .correlate(chain)
        .scalar_subquery()
    )
    unfinished = case((Referral.phase != literal(Phase.ENDED.value), 1), else_=0)
    return (
        # Case by case, by the index: of what a recursion finds PostgreSQL may take half the table to be part.
        _row("acts", acts, own).select_from(chain),
        _row("children", func.count(), func.coalesce(func.sum(unfinished), 0)).where(
            Referral.parent_id == case_id
        ),
        _row("owed", func.count()).where(feedback.is_owed_about(case_id)),
        _row(
            "grade", ReferralGrade.scheme, ReferralGrade.axis, ReferralGrade.code, ReferralGrade.derived_from
        ).where(ReferralGrade.referral_id == case_id),
    )


def _of_givings(
    case_id: ColumnElement[uuid.UUID], report_id: ColumnElement[uuid.UUID]
) -> tuple[Select[Any], ...]:
    sides = (
        ("received", Dissemination.child_id),
        ("given", Dissemination.referral_id),
        ("recalled", Dissemination.recalled_by_id),
    )
    givings = (
        _row("giving", literal(side), Dissemination.state, Dissemination.handling_code).where(
            column == case_id
        )
        for side, column in sides
    )
    questions = (
        _row("question", OriginatorQuestion.id, literal(side)).where(
            column == case_id, OriginatorQuestion.answer.is_(None)
        )
        for side, column in (
            ("asking", OriginatorQuestion.asking_id),
            ("answering", OriginatorQuestion.answering_id),
        )
    )
    states = [literal(state.value) for state in RECALLED]
    return (
        *givings,
        *questions,
        _row("holder", Dissemination.to_unit_id).where(
            Dissemination.report_id == report_id, Dissemination.state.not_in(states)
        ),
        _row("holder", IntelligenceReport.unit_id, IntelligenceReport.restricted_at).where(
            IntelligenceReport.id == report_id
        ),
    )


def _row(what: str, *values: Any) -> Select[Any]:
    told: list[ColumnElement[Any]] = [
        func.coalesce(cast(value, Text()), literal(_NOTHING)) for value in values
    ]
    told += [literal(_NOTHING)] * (_WIDTH - len(values))
    columns: list[Any] = [literal(what).label("what"), *(one.label(f"v{at}") for at, one in enumerate(told))]
    return select(*columns)
