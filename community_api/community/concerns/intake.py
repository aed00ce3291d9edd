"""Telling the police something, without an account by code, or through somebody on the staff."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.community.concerns import (
    contacts,
    emergency_alert,
    receipts,
    response_deadlines,
    rules,
    service,
)
from community_api.community.concerns.models import Concern
from community_api.community.concerns.service import ListedConcern
from community_api.community.concerns.terms import KIND, RETENTION, SEALED_LABEL, Channel
from community_api.community.emergencies.models import Emergency
from community_api.community.observations.terms import Status
from community_api.community.shared import geogrid
from community_api.community.shared.terms import DutyKind as TriageDuty
from community_api.core import faults
from community_api.core.actor import PUBLIC, Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, FieldError
from community_api.core.ids import new_id, reference
from community_api.core.retention import review_on
from community_api.units.directory import tree


@dataclass(frozen=True)
class IntakeResult:
    """A concern that was told; ``again``: it was there already. ``code`` None: the caller knows it.

    ``emergency`` is for staff alone; None: nobody is in danger, or a member of the public told it.
    ``left_out``: details that could not be kept, as it was told.
    """

    shown: ListedConcern
    again: bool = False
    code: str | None = None
    emergency: Emergency | None = None
    left_out: Sequence[FieldError] = ()

    @property
    def row(self) -> Concern:
        return self.shown.row


def tell(
    uow: UnitOfWork,
    *,
    code: str,
    digest: bytes,
    is_same: Callable[[bytes], bool],
    body: Mapping[str, Any],
) -> IntakeResult:
    """Keep what somebody tells by a code that they got before; the same telling again is the same concern.

    ``code`` as it was written, ``digest`` of the fields as read, ``is_same`` compares it
    with that of an earlier telling. Raises DomainError ``receipt_unknown`` for a
    code that was not made here or whose concern is erased, ``code_used`` for another telling.
    """
    with uow() as tx:
        spelled = receipts.normalised(code)
        if not receipts.is_ours(tx.keys, spelled):
            raise DomainError("receipt_unknown")
        lookup = receipts.lookup_of(tx.keys, spelled)
        known: Concern | None = tx.first(select(Concern).where(Concern.lookup == lookup))
        if known is not None:
            return _again(tx, known, is_same)
        row, left_out = _keep(tx, new_id(), body, lookup, digest, channel=Channel.PUBLIC, taken_by_id=None)
        audit.record(
            tx, PUBLIC, Action.COLLECT, Permission.CONCERN_CREATE, KIND, row.id,
            version=1, to_state=row.status, day_only=True,
        )  # fmt: skip
        return IntakeResult(service.list_item(tx, row), left_out=left_out)


def take_down(uow: UnitOfWork, actor: Actor, command: Command, *, body: Mapping[str, Any]) -> IntakeResult:
    """Keep what somebody told or telephoned; the answer brings the code to read out to them.

    Raises DomainError ``role_not_allowed``.
    """
    with uow(command) as tx:
        # Whatever its place: what is told to one desk about another's area is not sent away.
        access.require(tx, actor, Permission.CONCERN_CREATE, None)
        code = receipts.read_out(tx.keys, command.record_id)
        row, left_out = _keep(
            tx,
            command.record_id,
            body,
            receipts.lookup_of(tx.keys, code),
            command.digest,
            channel=Channel(body["channel"]),
            taken_by_id=actor.person_id,
        )
        audit.record(
            tx, actor, Action.COLLECT, Permission.CONCERN_CREATE, KIND, row.id,
            version=1, to_state=row.status,
        )  # fmt: skip
        return replace(_result(tx, row, code), left_out=left_out)


def read_taken(uow: UnitOfWork, actor: Actor, concern_id: uuid.UUID) -> IntakeResult:
    """What was taken down, for whoever sends it again, with its code; raises DomainError ``not_found``."""
    with uow() as tx:
        row = tx.get(Concern, concern_id)
        if row is None or row.taken_by_id != actor.person_id:
            raise DomainError("not_found")
        return _result(tx, row, receipts.read_out(tx.keys, concern_id))


def _result(tx: Transaction, row: Concern, code: str) -> IntakeResult:
    """What whoever took it down is answered: the code to read out, and who is called if it is urgent."""
    return IntakeResult(
        service.list_item(tx, row), code=code, emergency=emergency_alert.emergency_of(tx, row)
    )


def _again(tx: Transaction, row: Concern, is_same: Callable[[bytes], bool]) -> IntakeResult:
    if row.erased_at is not None:
        raise DomainError("receipt_unknown")
    if not is_same(row.content_digest):
        raise DomainError("code_used")
    return IntakeResult(service.list_item(tx, row), again=True)


def _keep(
    tx: Transaction,
    concern_id: uuid.UUID,
    body: Mapping[str, Any],
    lookup: bytes,
    digest: bytes,
    *,
    channel: Channel,
    taken_by_id: uuid.UUID | None,
) -> tuple[Concern, list[FieldError]]:
    """Buffer the concern, how to reach its reporter, and what is owed; also what was left out of it."""
    units = tree(tx)
    body, left_out = faults.settle(
        body, rules.problems_with(body, units, tx.today.date()), optional=rules.optional_fields(body)
    )
    desk = rules.desk(units, body["category"], body.get("place"), body.get("area"))
    place = body.get("place") or {}
    row = tx.add(
        Concern(
            id=concern_id,
            reference=reference(desk.name),
            lookup=lookup,
            content_digest=digest,
            channel=channel.value,
            taken_by_id=taken_by_id,
            unit_id=desk.id,
            matter_id=new_id(),
            received_at=tx.today,
            occurred_on=body.get("occurred_on"),
            category=body["category"],
            lat=place.get("lat"),
            lon=place.get("lon"),
            accuracy_m=place.get("accuracy_m"),
            precision=place.get("precision"),
            happened_on=body.get("occurred_on") or tx.today.date(),
            cell=geogrid.cell(place.get("lat"), place.get("lon"), desk.name),
            language=body.get("language"),
            immediate_danger=body.get("immediate_danger", False),
            do_not_pass_on=body.get("do_not_pass_on", False),
            may_publish=body.get("may_publish", False),
            status=Status.RECEIVED.value,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, concern_id, SEALED_LABEL, _document(body)),
        )
    )
    if body.get("contact") is not None:
        contacts.keep(tx, row, body["contact"])
    response_deadlines.begin(tx, row)
    response_deadlines.enter_queue(tx, row, TriageDuty.NEW)
    emergency_alert.alarm(tx, row, body.get("area"))
    return row, left_out


def _document(body: Mapping[str, Any]) -> dict[str, Any]:
    place = body.get("place") or {}
    return {
        "text": body["text"],
        "how_known": body.get("how_known"),
        "place": place.get("description"),
        "area": body.get("area"),
    }
