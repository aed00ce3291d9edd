"""What the system can do with safeguarding records and handovers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from community_api import access, audit, procedures
from community_api.access.permissions import Permission
from community_api.access.target import Address, Target
from community_api.access.terms import View
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.safeguarding import queries, rules
from community_api.safeguarding.models import (
    Handover,
    HandoverAnswer,
    SafeguardingClosing,
    SafeguardingRecord,
)
from community_api.safeguarding.terms import (
    ANSWER_KIND,
    ANSWER_LABEL,
    CLOSING_KIND,
    CLOSING_LABEL,
    HANDOVER_KIND,
    HANDOVER_LABEL,
    KIND,
    RECORD_LABEL,
    DutyKind,
    HandoverState,
    State,
)
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.rules import Unit
from community_api.units.terms import Level, Role

CheckWish = Callable[[Transaction, SafeguardingRecord, Mapping[str, Any]], None]


@dataclass(frozen=True)
class ShownHandover:
    """A handover; ``words`` None where the caller sees no content, ``answer`` empty while there is none."""

    row: Handover
    partner: str
    words: Mapping[str, Any] | None
    answer: Mapping[str, Any]


@dataclass(frozen=True)
class ShownRecord:
    """A record; what is None the caller does not see: words of a partner's, everything of a manager's."""

    row: SafeguardingRecord
    unit: str
    words: Mapping[str, Any] | None = None
    handovers: list[ShownHandover] | None = None
    closing: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Closed:
    """A closing and the record that it closed."""

    row: SafeguardingClosing
    record: SafeguardingRecord
    reason: str | None


def list_records(uow: UnitOfWork, actor: Actor, *, state: str | None, wanted: PageWanted) -> Page:
    """Records that the caller may list, newest first, without words. ``state`` None: all."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.SAFEGUARDING_RECORD_LIST)
        found = page(
            tx,
            queries.records(sight, state=state),
            order=[SafeguardingRecord.opened_at, SafeguardingRecord.id],
            newest_first=True,
            wanted=wanted,
            scope=f"safeguarding:{actor.account_id}:{state}",
        )
        ids = [row.id for row in found.items]
        audit.record(tx, actor, Action.CONSULT, Permission.SAFEGUARDING_RECORD_LIST, KIND, None, seen=ids)
        names = tree(tx)
        return Page([ShownRecord(row, names.name_of(row.unit_id)) for row in found.items], found.next_cursor)


def read(uow: UnitOfWork, actor: Actor, record_id: uuid.UUID) -> ShownRecord:
    """One record: to its lead whole, to a partner what it was given, to a manager without content."""
    with uow() as tx:
        row = tx.get(SafeguardingRecord, record_id)
        decision = access.require(
            tx, actor, Permission.SAFEGUARDING_RECORD_READ, _target_of(tx, row), object_id=record_id
        )
        if row is None or decision.via is None:
            raise DomainError("not_found")
        audit.record(
            tx, actor, Action.CONSULT, Permission.SAFEGUARDING_RECORD_READ, KIND, row.id,
            version=row.version, seen=[row.id],
        )  # fmt: skip
        if decision.view is View.METADATA:
            return ShownRecord(row, tree(tx).name_of(row.unit_id))
        partner = decision.via.unit_id if decision.via.role == Role.PARTNER else None
        return _opened(tx, row, partner=partner)


def hand_over(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    record_id: uuid.UUID,
    body: Mapping[str, Any],
    check_wish: CheckWish,
) -> ShownHandover:
    """Give a partner the minimum, with consent or on a statutory basis.

    The procedure under which the record began says which partners there are, what each gets, and what stands
    in for consent. ``check_wish`` refuses what the teller of the report forbade. Raises DomainError
    ``already_closed``, ``consent_or_basis_required``, or ``validation_failed``.
    """
    with uow(command) as tx:
        row = _find(tx, actor, record_id, Permission.SAFEGUARDING_RECORD_HAND_OVER)
        check_wish(tx, row, body)
        partner = _partner(tx, body["partner_unit"])
        support = rules.nation_of(procedures.governing(tx, row)).support
        rules.check_ground(support, body)
        rules.check_dataset(support, partner.partner, body["minimum_dataset"])
        words = {name: body[name] for name in ("exception", "exception_reason") if name in body}
        words["minimum_dataset"] = dict(body["minimum_dataset"])
        words["statutory_basis"] = body.get("statutory_basis")
        handover = tx.add(
            Handover(
                id=command.record_id,
                record_id=row.id,
                partner_unit_id=partner.id,
                consent=body["consent"],
                ground=body.get("exception_ground"),
                person_id=actor.person_id,
                handed_over_at=tx.now,
                state=HandoverState.SENT.value,
                retention_class=row.retention_class,
                review_on=review_on(row.retention_class, tx.now.date()),
                sealed=tx.sealer.seal_new(tx, command.record_id, HANDOVER_LABEL, words),
            )
        )
        before = row.state
        tx.update_row(row, state=State.HANDED_OVER.value)
        duties.discharge(tx, kind=DutyKind.RECORD, subject_id=row.id)
        audit.record(
            tx, actor, Action.DISCLOSE, Permission.SAFEGUARDING_RECORD_HAND_OVER, HANDOVER_KIND, handover.id,
            version=row.version, from_state=before, to_state=row.state,
            recipients=[body["partner_unit"]], payload=words,
        )  # fmt: skip
        return ShownHandover(handover, body["partner_unit"], words, {})


