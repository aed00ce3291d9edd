"""The end of a concern: words, keys and how to reach its reporter go, and nobody has to remember it.

Ninety days after it was closed or taken back the thread is erased (R21), how to
reach the reporter a month after. What is left is a tombstone: that there was something, where its desk was,
and a digest that keeps its code from ever opening another. What a flag took into the chain is its own record,
with an end of its own; so is an emergency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.models import AuditEvent
from community_api.audit.terms import Action
from community_api.community.concerns.models import (
    Concern,
    ConcernContact,
    ConcernContactUnlock,
    ConcernDecision,
    ConcernMessage,
    ConcernReply,
    ConcernTranslation,
)
from community_api.community.concerns.terms import CONTACT_KIND, KIND, RETENTION_CLOSED, RETENTION_WITHDRAWN
from community_api.community.observations.terms import Status
from community_api.community.shared.models import DeskAct
from community_api.core.actor import SYSTEM
from community_api.core.database import commands
from community_api.core.database.engine import Content
from community_api.core.database.tables import CommandRecord, DataKey
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.retention import CLASSES
from community_api.units import duties

ENDED: Final = (Status.CLOSED.value, Status.WITHDRAWN.value)
ENDING: Final = (RETENTION_CLOSED, RETENTION_WITHDRAWN)
# Both classes last as long; how to reach somebody is needed least long of all.
THREAD_LASTS: Final = timedelta(days=CLASSES[RETENTION_CLOSED].days)
CONTACT_LASTS: Final = timedelta(days=30)
AT_ONCE: Final = 20
# What of a row beside its sealed words says who or where.
CLEARED: Final[dict[type[Content], dict[str, None]]] = {
    Concern: dict.fromkeys(
        (
            "category",
            "lat",
            "lon",
            "accuracy_m",
            "precision",
            "occurred_on",
            "happened_on",
            "cell",
            "language",
        )
    ),
}


@dataclass(frozen=True)
class _Part:
    """Rows that belong to a concern, by the column that names it."""

    model: type[Content]
    by: Any


THREAD: Final = (
    _Part(ConcernMessage, ConcernMessage.concern_id),
    _Part(ConcernReply, ConcernReply.concern_id),
    _Part(ConcernTranslation, ConcernTranslation.concern_id),
    _Part(ConcernContact, ConcernContact.concern_id),
    _Part(ConcernContactUnlock, ConcernContactUnlock.concern_id),
    _Part(DeskAct, DeskAct.report_id),
)


def sweep(uow: UnitOfWork) -> int:
    """Erase what has had its time; how many concerns and contacts. Safe to run in several workers."""
    erased = 0
    for find, erase in ((_over, _erase_concern), (_contacts_over, _erase_contact)):
        while True:
            with uow() as tx:
                due: list[UUID] = tx.all(find(tx.now.date()).limit(AT_ONCE))
            erased += sum(commands.again(partial(_in_one_commit, uow, erase, known)) for known in due)
            if len(due) < AT_ONCE:
                break
    return erased


def _in_one_commit(uow: UnitOfWork, erase: Any, concern_id: UUID) -> int:
    with uow() as tx:
        return int(erase(tx, concern_id))


def _over(today: date) -> Select[Any]:
    """Concerns that ended so long ago, are held by nobody, and wait for no further word."""
    return select(Concern.id).where(
        Concern.status.in_(ENDED),
        Concern.retention_class.in_(ENDING),
        Concern.review_on <= today,
        Concern.legal_hold.is_(False),
        Concern.answer_due_at.is_(None),
        Concern.erased_at.is_(None),
    )


def _contacts_over(today: date) -> Select[Any]:
    since = today + THREAD_LASTS - CONTACT_LASTS
    ended = select(Concern.id).where(
        Concern.status.in_(ENDED),
        Concern.retention_class.in_(ENDING),
        Concern.review_on <= since,
        Concern.answer_due_at.is_(None),
    )
    return select(ConcernContact.id).where(
        ConcernContact.concern_id.in_(ended),
        ConcernContact.legal_hold.is_(False),
        ConcernContact.erased_at.is_(None),
    )


def _erase_concern(tx: Transaction, concern_id: UUID) -> bool:
    """Whether it was still to be erased."""
    row = tx.get(Concern, concern_id)
    if row is None or row.erased_at is not None or row.status not in ENDED:
        return False
    parts = [one for part in THREAD for one in tx.all(select(part.model).where(part.by == concern_id))]
    proposed = [one.id for one in parts if isinstance(one, ConcernReply | ConcernContactUnlock)]
    parts += tx.all(select(ConcernDecision).where(ConcernDecision.subject_id.in_(proposed)))
    _erase(tx, [row, *(one for one in parts if one.erased_at is None)])
    duties.discharge_all(tx, subject_id=row.id, at=tx.today)
    audit.record(
        tx, SYSTEM, Action.ERASE, Permission.CONCERN_WITHDRAW, KIND, row.id,
        version=row.version, from_state=row.status, outcome=row.retention_class, day_only=True,
    )  # fmt: skip
    return True


def _erase_contact(tx: Transaction, contact_id: UUID) -> bool:
    row = tx.get(ConcernContact, contact_id)
    if row is None or row.erased_at is not None:
        return False
    _erase(tx, [row])
    audit.record(
        tx, SYSTEM, Action.ERASE, Permission.CONCERN_CONTACT_READ, CONTACT_KIND, row.id,
        version=row.version, outcome=row.retention_class, day_only=True,
    )  # fmt: skip
    return True


def _erase(tx: Transaction, rows: Iterable[Content]) -> None:
    """Buffer the end of rows: words, keys, and the words that the trail holds of them.

    The id of a command stays taken, and says that it was erased to whoever sends it again.
    """
    for row in rows:
        known = row.id
        tx.update_row(row, sealed=None, erased_at=tx.today, **CLEARED.get(type(row), {}))
        tx.delete_where(DataKey, {"owner_id": known})
        tx.update_where(AuditEvent, {"object_id": known}, {"salt": None, "payload_ct": None}, expect=None)
        tx.update_where(CommandRecord, {"id": known}, {"erased_at": tx.today}, expect=None)
