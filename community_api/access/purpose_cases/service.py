"""Opening a case and seeing the own ones; a case closes itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from community_api import audit
from community_api.access import authorize
from community_api.access.matrix import matrix
from community_api.access.models import Case
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.access.terms import CASE_DAYS, CaseKind
from community_api.audit import Action
from community_api.core import retention
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.pagination import Page, PageWanted, page

KIND = "case"
LABEL = "access.case"
RETENTION = "account"


@dataclass(frozen=True)
class ShownCase:
    """A case as the person who opened it sees it; ``reason`` None in lists, which carry no narrative."""

    id: uuid.UUID
    kind: str
    reason: str | None
    reference: str | None
    opened_at: datetime
    closes_at: datetime
    state: str
    retention: dict[str, object]


def open_case(
    uow: UnitOfWork, actor: Actor, command: Command, *, kind: CaseKind, reason: str, reference: str | None
) -> ShownCase:
    """Open a case for CASE_DAYS days.

    Raises ``role_not_allowed`` for roles without a reading that needs one, 422 for a kind that is no purpose
    of any role of the caller.
    """
    with uow(command) as tx:
        authorize.require(tx, actor, Permission.CASE_OPEN, Target(KIND, owner=actor.person_id))
        if kind.value not in _purposes(actor):
            raise invalid("/kind", "not_one_of")
        told = {"reason": reason, "reference": reference}
        row = tx.add(
            Case(
                id=command.record_id,
                kind=kind.value,
                person_id=actor.person_id,
                account_id=actor.account_id,
                opened_at=tx.now,
                closes_at=tx.now + timedelta(days=CASE_DAYS),
                sealed=tx.sealer.seal_new(tx, command.record_id, LABEL, told),
                retention_class=RETENTION,
                review_on=retention.review_on(RETENTION, tx.now.date()),
            )
        )
        audit.record(
            tx, actor, Action.COLLECT, Permission.CASE_OPEN, KIND, row.id,
            to_state="open", outcome=kind.value, payload=told,
        )  # fmt: skip
        return _describe(tx, row, told, with_reason=True)


def read_case(uow: UnitOfWork, actor: Actor, case_id: uuid.UUID) -> ShownCase:
    """An own case as it is now, for a command that is sent again. Raises ``not_found``."""
    with uow() as tx:
        row = tx.get(Case, case_id)
        target = Target.absent(KIND) if row is None else Target(KIND, owner=row.person_id)
        authorize.require(tx, actor, Permission.CASE_LIST, target, object_id=case_id)
        if row is None:
            raise DomainError("not_found")
        return _describe(tx, row, _opened(tx, row), with_reason=True)


def list_cases(uow: UnitOfWork, actor: Actor, *, state: str | None, wanted: PageWanted) -> Page:
    """The caller's own cases, newest first. ``state``: open, closed; None: all."""
    with uow() as tx:
        authorize.require_list(tx, actor, Permission.CASE_LIST)
        query = select(Case).where(Case.person_id == actor.person_id, Case.erased_at.is_(None))
        if state is not None:
            query = query.where(Case.closes_at > tx.now if state == "open" else Case.closes_at <= tx.now)
        found = page(
            tx,
            query,
            order=[Case.opened_at, Case.id],
            newest_first=True,
            wanted=wanted,
            scope=f"cases:{actor.person_id}:{state}",
        )
        ids = [row.id for row in found.items]
        audit.record(tx, actor, Action.CONSULT, Permission.CASE_LIST, KIND, None, seen=ids)
        return Page(
            [_describe(tx, row, _opened(tx, row), with_reason=False) for row in found.items],
            found.next_cursor,
        )


def _purposes(actor: Actor) -> set[str]:
    return {purpose.value for role in actor.roles for purpose in matrix().purposes.get(role, frozenset())}


def _opened(tx: Transaction, row: Case) -> dict[str, Any]:
    if row.sealed is None:
        return {"reason": None, "reference": None}
    opened: dict[str, Any] = tx.sealer.open(tx, row.id, LABEL, row.text_version, row.sealed)
    return opened


def _describe(tx: Transaction, row: Case, body: dict[str, Any], *, with_reason: bool) -> ShownCase:
    return ShownCase(
        id=row.id,
        kind=row.kind,
        reason=body["reason"] if with_reason else None,
        reference=body["reference"],
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        state="open" if tx.now < row.closes_at else "closed",
        retention=retention.describe(row.retention_class, row.review_on, legal_hold=row.legal_hold),
    )
