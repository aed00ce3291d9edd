"""What follows from a step, or from a move of the product, buffered for one commit."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from community_api import audit, feedback, safeguarding
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM, Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.intelligence.chain.referrals import chain_effects, deadlines, grades, queries
from community_api.intelligence.chain.referrals.models import Referral, ReferralActor, ReferralStep
from community_api.intelligence.chain.referrals.situation import case_of, facts_of, pack_of, pauses_of
from community_api.intelligence.chain.referrals.terms import (
    KIND,
    OVERDUE,
    OVERDUE_DUTY,
    REVIEW_DUTY,
    SAFEGUARDING,
    STEP_LABEL,
    STILL_OVERDUE,
    place_in_queue,
)
from community_api.intelligence.chain.reports import issuance
from community_api.intelligence.flags.models import Flag
from community_api.outbox import service as outbox
from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.state import Facts, Step
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.terms import Phase
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Role


def permissions_of(step: Step) -> tuple[Permission, ...]:
    """What a step asks of the matrix beyond the right to take steps, where it reaches other cases."""
    reaches = step.reaches
    if reaches is None:
        return ()
    asked = {
        Permission.DISSEMINATION_RECALL: reaches.recalls,
        Permission.DISSEMINATION_CONFIRM_RECALL: reaches.confirms_recall,
        Permission.INTELLIGENCE_REPORT_REGRADE: reaches.regrades,
        Permission.INTELLIGENCE_REPORT_ASK_ORIGINATOR: reaches.asks_originator,
    }
    return tuple(permission for permission, needed in asked.items() if needed)


def apply(
    tx: Transaction,
    actor: Actor,
    row: Referral,
    pack: Pack,
    step: Step,
    *,
    step_id: uuid.UUID,
    known_acts: Collection[tuple[str, uuid.UUID]] = (),
) -> ReferralStep:
    """Buffer everything that follows from a step, or from a move of the product (actor SYSTEM).

    ``known_acts``: who has done what in this very case before, by a person's step.
    """
    post_id = None if actor is SYSTEM else _acting_post(tx, actor, row, pack, step)
    late = row.owner_post_id if row.due_at is not None and row.due_at < tx.now else None
    due_at = row.due_at
    _advance(tx, row, step)
    if not step.stays:
        deadlines.stage_is_left(tx, row, late)
    document = None if actor is SYSTEM else dict(step.fields)
    _note_actor(tx, actor, row, step, known_acts)
    taken = _write(tx, actor, row, step, step_id=step_id, post_id=post_id, document=document)
    if not step.stays:
        _owe(tx, row, step)
    elif row.due_at != due_at and step.duty is not None:
        deadlines.is_due_otherwise(tx, row, step.duty)
    if grades.without_handling(step.grades):
        grades.of_the_case(tx, row, step.grades, queries.grades(tx, row.id))
    for obligation in step.obligations:
        feedback.oblige_chain(
            tx,
            alias_id=row.matter_alias,
            subject_kind=KIND,
            subject_id=row.id,
            unit_id=row.unit_id,
            pack=pack,
            obligation=obligation,
        )
    if step.issues_report is not None:
        issuance.issue(tx, row, source=step.issues_report)
    if step.recipients:
        issuance.disseminate(tx, row, pack, step)
    if not step.stays:
        issuance.follow(tx, row, step)
    _reach(tx, row, step, step_id)
    tx.changed(KIND, row.id, row.version, row.unit_id)
    audit.record(
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
    tx: Transaction,
    actor: Actor,
    row: Referral,
    step: Step,
    *,
    step_id: uuid.UUID,
    post_id: uuid.UUID | None,
    document: Mapping[str, Any] | None,
) -> ReferralStep:
    """The step's own row."""
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


def _reach(tx: Transaction, row: Referral, step: Step, step_id: uuid.UUID) -> None:
    """What a step does to the other cases of the chain."""
    if step.reaches is None:
        return
    for case, called in chain_effects.follow(tx, row, step, step_id):
        apply(tx, SYSTEM, case, pack_of(tx, case), called, step_id=new_id())
    if step.reaches.confirms_recall:
        given = chain_effects.given_up(tx, row)
        if given is not None:
            recall_is_confirmed(tx, given)


def recall_is_confirmed(tx: Transaction, referral_id: uuid.UUID) -> None:
    """One more has given up what a case took back: when it was the last one, that case moves on.

    It is touched in any case, as by a recipient that finishes: of two at once one finds the other done.
    """
    row = tx.get(Referral, referral_id)
    if row is None:
        raise KeyError(referral_id)
    # The rows of this use are as they were changed in it: the one that is given up no longer counts.
    move = engine.move_due(pack_of(tx, row), case_of(row), tx.now, facts_of(tx, row))
    if move is None:
        tx.update_row(row)
    else:
        apply(tx, SYSTEM, row, pack_of(tx, row), move, step_id=new_id())


