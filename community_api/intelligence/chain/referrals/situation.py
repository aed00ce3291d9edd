"""What the engine is told of a case and of the person who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from community_api import feedback, procedures
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.chain.referrals import earlier_referrals, queries
from community_api.intelligence.chain.referrals.facts import ReferralFacts
from community_api.intelligence.chain.referrals.models import Referral
from community_api.intelligence.chain.reports import queries as reports
from community_api.intelligence.chain.reports.models import Dissemination, IntelligenceReport
from community_api.intelligence.chain.reports.terms import RECALLED, DisseminationState
from community_api.procedure_engine.engine.clocks import Pause
from community_api.procedure_engine.engine.state import ActorView, CaseState, Facts, UnitView
from community_api.procedure_engine.pack.definition import Pack
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.rules import UnitTree


def pack_of(tx: Transaction, row: Referral) -> Pack:
    """The procedure version that a case keeps until it is moved to another."""
    return procedures.version(tx, row.procedure_name, row.procedure_version, content_hash=row.procedure_hash)


def case_of(row: Referral) -> CaseState:
    """Where a case stands."""
    return CaseState(
        stage=row.stage,
        level=row.level,
        urgent=row.urgent,
        child=row.child,
        marks=frozenset(row.marks),
        due_at=row.due_at,
        entered_at=row.entered_at,
        pauses=pauses_of(row),
        categories=frozenset(row.subject_categories),
    )


def pauses_of(row: Referral) -> tuple[Pause, ...]:
    """When the clock of the case's stage stood still."""
    return tuple(Pause(*map(datetime.fromisoformat, pause)) for pause in row.pauses)


def actor_view(tx: Transaction, actor: Actor, row: Referral) -> ActorView:
    """The caller: their roles in the unit of the case, and what they are certified in today."""
    day = calendar_of(tx, row.unit_id).local_day(tx.now)
    return ActorView(
        person_id=actor.person_id,
        roles=frozenset(grant.role for grant in actor.grants if grant.unit_id == row.unit_id),
        certificates=frozenset(one.course for one in actor.certificates if one.valid_on(day)),
    )


def facts_of(tx: Transaction, row: Referral) -> Facts:
    """Everything that has happened in the case and its chain, gathered anew."""
    units = tree(tx)
    total, unfinished = queries.children(tx, row.id)
    holding = _holding(tx, row)
    facts = Facts(
        unit=_unit_view(units, row.unit_id, row.unit_id),
        acts=queries.acts_in(tx, queries.ancestry(tx, row)),
        units=tuple(_unit_view(units, unit.id, row.unit_id) for unit in units if unit.id not in holding),
        open_obligations=feedback.owed_by_subject(tx, row.id),
        children=total,
        open_children=unfinished,
        calendar=calendar_of(tx, row.unit_id),
    )
    return _of_the_chain(tx, row, facts) if pack_of(tx, row).reaches_others else facts


def facts_from(tx: Transaction, row: Referral, facts: ReferralFacts) -> Facts:
    """The same from what was read at once, for a use that has changed nothing yet."""
    units = tree(tx)
    return Facts(
        unit=_views(units, row.unit_id)[row.unit_id],
        acts={act: frozenset(people) for act, people in facts.acts.items()},
        units=tuple(
            view for unit_id, view in _views(units, row.unit_id).items() if unit_id not in facts.holders
        ),
        open_obligations=facts.open_obligations,
        children=facts.children,
        open_children=facts.open_children,
        calendar=calendar_of(tx, row.unit_id),
        made_report=row.report_id is not None and facts.received_under is None,
        given=facts.given,
        recalled_here=facts.recalled_here,
        taken_back=facts.taken_back,
        unconfirmed=facts.unconfirmed,
        received_under=facts.received_under,
        questions=frozenset(facts.questions),
        asking=facts.asking,
        linked=frozenset(facts.linked),
    )


def every_unit(tx: Transaction, row: Referral) -> tuple[UnitView, ...]:
    """All units as the case's own sees them, whoever holds its report."""
    units = tree(tx)
    return tuple(_unit_view(units, unit.id, row.unit_id) for unit in units)


def _of_the_chain(tx: Transaction, row: Referral, facts: Facts) -> Facts:
    """What was given, taken back, asked and linked; only procedures that reach other cases ask about it."""
    givings = reports.around(tx, row.id)
    received = next((one for one in givings if one.child_id == row.id), None)
    waiting = [one for one in reports.questions_about(tx, row.id) if one.answer is None]
    return replace(
        facts,
        made_report=row.report_id is not None and received is None,
        given=sum(1 for one in givings if one.referral_id == row.id and one.state not in RECALLED),
        recalled_here=received is not None and received.state == DisseminationState.RECALLED,
        taken_back=_is_taken_back(tx, row, received),
        unconfirmed=sum(
            1 for one in givings if one.recalled_by_id == row.id and one.state == DisseminationState.RECALLED
        ),
        received_under=None if received is None else received.handling_code,
        questions=frozenset(str(one.id) for one in waiting if one.answering_id == row.id),
        asking=any(one.asking_id == row.id for one in waiting),
        linked=earlier_referrals.other_cases(tx, row),
    )


def _is_taken_back(tx: Transaction, row: Referral, received: Dissemination | None) -> bool:
    """Whether the report was taken back from this case, or is restricted for everybody."""
    report = tx.get(IntelligenceReport, row.report_id) if row.report_id is not None else None
    return (received is not None and received.state in RECALLED) or (
        report is not None and report.restricted_at is not None
    )


def _holding(tx: Transaction, row: Referral) -> frozenset[UUID]:
    """The units that hold the report of the case: the one that made it, and all it was given to."""
    report = tx.get(IntelligenceReport, row.report_id) if row.report_id is not None else None
    if report is None:
        return frozenset()
    return reports.holders(tx, report.id) | {report.unit_id}


_VIEWS: Final[WeakKeyDictionary[UnitTree, dict[UUID, dict[UUID, UnitView]]]] = WeakKeyDictionary()


def _views(units: UnitTree, seen_from: UUID) -> Mapping[UUID, UnitView]:
    """All units as one of them sees them; a tree never changes, so they are made once."""
    known = _VIEWS.setdefault(units, {})
    if seen_from not in known:
        known[seen_from] = {unit.id: _unit_view(units, unit.id, seen_from) for unit in units}
    return known[seen_from]


def _unit_view(units: UnitTree, unit_id: UUID, seen_from: UUID) -> UnitView:
    unit = units[unit_id]
    above = frozenset(units.name_of(one) for one in units.ancestors(unit_id))
    abroad = unit.country != units[seen_from].country
    return UnitView(name=unit.name, level=unit.level.value, above=above, abroad=abroad)
