"""What happens by itself when a stage takes longer than its clock allows."""

from __future__ import annotations

import uuid

from community_api import trail
from community_api.access.permissions import Permission
from community_api.core.actor import SYSTEM
from community_api.core.uow import Work
from community_api.intelligence.referrals.models import Referral
from community_api.intelligence.referrals.terms import KIND, OVERDUE_DUTY
from community_api.procedure.terms import Phase
from community_api.trail.terms import Action
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Role


def stage_is_overdue(tx: Work, referral_id: uuid.UUID) -> None:
    """Past its time: the manager of the unit owes a look, once a stage (the worker calls this).

    Where the manager's post is the one that is late, the manager of the unit above is told.
    """
    row = tx.get(Referral, referral_id)
    if row is None or row.phase == Phase.ENDED or row.due_at is None or row.due_at > tx.now:
        return
    duties.owe(
        tx,
        kind=OVERDUE_DUTY,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=_over(tx, row),
        due_at=row.due_at,
    )
    trail.record(
        tx, SYSTEM, Action.DELIVER, Permission.REFERRAL_STEP, KIND, row.id,
        version=row.version, from_state=row.stage, to_state=row.stage, outcome="overdue",
        procedure_hash=row.procedure_hash,
    )  # fmt: skip


def _over(tx: Work, row: Referral) -> uuid.UUID:
    manager = posts.establish(tx, Role.INTELLIGENCE_MANAGER, row.unit_id)
    above = tree(tx).parent(row.unit_id)
    if row.owner_post_id != manager or above is None:
        return manager
    return posts.establish(tx, Role.INTELLIGENCE_MANAGER, above.id)
