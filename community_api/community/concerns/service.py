"""What the staff can do with concerns: list, read, and move them along."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Address, Target
from community_api.audit.terms import Action
from community_api.community.concerns import emergency_alert, queries, response_deadlines, rules, thread
from community_api.community.concerns.models import Concern, ConcernContactUnlock, ConcernReply
from community_api.community.concerns.terms import (
    ANSWER_DUE,
    KIND,
    RETENTION_CLOSED,
    SEALED_LABEL,
    SECOND_PERSON,
    DutyKind,
    ReplyState,
)
from community_api.community.concerns.thread import OpenedMessage, OpenedReply, OpenedTranslation
from community_api.community.observations.terms import Status
from community_api.community.shared import triage_queue
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.outbox import service as outbox
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Role


@dataclass(frozen=True)
class ListedConcern:
    """A concern in a list; ``now`` decides what its reporter sees."""

    row: Concern
    unit: str
    timezone: str
    now: datetime


@dataclass(frozen=True)
class OpenedConcern(ListedConcern):
    """A concern with its texts and its thread; texts are None once erased."""

    document: Mapping[str, Any]
    messages: list[OpenedMessage]
    replies: list[OpenedReply]
    translations: list[OpenedTranslation]
    has_contact: bool
    unlocks: list[ConcernContactUnlock]


def list_concerns(uow: UnitOfWork, actor: Actor, *, filters: Mapping[str, Any], wanted: PageWanted) -> Page:
    """Concerns that the caller may list, newest day first, without narrative.

    ``filters``: status, category, unit, since, until. Raises DomainError ``role_not_allowed``.
    """
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.CONCERN_LIST)
        units = tree(tx)
        named = units.named(filters["unit"]) if filters.get("unit") else None
        below = units.same_or_below(named.id) if named is not None else frozenset()
        found = page(
            tx,
            queries.visible(sight, filters, below if filters.get("unit") else None, _commanded(tx, actor)),
            order=[Concern.received_at, Concern.id],
            newest_first=True,
            wanted=wanted,
            scope=f"concerns:{actor.account_id}:{sorted(filters.items())}",
        )
        audit.record(
            tx, actor, Action.CONSULT, Permission.CONCERN_LIST, KIND, None,
            seen=[row.id for row in found.items],
        )  # fmt: skip
        return Page([list_item(tx, row) for row in found.items], found.next_cursor)


def read(uow: UnitOfWork, actor: Actor, concern_id: uuid.UUID) -> OpenedConcern:
    """One concern with texts and thread.

    Raises DomainError ``not_found``, ``purpose_required``, ``erased``.
    """
    with uow() as tx:
        row = find(tx, actor, concern_id, Permission.CONCERN_READ)
        if row.erased_at is not None:
            raise DomainError("erased")
        audit.record(
            tx, actor, Action.CONSULT, Permission.CONCERN_READ, KIND, row.id,
            version=row.version, seen=[row.id],
        )  # fmt: skip
        emergency_alert.note_reading(tx, row)
        return opened(tx, row)


def find(tx: Transaction, actor: Actor, concern_id: uuid.UUID, permission: Permission) -> Concern:
    """The row, if the caller may do this to it; raises DomainError."""
    row = tx.get(Concern, concern_id)
    access.require(tx, actor, permission, target_of(tx, row), object_id=concern_id)
    if row is None:
        raise DomainError("not_found")
    return row


def target_of(tx: Transaction, row: Concern | None) -> Target:
    """What policy needs to know of a concern: its desk, who took it down, and in danger the commander."""
    if row is None:
        return Target.absent(KIND)
    addressed: tuple[Address, ...] = ()
    if row.taken_by_id is not None:
        addressed = (Address(person_id=row.taken_by_id),)
    if row.immediate_danger:
        commander = Address(
            role=Role.DUTY_COMMANDER, unit_id=emergency_alert.commanding_unit(tx, row.unit_id)
        )
        addressed = (*addressed, commander)
    return Target(KIND, unit_id=row.unit_id, addressed=addressed)


def list_item(tx: Transaction, row: Concern) -> ListedConcern:
    """A concern as lists show it."""
    unit = tree(tx)[row.unit_id]
    return ListedConcern(row, unit.name, unit.timezone, tx.now)


def opened(tx: Transaction, row: Concern) -> OpenedConcern:
    """A concern with everything that may be opened to its desk; how to reach the reporter is not."""
    unit = tree(tx)[row.unit_id]
    return OpenedConcern(
        row=row,
        unit=unit.name,
        timezone=unit.timezone,
        now=tx.now,
        document=document_of(tx, row),
        messages=thread.messages(tx, row.id),
        replies=thread.replies(tx, row.id),
        translations=thread.translations(tx, row.id),
        has_contact=queries.has_contact(tx, row.id),
        unlocks=queries.unlocks(tx, row.id),
    )


def document_of(tx: Transaction, row: Concern) -> Mapping[str, Any]:
    """The words of a concern; empty once erased."""
    if row.sealed is None:
        return {}
    document: Mapping[str, Any] = tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed)
    return document


def move(tx: Transaction, row: Concern, status: Status, **values: Any) -> None:
    """Buffer another status, and whatever else changes with it.

    What its reporter sees of it shows from the next release on: every change of status by the desk goes
    this way. Nothing more is promised of a concern that is closed, and its days are numbered.
    """
    seen = rules.public_state(row, tx.now)
    shown_from = rules.release(tx.now, tx.release_hour, tree(tx)[row.unit_id].timezone)
    hidden = shown_from > tx.now
    if status is Status.CLOSED:
        triage_queue.leave(tx, row.id)
        values["answer_due_at"] = None
        values |= {
            "retention_class": RETENTION_CLOSED,
            "review_on": review_on(RETENTION_CLOSED, tx.now.date()),
        }
        outbox.cancel(tx, ANSWER_DUE, row.id, day_only=True)
        for kind in (DutyKind.ANSWER, DutyKind.LATE, DutyKind.MESSAGE):
            duties.discharge(tx, kind=kind, subject_id=row.id)
    tx.update_row(
        row,
        status=status.value,
        earlier_state=seen.value if hidden else None,
        earlier_until=shown_from if hidden else None,
        **values,
    )


def owe_second_person(tx: Transaction, row: Concern, kind: DutyKind) -> None:
    """Another supervisor of the desk must look at what one proposed about a concern."""
    duties.owe(
        tx,
        kind=kind,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=posts.establish(tx, Role.SUPERVISOR, row.unit_id),
        due_at=response_deadlines.due(tx, row, SECOND_PERSON),
    )


def second_person_spoke(
    tx: Transaction,
    row: Concern,
    kind: DutyKind,
    proposed: Sequence[ConcernReply | ConcernContactUnlock],
    now: UUID,
) -> None:
    """End the duty unless more than what is decided ``now`` waits on the concern."""
    triage_queue = [
        one for one in proposed if one.state == ReplyState.AWAITING_SECOND_PERSON and one.id != now
    ]
    if not triage_queue:
        duties.discharge(tx, kind=kind, subject_id=row.id)


def _commanded(tx: Transaction, actor: Actor) -> frozenset[uuid.UUID]:
    """The desks whose duty commander the caller is."""
    posts_held = set(actor.units(Role.DUTY_COMMANDER))
    if not posts_held:
        return frozenset()
    return frozenset(
        unit.id for unit in tree(tx) if emergency_alert.commanding_unit(tx, unit.id) in posts_held
    )
