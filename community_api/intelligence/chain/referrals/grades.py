"""Grades in rows: what is graded anew on one side takes the place of what was there, in whatever scheme."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import TypeVar

from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.intelligence.chain.referrals.models import Referral, ReferralGrade
from community_api.intelligence.chain.referrals.terms import HANDLING
from community_api.intelligence.chain.reports.models import IntelligenceReport, ReportGrade
from community_api.procedure_engine.engine.state import Grade

Row = ReferralGrade | ReportGrade
R = TypeVar("R", ReferralGrade, ReportGrade)


def of_the_case(
    tx: Transaction, row: Referral, new_grades: Sequence[Grade], existing: Iterable[ReferralGrade]
) -> None:
    """Buffer the grades that a step gives a case, the converted ones among them."""
    for one in _replaced(tx, new_grades, existing, ReferralGrade):
        tx.add(_filled(ReferralGrade(id=new_id(), referral_id=row.id), one))


def of_the_report(
    tx: Transaction, report: IntelligenceReport, new_grades: Sequence[Grade], existing: Iterable[ReportGrade]
) -> None:
    """Buffer the grades that a step gives a report, the converted ones among them."""
    for one in _replaced(tx, new_grades, existing, ReportGrade):
        tx.add(_filled(ReportGrade(id=new_id(), report_id=report.id), one))


def copied(report_id: uuid.UUID, grade: ReferralGrade) -> ReportGrade:
    """The grade of a case as one of its report, as it was given or converted."""
    given = Grade(grade.scheme, grade.axis, grade.code, grade.derived_from)
    return _filled(ReportGrade(id=new_id(), report_id=report_id), given)


def without_handling(new_grades: Iterable[Grade]) -> list[Grade]:
    """Grades of quality: how a report may be used belongs to each giving of it."""
    return [one for one in new_grades if one.axis != HANDLING]


def _replaced(
    tx: Transaction, new_grades: Sequence[Grade], existing: Iterable[Row], model: type[Row]
) -> list[Grade]:
    """Change rows that stay, remove those whose side was graded otherwise; what is new comes back."""
    anew = {(one.scheme, one.axis): one for one in without_handling(new_grades)}
    graded = {axis for _scheme, axis in anew}
    for row in existing:
        one = anew.pop((row.scheme, row.axis), None)
        if one is not None:
            tx.update_where(model, {"id": row.id}, {"code": one.code, "derived_from": one.derived_from})
        elif row.axis in graded:
            tx.delete_where(model, {"id": row.id})
    return list(anew.values())


def _filled(row: R, grade: Grade) -> R:
    row.scheme, row.axis = grade.scheme, grade.axis
    row.code, row.derived_from = grade.code, grade.derived_from
    return row
