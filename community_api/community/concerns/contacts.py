"""How to reach a reporter: kept apart, read by whom two people let, or by the commander in danger."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Address, Target
from community_api.audit.terms import Action
from community_api.community.concerns import approvals, emergency_alert, queries, service
from community_api.community.concerns.models import Concern, ConcernContact, ConcernContactUnlock
from community_api.community.concerns.terms import (
    CONTACT_KIND,
    CONTACT_LABEL,
    KIND,
    RETENTION_CONTACT,
    UNLOCK_KIND,
    UNLOCK_LABEL,
    UNLOCKED_FOR,
    DutyKind,
    ReplyState,
)
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.ids import new_id
from community_api.core.retention import review_on
from community_api.units.terms import Role


@dataclass(frozen=True)
class OpenedContact:
    """How to reach a reporter. ``until`` None: the caller reads for another reason than an unlocking."""

    row: ConcernContact
    concern: Concern
    told: Mapping[str, Any]
    until: datetime | None


@dataclass(frozen=True)
class Unlocking:
    """A request to read contact details, and where the concern stands."""

    row: ConcernContactUnlock
    concern: Concern


def keep(tx: Transaction, concern: Concern, body: Mapping[str, Any]) -> None:
    """Seal contact details of a new concern under a key of their own."""
    contact_id = new_id()
    tx.add(
        ConcernContact(
            id=contact_id,
            concern_id=concern.id,
            retention_class=RETENTION_CONTACT,
            review_on=review_on(RETENTION_CONTACT, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, contact_id, CONTACT_LABEL, dict(body)),
        )
    )


def ask(uow: UnitOfWork, actor: Actor, command: Command, *, concern_id: uuid.UUID, reason: str) -> Unlocking:
    """Ask a second person to let one read how to reach the reporter; the reason stays.

    Raises DomainError ``not_found``, or ``no_contact_details``.
    """
    with uow(command) as tx:
        concern = service.find(tx, actor, concern_id, Permission.CONCERN_CONTACT_UNLOCK)
        if of(tx, concern.id) is None:
            raise DomainError("no_contact_details")
        row = tx.add(
            ConcernContactUnlock(
                id=command.record_id,
                concern_id=concern.id,
                proposer_id=actor.person_id,
                proposed_at=tx.now,
                state=ReplyState.AWAITING_SECOND_PERSON.value,
                retention_class=concern.retention_class,
                review_on=review_on(concern.retention_class, tx.now.date()),
                sealed=tx.sealer.seal_new(tx, command.record_id, UNLOCK_LABEL, {"reason": reason}),
            )
        )
        service.owe_second_person(tx, concern, DutyKind.UNLOCK)
        audit.record(
            tx, actor, Action.CONSULT, Permission.CONCERN_CONTACT_UNLOCK, UNLOCK_KIND, row.id,
            version=1, to_state=row.state, payload={"reason": reason},
        )  # fmt: skip
        return Unlocking(row, concern)


def decide(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    concern_id: uuid.UUID,
    unlock_id: uuid.UUID,
    approved: bool,
    reason: str | None,
) -> Unlocking:
    """Another supervisor lets it be read for some days, or not.

    Raises DomainError ``not_found``, ``same_person``, ``not_independent``, ``already_decided``.
    """
    with uow(command) as tx:
        concern, row = _unlock(tx, actor, concern_id, unlock_id)
        if row.state != ReplyState.AWAITING_SECOND_PERSON:
            raise DomainError("already_decided")
        state = ReplyState.APPROVED if approved else ReplyState.REFUSED
        tx.update_row(row, state=state.value, until=tx.now + UNLOCKED_FOR if approved else None)
        approvals.note(tx, actor, command.record_id, row, row.proposer_id, approved=approved, reason=reason)
        service.second_person_spoke(tx, concern, DutyKind.UNLOCK, queries.unlocks(tx, concern.id), row.id)
        audit.record(
            tx, actor, Action.APPROVE, Permission.CONCERN_CONTACT_APPROVE, UNLOCK_KIND, row.id,
            version=row.version, to_state=row.state, outcome=state.value,
        )  # fmt: skip
        return Unlocking(row, concern)


def read(uow: UnitOfWork, actor: Actor, concern_id: uuid.UUID) -> OpenedContact:
    """How to reach the reporter, for whom it was unlocked, and for the commander in danger.

    Raises DomainError ``not_found``, ``role_not_allowed``, ``purpose_required``, ``case_required``.
    """
    with uow() as tx:
        concern = tx.get(Concern, concern_id)
        unlocked = _open_unlocks(tx, concern_id)
        access.require(
            tx, actor, Permission.CONCERN_CONTACT_READ, _target(tx, concern, unlocked), object_id=concern_id
        )
        row = of(tx, concern_id)
        if concern is None or row is None or row.sealed is None:
            raise DomainError("not_found")
        audit.record(
            tx, actor, Action.CONSULT, Permission.CONCERN_CONTACT_READ, CONTACT_KIND, row.id,
            version=row.version, seen=[row.id],
        )  # fmt: skip
        told = tx.sealer.open(tx, row.id, CONTACT_LABEL, row.text_version, row.sealed)
        mine = [one.until for one in unlocked if one.proposer_id == actor.person_id and one.until]
        return OpenedContact(row, concern, told, max(mine, default=None))


def read_unlocking(uow: UnitOfWork, actor: Actor, unlock_id: uuid.UUID) -> Unlocking:
    """What a request has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row = tx.get(ConcernContactUnlock, unlock_id)
        concern = tx.get(Concern, row.concern_id) if row is not None else None
        if row is None or concern is None or row.proposer_id != actor.person_id:
            raise DomainError("not_found")
        return Unlocking(row, concern)


