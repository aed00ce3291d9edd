"""Many emergencies in one act: acknowledged, accounted for or stood down, by one reason.

What of those named is dealt with already is left alone and named in the answer: at night the rest must
not wait for a list that is right to the last line. What the caller may not know of refuses the whole act.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.community.emergencies import batch_acts, paging, queries, stand_downs
from community_api.community.emergencies.batch_acts import ShownBatch
from community_api.community.emergencies.models import Emergency, EmergencyBatch
from community_api.community.emergencies.service import PERMISSIONS, must_be_graded
from community_api.community.emergencies.terms import (
    BATCH_KIND,
    BATCH_LABEL,
    KIND,
    RETENTION,
    Act,
    BatchState,
)
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.retention import review_on
from community_api.units import posts
from community_api.units.terms import Role


def do_many(
    uow: UnitOfWork, actor: Actor, command: Command, *, act: Act, emergencies: Sequence[uuid.UUID], words: Any
) -> ShownBatch:
    """Do one act to many emergencies; ``words`` are its reason and, for a justification, its grades.

    Raises DomainError ``not_found`` if one is not there, and the first refusal if no one is left to do.
    """
    with uow(command) as tx:
        named = list(dict.fromkeys(emergencies))
        rows = _permitted(tx, actor, PERMISSIONS[act], named)
        todo, left = batch_acts.feasible(rows, act)
        if not todo:
            raise DomainError(next(iter(left.values())))
        if act is Act.JUSTIFICATION:
            for row in {(one.procedure_name, one.procedure_version): one for one in todo}.values():
                must_be_graded(tx, row, words)
        waits = act is Act.STAND_DOWN and any(row.read_at is None for row in todo)
        batch = _add(tx, actor, command.record_id, act, todo=todo, left=left, words=words)
        if waits:
            stand_downs.ask_another(tx, batch)
        else:
            batch_acts.carry_out(tx, batch, todo)
        audit.record(
            tx, actor, Action.ALTER, PERMISSIONS[act], BATCH_KIND, batch.id,
            version=batch.version, to_state=batch.state, seen=[row.id for row in todo], payload=dict(words),
        )  # fmt: skip
        return batch_acts.opened(tx, batch)


def read_own(uow: UnitOfWork, actor: Actor, batch_id: uuid.UUID) -> ShownBatch:
    """Read what an act on many, or a decision about one, has become; raises DomainError ``not_found``."""
    with uow() as tx:
        batch = tx.get(EmergencyBatch, batch_id)
        if batch is None or actor.person_id not in {batch.person_id, batch.approver_id, batch.refuser_id}:
            raise DomainError("not_found")
        access.require(
            tx, actor, PERMISSIONS[Act(batch.act)], stand_downs.target_of(tx, batch), object_id=batch.id
        )
        return batch_acts.opened(tx, batch)


def _permitted(
    tx: Transaction, actor: Actor, permission: Permission, named: Sequence[uuid.UUID]
) -> list[Emergency]:
    """The rows, all of which the caller may do this to."""
    rows = {row.id: row for row in queries.by_ids(tx, named)}
    addressed = paging.addresses_of_many(tx, list(rows.values()))
    for one in named:
        row = rows.get(one)
        target = (
            Target.absent(KIND)
            if row is None
            else Target(KIND, unit_id=row.unit_id, addressed=addressed[row.id])
        )
        access.require(tx, actor, permission, target, object_id=one)
    return [rows[one] for one in named]


def _add(
    tx: Transaction,
    actor: Actor,
    batch_id: uuid.UUID,
    act: Act,
    *,
    todo: Sequence[Emergency],
    left: Mapping[str, str],
    words: Any,
) -> EmergencyBatch:
    unit_id = todo[0].unit_id
    own = [grant.unit_id for grant in actor.grants if grant.role == Role.DUTY_COMMANDER]
    return tx.add(
        EmergencyBatch(
            id=batch_id,
            act=act.value,
            state=BatchState.DONE.value,
            emergencies=[str(row.id) for row in todo],
            left_alone=dict(left),
            person_id=actor.person_id,
            post_id=posts.establish(tx, Role.DUTY_COMMANDER, unit_id if unit_id in own else own[0]),
            unit_id=unit_id,
            entered_at=tx.now,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, batch_id, BATCH_LABEL, dict(words)),
        )
    )
