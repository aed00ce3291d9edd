"""A report that changes after it was given: a new grade, a corrected text; whoever holds it hears of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.core.ids import new_id
from community_api.intelligence.chain.referrals import grades
from community_api.intelligence.chain.reports import issuance, queries
from community_api.intelligence.chain.reports.models import Dissemination, IntelligenceReport, ReportNotice
from community_api.intelligence.chain.reports.terms import (
    DISSEMINATION_KIND,
    KIND,
    NOTICE_DUTY,
    SEALED_LABEL,
    NoticeKind,
)
from community_api.procedure_engine.engine.state import Step
from community_api.procedure_engine.pack.definition import ReportSource
from community_api.units import duties, posts
from community_api.units.terms import Role

if TYPE_CHECKING:
    from community_api.intelligence.chain.referrals.models import Referral


def regrade(tx: Transaction, referral: Referral, step: Step) -> None:
    """Put new grades in the place of the report's and tell whoever holds it.

    Source: Regulation (EU) 2016/794, article 29.
    """
    report = _report(tx, referral)
    grades.of_the_report(tx, report, step.grades, queries.grades_of(tx, [report.id])[report.id])
    tx.update_row(report)
    _notify_holders(tx, referral, report, step, NoticeKind.REGRADE)


def correct(tx: Transaction, referral: Referral, step: Step, source: ReportSource) -> None:
    """Put the text that was last written there in the place of the report's and tell whoever holds it."""
    report = _report(tx, referral)
    text = issuance.text_of(tx, referral, source)
    version = report.text_version + 1
    sealed = tx.sealer.seal(tx, report.id, SEALED_LABEL, version, {"text": text})
    tx.update_row(report, text_version=version, sealed=sealed)
    _notify_holders(tx, referral, report, step, NoticeKind.CORRECTION)


def _notify_holders(
    tx: Transaction, referral: Referral, report: IntelligenceReport, step: Step, kind: NoticeKind
) -> None:
    """A notice and a duty for every holder, and the leaf of the change."""
    permission = (
        Permission.INTELLIGENCE_REPORT_REGRADE
        if kind is NoticeKind.REGRADE
        else Permission.INTELLIGENCE_REPORT_DISSEMINATE
    )
    audit.record(
        tx, SYSTEM, Action.ALTER, permission, KIND, report.id,
        version=report.version, outcome=kind.value, procedure_hash=referral.procedure_hash,
    )  # fmt: skip
    for given in queries.held(tx, report.id):
        notice = tx.add(
            ReportNotice(
                id=new_id(),
                dissemination_id=given.id,
                kind=kind.value,
                report_version=report.version,
                sent_at=tx.now,
                due_at=step.confirm_by or tx.now,
            )
        )
        duties.owe(
            tx,
            kind=NOTICE_DUTY,
            subject_kind=DISSEMINATION_KIND,
            subject_id=given.id,
            post_id=_holder(tx, given),
            due_at=notice.due_at,
        )
        tx.changed(KIND, report.id, report.version, given.to_unit_id)


def _holder(tx: Transaction, dissemination: Dissemination) -> uuid.UUID:
    """The post that has the copy: the recipient's analyst; for another state whoever sent it there."""
    if dissemination.child_id is None:
        return posts.establish(tx, Role.INTELLIGENCE_MANAGER, dissemination.from_unit_id)
    return posts.establish(tx, Role.ANALYST, dissemination.to_unit_id)


def _report(tx: Transaction, referral: Referral) -> IntelligenceReport:
    report = tx.get(IntelligenceReport, referral.report_id) if referral.report_id is not None else None
    if report is None or report.sealed is None:
        raise DomainError("action_not_allowed")
    return report
