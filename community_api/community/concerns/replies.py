"""Answering a reporter: one supervisor writes, another reads, then the product shows it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.community.concerns import approvals, queries, response_deadlines, rules, service, thread
from community_api.community.concerns.models import Concern, ConcernReply
from community_api.community.concerns.terms import (
    REPLY_KIND,
    REPLY_LABEL,
    DutyKind,
    ReplyKind,
    ReplyState,
)
from community_api.community.concerns.thread import OpenedReply
from community_api.community.observations.terms import Status
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.retention import review_on
from community_api.units import duties
from community_api.units.directory import tree

# These meet what the calendar promised; a question does not.
MEETS = frozenset({ReplyKind.ANSWER, ReplyKind.STATUS, ReplyKind.FINAL})


@dataclass(frozen=True)
class Replied:
    """A reply and the concern that it answers."""

    reply: OpenedReply
    concern: Concern


def reply(
    uow: UnitOfWork, actor: Actor, command: Command, *, concern_id: uuid.UUID, body: Mapping[str, Any]
) -> Replied:
    """Write to the reporter; nobody sees it before another person has approved it.

    ``body``: text, language, kind. Raises DomainError ``not_found``, ``concern_ended``, ``final_waits``.
    """
    with uow(command) as tx:
        row = service.find(tx, actor, concern_id, Permission.CONCERN_REPLY)
        written = write(tx, actor, row, command.record_id, body)
        return Replied(OpenedReply(written, body["text"]), row)


def write(
    tx: Transaction, actor: Actor, row: Concern, reply_id: uuid.UUID, body: Mapping[str, Any]
) -> ConcernReply:
    """Buffer a reply that awaits its second person; the caller has asked for permission.

    Raises DomainError ``erased``; ``concern_ended`` when nothing more is owed; ``same_person`` for who wrote
    the word that the reporter disputes; ``final_waits`` while another closing word does.
    """
    if row.erased_at is not None:
        raise DomainError("erased")
    _must_take_replies(tx, actor, row)
    if body["kind"] == ReplyKind.FINAL and _final_waits(tx, row):
        raise DomainError("final_waits")
    written = tx.add(
        ConcernReply(
            id=reply_id,
            concern_id=row.id,
            kind=body["kind"],
            state=ReplyState.AWAITING_SECOND_PERSON.value,
            language=body["language"],
            author_id=actor.person_id,
            written_at=tx.now,
            retention_class=row.retention_class,
            review_on=review_on(row.retention_class, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, reply_id, REPLY_LABEL, {"text": body["text"]}),
        )
    )
    service.owe_second_person(tx, row, DutyKind.APPROVE)
    audit.record(
        tx, actor, Action.DISCLOSE, Permission.CONCERN_REPLY, REPLY_KIND, written.id,
        version=1, to_state=written.state, recipients=["reporter"], outcome=written.kind,
        payload={"text": body["text"]},
    )  # fmt: skip
    return written


def decide(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    concern_id: uuid.UUID,
    reply_id: uuid.UUID,
    approved: bool,
    reason: str | None,
) -> Replied:
    """Another supervisor approves a reply, which then goes out, or refuses it.

    Raises DomainError ``not_found``, ``same_person``, ``not_independent``, ``already_decided``,
    ``concern_ended`` when the concern was withdrawn meanwhile.
    """
    with uow(command) as tx:
        row, written = _reply(tx, actor, concern_id, reply_id)
        if written.state != ReplyState.AWAITING_SECOND_PERSON:
            raise DomainError("already_decided")
        if approved and row.status == Status.WITHDRAWN:
            raise DomainError("concern_ended")
        approvals.note(
            tx, actor, command.record_id, written, written.author_id, approved=approved, reason=reason
        )
        service.second_person_spoke(tx, row, DutyKind.APPROVE, queries.replies(tx, row.id), written.id)
        if approved:
            _send(tx, row, written)
        else:
            tx.update_row(written, state=ReplyState.REFUSED.value)
        audit.record(
            tx, actor, Action.APPROVE, Permission.CONCERN_REPLY_APPROVE, REPLY_KIND, written.id,
            version=written.version, to_state=written.state, outcome=written.state,
        )  # fmt: skip
        return Replied(thread.opened_reply(tx, written), row)


def read_reply(uow: UnitOfWork, actor: Actor, reply_id: uuid.UUID) -> Replied:
    """What a reply has become, for its author who sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        written = tx.get(ConcernReply, reply_id)
        row = tx.get(Concern, written.concern_id) if written is not None else None
        if written is None or row is None or written.author_id != actor.person_id:
            raise DomainError("not_found")
        return Replied(thread.opened_reply(tx, written), row)


