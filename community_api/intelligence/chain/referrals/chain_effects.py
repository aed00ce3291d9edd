"""What a step does to the other cases of a chain: recalls, new grades, corrections, questions, answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import select

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.intelligence.chain.referrals.models import Referral
from community_api.intelligence.chain.referrals.situation import case_of, pack_of
from community_api.intelligence.chain.referrals.terms import KIND
from community_api.intelligence.chain.reports import consent, report_changes
from community_api.intelligence.chain.reports import queries as reports
from community_api.intelligence.chain.reports.models import Dissemination, IntelligenceReport
from community_api.intelligence.chain.reports.terms import (
    DISSEMINATION_KIND,
    RECALL_ABROAD_DUTY,
    DisseminationState,
)
from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.state import Step
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.terms import Role


def follow(tx: Transaction, row: Referral, step: Step, step_id: uuid.UUID) -> Iterator[tuple[Referral, Step]]:
    """Buffer what a step does to others; yields the cases that it calls back, with what happens to them."""
    reaches = step.reaches
    if reaches is None:
        return
    if reaches.marks_sender and row.parent_id is not None:
        mark(tx, row.parent_id, reaches.marks_sender)
    if reaches.regrades:
        report_changes.regrade(tx, row, step)
    if reaches.corrects_report is not None:
        report_changes.correct(tx, row, step, reaches.corrects_report)
    if reaches.asks_originator:
        consent.ask(tx, row, step, step_id)
    if reaches.answers_originator:
        asking_id = consent.answer(tx, row, step, step_id)
        mark(tx, asking_id, reaches.marks_asker)
    if reaches.reply:
        _answered_abroad(tx, row)
    if reaches.recalls:
        yield from _recall(tx, row)


def mark(tx: Transaction, referral_id: uuid.UUID, marks: tuple[str, ...]) -> None:
    """Set marks on another case of the chain; it is touched in any case."""
    row = tx.get(Referral, referral_id)
    if row is None:
        raise KeyError(referral_id)
    tx.update_row(row, marks=sorted({*row.marks, *marks}))
    tx.changed(KIND, row.id, row.version, row.unit_id)
    audit.record(
        tx, SYSTEM, Action.ALTER, Permission.REFERRAL_STEP, KIND, row.id,
        version=row.version, from_state=row.stage, to_state=row.stage, outcome="marked",
        procedure_hash=row.procedure_hash,
    )  # fmt: skip


def given_up(tx: Transaction, row: Referral) -> uuid.UUID | None:
    """The recipient has given up what was taken back; the case that did so (None: nothing was)."""
    given = reports.received(tx, row.id)
    if given is None or given.state != DisseminationState.RECALLED:
        raise DomainError("action_not_allowed")
    return confirm(tx, given)


def confirm(tx: Transaction, dissemination: Dissemination) -> uuid.UUID | None:
    """One giving is given up; the case that took it back."""
    tx.update_row(dissemination, state=DisseminationState.RECALL_CONFIRMED.value, recall_confirmed_at=tx.now)
    audit.record(
        tx,
        SYSTEM,
        Action.ALTER,
        Permission.DISSEMINATION_CONFIRM_RECALL,
        DISSEMINATION_KIND,
        dissemination.id,
        version=dissemination.version,
        to_state=dissemination.state,
    )
    return dissemination.recalled_by_id


def _recall(tx: Transaction, row: Referral) -> Iterator[tuple[Referral, Step]]:
    """Take back everything that this case gave and that was passed on from there (R7)."""
    waiting, units = [row.id], tree(tx)
    while waiting:
        for given in reports.given_by(tx, waiting.pop()):
            if given.child_id is not None:
                waiting.append(given.child_id)
            if given.state in (DisseminationState.RECALLED, DisseminationState.RECALL_CONFIRMED):
                continue
            tx.update_row(
                given,
                state=DisseminationState.RECALLED.value,
                recalled_at=tx.now,
                recalled_by_id=row.id,
            )
            tx.changed(DISSEMINATION_KIND, given.id, given.version, given.to_unit_id)
            audit.record(
                tx, SYSTEM, Action.ALTER, Permission.DISSEMINATION_RECALL, DISSEMINATION_KIND, given.id,
                version=given.version, to_state=given.state, recipients=[units.name_of(given.to_unit_id)],
            )  # fmt: skip
            if given.child_id is None:
                _follow_up_abroad(tx, row, given)
            else:
                yield _called_back(tx, row, given.child_id)
    _restrict(tx, row)


def _restrict(tx: Transaction, row: Referral) -> None:
    """What its own maker takes back is kept and no longer used."""
    report = tx.get(IntelligenceReport, row.report_id) if row.report_id is not None else None
    if report is not None and row.parent_id is None:
        tx.update_row(report, restricted_at=tx.now)


def _called_back(tx: Transaction, row: Referral, child_id: uuid.UUID) -> tuple[Referral, Step]:
    """A recipient's case and where it goes now, by the rules of its own procedure.

    A case whose version knows no recall takes the version of the case that recalls: what was wrongly sent
    is given up whatever version it is held under.
    """
    child = tx.get(Referral, child_id)
    if child is None:
        raise KeyError(child_id)
    calendar = calendar_of(tx, child.unit_id)
    step = engine.call_back(pack_of(tx, child), case_of(child), tx.now, calendar)
    if step is None:
        tx.update_row(
            child,
            procedure_version=row.procedure_version,
            procedure_hash=row.procedure_hash,
            procedure_name=row.procedure_name,
        )
        step = engine.call_back(pack_of(tx, row), case_of(child), tx.now, calendar)
    if step is None:
        raise DomainError("action_not_allowed")
    return child, step


def _follow_up_abroad(tx: Transaction, row: Referral, dissemination: Dissemination) -> None:
    """Nobody abroad has a post here: whoever sent it owes the confirmation."""
    manager = posts.establish(tx, Role.INTELLIGENCE_MANAGER, dissemination.from_unit_id)
    duties.owe(
        tx,
        kind=RECALL_ABROAD_DUTY,
        subject_kind=DISSEMINATION_KIND,
        subject_id=dissemination.id,
        post_id=manager,
        due_at=row.due_at or tx.now,
    )


def _answered_abroad(tx: Transaction, row: Referral) -> None:
    """What came back from other states is written into this case: its givings there are decided."""
    for given in tx.all(
        select(Dissemination).where(Dissemination.referral_id == row.id, Dissemination.child_id.is_(None))
    ):
        if given.state == DisseminationState.SENT:
            tx.update_row(given, state=DisseminationState.DECIDED.value, decided_at=tx.now)