def read_handover(
    uow: UnitOfWork, actor: Actor, record_id: uuid.UUID, handover_id: uuid.UUID
) -> ShownHandover:
    """What a handover has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        _find(tx, actor, record_id, Permission.SAFEGUARDING_RECORD_HAND_OVER, closed_too=True)
        handover = tx.get(Handover, handover_id)
        if handover is None or handover.person_id != actor.person_id:
            raise DomainError("not_found")
        return _handover(tx, handover, whole=True)


def close(uow: UnitOfWork, actor: Actor, command: Command, *, record_id: uuid.UUID, reason: str) -> Closed:
    """Close a record with its reason; refused support changes nothing elsewhere (R41)."""
    with uow(command) as tx:
        row = _find(tx, actor, record_id, Permission.SAFEGUARDING_RECORD_CLOSE)
        before = row.state
        tx.update_row(row, state=State.CLOSED.value, closed_at=tx.now)
        duties.discharge_all(tx, subject_id=row.id)
        closing = tx.add(
            SafeguardingClosing(
                id=command.record_id,
                record_id=row.id,
                person_id=actor.person_id,
                closed_at=tx.now,
                retention_class=row.retention_class,
                review_on=review_on(row.retention_class, tx.now.date()),
                sealed=tx.sealer.seal_new(tx, command.record_id, CLOSING_LABEL, {"reason": reason}),
            )
        )
        audit.record(
            tx, actor, Action.ALTER, Permission.SAFEGUARDING_RECORD_CLOSE, CLOSING_KIND, closing.id,
            version=row.version, from_state=before, to_state=row.state, payload={"reason": reason},
        )  # fmt: skip
        return Closed(closing, row, reason)


def read_closing(uow: UnitOfWork, actor: Actor, record_id: uuid.UUID, closing_id: uuid.UUID) -> Closed:
    """What a closing has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row = _find(tx, actor, record_id, Permission.SAFEGUARDING_RECORD_CLOSE, closed_too=True)
        closing = tx.get(SafeguardingClosing, closing_id)
        if closing is None or closing.person_id != actor.person_id:
            raise DomainError("not_found")
        words = _open(tx, closing, CLOSING_LABEL)
        return Closed(closing, row, words.get("reason"))


