"""What happens by itself when a stage takes longer than its clock allows."""

from __future__ import annotations

import uuid

from community_api import trail
from community_api.access.permissions import Permission
from community_api.core.actor import SYSTEM
from community_api.core.uow import Work
from community_api.intelligence.referrals import queries
from community_api.intelligence.referrals.models import Referral
from community_api.intelligence.referrals.terms import KIND, LATE_POST_DUTY, OVERDUE_DUTY, STILL_OVERDUE
from community_api.outbox import service as outbox
from community_api.procedure.terms import Phase
from community_api.trail.terms import Action
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Role
from community_api.units.words import POST


def stage_is_overdue(tx: Work, referral_id: uuid.UUID) -> None:
    """Past its time: the manager of the unit owes a look, once a stage (the worker calls this).

    Where the manager's post is the one that is late, the manager of the unit above is told so: of the post,
    for the case is nothing that they may know of.
    """
    row = _late(tx, referral_id)
    if row is None:
        return
    _tell(tx, row)
    trail.record(
        tx, SYSTEM, Action.DELIVER, Permission.REFERRAL_STEP, KIND, row.id,
        version=row.version, from_state=row.stage, to_state=row.stage, outcome="overdue",
        procedure_hash=row.procedure_hash,
    )  # fmt: skip


def is_still_overdue(tx: Work, referral_id: uuid.UUID) -> None:
    """Say again of a case what was taken back with another one of its post (the worker calls this)."""
    row = _late(tx, referral_id)
    if row is not None:
        _tell(tx, row)


def stage_is_left(tx: Work, row: Referral, late: uuid.UUID | None) -> None:
    """A post has done what it was late with, and nobody above is told of it any more.

    ``late`` None: nobody was late. Of the post's other cases the worker looks anew whether they are late, so
    that of two that are done at the same moment neither leaves a word behind.
    """
    if late is None:
        return
    duties.discharge(tx, kind=LATE_POST_DUTY, subject_id=late)
    for other in queries.late_with(tx, row.unit_id, late, tx.now):
        if other != row.id:
            outbox.later(tx, STILL_OVERDUE, other, tx.now)


def _late(tx: Work, referral_id: uuid.UUID) -> Referral | None:
    row = tx.get(Referral, referral_id)
    if row is None or row.phase == Phase.ENDED or row.due_at is None or row.due_at > tx.now:
        return None
    return row


def _tell(tx: Work, row: Referral) -> None:
    manager = posts.establish(tx, Role.INTELLIGENCE_MANAGER, row.unit_id)
    above = _above(tx, row, manager)
    if above is None:
        _owe(tx, row, OVERDUE_DUTY, KIND, row.id, manager)
    else:
        _owe(tx, row, LATE_POST_DUTY, POST, manager, above)


def _above(tx: Work, row: Referral, manager: uuid.UUID) -> uuid.UUID | None:
    """The manager's post of the unit above, where the unit's own is the one that is late."""
    above = tree(tx).parent(row.unit_id)
    if row.owner_post_id != manager or above is None:
        return None
    return posts.establish(tx, Role.INTELLIGENCE_MANAGER, above.id)


def _owe(
    tx: Work, row: Referral, kind: str, subject_kind: str, subject_id: uuid.UUID, post_id: uuid.UUID
) -> None:
    due_at = row.due_at or tx.now
    duties.owe(
        tx, kind=kind, subject_kind=subject_kind, subject_id=subject_id, post_id=post_id, due_at=due_at
    )
