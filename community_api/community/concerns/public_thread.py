"""What the holder of a code can do: read on, add, dispute, take back. Nothing keeps more than the day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.community.concerns import permission, receipts, response_deadlines, rules, service, thread
from community_api.community.concerns.models import Concern, ConcernMessage
from community_api.community.concerns.terms import (
    ANSWER_DUE,
    KIND,
    MAX_THREAD,
    MESSAGE_KIND,
    MESSAGE_LABEL,
    READ_MESSAGE,
    RETENTION_WITHDRAWN,
    DutyKind,
    MessageKind,
    PublicState,
)
from community_api.community.concerns.thread import OpenedMessage, OpenedReply
from community_api.community.observations.terms import Status
from community_api.community.shared.terms import DutyKind as TriageDuty
from community_api.core.actor import PUBLIC
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.retention import review_on
from community_api.outbox import service as outbox
from community_api.units import duties
from community_api.units.directory import tree

PERMISSIONS: Mapping[MessageKind, Permission] = {
    MessageKind.MESSAGE: Permission.CONCERN_FOLLOW_UP,
    MessageKind.QUESTIONNAIRE: Permission.CONCERN_FOLLOW_UP,
    MessageKind.DISPUTE: Permission.CONCERN_DISPUTE,
    MessageKind.WITHDRAWAL: Permission.CONCERN_WITHDRAW,
    MessageKind.PERMISSION: Permission.CONCERN_FOLLOW_UP,
}
# However much was added, what somebody told can be taken back, and be kept from going on.
ALWAYS: Final = frozenset({MessageKind.WITHDRAWAL, MessageKind.PERMISSION})


@dataclass(frozen=True)
class FollowUp:
    """What the holder of a code sees. ``thread`` is in its order; ``next_on`` None: nothing is promised."""

    row: Concern
    state: PublicState
    document: Mapping[str, Any]
    thread: list[OpenedMessage | OpenedReply]
    timezone: str
    next_on: date | None


@dataclass(frozen=True)
class Added:
    """What was added, and where the concern stands for its reporter."""

    row: ConcernMessage
    state: PublicState
    next_on: date | None


def follow_up(uow: UnitOfWork, *, code: str) -> FollowUp:
    """State, thread and the day of the next word; raises DomainError ``receipt_unknown``."""
    with uow() as tx:
        row = holding(tx, code)
        audit.record(
            tx, PUBLIC, Action.CONSULT, Permission.CONCERN_FOLLOW_UP, KIND, row.id, day_only=True,
        )  # fmt: skip
        return FollowUp(
            row=row,
            state=rules.public_state(row, tx.now),
            document=service.document_of(tx, row),
            thread=_thread(tx, row),
            timezone=tree(tx)[row.unit_id].timezone,
            next_on=next_on(tx, row),
        )


def add(
    uow: UnitOfWork,
    command: Command,
    *,
    code: str,
    kind: MessageKind,
    body: Mapping[str, Any],
    sent_id: uuid.UUID | None,
) -> Added:
    """Add to a concern by its code. ``body``: text, answers to a questionnaire, or pass_on.

    ``sent_id`` is the id by which its holder knows it; the row has another (``receipts.command_id``). None if
    the client made none.

    Raises DomainError ``receipt_unknown``, ``concern_ended`` after a withdrawal, ``thread_full``.
    """
    with uow(command) as tx:
        row = holding(tx, code)
        if rules.tells_time(sent_id):
            raise invalid("/id", "tells_time")
        if row.status == Status.WITHDRAWN:
            raise DomainError("concern_ended")
        if row.thread_length >= MAX_THREAD and kind not in ALWAYS:
            raise DomainError("thread_full")
        message = _keep(tx, row, command.record_id, kind, {**body, "id": str(sent_id or command.record_id)})
        tx.update_row(row, thread_length=message.position, **_consequences(tx, row, kind, body))
        audit.record(
            tx, PUBLIC, Action.COLLECT, PERMISSIONS[kind], MESSAGE_KIND, message.id,
            version=1, to_state=row.status, day_only=True,
        )  # fmt: skip
        return _added(tx, row, message)


def read_added(uow: UnitOfWork, *, code: str, message_id: uuid.UUID) -> Added:
    """What was added, for whoever sends it again; raises DomainError ``receipt_unknown``."""
    with uow() as tx:
        row, message = holding(tx, code), tx.get(ConcernMessage, message_id)
        if message is None or message.concern_id != row.id:
            raise DomainError("receipt_unknown")
        return _added(tx, row, message)


def holding(tx: Transaction, code: str) -> Concern:
    """The concern that a code opens; raises DomainError ``receipt_unknown``, one for all reasons.

    Every reason takes the same way: one look-up that finds nothing, and a text that is opened.
    """
    spelled = receipts.normalised(code)
    ours = receipts.is_ours(tx.keys, spelled)
    lookup = receipts.lookup_of(tx.keys, spelled)
    # An erased row that came back, only to be turned down here, would take longer than none.
    there = Concern.lookup == lookup, Concern.erased_at.is_(None)
    found: Concern | None = tx.first(select(Concern).where(*there))
    if found is None or not ours:
        tx.sealer.pretend()
        raise DomainError("receipt_unknown")
    return found


def next_on(tx: Transaction, row: Concern) -> date | None:
    """The day by which the next word is promised; None: none is."""
    if row.answer_due_at is None:
        return None
    return rules.day_shown(row.answer_due_at, tree(tx)[row.unit_id].timezone)


def _thread(tx: Transaction, row: Concern) -> list[OpenedMessage | OpenedReply]:
    """What was added, and what was answered and is released by now."""
    said: list[OpenedMessage | OpenedReply] = list(thread.messages(tx, row.id))
    said += [
        one
        for one in thread.replies(tx, row.id)
        if one.row.released_at is not None and one.row.released_at <= tx.now
    ]
    return sorted(said, key=lambda item: item.row.position or 0)


def _keep(
    tx: Transaction, row: Concern, message_id: uuid.UUID, kind: MessageKind, body: Mapping[str, Any]
) -> ConcernMessage:
    names = ("id", "text", "answers", "pass_on")
    document = {name: body[name] for name in names if body.get(name) is not None}
    return tx.add(
        ConcernMessage(
            id=message_id,
            concern_id=row.id,
            kind=kind.value,
            position=row.thread_length + 1,
            said_on=tx.today.date(),
            retention_class=row.retention_class,
            review_on=review_on(row.retention_class, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, message_id, MESSAGE_LABEL, document),
        )
    )


def _consequences(
    tx: Transaction, row: Concern, kind: MessageKind, body: Mapping[str, Any]
) -> dict[str, Any]:
    """What follows for the concern; what becomes due for the desk is buffered."""
    if kind is MessageKind.WITHDRAWAL:
        return _withdrawn(tx, row)
    if kind is MessageKind.QUESTIONNAIRE:
        return {}
    response_deadlines.owe(tx, row, DutyKind.MESSAGE, response_deadlines.due(tx, row, READ_MESSAGE))
    if kind is MessageKind.PERMISSION:
        return permission.consequences(tx, row, pass_on=body["pass_on"])
    if row.status == Status.RETURNED:
        response_deadlines.enter_queue(tx, row, TriageDuty.COMPLETED)
        return {"status": Status.RECEIVED.value}
    if kind is MessageKind.DISPUTE and row.status == Status.CLOSED and row.answer_due_at is None:
        due_at = response_deadlines.promise_again(tx, row, response_deadlines.first_answer(tx))
        response_deadlines.owe(tx, row, DutyKind.ANSWER, due_at)
        return {"answer_due_at": due_at}
    return {}


def _withdrawn(tx: Transaction, row: Concern) -> dict[str, Any]:
    """Nothing more is owed, and it is kept no longer than what was no matter for the police."""
    outbox.cancel(tx, ANSWER_DUE, row.id, day_only=True)
    duties.discharge_all(tx, subject_id=row.id, at=tx.today)
    return {
        "status": Status.WITHDRAWN.value,
        "answer_due_at": None,
        "earlier_state": None,
        "earlier_until": None,
        "retention_class": RETENTION_WITHDRAWN,
        "review_on": review_on(RETENTION_WITHDRAWN, tx.now.date()),
    }


def _added(tx: Transaction, row: Concern, message: ConcernMessage) -> Added:
    return Added(message, rules.public_state(row, tx.now), next_on(tx, row))