def handovers(uow: UnitOfWork, actor: Actor, *, wanted: PageWanted) -> Page:
    """Handovers to the caller's agency or by the caller's unit, newest first, without words."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.HANDOVER_LIST)
        found = page(
            tx,
            queries.handovers(sight),
            order=[Handover.handed_over_at, Handover.id],
            newest_first=True,
            wanted=wanted,
            scope=f"handovers:{actor.account_id}",
        )
        ids = [row.id for row in found.items]
        audit.record(tx, actor, Action.CONSULT, Permission.HANDOVER_LIST, HANDOVER_KIND, None, seen=ids)
        names = tree(tx)
        shown = [ShownHandover(row, names.name_of(row.partner_unit_id), None, {}) for row in found.items]
        return Page(shown, found.next_cursor)


def answer(
    uow: UnitOfWork, actor: Actor, command: Command, *, handover_id: uuid.UUID, body: Mapping[str, Any]
) -> tuple[HandoverAnswer, Handover, str | None]:
    """A partner accepts or declines; the lead is told. Raises DomainError ``already_decided``."""
    with uow(command) as tx:
        row = tx.get(Handover, handover_id)
        access.require(tx, actor, Permission.HANDOVER_ANSWER, _handover_target(row), object_id=handover_id)
        record = None if row is None else tx.get(SafeguardingRecord, row.record_id)
        if row is None or record is None:
            raise DomainError("not_found")
        if row.state != HandoverState.SENT:
            raise DomainError("already_decided")
        tx.update_row(row, state=body["answer"], answered_at=tx.now)
        words = {"text": body.get("text")}
        given = tx.add(
            HandoverAnswer(
                id=command.record_id,
                handover_id=row.id,
                person_id=actor.person_id,
                answer=body["answer"],
                answered_at=tx.now,
                retention_class=row.retention_class,
                review_on=review_on(row.retention_class, tx.now.date()),
                sealed=tx.sealer.seal_new(tx, command.record_id, ANSWER_LABEL, words),
            )
        )
        if record.state != State.CLOSED:
            duties.owe(
                tx,
                kind=DutyKind.ANSWERED,
                subject_kind=KIND,
                subject_id=record.id,
                post_id=posts.establish(tx, Role.SAFEGUARDING_LEAD, record.unit_id),
                due_at=tx.now,
            )
        audit.record(
            tx, actor, Action.COLLECT, Permission.HANDOVER_ANSWER, ANSWER_KIND, given.id,
            version=row.version, to_state=row.state, payload=words,
        )  # fmt: skip
        return given, row, body.get("text")


def read_answer(
    uow: UnitOfWork, actor: Actor, handover_id: uuid.UUID, answer_id: uuid.UUID
) -> tuple[HandoverAnswer, Handover, str | None]:
    """What an answer has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row, given = tx.get(Handover, handover_id), tx.get(HandoverAnswer, answer_id)
        if row is None or given is None or given.person_id != actor.person_id:
            raise DomainError("not_found")
        return given, row, _open(tx, given, ANSWER_LABEL).get("text")


def _find(
    tx: Transaction, actor: Actor, record_id: uuid.UUID, permission: Permission, *, closed_too: bool = False
) -> SafeguardingRecord:
    row = tx.get(SafeguardingRecord, record_id)
    access.require(tx, actor, permission, _target_of(tx, row), object_id=record_id)
    if row is None:
        raise DomainError("not_found")
    if row.state == State.CLOSED and not closed_too:
        raise DomainError("already_closed")
    return row


def _partner(tx: Transaction, name: str) -> Unit:
    """The agency of that name: the list is closed to bodies outside the chain that hold a partner's post."""
    unit = tree(tx).named(name)
    if unit is None or unit.level is not Level.EXTERNAL or posts.find(tx, Role.PARTNER, unit.id) is None:
        raise invalid("/partner_unit", "not_one_of")
    return unit


def _target_of(tx: Transaction, row: SafeguardingRecord | None) -> Target:
    if row is None:
        return Target.absent(KIND)
    agencies = {one.partner_unit_id for one in queries.handovers_of(tx, row.id)}
    given = tuple(Address(role=Role.PARTNER, unit_id=one) for one in sorted(agencies))
    return Target(KIND, unit_id=row.unit_id, addressed=given)


def _handover_target(row: Handover | None) -> Target:
    if row is None:
        return Target.absent(HANDOVER_KIND)
    return Target(HANDOVER_KIND, addressed=(Address(role=Role.PARTNER, unit_id=row.partner_unit_id),))


def _opened(tx: Transaction, row: SafeguardingRecord, *, partner: uuid.UUID | None) -> ShownRecord:
    given = queries.handovers_of(tx, row.id)
    mine = [one for one in given if partner is None or one.partner_unit_id == partner]
    shown = [_handover(tx, one, whole=partner is None) for one in mine]
    unit = tree(tx).name_of(row.unit_id)
    if partner is not None:
        return ShownRecord(row, unit, None, shown)
    closing = queries.closing_of(tx, row.id)
    ended = _open(tx, closing, CLOSING_LABEL) if closing else {}
    return ShownRecord(row, unit, _open(tx, row, RECORD_LABEL), shown, ended)


def _handover(tx: Transaction, row: Handover, *, whole: bool) -> ShownHandover:
    given = queries.answer_to(tx, row.id)
    said = {} if given is None else {"answer": given.answer, "at": given.answered_at}
    words = _open(tx, row, HANDOVER_LABEL)
    if given is not None:
        said["text"] = _open(tx, given, ANSWER_LABEL).get("text")
    if not whole:
        words = {"minimum_dataset": words.get("minimum_dataset")}
    return ShownHandover(row, tree(tx).name_of(row.partner_unit_id), words, said)


def _open(
    tx: Transaction, row: SafeguardingRecord | Handover | HandoverAnswer | SafeguardingClosing, label: str
) -> dict[str, Any]:
    if row.sealed is None:
        return {}
    return dict(tx.sealer.open(tx, row.id, label, row.text_version, row.sealed))
