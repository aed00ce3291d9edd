"""How a report comes into being, is given to units, and how each giving fares."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.core.ids import new_id, reference
from community_api.core.retention import review_on
from community_api.intelligence.chain.referrals import grades, open_referral, queries
from community_api.intelligence.chain.referrals.models import Referral
from community_api.intelligence.chain.referrals.terms import HANDLING, STEP_LABEL
from community_api.intelligence.chain.reports.models import Dissemination, IntelligenceReport
from community_api.intelligence.chain.reports.terms import (
    DISSEMINATION_KIND,
    DISSEMINATION_LABEL,
    KIND,
    RECALLED,
    RETENTION,
    SEALED_LABEL,
    DisseminationState,
)
from community_api.procedure_engine.engine.state import Step
from community_api.procedure_engine.pack.definition import Pack, ReportSource
from community_api.units.directory import tree
from community_api.units.terms import Level

# What is kept in words with a giving; those after the fourth come with newer procedures.
WORDS = (
    "purpose",
    "legal_basis",
    "conditions",
    "need_to_know",
    "right_to_know",
    "transfer_basis",
    "assurance",
    "assurances",
    "onward_limit",
)


def issue(tx: Transaction, referral: Referral, *, source: ReportSource) -> IntelligenceReport:
    """Make the report of a case whose sanitised text and grade a second person has confirmed."""
    text = text_of(tx, referral, source)
    report_id = new_id()
    units = tree(tx)
    report = tx.add(
        IntelligenceReport(
            id=report_id,
            number=reference(f"IR-{units.name_of(referral.unit_id)}"),
            unit_id=referral.unit_id,
            produced_at=tx.now,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, report_id, SEALED_LABEL, {"text": text}),
        )
    )
    for grade in queries.grades(tx, referral.id):
        tx.add(grades.copied(report.id, grade))
    tx.update_row(referral, report_id=report.id)
    audit.record(
        tx, SYSTEM, Action.COLLECT, Permission.INTELLIGENCE_REPORT_READ, KIND, report.id,
        version=1, procedure_hash=referral.procedure_hash, payload={"text": text},
    )  # fmt: skip
    return report


def disseminate(tx: Transaction, referral: Referral, pack: Pack, step: Step) -> None:
    """Give the report to each recipient: a dissemination and a case of their own."""
    report = tx.get(IntelligenceReport, referral.report_id) if referral.report_id is not None else None
    if report is None:
        raise DomainError("action_not_allowed")
    units = tree(tx)
    handling = next(grade for grade in step.grades if grade.axis == HANDLING)
    for name in step.recipients:
        unit = units.named(name)
        if unit is None:
            raise KeyError(name)
        child = None
        if unit.level is not Level.EXTERNAL:
            child = open_referral.open_for_recipient(
                tx, parent=referral, unit_id=unit.id, pack=pack, report_id=report.id
            )
        dissemination_id = new_id()
        words = {word: step.fields.get(word) for word in WORDS}
        tx.add(
            Dissemination(
                id=dissemination_id,
                report_id=report.id,
                report_version=report.version,
                referral_id=referral.id,
                child_id=None if child is None else child.id,
                from_unit_id=referral.unit_id,
                to_unit_id=unit.id,
                handling_scheme=handling.scheme,
                handling_code=handling.code,
                state=DisseminationState.SENT.value,
                sent_at=tx.now,
                retention_class=RETENTION,
                review_on=review_on(RETENTION, tx.now.date()),
                sealed=tx.sealer.seal_new(tx, dissemination_id, DISSEMINATION_LABEL, words),
            )
        )
        tx.changed(KIND, report.id, report.version, unit.id)
        audit.record(
            tx, SYSTEM, Action.DISCLOSE, Permission.INTELLIGENCE_REPORT_DISSEMINATE, DISSEMINATION_KIND,
            dissemination_id, version=1, recipients=[name], procedure_hash=referral.procedure_hash,
            payload=words,
        )  # fmt: skip


def follow(tx: Transaction, referral: Referral, step: Step) -> None:
    """A recipient's case acknowledges or decides: the giving that opened it says so too.

    One that was taken back stays taken back, whatever becomes of the case it opened (R7).
    """
    if referral.parent_id is None:
        return
    row: Dissemination | None = tx.first(select(Dissemination).where(Dissemination.child_id == referral.id))
    if row is None or row.state in RECALLED:
        return
    if row.state == DisseminationState.SENT:
        tx.update_row(row, state=DisseminationState.ACKNOWLEDGED.value, acknowledged_at=tx.now)
    elif row.decided_at is None and step.obligations:
        tx.update_row(row, state=DisseminationState.DECIDED.value, decided_at=tx.now)


def text_of(tx: Transaction, referral: Referral, source: ReportSource) -> str:
    """The text that was last written in a case, at that action and in that field."""
    step = queries.latest_step(tx, referral.id, source.action)
    if step is None or step.sealed is None:
        raise DomainError("action_not_allowed")
    told: dict[str, Any] = tx.sealer.open(tx, step.id, STEP_LABEL, step.text_version, step.sealed)
    return str(told[source.field])