def _ask_for_support(tx: Transaction, row: Referral, step: Step) -> None:
    """Tell the lead that support may be needed, and where, and nothing held here (R39); leads are local."""
    if step.outcome == SAFEGUARDING and tree(tx).local_unit_of(row.unit_id) is not None:
        safeguarding.open_record(
            tx, unit_id=row.unit_id, child=row.child, must_stay=_came_by_exception(tx, row)
        )


def _came_by_exception(tx: Transaction, row: Referral | None) -> bool:
    """Whether the flag at the beginning of a chain was let through although its teller forbade it.

    The exception permits that flag and nothing that follows from it (contract section 6).
    """
    while row is not None and row.parent_id is not None:
        row = tx.get(Referral, row.parent_id)
    flag = None if row is None or row.flag_id is None else tx.get(Flag, row.flag_id)
    return flag is not None and flag.exception is not None


def _advance(tx: Transaction, row: Referral, step: Step) -> None:
    kept: dict[str, Any] = {"marks": sorted(step.case.marks)}
    if step.retention is not None:
        kept["retention_class"] = step.retention.code
        kept["review_on"] = step.retention.review_on
    if step.stays:
        tx.update_row(row, **kept, **_anew(row, step))
        return
    owner = None if step.owner_role is None else posts.establish(tx, Role(step.owner_role), row.unit_id)
    values: dict[str, Any] = {
        "stage": step.case.stage,
        "phase": step.phase.value,
        "owner_post_id": owner,
        "due_at": step.due_at,
        "queue_at": place_in_queue(step.due_at, tx.now),
        "ended_at": tx.now if step.phase is Phase.ENDED else None,
        "entered_at": tx.now,
        "pauses": [],
    }
    tx.update_row(row, **kept, **values)


def _anew(row: Referral, step: Step) -> dict[str, Any]:
    """What a pause, or its end, changes of a case that stays where it is."""
    if step.case.pauses == pauses_of(row):
        return {}
    pauses = [[pause.since.isoformat(), pause.until.isoformat()] for pause in step.case.pauses]
    return {"pauses": pauses, "due_at": step.case.due_at, "queue_at": step.case.due_at}


def _owe(tx: Transaction, row: Referral, step: Step) -> None:
    """The old stage's duty is done; the new one is owed by its post until its clock runs out."""
    # Not all of them: an answer to whoever asks for consent is owed whatever stage the case is in.
    again = step.from_stage == step.case.stage
    over = (OVERDUE_DUTY, REVIEW_DUTY) if again else (step.from_stage, OVERDUE_DUTY, REVIEW_DUTY)
    duties.discharge(tx, kind=over, subject_id=row.id)
    outbox.cancel(tx, (OVERDUE, STILL_OVERDUE), row.id)
    if step.duty is None or row.owner_post_id is None or row.due_at is None:
        return
    if again:
        duties.move(tx, kind=step.duty.kind, subject_id=row.id, due_at=row.due_at, warn_at=step.duty.warn_at)
    else:
        # A stage is owed while the case is in it, so nothing of this kind is owed now.
        duties.owe(
            tx,
            kind=step.duty.kind,
            title=step.duty.title,
            subject_kind=KIND,
            subject_id=row.id,
            post_id=row.owner_post_id,
            due_at=row.due_at,
            warn_at=step.duty.warn_at,
            new_subject=True,
        )
    outbox.schedule(tx, OVERDUE, row.id, row.due_at)


def _note_actor(
    tx: Transaction, actor: Actor, row: Referral, step: Step, recorded: Collection[tuple[str, uuid.UUID]]
) -> None:
    """That this person did such a thing in this case, once."""
    if actor is not SYSTEM and (step.action, actor.person_id) not in recorded:
        tx.insert(ReferralActor, id=new_id(), referral_id=row.id, act=step.action, person_id=actor.person_id)


def _tell_parent(tx: Transaction, child: Referral) -> None:
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
    pack = pack_of(tx, parent)
    move = engine.move_due(pack, case_of(parent), tx.now, after)
    if move is None:
        tx.update_row(parent)
    else:
        apply(tx, SYSTEM, parent, pack, move, step_id=new_id())


def _without_one_open_child(facts: Facts) -> Facts:
    return replace(facts, open_children=facts.open_children - 1)


def _acting_post(tx: Transaction, actor: Actor, row: Referral, pack: Pack, step: Step) -> uuid.UUID:
    """The post in which the person acts: the first of the action's roles that they hold in the unit."""
    held = {grant.role for grant in actor.grants if grant.unit_id == row.unit_id}
    role = next(role for role in pack.action_by_code[step.action].roles if role in held)
    return posts.establish(tx, Role(role), row.unit_id)


def _kind_of(step: Step) -> Action:
    return Action.DISCLOSE if step.recipients else Action.ALTER
