"""Moving a running case to a newer version of its procedure: an explicit act, with a person and a reason."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from community_api import audit, procedures
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.intelligence.chain.referrals import deadlines, queries, service
from community_api.intelligence.chain.referrals.models import Referral, ReferralStep
from community_api.intelligence.chain.referrals.situation import case_of, pack_of
from community_api.intelligence.chain.referrals.take_step import StepResult
from community_api.intelligence.chain.referrals.terms import KIND, MOVED, OVERDUE_DUTY, STEP_LABEL
from community_api.intelligence.suspensions import service as suspensions
from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.state import CaseState, Duty
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.repository import is_in_force
from community_api.procedure_engine.terms import Phase
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.terms import Role


def move(
    uow: UnitOfWork, actor: Actor, command: Command, *, referral_id: uuid.UUID, version: int, reason: str
) -> StepResult:
    """Let a case go on by a newer version from the stage in which it is; its deadline is counted anew.

    The clock of the new version runs from when the case came into the stage, with its pauses. Raises
    Refused ``not_found``, ``role_not_allowed``, ``same_person``, ``suspended_by_oversight``;
    ``validation_failed`` where it is no newer version in force; ``version_does_not_fit`` where that version
    knows no case in such a state; ``action_not_allowed`` for a case that has ended.
    """
    with uow(command) as tx:
        row = service.find(tx, actor, referral_id, Permission.REFERRAL_MOVE_VERSION)
        suspensions.refuse_suspended(tx, procedure=row.procedure_name)
        if row.phase == Phase.ENDED:
            raise DomainError("action_not_allowed")
        old, new = pack_of(tx, row), _newer(tx, row, version)
        moved = engine.move_version(new, case_of(row), tx.now, calendar_of(tx, row.unit_id))
        if moved is None or row.retention_class not in new.retention_by_code:
            raise DomainError("version_does_not_fit")
        late = row.owner_post_id if row.due_at is not None and row.due_at < tx.now else None
        owner = posts.establish(tx, Role(moved[1].role), row.unit_id)
        _owe(tx, row, moved, owner, late)
        step = _write(tx, actor, row, step_id=command.record_id, old=old, new=new, reason=reason)
        return StepResult(step, None, service.describe(tx, row, queries.grades(tx, row.id)))


def _newer(tx: Transaction, row: Referral, version: int) -> Pack:
    """The version that was asked for: of the same procedure, later than the case's own, and in force."""
    try:
        new = procedures.version(tx, row.procedure_name, version)
    except KeyError:
        raise invalid("/version", "not_a_reference") from None
    if version <= row.procedure_version or not is_in_force(new, tx.now.date()):
        raise invalid("/version", "not_a_newer_version")
    return new


def _owe(
    tx: Transaction, row: Referral, moved: tuple[CaseState, Duty], owner: uuid.UUID, late: uuid.UUID | None
) -> None:
    """The same stage with the owner and the deadline of the new version; nobody is late who no longer is."""
    case, duty = moved
    due_at: datetime = duty.due_at
    if owner == row.owner_post_id:
        duties.move(tx, kind=duty.kind, subject_id=row.id, due_at=due_at, warn_at=duty.warn_at)
    else:
        duties.discharge(tx, kind=duty.kind, subject_id=row.id)
        duties.owe(
            tx, kind=duty.kind, title=duty.title, subject_kind=KIND, subject_id=row.id, post_id=owner,
            due_at=due_at, warn_at=duty.warn_at,
        )  # fmt: skip
    duties.discharge(tx, kind=OVERDUE_DUTY, subject_id=row.id)
    deadlines.is_looked_at_later(tx, row, due_at)
    tx.update_row(row, owner_post_id=owner, due_at=case.due_at, queue_at=case.due_at)
    deadlines.stage_is_left(tx, row, late)


def _write(
    tx: Transaction, actor: Actor, row: Referral, *, step_id: uuid.UUID, old: Pack, new: Pack, reason: str
) -> ReferralStep:
    """The step in the case's history and the leaf: from which version to which, by whom, and why."""
    document: dict[str, Any] = {"from": old.version, "to": new.version, "reason": reason}
    tx.update_row(row, procedure_version=new.version, procedure_hash=new.hash)
    step = tx.add(
        ReferralStep(
            id=step_id,
            referral_id=row.id,
            ordinal=row.version,
            action=MOVED,
            outcome=None,
            from_stage=row.stage,
            to_stage=row.stage,
            at=tx.now,
            post_id=_manager(tx, actor, row),
            person_id=actor.person_id,
            retention_class=row.retention_class,
            review_on=row.review_on,
            sealed=tx.sealer.seal_new(tx, step_id, STEP_LABEL, document),
        )
    )
    tx.changed(KIND, row.id, row.version, row.unit_id)
    audit.record(
        tx, actor, Action.ALTER, Permission.REFERRAL_MOVE_VERSION, KIND, row.id,
        version=row.version, from_state=f"version {old.version}", to_state=f"version {new.version}",
        outcome=MOVED, procedure_hash=new.hash, payload=document, payload_owner=step_id,
    )  # fmt: skip
    return step


def _manager(tx: Transaction, actor: Actor, row: Referral) -> uuid.UUID:
    """The post in which the caller acts; the matrix lets managers of the unit alone."""
    held = {grant.role for grant in actor.grants if grant.unit_id == row.unit_id}
    role = Role.INTELLIGENCE_MANAGER if Role.INTELLIGENCE_MANAGER in held else Role(min(held))
    return posts.establish(tx, role, row.unit_id)
