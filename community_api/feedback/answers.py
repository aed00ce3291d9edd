"""Answering what is owed: a person writes, where needed another reads, the product delivers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import NOBODY, Address, Target, persons
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.feedback import outcomes, queries
from community_api.feedback.models import Message, Obligation, SecondReading
from community_api.feedback.terms import (
    DUE,
    KIND,
    MESSAGE_LABEL,
    OBLIGATION_KIND,
    RETENTION,
    DutyKind,
    MessageKind,
    MessageState,
    State,
)
from community_api.outbox import service as outbox
from community_api.units import duties, posts
from community_api.units.directory import tree

READING_LABEL = "feedback.second_reading"


@dataclass(frozen=True)
class ShownObligation:
    """An obligation as a caller sees it: never a name.

    ``referenced``: with the reference of the report, which nobody above the local level learns. ``outcomes``:
    codes and titles of what may be answered, in the caller's language.
    """

    row: Obligation
    owed_by: str
    now: datetime
    referenced: bool
    outcomes: list[dict[str, str]]


@dataclass(frozen=True)
class Answered:
    """An answer and the obligation that it meets, or will meet once it was read."""

    message: Message
    obligation: Obligation


def list_obligations(
    uow: UnitOfWork, actor: Actor, *, filters: Mapping[str, Any], wanted: PageWanted
) -> Page:
    """What the caller's posts owe, most urgent first. ``filters``: state, overdue, unit."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.FEEDBACK_OBLIGATION_LIST)
        found = page(
            tx,
            queries.owed(sight, actor.post_ids, filters, units_named(tx, filters.get("unit")), tx.now),
            order=[Obligation.due_at, Obligation.id],
            newest_first=False,
            wanted=wanted,
            scope=f"obligations:{actor.account_id}:{sorted(filters.items())}",
        )
        ids = [row.id for row in found.items]
        audit.record(
            tx, actor, Action.CONSULT, Permission.FEEDBACK_OBLIGATION_LIST, OBLIGATION_KIND, None, seen=ids
        )
        return Page([_describe(tx, actor, row) for row in found.items], found.next_cursor)


def answer(uow: UnitOfWork, actor: Actor, command: Command, *, body: Mapping[str, Any]) -> Answered:
    """Write what the recipient is told; it is delivered at once, or after a second reading.

    ``body``: obligation_id, outcome, text, what_helped, what_would_help. Raises DomainError
    ``not_found``, ``same_person``, ``feedback_not_open``, ``not_one_of`` of the procedure's outcomes.
    """
    with uow(command) as tx:
        row = tx.get(Obligation, body["obligation_id"])
        decision = access.require(
            tx, actor, Permission.FEEDBACK_WRITE, target_of(tx, row), object_id=body["obligation_id"]
        )
        if row is None:
            raise DomainError("not_found")
        if row.state not in {State.OPEN, State.DRAFTED}:
            raise DomainError("feedback_not_open")
        words = outcomes.words(tx, row, body["outcome"])
        message = _write(tx, actor, row, command.record_id, body, words)
        if decision.proposes:
            _await_reading(tx, row, message)
        else:
            deliver(tx, row, message)
        audit.record(
            tx, actor, Action.DISCLOSE, Permission.FEEDBACK_WRITE, KIND, message.id,
            version=message.version, to_state=message.state, recipients=["reporter"],
            outcome=message.outcome, payload=_document(body),
        )  # fmt: skip
        return Answered(message, row)


def read_second(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    message_id: uuid.UUID,
    approved: bool,
    reason: str | None,
) -> Answered:
    """Another person reads an answer: it is delivered, or goes back to whoever owes it.

    Raises DomainError ``not_found``, ``same_person``, ``already_decided``.
    """
    with uow(command) as tx:
        message = tx.get(Message, message_id)
        row = tx.get(Obligation, message.obligation_id) if message is not None else None
        target = target_of(tx, row, message)
        access.require(tx, actor, Permission.FEEDBACK_APPROVE, target, object_id=message_id)
        if message is None or row is None:
            raise DomainError("not_found")
        if message.state != MessageState.AWAITING_SECOND_READING:
            raise DomainError("already_decided")
        _note_reading(tx, actor, command.record_id, message, approved=approved, reason=reason)
        duties.discharge(tx, kind=DutyKind.SECOND_READING, subject_id=message.id)
        if approved:
            deliver(tx, row, message)
        else:
            tx.update_row(message, state=MessageState.SENT_BACK.value)
            tx.update_row(row, state=State.OPEN.value)
        audit.record(
            tx, actor, Action.APPROVE, Permission.FEEDBACK_APPROVE, KIND, message.id,
            version=message.version, to_state=message.state, outcome="approved" if approved else "refused",
            payload={"reason": reason} if reason else None, payload_owner=command.record_id,
        )  # fmt: skip
        return Answered(message, row)