def read_decision(uow: UnitOfWork, actor: Actor, decision_id: uuid.UUID) -> Replied:
    """What a second person's word has become, for whoever sends it again.

    Raises DomainError ``not_found``.
    """
    with uow() as tx:
        said = approvals.mine(tx, actor, decision_id)
        written = tx.get(ConcernReply, said.subject_id)
        row = tx.get(Concern, written.concern_id) if written is not None else None
        if written is None or row is None:
            raise DomainError("not_found")
        return Replied(thread.opened_reply(tx, written), row)


def _reply(
    tx: Transaction, actor: Actor, concern_id: uuid.UUID, reply_id: uuid.UUID
) -> tuple[Concern, ConcernReply]:
    row, written = tx.get(Concern, concern_id), tx.get(ConcernReply, reply_id)
    target = approvals.target_of(tx, row, written.author_id if written is not None else None)
    access.require(tx, actor, Permission.CONCERN_REPLY_APPROVE, target, object_id=concern_id)
    if row is None or written is None or written.concern_id != row.id:
        raise DomainError("not_found")
    return row, written


def _must_take_replies(tx: Transaction, actor: Actor, row: Concern) -> None:
    if row.status == Status.WITHDRAWN:
        raise DomainError("concern_ended")
    if row.status != Status.CLOSED:
        return
    if row.answer_due_at is None:
        raise DomainError("concern_ended")
    disputed = queries.last_word(tx, row.id)
    if disputed is not None and disputed.author_id == actor.person_id:
        raise DomainError("same_person")


def _final_waits(tx: Transaction, row: Concern) -> bool:
    return any(
        one.kind == ReplyKind.FINAL and one.state == ReplyState.AWAITING_SECOND_PERSON
        for one in queries.replies(tx, row.id)
    )


def _send(tx: Transaction, row: Concern, written: ConcernReply) -> None:
    """The reply is in the thread from its release on, and the calendar goes on from today."""
    released_at = rules.release(tx.now, tx.release_hour, tree(tx)[row.unit_id].timezone)
    position = row.thread_length + 1
    tx.update_row(written, state=ReplyState.APPROVED.value, released_at=released_at, position=position)
    kind, status = ReplyKind(written.kind), Status(row.status)
    if kind is ReplyKind.FINAL or status is Status.CLOSED:
        service.move(tx, row, Status.CLOSED, thread_length=position, answered=True)
        return
    values: dict[str, Any] = {"thread_length": position}
    if kind in MEETS:
        values["answer_due_at"] = response_deadlines.promise_again(
            tx, row, response_deadlines.status_every(tx)
        )
        _met(tx, row, values["answer_due_at"])
    if kind is ReplyKind.ANSWER:
        values["answered"] = True
    taken_up = Status.IN_COMMUNITY_WORK if status is Status.RECEIVED else status
    service.move(tx, row, taken_up, **values)


def _met(tx: Transaction, row: Concern, next_due: Any) -> None:
    """What was promised by now was said; the next word is owed by another day."""
    duties.move(tx, kind=DutyKind.ANSWER, subject_id=row.id, due_at=next_due)
    duties.discharge(tx, kind=DutyKind.LATE, subject_id=row.id)
    duties.discharge(tx, kind=DutyKind.MESSAGE, subject_id=row.id)
