"""What the system can do with observations."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from community_api import access, audit, feedback, safeguarding
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.community.emergencies import service as emergencies
from community_api.community.emergencies.models import Emergency
from community_api.community.observations import queries, rules
from community_api.community.observations.models import Observation
from community_api.community.observations.queries import Filters
from community_api.community.observations.terms import (
    KIND,
    SEALED_LABEL,
    Act,
    AttachmentsState,
    Status,
)
from community_api.community.shared import desk_actions, geogrid, supplements, teams, triage_queue
from community_api.community.shared.supplements import OpenedSupplement
from community_api.community.shared.terms import RETENTION, DutyKind
from community_api.core import faults
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, FieldError, invalid
from community_api.core.ids import new_id, reference
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.units.directory import tree


@dataclass(frozen=True)
class OpenedObservation:
    """An observation with its texts; they are None once erased. ``own``: by the caller.

    ``emergency`` None: it told of no danger. ``left_out``: details not kept when it was submitted.
    """

    row: Observation
    unit: str
    own: bool
    facts: str | None
    assessment: str | None
    place_words: str | None
    supplements: list[OpenedSupplement]
    emergency: Emergency | None = None
    left_out: Sequence[FieldError] = ()


def submit(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    body: Mapping[str, Any],
    device_time: datetime | None,
) -> OpenedObservation:
    """Record what an officer saw or heard; ``body`` is the body of contract section 5, read.

    Raises DomainError ``role_not_allowed``, or ``validation_failed`` for an event in the future or a
    unit that is not one of the caller's.
    """
    with uow(command) as tx:
        unit_id = teams.team_of(tx, actor, body.get("unit"))
        access.require(
            tx, actor, Permission.OBSERVATION_CREATE, Target(KIND, unit_id=unit_id, owner=actor.person_id)
        )
        if unit_id is None:
            raise invalid("/unit", "required")
        skew = rules.clock_skew(device_time, tx.now)
        body, left_out = faults.settle(body, rules.problems_with(body, skew, tx.now), optional=rules.OPTIONAL)
        row, document = _build(tx, actor, command.record_id, unit_id, body, skew)
        tx.add(row)
        feedback.begin(
            tx,
            matter_id=row.matter_id,
            person_id=actor.person_id,
            account_id=actor.account_id,
            unit_id=unit_id,
            report_reference=row.reference,
        )
        triage_queue.enter(tx, DutyKind.NEW, KIND, row.id, unit_id)
        tell(tx, row)
        audit.record(
            tx, actor, Action.COLLECT, Permission.OBSERVATION_CREATE, KIND, row.id,
            version=row.version, to_state=row.status, payload=document,
        )  # fmt: skip
        if row.immediate_danger:
            emergencies.open(tx, subject_kind=KIND, subject_id=row.id, unit_id=unit_id)
        return replace(_opened(tx, actor, row, document, []), left_out=left_out)


def read(uow: UnitOfWork, actor: Actor, observation_id: uuid.UUID) -> OpenedObservation:
    """One observation with its texts; raises DomainError ``not_found``, ``purpose_required``, ``erased``."""
    with uow() as tx:
        row = find(tx, actor, observation_id, Permission.OBSERVATION_READ)
        if row.erased_at is not None:
            raise DomainError("erased")
        audit.record(
            tx,
            actor,
            Action.CONSULT,
            Permission.OBSERVATION_READ,
            KIND,
            row.id,
            version=row.version,
            seen=[row.id],
        )
        if row.immediate_danger and row.reporter_id != actor.person_id:
            emergencies.note_reading(tx, row.id)
        return _open(tx, actor, row)


def list_observations(
    uow: UnitOfWork,
    actor: Actor,
    *,
    params: Mapping[str, Any],
    box: queries.BoundingBox | None,
    wanted: PageWanted,
) -> Page:
    """Observations that the caller may list, newest first, without narrative.

    ``params``: status, category, unit, since, until. Raises DomainError ``role_not_allowed``.
    """
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.OBSERVATION_LIST)
        filters = Filters(
            status=params.get("status"),
            category=params.get("category"),
            unit_ids=_units_named(tx, params.get("unit")),
            since=params.get("since"),
            until=params.get("until"),
            bbox=box,
        )
        found = page(
            tx,
            queries.visible(sight, filters),
            order=[Observation.received_at, Observation.id],
            newest_first=True,
            wanted=wanted,
            scope=f"observations:{actor.account_id}:{filters}",
        )
        audit.record(
            tx,
            actor,
            Action.CONSULT,
            Permission.OBSERVATION_LIST,
            KIND,
            None,
            seen=[row.id for row in found.items],
        )
        names = tree(tx)
        items = [(row, names.name_of(row.unit_id), row.reporter_id == actor.person_id) for row in found.items]
        return Page(items, found.next_cursor)


def withdraw(tx: Transaction, actor: Actor, row: Observation, *, reason: str) -> None:
    """Buffer the withdrawal of an observation; the caller has asked for permission and flags.

    Raises DomainError ``already_taken_up`` once the community side has begun to work on it.
    """
    before, after = row.status, rules.follow(row.status, Act.WITHDRAW)
    if desk_actions.was_taken_up(tx, row.id):
        # Closed or passed on once, it may have been reopened since.
        raise DomainError("already_taken_up")
    tx.update_row(row, status=after.value)
    triage_queue.leave(tx, row.id)
    tell(tx, row)
    audit.record(
        tx, actor, Action.ALTER, Permission.OBSERVATION_WITHDRAW, KIND, row.id,
        version=row.version, from_state=before, to_state=row.status, payload={"reason": reason},
    )  # fmt: skip


def find(tx: Transaction, actor: Actor, observation_id: uuid.UUID, permission: Permission) -> Observation:
    """The row, if the caller may do this to it; raises DomainError."""
    row = tx.get(Observation, observation_id)
    access.require(tx, actor, permission, _target_here(tx, row), object_id=observation_id)
    if row is None:
        raise DomainError("not_found")
    return row


def target_of(row: Observation | None) -> Target:
    """What policy needs to know of an observation."""
    if row is None:
        return Target.absent(KIND)
    return Target(KIND, unit_id=row.unit_id, owner=row.reporter_id)


def _target_here(tx: Transaction, row: Observation | None) -> Target:
    """The same, and who may read it: commanders who were called, the lead to whom it was passed on."""
    target = target_of(row)
    if row is None:
        return target
    called = emergencies.told_to(tx, row.id) if row.immediate_danger else ()
    passed = safeguarding.lead_of(tx, row.id) if row.status == Status.PASSED_ON else ()
    return replace(target, addressed=(*called, *passed))


def _units_named(tx: Transaction, name: str | None) -> frozenset[uuid.UUID] | None:
    if name is None:
        return None
    unit = tree(tx).named(name)
    return frozenset() if unit is None else tree(tx).same_or_below(unit.id)


def _build(
    tx: Transaction,
    actor: Actor,
    observation_id: uuid.UUID,
    unit_id: uuid.UUID,
    body: Mapping[str, Any],
    skew: int | None,
) -> tuple[Observation, dict[str, Any]]:
    place = body.get("place") or {}
    document = {
        "facts": body["facts"],
        "assessment": body.get("assessment"),
        "place": place.get("description"),
    }
    row = Observation(
        id=observation_id,
        reference=reference(tree(tx).name_of(unit_id)),
        unit_id=unit_id,
        reporter_id=actor.person_id,
        reporter_account_id=actor.account_id,
        matter_id=new_id(),
        occurred_at=body["occurred_at"],
        recorded_at=body.get("recorded_at"),
        received_at=tx.now,
        clock_skew_s=skew,
        purpose=body["purpose"],
        category=body["category"],
        source_relation=body["source_relation"],
        lat=place.get("lat"),
        lon=place.get("lon"),
        accuracy_m=place.get("accuracy_m"),
        precision=place.get("precision"),
        happened_on=body["occurred_at"].date(),
        cell=geogrid.cell(place.get("lat"), place.get("lon"), tree(tx).name_of(unit_id)),
        immediate_danger=body.get("immediate_danger", False),
        language=body.get("language") or actor.language,
        status=Status.RECEIVED.value,
        attachments_state=AttachmentsState.NONE.value,
        retention_class=RETENTION,
        review_on=review_on(RETENTION, tx.now.date()),
        sealed=tx.sealer.seal_new(tx, observation_id, SEALED_LABEL, document),
    )
    return row, document


def tell(tx: Transaction, row: Observation) -> None:
    """Note the change for the reporter's phone; desks read their lists."""
    tx.changed(KIND, row.id, row.version, row.reporter_id)


def _open(tx: Transaction, actor: Actor, row: Observation) -> OpenedObservation:
    document: Mapping[str, Any] = {}
    if row.sealed is not None:
        document = tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed)
    return _opened(tx, actor, row, document, supplements.opened(tx, actor, row.id))


def _opened(
    tx: Transaction,
    actor: Actor,
    row: Observation,
    document: Mapping[str, Any],
    added: list[OpenedSupplement],
) -> OpenedObservation:
    return OpenedObservation(
        row=row,
        unit=tree(tx).name_of(row.unit_id),
        own=row.reporter_id == actor.person_id,
        facts=document.get("facts"),
        assessment=document.get("assessment"),
        place_words=document.get("place"),
        supplements=added,
        emergency=emergencies.of(tx, row.id) if row.immediate_danger else None,
    )
