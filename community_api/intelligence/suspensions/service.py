"""What the independent authority can stop, and how everybody else hears of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from community_api import access, audit, procedures
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.core import retention
from community_api.core.actor import Actor
from community_api.core.database import commands
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.intelligence.indicators import service as indicators
from community_api.intelligence.suspensions.models import Suspension
from community_api.intelligence.suspensions.terms import KIND, LABEL, RETENTION, Subject

PERMISSIONS = {
    Subject.INDICATOR: (Permission.INDICATOR_LIST_SUSPEND, "indicator_list"),
    Subject.PROCEDURE: (Permission.PROCEDURE_SUSPEND, "procedure"),
}


@dataclass(frozen=True)
class ShownSuspension:
    """A suspension as the authority sees it; ``lifted_at`` None: in force."""

    id: uuid.UUID
    subject: str
    name: str
    reason: str
    suspended_at: datetime
    lifted_at: datetime | None
    retention: dict[str, object]


def suspend(
    uow: UnitOfWork, actor: Actor, command: Command, *, subject: Subject, name: str, reason: str
) -> ShownSuspension:
    """Stop an indicator or a procedure for everybody, from the next request on.

    Raises DomainError ``role_not_allowed``, ``not_found``, ``already_suspended``.
    """
    with uow(command) as tx:
        permission = _require(tx, actor, subject, name)
        if _open(tx, subject, name) is not None:
            raise DomainError("already_suspended")
        row = tx.add(
            Suspension(
                id=command.record_id,
                subject=subject.value,
                name=name,
                suspended_by=actor.person_id,
                suspended_at=tx.now,
                sealed=tx.sealer.seal_new(tx, command.record_id, LABEL, {"reason": reason}),
                retention_class=RETENTION,
                review_on=retention.review_on(RETENTION, tx.now.date()),
            )
        )
        audit.record(
            tx, actor, Action.CONFIG, permission, KIND, row.id,
            version=row.version, to_state="suspended", outcome=name, payload={"reason": reason},
        )  # fmt: skip
        return _describe(row, reason)


def lift(uow: UnitOfWork, actor: Actor, *, subject: Subject, name: str) -> None:
    """Let it be used again, from the next request on; what is not suspended stays so.

    Raises DomainError ``role_not_allowed``, ``not_found``.
    """
    commands.again(lambda: _lift(uow, actor, subject, name))


def read(uow: UnitOfWork, actor: Actor, suspension_id: uuid.UUID, subject: Subject) -> ShownSuspension:
    """A suspension as it is now, for a command that is sent again. Raises ``not_found``."""
    with uow() as tx:
        row = tx.get(Suspension, suspension_id)
        permission, kind = PERMISSIONS[subject]
        target = Target.absent(kind) if row is None else Target(kind)
        access.require(tx, actor, permission, target, object_id=suspension_id)
        if row is None or row.sealed is None:
            raise DomainError("not_found")
        return _describe(row, tx.sealer.open(tx, row.id, LABEL, row.text_version, row.sealed)["reason"])


def names(uow: UnitOfWork, subject: Subject) -> frozenset[str]:
    """The names of all that is stopped now, for showing it; it is no secret."""
    with uow() as tx:
        return suspended(tx, subject)


def suspended(tx: Transaction, subject: Subject) -> frozenset[str]:
    """The names of all that is stopped now; asked anew each time, so that every process knows at once."""
    query = select(Suspension.name).where(Suspension.subject == subject.value, Suspension.lifted_at.is_(None))
    return frozenset(tx.all(query))


def refuse_suspended(tx: Transaction, *, procedure: str, indicators: Collection[str] = ()) -> None:
    """Raises DomainError ``suspended_by_oversight`` if the procedure or one of the indicators is stopped."""
    query = select(Suspension.subject, Suspension.name).where(Suspension.lifted_at.is_(None))
    stopped = set(tx.all(query))
    asked = {(Subject.PROCEDURE.value, procedure)} | {(Subject.INDICATOR.value, code) for code in indicators}
    if any((subject, name) in asked for subject, name in stopped):
        raise DomainError("suspended_by_oversight")


def _lift(uow: UnitOfWork, actor: Actor, subject: Subject, name: str) -> None:
    with uow() as tx:
        permission = _require(tx, actor, subject, name)
        row = _open(tx, subject, name)
        if row is None:
            return
        tx.update_row(row, lifted_by=actor.person_id, lifted_at=tx.now)
        audit.record(
            tx, actor, Action.CONFIG, permission, KIND, row.id,
            version=row.version, from_state="suspended", to_state="lifted", outcome=name,
        )  # fmt: skip


def _require(tx: Transaction, actor: Actor, subject: Subject, name: str) -> Permission:
    """The permission that the act takes, when the caller has it and there is such a thing."""
    permission, kind = PERMISSIONS[subject]
    known = _is_known(tx, subject, name)
    access.require(tx, actor, permission, Target(kind) if known else Target.absent(kind))
    return permission


def _is_known(tx: Transaction, subject: Subject, name: str) -> bool:
    if subject is Subject.INDICATOR:
        return indicators.is_indicator(tx, name)
    return procedures.newest(tx, name) is not None


def _open(tx: Transaction, subject: Subject, name: str) -> Suspension | None:
    query = select(Suspension).where(
        Suspension.subject == subject.value, Suspension.name == name, Suspension.lifted_at.is_(None)
    )
    found: Suspension | None = tx.first(query)
    return found


def _describe(row: Suspension, reason: str) -> ShownSuspension:
    return ShownSuspension(
        id=row.id,
        subject=row.subject,
        name=row.name,
        reason=reason,
        suspended_at=row.suspended_at,
        lifted_at=row.lifted_at,
        retention=retention.describe(row.retention_class, row.review_on, legal_hold=row.legal_hold),
    )
