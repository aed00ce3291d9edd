"""The end of what a flag that never became a case left behind: tokens, names, and what it belonged to.

Nobody may make a file of refused suspicion (R21): after the days that the procedure declares an earlier flag
is found by nothing any more. The flag itself stays with its decision, for control, as long as its class says.
"""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import select

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.database import commands
from community_api.core.database.tables import DataKey
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.intelligence.flags import queries, relations
from community_api.intelligence.flags.models import Flag, RelatedFlag, SubjectSlot, SubjectToken
from community_api.intelligence.flags.rules import is_over
from community_api.intelligence.flags.terms import ENDED_WITHOUT_CASE, KIND

AT_ONCE: Final = 20


def sweep(uow: UnitOfWork) -> int:
    """Delete what is over; of how many flags. Safe to run in several workers."""
    swept = 0
    while True:
        with uow() as tx:
            due = _due(tx)
        swept += sum(commands.again(partial(_in_one_commit, uow, flag_id)) for flag_id in due)
        if len(due) < AT_ONCE:
            return swept


def _in_one_commit(uow: UnitOfWork, flag_id: UUID) -> int:
    with uow() as tx:
        return int(_end(tx, flag_id))


def _due(tx: Transaction) -> list[UUID]:
    """Flags whose time is over and that something may still find."""
    query = select(Flag.id).where(
        Flag.status.in_([one.value for one in ENDED_WITHOUT_CASE]),
        Flag.review_on <= tx.now.date(),
        Flag.legal_hold.is_(False),
        Flag.forgotten_on.is_(None),
    )
    return tx.all(query.order_by(Flag.id).limit(AT_ONCE))


def _end(tx: Transaction, flag_id: UUID) -> bool:
    """Whether there was still something to end."""
    flag = tx.get(Flag, flag_id)
    if (
        flag is None
        or flag.legal_hold
        or flag.forgotten_on is not None
        or not is_over(flag.status, flag.review_on, tx.now.date())
    ):
        return False
    tx.delete_where(SubjectSlot, {"flag_id": flag.id})
    tx.delete_where(SubjectToken, {"flag_id": flag.id})
    tx.delete_where(RelatedFlag, {"flag_id": flag.id})
    tx.delete_where(RelatedFlag, {"earlier_id": flag.id})
    relations.forget(tx, flag.id)
    tx.update_row(flag, forgotten_on=tx.now.date())
    names = queries.identity(tx, flag.id)
    if names is not None and names.erased_at is None:
        tx.update_row(names, sealed=None, erased_at=tx.now)
        tx.delete_where(DataKey, {"owner_id": names.id})
    audit.record(
        tx, SYSTEM, Action.ERASE, Permission.FLAG_DECIDE, KIND, flag.id,
        version=flag.version, from_state=flag.status, outcome=flag.retention_class,
    )  # fmt: skip
    return True
