"""What the system can show of intelligence reports."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.pagination import Page, PageWanted, page
from community_api.intelligence.chain.reports import queries
from community_api.intelligence.chain.reports.models import (
    Dissemination,
    IntelligenceReport,
    ReportGrade,
    ReportNotice,
)
from community_api.intelligence.chain.reports.terms import (
    DISSEMINATION_KIND,
    DISSEMINATION_LABEL,
    KIND,
    SEALED_LABEL,
)
from community_api.units.directory import tree


@dataclass(frozen=True)
class ShownReport:
    """A report; ``text`` None: in a list. ``handling``: how the caller's unit got it; None: its own."""

    row: IntelligenceReport
    unit: str
    grades: Sequence[ReportGrade]
    handling: Dissemination | None
    text: str | None = None


@dataclass(frozen=True)
class ShownDissemination:
    """One giving of a report, with its words."""

    row: Dissemination
    from_unit: str
    to_unit: str
    words: Mapping[str, Any]
    notices: Sequence[ReportNotice] = ()


def list_reports(uow: UnitOfWork, actor: Actor, *, wanted: PageWanted) -> Page:
    """Reports of the caller's units and those given to them, newest first, without text."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.INTELLIGENCE_REPORT_LIST)
        found = page(
            tx,
            queries.visible(sight),
            order=[IntelligenceReport.produced_at, IntelligenceReport.id],
            newest_first=True,
            wanted=wanted,
            scope=f"intelligence-reports:{actor.account_id}",
        )
        ids = [row.id for row in found.items]
        grades = queries.grades_of(tx, ids)
        audit.record(tx, actor, Action.CONSULT, Permission.INTELLIGENCE_REPORT_LIST, KIND, None, seen=ids)
        return Page([_describe(tx, actor, row, grades[row.id]) for row in found.items], found.next_cursor)


def read(uow: UnitOfWork, actor: Actor, report_id: uuid.UUID) -> ShownReport:
    """One report with its text; raises DomainError ``not_found``, ``purpose_required``."""
    with uow() as tx:
        row = find(tx, actor, report_id, Permission.INTELLIGENCE_REPORT_READ)
        if row.sealed is None:
            raise DomainError("erased")
        told = tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed)
        audit.record(
            tx, actor, Action.CONSULT, Permission.INTELLIGENCE_REPORT_READ, KIND, row.id,
            version=row.version, seen=[row.id],
        )  # fmt: skip
        return _describe(tx, actor, row, queries.grades_of(tx, [row.id])[row.id], told["text"])


def disseminations(uow: UnitOfWork, actor: Actor, report_id: uuid.UUID) -> list[ShownDissemination]:
    """To whom a report was given: all of it to its originator, to a recipient only what concerns them.

    Each giving has words of people, so it is read as the report is: raises DomainError ``not_found``,
    ``purpose_required``, ``case_required``.
    """
    with uow() as tx:
        row = find(tx, actor, report_id, Permission.INTELLIGENCE_REPORT_READ)
        sight = access.require_list(tx, actor, Permission.DISSEMINATION_LIST)
        shown = [
            shown_dissemination(tx, one)
            for one in queries.disseminations(tx, row.id)
            if sight.everything or not sight.units.isdisjoint({one.from_unit_id, one.to_unit_id})
        ]
        audit.record(
            tx, actor, Action.CONSULT, Permission.DISSEMINATION_LIST, DISSEMINATION_KIND, None,
            seen=[one.row.id for one in shown],
        )  # fmt: skip
        return shown


def shown_dissemination(tx: Transaction, row: Dissemination) -> ShownDissemination:
    """One giving with its words and what its holder was told afterwards."""
    units = tree(tx)
    notices = queries.notices_of(tx, [row.id])[row.id]
    return ShownDissemination(
        row, units.name_of(row.from_unit_id), units.name_of(row.to_unit_id), _words(tx, row), notices
    )


def find(tx: Transaction, actor: Actor, report_id: uuid.UUID, permission: Permission) -> IntelligenceReport:
    """The row, if the caller may do this to it; raises DomainError."""
    row = tx.get(IntelligenceReport, report_id)
    target = Target.absent(KIND)
    if row is not None:
        target = Target(KIND, unit_id=row.unit_id, also_in=queries.holders(tx, row.id))
    access.require(tx, actor, permission, target, object_id=report_id)
    if row is None:
        raise DomainError("not_found")
    return row


def _describe(
    tx: Transaction,
    actor: Actor,
    row: IntelligenceReport,
    grades: Sequence[ReportGrade],
    text: str | None = None,
) -> ShownReport:
    mine = {grant.unit_id for grant in actor.grants}
    given = None
    if row.unit_id not in mine:
        given = next((one for one in queries.disseminations(tx, row.id) if one.to_unit_id in mine), None)
    return ShownReport(row, tree(tx).name_of(row.unit_id), grades, given, text)


def _words(tx: Transaction, row: Dissemination) -> Mapping[str, Any]:
    if row.sealed is None:
        return {}
    told: Mapping[str, Any] = tx.sealer.open(tx, row.id, DISSEMINATION_LABEL, row.text_version, row.sealed)
    return told
