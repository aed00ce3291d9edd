"""Taking a step: the engine decides, everything that follows from it goes into one commit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from community_api import feedback, safeguarding, trail
from community_api.access.permissions import Permission
from community_api.core.actor import SYSTEM, Actor
from community_api.core.commands import Command
from community_api.core.errors import FieldError, Refused
from community_api.core.ids import new_id
from community_api.core.preconditions import IfMatch
from community_api.core.uow import UnitOfWork, Work
from community_api.intelligence.referrals import deadlines, queries, service
from community_api.intelligence.referrals.models import Referral, ReferralActor, ReferralGrade, ReferralStep
from community_api.intelligence.referrals.situation import actor_view, case_of, facts_of, pack_of
from community_api.intelligence.referrals.terms import (
    HANDLING,
    KIND,
    OVERDUE,
    SAFEGUARDING,
    STEP_LABEL,
    STILL_OVERDUE,
)
from community_api.intelligence.reports import issuing
from community_api.intelligence.suspensions import service as suspensions
from community_api.outbox import service as outbox
from community_api.procedure import engine
from community_api.procedure.pack import Pack
from community_api.procedure.state import Facts, Grade, Refusal, Step
from community_api.procedure.terms import Phase
from community_api.trail.terms import Action
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Role


@dataclass(frozen=True)
class Taken:
    """A step that was taken, by which post, and the case as it now is."""

    step: ReferralStep
    post: str | None
    shown: service.ShownReferral


def take_step(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    referral_id: uuid.UUID,
    action: str,
    fields: Mapping[str, Any],
    if_match: IfMatch,
) -> Taken:
    """Do what the procedure lets this person do now.

    Raises Refused: ``not_found``, ``role_not_allowed``, ``same_person``, the precondition's,
    ``suspended_by_oversight``, ``action_not_allowed``, ``feedback_owed``, ``validation_failed`` (pointers
    under /fields).
    """
    with uow(command) as tx:
        row = service.find(tx, actor, referral_id, Permission.REFERRAL_STEP)
        pack = pack_of(row)
        facts = facts_of(tx, row)
        view = actor_view(tx, actor, row)
        _refuse(engine.permit(pack, action, view, facts))
        if_match.require(row.version)
        suspensions.refuse_suspended(tx, procedure=row.procedure_name)
        step = engine.decide(pack, case_of(row), view, action, fields, at=tx.now, facts=facts)
        if isinstance(step, Refusal):
            raise _refused(step)
        taken = apply(tx, actor, row, pack, step, step_id=command.record_id)
        return _taken(tx, row, taken, step.grades)


def read_step(uow: UnitOfWork, actor: Actor, referral_id: uuid.UUID, step_id: uuid.UUID) -> Taken:
    """What a step has become, for whoever sends it again; raises Refused ``not_found``."""
    with uow() as tx:
        row = service.find(tx, actor, referral_id, Permission.REFERRAL_STEP)
        step = tx.get(ReferralStep, step_id)
        if step is None or step.referral_id != row.id:
            raise Refused("not_found")
        return _taken(tx, row, step)


def _taken(tx: Work, row: Referral, step: ReferralStep, given: Sequence[Grade] = ()) -> Taken:
    """What is shown after a step; the reads do not see the grades ``given`` in this very commit."""
    fresh = [
        ReferralGrade(scheme=one.scheme, axis=one.axis, code=one.code)
        for one in given
        if one.axis != HANDLING
    ]
    post = None if step.post_id is None else str(posts.name_of(tx, step.post_id))
    return Taken(step, post, service.shown(tx, row, [*queries.grades(tx, row.id), *fresh]))


def apply(
    tx: Work, actor: Actor, row: Referral, pack: Pack, step: Step, *, step_id: uuid.UUID
) -> ReferralStep:
    """Buffer everything that follows from a step, or from a move of the product (actor SYSTEM)."""
    post_id = None if actor is SYSTEM else _acting_post(tx, actor, row, pack, step)
    late = row.owner_post_id if row.due_at is not None and row.due_at < tx.now else None
    _advance(tx, row, step)
    deadlines.stage_is_left(tx, row, late)
    document = None if actor is SYSTEM else dict(step.fields)
    taken = _write(tx, actor, row, step, step_id=step_id, post_id=post_id, document=document)
    _owe(tx, row, step)
    _grade(tx, row, step.grades)
    for obligation in step.obligations:
        feedback.oblige_chain(
            tx,
            alias_id=row.matter_alias,
            subject_kind=KIND,
            subject_id=row.id,
            unit_id=row.unit_id,
            obligation=obligation,
        )
    if step.issues_report is not None:
        issuing.issue(tx, row, source=step.issues_report)
    if step.recipients:
        issuing.disseminate(tx, row, pack, step)
    issuing.follow(tx, row, step)
    tx.changed(KIND, row.id, row.version, row.unit_id)
    trail.record(
        tx, actor, _kind_of(step), Permission.REFERRAL_STEP, KIND, row.id,
        version=row.version, from_state=step.from_stage, to_state=row.stage,
        procedure_hash=row.procedure_hash, recipients=step.recipients,
        outcome=f"{step.action}:{step.outcome}" if step.outcome else step.action,
        payload=document, payload_owner=step_id,
    )  # fmt: skip
    _ask_for_support(tx, row, step)
    if row.phase == Phase.ENDED.value and row.parent_id is not None:
        _tell_parent(tx, row)
    return taken


def _write(
    tx: Work,
    actor: Actor,
    row: Referral,
    step: Step,
    *,
    step_id: uuid.UUID,
    post_id: uuid.UUID | None,
    document: Mapping[str, Any] | None,
) -> ReferralStep:
    """The step's own row, and that this person did such a thing in this case."""
    if actor is not SYSTEM:
        _note_actor(tx, row, step.action, actor.person_id)
    return tx.add(
        ReferralStep(
            id=step_id,
            referral_id=row.id,
            ordinal=row.version,
            action=step.action,
            outcome=step.outcome,
            from_stage=step.from_stage,
            to_stage=step.case.stage,
            at=tx.now,
            post_id=post_id,
            person_id=None if actor is SYSTEM else actor.person_id,
            retention_class=row.retention_class,
            review_on=row.review_on,
            sealed=None if document is None else tx.sealer.seal_new(tx, step_id, STEP_LABEL, document),
        )
    )


