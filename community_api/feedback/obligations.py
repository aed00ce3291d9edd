"""Obligations: opened in the commit of the decision that owes an answer, remembered until it is given."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, literal, select

from community_api import access, procedures
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.core.retention import review_on
from community_api.feedback.contributors import behind
from community_api.feedback.models import Alias, Obligation
from community_api.feedback.terms import DUE, OBLIGATION_KIND, OWED, RETENTION, Audience, DutyKind, State
from community_api.outbox import service as outbox
from community_api.procedure_engine.engine import feedback_clocks
from community_api.procedure_engine.engine import state as procedure
from community_api.procedure_engine.pack.definition import Pack
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.terms import Level, Role


def alias(
    tx: Transaction, *, matter_id: uuid.UUID, flagger_id: uuid.UUID, report_reference: str
) -> uuid.UUID:
    """A fresh opaque name of a matter, for the chain's own use."""
    row = Alias(id=new_id(), matter_id=matter_id, flagger_id=flagger_id, report_reference=report_reference)
    return tx.add(row).id


def oblige_flagger(
    tx: Transaction,
    *,
    matter_id: uuid.UUID,
    flagger_id: uuid.UUID,
    subject_kind: str,
    subject_id: uuid.UUID,
    unit_id: uuid.UUID,
    pack: Pack,
    point: str,
    outcome: str,
    report_reference: str,
    also_told: uuid.UUID | None = None,
) -> Obligation:
    """The supervisors of the report's team owe the flagger word of what became of the flag.

    ``also_told``: a post that sees from the first that this is owed; None: no other does unless it is late.
    """
    rule = feedback_clocks.rule(pack, point)
    due_at = feedback_clocks.answer_due(pack, point, tx.now, calendar_of(tx, unit_id))
    return oblige(
        tx,
        matter_id=matter_id,
        recipient_id=flagger_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        pack=pack,
        point=point,
        outcome=outcome,
        owing=(Role(rule.owed_by), unit_id),
        due_at=due_at,
        report_reference=report_reference,
        also_told=also_told,
    )


def oblige_chain(
    tx: Transaction,
    *,
    alias_id: uuid.UUID,
    subject_kind: str,
    subject_id: uuid.UUID,
    unit_id: uuid.UUID,
    pack: Pack,
    obligation: procedure.Obligation,
) -> None:
    """The deciding unit owes an answer to every officer behind the report, and to the flagger.

    Above the local level it is owed blindly: the unit does not learn which report it is about.
    """
    row = tx.get(Alias, alias_id)
    if row is None:
        raise KeyError(alias_id)
    recipients = {one.person_id: one.report_reference for one in behind(tx, row.matter_id)}
    recipients.setdefault(row.flagger_id, row.report_reference)
    for recipient_id, report_reference in sorted(recipients.items()):
        oblige(
            tx,
            matter_id=row.matter_id,
            recipient_id=recipient_id,
            subject_kind=subject_kind,
            subject_id=subject_id,
            pack=pack,
            point=obligation.point,
            outcome=obligation.outcome,
            owing=(Role(obligation.owed_by), unit_id),
            due_at=obligation.due_at,
            report_reference=report_reference,
        )


def owed_by_subject(tx: Transaction, subject_id: uuid.UUID) -> int:
    """How many answers are still owed for what was decided on this flag or referral."""
    return int(tx.first(select(func.count()).select_from(Obligation).where(is_owed_about(subject_id))))


def is_owed_about(subject_id: uuid.UUID | ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    """That an answer is still owed for what was decided on a flag or referral; for a statement of others."""
    states = [literal(state.value) for state in OWED]
    return and_(Obligation.subject_id == subject_id, Obligation.state.in_(states))


def oblige(
    tx: Transaction,
    *,
    matter_id: uuid.UUID,
    recipient_id: uuid.UUID,
    subject_kind: str,
    subject_id: uuid.UUID,
    pack: Pack,
    point: str,
    outcome: str | None,
    owing: tuple[Role, uuid.UUID],
    due_at: datetime,
    report_reference: str,
    also_told: uuid.UUID | None = None,
    met: bool = False,
) -> Obligation:
    """Buffer one obligation, and the duty to meet it; ``met``: the answer is given in this very commit.

    ``pack``: the version under which it was decided, which names what may be answered (contract section 8).
    To somebody who has left nothing is owed: it is waived from the first, and stays so if they return.
    """
    role, unit_id = owing
    post_id = posts.establish(tx, role, unit_id)
    state = _first_state(tx, recipient_id, met=met)
    row = tx.add(
        Obligation(
            id=new_id(),
            matter_id=matter_id,
            recipient_id=recipient_id,
            subject_kind=subject_kind,
            subject_id=subject_id,
            point=point,
            outcome=outcome,
            owed_by_post_id=post_id,
            unit_id=unit_id,
            blind=tree(tx).level(unit_id) not in {Level.COMMUNITY, Level.LOCAL},
            report_reference=report_reference,
            audience=Audience.OFFICER.value,
            language=access.language_of(tx, recipient_id),
            state=state.value,
            opened_at=tx.now,
            due_at=due_at,
            met_at=tx.now if state is State.MET else None,
            breach_post_id=also_told,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
        )
    )
    procedures.bind(row, pack)
    tx.changed(OBLIGATION_KIND, row.id, 1, unit_id)
    if state is State.OPEN:
        _remember(tx, row)
    return row


def _remember(tx: Transaction, row: Obligation) -> None:
    duties.owe(
        tx,
        kind=DutyKind.ANSWER,
        subject_kind=OBLIGATION_KIND,
        subject_id=row.id,
        post_id=row.owed_by_post_id,
        due_at=row.due_at,
    )
    outbox.schedule(tx, DUE, row.id, row.due_at)


def _first_state(tx: Transaction, recipient_id: uuid.UUID, *, met: bool) -> State:
    if not access.is_active(tx, recipient_id):
        return State.WAIVED
    return State.MET if met else State.OPEN
