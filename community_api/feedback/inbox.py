"""What somebody was told about their reports, and their word back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.feedback import queries
from community_api.feedback.models import Acknowledgement, Message
from community_api.feedback.terms import (
    ACKNOWLEDGEMENT_KIND,
    COMMENT_LABEL,
    KIND,
    MESSAGE_LABEL,
    RETENTION,
    MessageState,
)


@dataclass(frozen=True)
class OpenedMessage:
    """A message with its words; nothing of whoever wrote it but that a person did."""

    row: Message
    document: Mapping[str, Any]


def list_messages(uow: UnitOfWork, actor: Actor, *, unread: bool | None, wanted: PageWanted) -> Page:
    """What the caller was told, newest first, without words."""
    with uow() as tx:
        access.require_list(tx, actor, Permission.FEEDBACK_LIST)
        found = page(
            tx,
            queries.inbox(actor.person_id, unread=unread),
            order=[Message.delivered_at, Message.id],
            newest_first=True,
            wanted=wanted,
            scope=f"feedback:{actor.account_id}:{unread}",
        )
        audit.record(
            tx,
            actor,
            Action.CONSULT,
            Permission.FEEDBACK_LIST,
            KIND,
            None,
            seen=[row.id for row in found.items],
        )
        return found


def read(uow: UnitOfWork, actor: Actor, message_id: uuid.UUID) -> OpenedMessage:
    """One message; from now on it counts as read. Raises DomainError ``not_found``."""
    with uow() as tx:
        row = find(tx, actor, message_id, Permission.FEEDBACK_READ)
        if row.sealed is None:
            raise DomainError("erased")
        if row.read_at is None:
            tx.update_where(Message, {"id": row.id, "read_at": None}, {"read_at": tx.now}, expect=None)
            # Shown as it is from now on, so that the next answer has the same entity tag.
            row.read_at = tx.now
        audit.record(
            tx,
            actor,
            Action.CONSULT,
            Permission.FEEDBACK_READ,
            KIND,
            row.id,
            version=row.version,
            seen=[row.id],
        )
        return OpenedMessage(row, tx.sealer.open(tx, row.id, MESSAGE_LABEL, row.text_version, row.sealed))


def acknowledge(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    message_id: uuid.UUID,
    rating: int | None,
    comment: str | None,
) -> Acknowledgement:
    """Take note of a message, and say how useful it was; once.

    Raises DomainError ``already_acknowledged``.
    """
    with uow(command) as tx:
        message = find(tx, actor, message_id, Permission.FEEDBACK_ACKNOWLEDGE)
        if message.acknowledged_at is not None:
            raise DomainError("already_acknowledged")
        ack_id = command.record_id
        row = tx.add(
            Acknowledgement(
                id=ack_id,
                message_id=message.id,
                person_id=actor.person_id,
                acknowledged_at=tx.now,
                rating=rating,
                retention_class=RETENTION,
                review_on=review_on(RETENTION, tx.now.date()),
                sealed=tx.sealer.seal_new(tx, ack_id, COMMENT_LABEL, {"comment": comment})
                if comment
                else None,
            )
        )
        tx.update_row(message, acknowledged_at=tx.now, read_at=message.read_at or tx.now, rated=rating)
        tx.changed(KIND, message.id, message.version, actor.person_id)
        audit.record(
            tx, actor, Action.ALTER, Permission.FEEDBACK_ACKNOWLEDGE, ACKNOWLEDGEMENT_KIND, row.id,
            version=1, payload={"comment": comment} if comment else None,
        )  # fmt: skip
        return row


def read_acknowledgement(uow: UnitOfWork, actor: Actor, acknowledgement_id: uuid.UUID) -> Acknowledgement:
    """What an acknowledgement has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row = tx.get(Acknowledgement, acknowledgement_id)
        if row is None or row.person_id != actor.person_id:
            raise DomainError("not_found")
        return row


def find(tx: Transaction, actor: Actor, message_id: uuid.UUID, permission: Permission) -> Message:
    """The message, if it was delivered to the caller; raises DomainError."""
    row = tx.get(Message, message_id)
    if row is not None and row.state != MessageState.DELIVERED:
        row = None
    target = Target.absent(KIND) if row is None else Target(KIND, owner=row.recipient_id)
    access.require(tx, actor, permission, target, object_id=message_id)
    if row is None:
        raise DomainError("not_found")
    return row