def _grade(tx: Work, row: Referral, grades: Sequence[Grade]) -> None:
    for one in grades:
        if one.axis != HANDLING:
            tx.add(
                ReferralGrade(
                    id=new_id(), referral_id=row.id, scheme=one.scheme, axis=one.axis, code=one.code
                )
            )


def _ask_for_support(tx: Work, row: Referral, step: Step) -> None:
    """Tell the lead that support may be needed, and where, and nothing held here (R39); leads are local."""
    if step.outcome == SAFEGUARDING and tree(tx).local_unit_of(row.unit_id) is not None:
        safeguarding.open_record(tx, unit_id=row.unit_id, child=row.child)


def _advance(tx: Work, row: Referral, step: Step) -> None:
    owner = None if step.owner_role is None else posts.establish(tx, Role(step.owner_role), row.unit_id)
    values: dict[str, Any] = {
        "stage": step.case.stage,
        "phase": step.phase.value,
        "marks": sorted(step.case.marks),
        "owner_post_id": owner,
        "due_at": step.due_at,
        "queue_at": step.due_at or tx.now,
        "ended_at": tx.now if step.phase is Phase.ENDED else None,
    }
    if step.retention is not None:
        values["retention_class"] = step.retention.code
        values["review_on"] = step.retention.review_on
    tx.change(row, **values)


def _owe(tx: Work, row: Referral, step: Step) -> None:
    """The old stage's duty is done; the new one is owed by its post until its clock runs out."""
    duties.discharge_all(tx, subject_id=row.id)
    outbox.cancel(tx, OVERDUE, row.id)
    outbox.cancel(tx, STILL_OVERDUE, row.id)
    if step.duty is None or row.owner_post_id is None or row.due_at is None:
        return
    duties.owe(
        tx,
        kind=step.duty.kind,
        title=step.duty.title,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=row.owner_post_id,
        due_at=row.due_at,
    )
    outbox.later(tx, OVERDUE, row.id, row.due_at)


def _note_actor(tx: Work, row: Referral, act: str, person_id: uuid.UUID) -> None:
    known = queries.acts_in(tx, [row.id]).get(act, frozenset())
    if person_id not in known:
        tx.add(ReferralActor(id=new_id(), referral_id=row.id, act=act, person_id=person_id))


def _tell_parent(tx: Work, child: Referral) -> None:
    """A recipient has finished: when it was the last one, the sender's case moves on by itself.

    The sender's case is touched in any case, so that of two that finish at the same moment one is
    tried again and finds the other finished.
    """
    parent = tx.get(Referral, child.parent_id)
    if parent is None:
        raise KeyError(child.parent_id)
    facts = facts_of(tx, parent)
    # The reads do not see this commit yet: this child is still among the open ones.
    after = _without_one_open_child(facts)
    pack = pack_of(parent)
    move = engine.move_due(pack, case_of(parent), tx.now, after)
    if move is None:
        tx.change(parent)
    else:
        apply(tx, SYSTEM, parent, pack, move, step_id=new_id())


def _without_one_open_child(facts: Facts) -> Facts:
    return replace(facts, open_children=facts.open_children - 1)


def _acting_post(tx: Work, actor: Actor, row: Referral, pack: Pack, step: Step) -> uuid.UUID:
    """The post in which the person acts: the first of the action's roles that they hold in the unit."""
    held = {grant.role for grant in actor.grants if grant.unit_id == row.unit_id}
    role = next(role for role in pack.action_by_code[step.action].roles if role in held)
    return posts.establish(tx, Role(role), row.unit_id)


def _kind_of(step: Step) -> Action:
    return Action.DISCLOSE if step.recipients else Action.ALTER


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise _refused(refusal)


def _refused(refusal: Refusal) -> Refused:
    errors = [FieldError(f"/fields{one.pointer}", one.code, one.params) for one in refusal.errors]
    return Refused(refusal.code.value, errors=errors)
