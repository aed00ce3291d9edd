"""What holders of a report do about it: give it up after a recall, confirm a new grade or a correction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.intelligence.chain.referrals import chain_effects, step_effects, take_step
from community_api.intelligence.chain.referrals.models import Referral
from community_api.intelligence.chain.referrals.situation import pack_of
from community_api.intelligence.chain.reports import queries
from community_api.intelligence.chain.reports.models import Dissemination, ReportNotice
from community_api.intelligence.chain.reports.service import ShownDissemination, shown_dissemination
from community_api.intelligence.chain.reports.terms import (
    DISSEMINATION_KIND,
    NOTICE_DUTY,
    RECALL_ABROAD_DUTY,
    RECALLED,
    DisseminationState,
)
from community_api.units import duties


def read(uow: UnitOfWork, actor: Actor, dissemination_id: uuid.UUID) -> ShownDissemination:
    """One giving with its words, also after a recall; raises DomainError ``not_found``."""
    with uow() as tx:
        row = _find(tx, actor, dissemination_id, Permission.DISSEMINATION_READ, holder_only=False)
        audit.record(
            tx, actor, Action.CONSULT, Permission.DISSEMINATION_READ, DISSEMINATION_KIND, row.id,
            version=row.version, seen=[row.id],
        )  # fmt: skip
        return shown_dissemination(tx, row)


def again(uow: UnitOfWork, actor: Actor, dissemination_id: uuid.UUID) -> ShownDissemination:
    """What a giving has become, for whoever confirms it again; raises DomainError ``not_found``."""
    with uow() as tx:
        return shown_dissemination(
            tx, _find(tx, actor, dissemination_id, Permission.DISSEMINATION_CONFIRM_RECALL)
        )


def confirm_recall(
    uow: UnitOfWork, actor: Actor, command: Command, *, dissemination_id: uuid.UUID, body: Mapping[str, Any]
) -> ShownDissemination:
    """Say that what was taken back has been given up.

    ``body``: measure, note, both optional. The recipient's own case takes the step by which its procedure
    confirms a recall; for another state whoever sent it there says so. Raises DomainError ``not_found``,
    ``not_recalled``, ``already_confirmed``, and what the step raises.
    """
    with uow(command) as tx:
        row = _find(tx, actor, dissemination_id, Permission.DISSEMINATION_CONFIRM_RECALL)
        if row.state == DisseminationState.RECALL_CONFIRMED:
            raise DomainError("already_confirmed")
        if row.state != DisseminationState.RECALLED:
            raise DomainError("not_recalled")
        if row.child_id is None:
            duties.discharge(tx, kind=RECALL_ABROAD_DUTY, subject_id=row.id)
            recalling = chain_effects.confirm(tx, row)
            if recalling is not None:
                step_effects.recall_is_confirmed(tx, recalling)
        else:
            _step(tx, actor, row.child_id, body, command.record_id)
        return shown_dissemination(tx, row)


def confirm_notice(
    uow: UnitOfWork, actor: Actor, command: Command, *, dissemination_id: uuid.UUID, notice_id: uuid.UUID
) -> ShownDissemination:
    """Say that the new grade or the corrected text has reached the copy that the unit holds.

    Raises DomainError ``not_found``, ``recalled`` when it was taken back meanwhile, ``already_confirmed``.
    """
    with uow(command) as tx:
        row = _find(tx, actor, dissemination_id, Permission.DISSEMINATION_CONFIRM_NOTICE)
        notice = tx.get(ReportNotice, notice_id)
        if notice is None or notice.dissemination_id != row.id:
            raise DomainError("not_found")
        if row.state in RECALLED:
            raise DomainError("recalled")
        if notice.confirmed_at is not None:
            raise DomainError("already_confirmed")
        tx.update_row(notice, confirmed_at=tx.now, confirmed_by_id=actor.person_id)
        tx.update_row(row, report_version=max(row.report_version, notice.report_version))
        others = queries.notices_of(tx, [row.id])[row.id]
        if not any(one.confirmed_at is None and one.id != notice.id for one in others):
            duties.discharge(tx, kind=NOTICE_DUTY, subject_id=row.id)
        audit.record(
            tx, actor, Action.ALTER, Permission.DISSEMINATION_CONFIRM_NOTICE, DISSEMINATION_KIND, row.id,
            version=row.version, outcome=notice.kind,
        )  # fmt: skip
        return shown_dissemination(tx, row)


def _step(
    tx: Transaction, actor: Actor, referral_id: uuid.UUID, body: Mapping[str, Any], step_id: uuid.UUID
) -> None:
    """The step by which the recipient's procedure confirms a recall."""
    case = tx.get(Referral, referral_id)
    if case is None:
        raise KeyError(referral_id)
    confirming = (
        action.code
        for action in pack_of(tx, case).actions
        if any(result.confirms_recall for result in action.results)
    )
    action = next(confirming, None)
    if action is None:
        raise DomainError("action_not_allowed")
    take_step.step(tx, actor, case, action=action, fields=body, step_id=step_id)


def _find(
    tx: Transaction,
    actor: Actor,
    dissemination_id: uuid.UUID,
    permission: Permission,
    *,
    holder_only: bool = True,
) -> Dissemination:
    """The row, if the caller may do this to it: the recipient, or for what went abroad the sender."""
    row = tx.get(Dissemination, dissemination_id)
    target = Target.absent(DISSEMINATION_KIND)
    if row is not None:
        holder = row.to_unit_id if row.child_id is not None else row.from_unit_id
        also = frozenset() if holder_only else frozenset({row.from_unit_id})
        target = Target(DISSEMINATION_KIND, unit_id=holder, also_in=also)
    access.require(tx, actor, permission, target, object_id=dissemination_id)
    if row is None:
        raise DomainError("not_found")
    return row
