"""Stand-downs of many that wait for another commander, because nobody has read one of the reports.

Until somebody decides, and after a refusal, every emergency stands as it stood: who answered for it still
does, its account is still owed, and no call begins again.
"""

from __future__ import annotations

import uuid

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Address, Target
from community_api.access.terms import View
from community_api.audit.terms import Action
from community_api.community.emergencies import batch_acts, first_lines, queries, rules
from community_api.community.emergencies.batch_acts import ShownBatch
from community_api.community.emergencies.models import EmergencyBatch
from community_api.community.emergencies.terms import (
    BATCH_KIND,
    KIND,
    REFUSAL_LABEL,
    Act,
    BatchState,
    DutyKind,
)
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Role


def ask_another(tx: Transaction, batch: EmergencyBatch) -> None:
    """Let another commander look before what nobody has read is given up."""
    tx.update_row(batch, state=BatchState.AWAITING_SECOND_PERSON.value)
    for unit_id in _deciding_units(tx, batch.unit_id):
        duties.owe(
            tx,
            kind=DutyKind.STAND_DOWN,
            subject_kind=BATCH_KIND,
            subject_id=batch.id,
            post_id=posts.establish(tx, Role.DUTY_COMMANDER, unit_id),
            due_at=tx.now,
            new_subject=True,
        )


def approve(uow: UnitOfWork, actor: Actor, command: Command, batch_id: uuid.UUID) -> ShownBatch:
    """Carry out another commander's stand-down of many; what was stood down meanwhile is left alone.

    Raises DomainError ``not_found``, ``same_person``, ``already_decided``.
    """
    with uow(command) as tx:
        batch = _waiting(tx, actor, batch_id)
        todo, left = batch_acts.feasible(queries.by_ids(tx, batch_acts.ids_of(batch)), Act.STAND_DOWN)
        tx.update_row(
            batch,
            state=BatchState.DONE.value,
            emergencies=[str(row.id) for row in todo],
            left_alone={**batch.left_alone, **left},
            approval_id=command.record_id,
            approver_id=actor.person_id,
            approved_at=tx.now,
        )
        _record(tx, actor, batch)
        batch_acts.carry_out(tx, batch, todo)
        return batch_acts.opened(tx, batch)


def refuse(
    uow: UnitOfWork, actor: Actor, command: Command, batch_id: uuid.UUID, *, reason: str
) -> ShownBatch:
    """Refuse another commander's stand-down of many; whoever asked for it owes reading why.

    Raises DomainError ``not_found``, ``same_person``, ``already_decided``.
    """
    with uow(command) as tx:
        batch = _waiting(tx, actor, batch_id)
        words = {"reason": reason}
        tx.update_row(
            batch,
            state=BatchState.REFUSED.value,
            refusal_id=command.record_id,
            refuser_id=actor.person_id,
            refused_at=tx.now,
            sealed_refusal=tx.sealer.seal(tx, batch.id, REFUSAL_LABEL, batch.text_version, words),
        )
        _record(tx, actor, batch, payload=words)
        duties.owe(
            tx,
            kind=DutyKind.STAND_DOWN_REFUSED,
            subject_kind=BATCH_KIND,
            subject_id=batch.id,
            post_id=batch.post_id,
            due_at=tx.now,
            new_subject=True,
        )
        tx.changed(BATCH_KIND, batch.id, batch.version, batch.person_id)
        return batch_acts.opened(tx, batch)


def read(uow: UnitOfWork, actor: Actor, batch_id: uuid.UUID) -> ShownBatch:
    """Read a stand-down of many with the first line of each report; raises DomainError ``not_found``.

    Managers see it without words. Once it is refused, the post that asked for it has thereby heard.
    """
    with uow() as tx:
        batch = _readable_batch(tx, actor, batch_id, Permission.EMERGENCY_READ)
        if batch.act != Act.STAND_DOWN:
            raise DomainError("not_found")
        if batch.state == BatchState.REFUSED and _holds_the_post(actor, batch):
            duties.discharge(tx, kind=DutyKind.STAND_DOWN_REFUSED, subject_id=batch.id)
        rows = queries.by_ids(tx, batch_acts.ids_of(batch))
        audit.record(
            tx, actor, Action.CONSULT, Permission.EMERGENCY_READ, BATCH_KIND, batch.id,
            version=batch.version, seen=[row.id for row in rows],
        )  # fmt: skip
        opened = batch_acts.opened(tx, batch)
        if access.decide(tx, actor, Permission.EMERGENCY_READ, target_of(tx, batch)).view is View.METADATA:
            return ShownBatch(batch, opened.post, {})
        lines = first_lines.of_emergencies(tx, rows)
        return ShownBatch(batch, opened.post, opened.words, opened.refusal, rows, lines)


def target_of(tx: Transaction, batch: EmergencyBatch) -> Target:
    """What policy needs to know: the commanders who decide are addressed, wherever they are."""
    return _target(tx, batch.unit_id)


def _waiting(tx: Transaction, actor: Actor, batch_id: uuid.UUID) -> EmergencyBatch:
    """One that the caller, who is another person than asked for it, may decide now."""
    batch = _readable_batch(tx, actor, batch_id, Permission.EMERGENCY_STAND_DOWN)
    if batch.person_id == actor.person_id:
        raise DomainError("same_person")
    if batch.state != BatchState.AWAITING_SECOND_PERSON:
        raise DomainError("already_decided")
    return batch


def _record(
    tx: Transaction, actor: Actor, batch: EmergencyBatch, *, payload: dict[str, str] | None = None
) -> None:
    """End what was asked of other commanders, and leave the audit entry of the decision."""
    duties.discharge(tx, kind=DutyKind.STAND_DOWN, subject_id=batch.id)
    audit.record(
        tx, actor, Action.APPROVE, Permission.EMERGENCY_STAND_DOWN, BATCH_KIND, batch.id,
        version=batch.version, from_state=BatchState.AWAITING_SECOND_PERSON.value, to_state=batch.state,
        outcome=batch.state, seen=batch_acts.ids_of(batch), payload=payload,
    )  # fmt: skip


def _readable_batch(
    tx: Transaction, actor: Actor, batch_id: uuid.UUID, permission: Permission
) -> EmergencyBatch:
    """A stand-down of many that the caller may do this to, for each unit that it reaches into."""
    batch = tx.get(EmergencyBatch, batch_id)
    target = Target.absent(KIND) if batch is None else target_of(tx, batch)
    access.require(tx, actor, permission, target, object_id=batch_id)
    if batch is None:
        raise DomainError("not_found")
    for unit_id in {row.unit_id for row in queries.by_ids(tx, batch_acts.ids_of(batch))}:
        access.require(tx, actor, permission, _target(tx, unit_id), object_id=batch_id)
    return batch


def _holds_the_post(actor: Actor, batch: EmergencyBatch) -> bool:
    held = {
        posts.id_of(Role.DUTY_COMMANDER, one.unit_id)
        for one in actor.grants
        if one.role == Role.DUTY_COMMANDER
    }
    return batch.post_id in held


def _target(tx: Transaction, unit_id: uuid.UUID) -> Target:
    others = tuple(Address(role=Role.DUTY_COMMANDER, unit_id=one) for one in _deciding_units(tx, unit_id))
    return Target(KIND, unit_id=unit_id, addressed=others)


def _deciding_units(tx: Transaction, unit_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """The units whose commanders would be called for that unit: the own, the region's others, the nation."""
    return rules.called_later(unit_id, unit_id, tree(tx))