def read_answer(uow: UnitOfWork, actor: Actor, message_id: uuid.UUID) -> Answered:
    """What an answer has become, for its author who sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        message = tx.get(Message, message_id)
        row = tx.get(Obligation, message.obligation_id) if message is not None else None
        if message is None or row is None or message.author_id != actor.person_id:
            raise DomainError("not_found")
        return Answered(message, row)


def read_reading(uow: UnitOfWork, actor: Actor, reading_id: uuid.UUID) -> Answered:
    """What a second reading has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        reading = tx.get(SecondReading, reading_id)
        message = tx.get(Message, reading.message_id) if reading is not None else None
        row = tx.get(Obligation, message.obligation_id) if message is not None else None
        if reading is None or message is None or row is None or reading.person_id != actor.person_id:
            raise DomainError("not_found")
        return Answered(message, row)


def deliver(tx: Transaction, row: Obligation, message: Message) -> None:
    """The message is in its recipient's inbox and the obligation is met, in one commit."""
    tx.update_row(message, state=MessageState.DELIVERED.value, delivered_at=tx.now)
    tx.update_row(row, state=State.MET.value, met_at=tx.now)
    duties.discharge_all(tx, subject_id=row.id)
    outbox.cancel(tx, DUE, row.id)
    tx.changed(KIND, message.id, message.version, row.recipient_id)
    tx.changed(OBLIGATION_KIND, row.id, row.version, row.unit_id)


def target_of(tx: Transaction, row: Obligation | None, message: Message | None = None) -> Target:
    """What policy needs to know of an obligation: it is its post's, and never the recipient's to answer."""
    if row is None:
        return Target.absent(OBLIGATION_KIND)
    post = posts.name_of(tx, row.owed_by_post_id)
    author = message.author_id if message is not None else None
    return Target(
        OBLIGATION_KIND,
        unit_id=row.unit_id,
        addressed=(Address(role=post.role, unit_id=row.unit_id),),
        subjects=persons(row.recipient_id),
        authors=persons(author),
        proposers=persons(author),
        proposer_grants=() if author is None else access.grants_of(tx, author),
        # The manager who sees the breach in the list may not answer it, and need not be told that it is not.
        told=NOBODY if row.breach_post_id is None else frozenset({row.breach_post_id}),
    )


def units_named(tx: Transaction, name: str | None) -> frozenset[uuid.UUID] | None:
    """A unit and all below it; None for no name, nothing for a name that no unit has."""
    if name is None:
        return None
    unit = tree(tx).named(name)
    return frozenset() if unit is None else tree(tx).same_or_below(unit.id)


def _describe(tx: Transaction, actor: Actor, row: Obligation) -> ShownObligation:
    """A breach is told upwards as well, and some only watch: to them it is a number among others."""
    units = tree(tx)
    local = units.local_unit_of(row.unit_id)
    near = {row.unit_id} if local is None else {row.unit_id, local.id}
    pack = outcomes.pack_of(tx, row)
    return ShownObligation(
        row=row,
        owed_by=str(posts.name_of(tx, row.owed_by_post_id)),
        now=tx.now,
        referenced=not row.blind and any(grant.unit_id in near for grant in actor.grants),
        outcomes=[] if pack is None else outcomes.titles(pack, actor.language),
    )


def _document(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: body.get(name) for name in ("text", "what_helped", "what_would_help")}


def _write(
    tx: Transaction,
    actor: Actor,
    row: Obligation,
    message_id: uuid.UUID,
    body: Mapping[str, Any],
    words: Mapping[str, str | None],
) -> Message:
    document = _document(body) | dict(words)
    return tx.add(
        Message(
            id=message_id,
            obligation_id=row.id,
            recipient_id=row.recipient_id,
            author_id=actor.person_id,
            kind=MessageKind.ANSWER.value,
            outcome=body["outcome"],
            about=row.point,
            report_reference=row.report_reference,
            language=row.language,
            state=MessageState.AWAITING_SECOND_READING.value,
            written_at=tx.now,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, message_id, MESSAGE_LABEL, document),
        )
    )


def _await_reading(tx: Transaction, row: Obligation, message: Message) -> None:
    tx.update_row(row, state=State.AWAITING_SECOND_READING.value)
    duties.owe(
        tx,
        kind=DutyKind.SECOND_READING,
        subject_kind=KIND,
        subject_id=message.id,
        post_id=row.owed_by_post_id,
        due_at=max(row.due_at, tx.now),
    )


def _note_reading(
    tx: Transaction,
    actor: Actor,
    reading_id: uuid.UUID,
    message: Message,
    *,
    approved: bool,
    reason: str | None,
) -> None:
    tx.add(
        SecondReading(
            id=reading_id,
            message_id=message.id,
            person_id=actor.person_id,
            decision="approved" if approved else "refused",
            read_at=tx.now,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, reading_id, READING_LABEL, {"reason": reason}) if reason else None,
        )
    )