def read_decision(uow: UnitOfWork, actor: Actor, decision_id: uuid.UUID) -> Unlocking:
    """What a second person's word has become, for whoever sends it again.

    Raises DomainError ``not_found``.
    """
    with uow() as tx:
        said = approvals.mine(tx, actor, decision_id)
        row = tx.get(ConcernContactUnlock, said.subject_id)
        concern = tx.get(Concern, row.concern_id) if row is not None else None
        if row is None or concern is None:
            raise DomainError("not_found")
        return Unlocking(row, concern)


def of(tx: Transaction, concern_id: uuid.UUID) -> ConcernContact | None:
    """The contact details of a concern; None: there are none, or no longer."""
    query = select(ConcernContact).where(ConcernContact.concern_id == concern_id)
    found: ConcernContact | None = tx.first(query.where(ConcernContact.erased_at.is_(None)))
    return found


def _unlock(
    tx: Transaction, actor: Actor, concern_id: uuid.UUID, unlock_id: uuid.UUID
) -> tuple[Concern, ConcernContactUnlock]:
    concern, row = tx.get(Concern, concern_id), tx.get(ConcernContactUnlock, unlock_id)
    target = approvals.target_of(tx, concern, row.proposer_id if row is not None else None)
    access.require(tx, actor, Permission.CONCERN_CONTACT_APPROVE, target, object_id=concern_id)
    if concern is None or row is None or row.concern_id != concern.id:
        raise DomainError("not_found")
    return concern, row


def _open_unlocks(tx: Transaction, concern_id: uuid.UUID) -> list[ConcernContactUnlock]:
    query = select(ConcernContactUnlock).where(ConcernContactUnlock.concern_id == concern_id)
    return tx.all(query.where(ConcernContactUnlock.until > tx.now))


def _target(tx: Transaction, concern: Concern | None, unlocked: list[ConcernContactUnlock]) -> Target:
    """Addressed to whom it was unlocked for, and in danger to the duty commander."""
    if concern is None:
        return Target.absent(KIND)
    addressed = [Address(role=Role.SUPERVISOR, person_id=one.proposer_id) for one in unlocked]
    if concern.immediate_danger:
        addressed.append(
            Address(role=Role.DUTY_COMMANDER, unit_id=emergency_alert.commanding_unit(tx, concern.unit_id))
        )
    return Target(KIND, unit_id=concern.unit_id, addressed=tuple(addressed))
