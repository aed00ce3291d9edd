"""Many emergencies in one act: acknowledged, accounted for or stood down, by one reason.

What of those named is dealt with already is left alone and named in the answer: at night the rest must
not wait for a list that is right to the last line. What the caller may not know of refuses the whole act.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from community_api import access, trail
from community_api.access.permissions import Permission
from community_api.access.target import Address, Target
from community_api.access.terms import View
from community_api.community.emergencies import call_duties, first_lines, paging, queries, rules
from community_api.community.emergencies.models import Emergency, EmergencyBatch, EmergencyEntry
from community_api.community.emergencies.service import PERMISSIONS, must_be_graded
from community_api.community.emergencies.terms import (
    BATCH_KIND,
    BATCH_LABEL,
    KIND,
    RETENTION,
    Act,
    BatchState,
    DutyKind,
    State,
)
from community_api.core.actor import Actor
from community_api.core.commands import Command
from community_api.core.errors import Refused
from community_api.core.ids import new_id
from community_api.core.retention import review_on
from community_api.core.uow import UnitOfWork, Work
from community_api.trail.terms import Action
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Role


@dataclass(frozen=True)
class ShownBatch:
    """An act on many; ``gathered`` are they with their first lines, by id; None where it is not shown."""

    row: EmergencyBatch
    post: str
    words: Mapping[str, Any]
    gathered: list[Emergency] | None = None
    lines: Mapping[str, str] | None = None


def do_many(
    uow: UnitOfWork, actor: Actor, command: Command, *, act: Act, emergencies: Sequence[uuid.UUID], words: Any
) -> ShownBatch:
    """Do one act to many emergencies; ``words`` are its reason and, for a justification, its grades.

    Raises Refused ``not_found`` if one is not there, and the first refusal if no one is left to do.
    """
    with uow(command) as tx:
        named = list(dict.fromkeys(emergencies))
        rows = _permitted(tx, actor, PERMISSIONS[act], named)
        todo, left = _sorted(rows, act)
        if not todo:
            raise Refused(next(iter(left.values())))
        if act is Act.JUSTIFICATION:
            for row in {(one.procedure_name, one.procedure_version): one for one in todo}.values():
                must_be_graded(tx, row, words)
        waits = act is Act.STAND_DOWN and any(row.read_at is None for row in todo)
        batch = _add(tx, actor, command.record_id, act, todo=todo, left=left, words=words)
        if waits:
            _ask_another(tx, batch)
        else:
            _carry_out(tx, batch, todo)
        trail.record(
            tx, actor, Action.ALTER, PERMISSIONS[act], BATCH_KIND, batch.id,
            version=batch.version, to_state=batch.state, shown=[row.id for row in todo], payload=dict(words),
        )  # fmt: skip
        return ShownBatch(batch, _post(tx, batch), dict(words))


def approve_stand_down(uow: UnitOfWork, actor: Actor, command: Command, batch_id: uuid.UUID) -> ShownBatch:
    """Let another commander's stand-down of many come about.

    What was stood down meanwhile is left alone. Raises Refused ``not_found``, ``same_person``,
    ``already_decided``.
    """
    with uow(command) as tx:
        batch = _found(tx, actor, batch_id, Permission.EMERGENCY_STAND_DOWN)
        if batch.person_id == actor.person_id:
            raise Refused("same_person")
        if batch.state == BatchState.DONE:
            raise Refused("already_decided")
        todo, left = _sorted(queries.by_ids(tx, _ids(batch)), Act.STAND_DOWN)
        tx.change(
            batch,
            state=BatchState.DONE.value,
            emergencies=[str(row.id) for row in todo],
            left_alone={**batch.left_alone, **left},
            approval_id=command.record_id,
            approver_id=actor.person_id,
            approved_at=tx.now,
        )
        duties.discharge(tx, kind=DutyKind.STAND_DOWN, subject_id=batch.id)
        _carry_out(tx, batch, todo)
        trail.record(
            tx, actor, Action.ALTER, Permission.EMERGENCY_STAND_DOWN, BATCH_KIND, batch.id,
            version=batch.version, from_state=BatchState.AWAITING_SECOND_PERSON.value, to_state=batch.state,
            shown=[row.id for row in todo],
        )  # fmt: skip
        return _shown(tx, batch)


def read_stand_down(uow: UnitOfWork, actor: Actor, batch_id: uuid.UUID) -> ShownBatch:
    """A stand-down of many, with the first line of each report; to managers without words."""
    with uow() as tx:
        batch = _found(tx, actor, batch_id, Permission.EMERGENCY_READ)
        if batch.act != Act.STAND_DOWN:
            raise Refused("not_found")
        rows = queries.by_ids(tx, _ids(batch))
        trail.record(
            tx, actor, Action.CONSULT, Permission.EMERGENCY_READ, BATCH_KIND, batch.id,
            version=batch.version, shown=[row.id for row in rows],
        )  # fmt: skip
        if access.decide(tx, actor, Permission.EMERGENCY_READ, _target(tx, batch)).view is View.METADATA:
            return ShownBatch(batch, _post(tx, batch), {})
        shown = _shown(tx, batch)
        return ShownBatch(batch, shown.post, shown.words, rows, first_lines.of_emergencies(tx, rows))


def read_own(uow: UnitOfWork, actor: Actor, batch_id: uuid.UUID) -> ShownBatch:
    """What an act on many, or an approval, has become, for whoever sends it again."""
    with uow() as tx:
        batch = tx.get(EmergencyBatch, batch_id)
        if batch is None or actor.person_id not in {batch.person_id, batch.approver_id}:
            raise Refused("not_found")
        access.require(tx, actor, PERMISSIONS[Act(batch.act)], _target(tx, batch), object_id=batch.id)
        return _shown(tx, batch)


def _permitted(tx: Work, actor: Actor, permission: Permission, named: Sequence[uuid.UUID]) -> list[Emergency]:
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


def _sorted(rows: Sequence[Emergency], act: Act) -> tuple[list[Emergency], dict[str, str]]:
    """Those to which the act can be done now, and the code of the refusal of each other."""
    todo, left = [], {}
    for row in rows:
        try:
            rules.next_state(State(row.state), act, justified=row.justified_at is not None)
        except Refused as refused:
            left[str(row.id)] = refused.code
        else:
            todo.append(row)
    return todo, left


def _add(
    tx: Work,
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


def _ask_another(tx: Work, batch: EmergencyBatch) -> None:
    """Nobody has read one of these reports: another commander looks before it is given up."""
    tx.change(batch, state=BatchState.AWAITING_SECOND_PERSON.value)
    for unit_id in _who_approves(tx, batch.unit_id):
        duties.owe(
            tx,
            kind=DutyKind.STAND_DOWN,
            subject_kind=BATCH_KIND,
            subject_id=batch.id,
            post_id=posts.establish(tx, Role.DUTY_COMMANDER, unit_id),
            due_at=tx.now,
            new_subject=True,
        )


def _who_approves(tx: Work, unit_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """The units whose commanders would be called for that unit: the own, the region's others, the nation."""
    return rules.called_later(unit_id, unit_id, tree(tx))


