"""What happens by itself when a stage takes longer than its clock allows."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from community_api import audit
from community_api.access.people import holders_of
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.chain.referrals import queries
from community_api.intelligence.chain.referrals.models import Referral
from community_api.intelligence.chain.referrals.situation import pack_of
from community_api.intelligence.chain.referrals.terms import (
    KIND,
    LATE_POST_DUTY,
    OVERDUE,
    OVERDUE_DUTY,
    STILL_OVERDUE,
)
from community_api.outbox import service as outbox
from community_api.procedure_engine.engine.state import Duty
from community_api.procedure_engine.terms import Phase
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Role
from community_api.units.words import POST

# Who may know of a case of their unit.
HANDLING_CASES: Final = frozenset({Role.ANALYST, Role.INTELLIGENCE_MANAGER})


def stage_is_overdue(tx: Transaction, referral_id: uuid.UUID) -> None:
    """Past its time: whom the procedure names owes a look, once a stage (the worker calls this).

    Whoever handles cases in the unit is told of the case; everybody else, and whoever stands above, of the
    post that is late: the case is nothing that they may know of.
    """
    row = _late(tx, referral_id)
    if row is None:
        return
    _tell(tx, row)
    audit.record(
        tx, SYSTEM, Action.DELIVER, Permission.REFERRAL_STEP, KIND, row.id,
        version=row.version, from_state=row.stage, to_state=row.stage, outcome="overdue",
        procedure_hash=row.procedure_hash,
    )  # fmt: skip


def is_due_otherwise(tx: Transaction, row: Referral, duty: Duty) -> None:
    """A pause has begun or ended: the owner has until another day, and the worker looks then."""
    duties.move(tx, kind=duty.kind, subject_id=row.id, due_at=duty.due_at, warn_at=duty.warn_at)
    is_looked_at_later(tx, row, duty.due_at)


def is_looked_at_later(tx: Transaction, row: Referral, due_at: datetime) -> None:
    """The worker looks at the deadline when it is due now, and no longer when it was due before."""
    outbox.cancel(tx, OVERDUE, row.id)
    outbox.schedule(tx, OVERDUE, row.id, due_at)


def is_still_overdue(tx: Transaction, referral_id: uuid.UUID) -> None:
    """Say again of a case what was taken back with another one of its post (the worker calls this)."""
    row = _late(tx, referral_id)
    if row is not None:
        _tell(tx, row)


def stage_is_left(tx: Transaction, row: Referral, late: uuid.UUID | None) -> None:
    """A post has done what it was late with, and nobody above is told of it any more.

    ``late`` None: nobody was late. Of the post's other cases the worker looks anew whether they are late, so
    that of two that are done at the same moment neither leaves a word behind.
    """
    if late is None:
        return
    duties.discharge(tx, kind=LATE_POST_DUTY, subject_id=late)
    for other in queries.late_with(tx, row.unit_id, late, tx.now):
        if other != row.id:
            outbox.schedule(tx, STILL_OVERDUE, other, tx.now)


def _late(tx: Transaction, referral_id: uuid.UUID) -> Referral | None:
    row = tx.get(Referral, referral_id)
    if row is None or row.phase == Phase.ENDED or row.due_at is None or row.due_at > tx.now:
        return None
    return row


def _tell(tx: Transaction, row: Referral) -> None:
    role = Role(pack_of(tx, row).stage_by_code[row.stage].escalates_to or Role.INTELLIGENCE_MANAGER)
    told = _nearest(tx, row, role)
    if role in HANDLING_CASES and told in {row.owner_post_id, posts.find(tx, role, row.unit_id)}:
        _owe(tx, row, OVERDUE_DUTY, KIND, row.id, told)
    elif row.owner_post_id is not None:
        _owe(tx, row, LATE_POST_DUTY, POST, row.owner_post_id, told)


def _nearest(tx: Transaction, row: Referral, role: Role) -> uuid.UUID:
    """The nearest post of a role, from the unit upwards, that is not the late one and has somebody in it.

    Where all are vacant the nearest one is told, and the alarm about vacant posts with it; where there is
    no other post at all, the one of the unit itself.
    """
    found = [posts.find(tx, role, unit) for unit in (row.unit_id, *tree(tx).ancestors(row.unit_id))]
    others = [post for post in found if post is not None and post != row.owner_post_id]
    filled = (post for post in others if holders_of(tx, post))
    return next(filled, None) or next(iter(others), None) or posts.establish(tx, role, row.unit_id)


def _owe(
    tx: Transaction, row: Referral, kind: str, subject_kind: str, subject_id: uuid.UUID, post_id: uuid.UUID
) -> None:
    due_at = row.due_at or tx.now
    duties.owe(
        tx, kind=kind, subject_kind=subject_kind, subject_id=subject_id, post_id=post_id, due_at=due_at
    )