def _target(tx: Work, batch: EmergencyBatch) -> Target:
    others = tuple(Address(role=Role.DUTY_COMMANDER, unit_id=one) for one in _who_approves(tx, batch.unit_id))
    return Target(KIND, unit_id=batch.unit_id, addressed=others)


def _found(tx: Work, actor: Actor, batch_id: uuid.UUID, permission: Permission) -> EmergencyBatch:
    """A stand-down of many that the caller may do this to, for each unit that it reaches into."""
    batch = tx.get(EmergencyBatch, batch_id)
    target = Target.absent(KIND) if batch is None else _target(tx, batch)
    access.require(tx, actor, permission, target, object_id=batch_id)
    if batch is None:
        raise Refused("not_found")
    for unit_id in {row.unit_id for row in queries.by_ids(tx, _ids(batch))}:
        also = tuple(Address(role=Role.DUTY_COMMANDER, unit_id=one) for one in _who_approves(tx, unit_id))
        access.require(
            tx, actor, permission, Target(KIND, unit_id=unit_id, addressed=also), object_id=batch_id
        )
    return batch


def _carry_out(tx: Work, batch: EmergencyBatch, rows: Sequence[Emergency]) -> None:
    act = Act(batch.act)
    states = {
        row.id: rules.next_state(State(row.state), act, justified=row.justified_at is not None)
        for row in rows
    }
    calls: dict[uuid.UUID, list[Emergency]] = defaultdict(list)
    for row in rows:
        calls[row.call_id].append(row)
    for same in calls.values():
        if act is Act.JUSTIFICATION:
            call_duties.accounted_for(tx, same)
        paging_still = [row for row in same if row.state == State.PAGING]
        if paging_still:
            call_duties.take_over(tx, paging_still, batch.post_id)
    for row in rows:
        over = {"stood_down_at": tx.now} if act is Act.STAND_DOWN else {}
        tx.change(row, state=states[row.id].value, **over)
        tx.note(
            EmergencyEntry,
            id=new_id(),
            emergency_id=row.id,
            act=batch.act,
            person_id=batch.person_id,
            post_id=batch.post_id,
            entered_at=tx.now,
            batch_id=batch.id,
            retention_class=batch.retention_class,
            review_on=batch.review_on,
        )


def _ids(batch: EmergencyBatch) -> list[uuid.UUID]:
    return [uuid.UUID(one) for one in batch.emergencies]


def _post(tx: Work, batch: EmergencyBatch) -> str:
    return str(posts.name_of(tx, batch.post_id))


def _shown(tx: Work, batch: EmergencyBatch) -> ShownBatch:
    words: Mapping[str, Any] = {}
    if batch.sealed is not None:
        words = tx.sealer.open(tx, batch.id, BATCH_LABEL, batch.text_version, batch.sealed)
    return ShownBatch(batch, _post(tx, batch), words)
