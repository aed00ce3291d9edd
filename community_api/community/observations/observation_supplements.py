"""Adding to an observation after the first telling; the first text never changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community_api import audit, feedback
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.community.observations import rules, service
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import KIND, Act, Status
from community_api.community.shared import supplements, triage_queue
from community_api.community.shared.models import Supplement
from community_api.community.shared.supplements import OpenedSupplement
from community_api.community.shared.terms import SUPPLEMENT_KIND, DutyKind
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import DomainError


@dataclass(frozen=True)
class Supplemented:
    """A supplement and the observation that it belongs to."""

    opened: OpenedSupplement
    row: Supplement
    observation: Observation


def supplement(
    uow: UnitOfWork, actor: Actor, command: Command, *, observation_id: uuid.UUID, body: Mapping[str, Any]
) -> Supplemented:
    """Add to an observation; its first text never changes.

    Raises DomainError ``not_found``, or ``already_withdrawn``.
    """
    with uow(command) as tx:
        row = service.find(tx, actor, observation_id, Permission.OBSERVATION_SUPPLEMENT)
        if row.erased_at is not None:
            raise DomainError("erased")
        after = rules.follow(row.status, Act.SUPPLEMENT)
        added = supplements.write(
            tx,
            actor,
            supplement_id=command.record_id,
            report_kind=KIND,
            report_id=row.id,
            retention_class=row.retention_class,
            body=body,
        )
        feedback.contribute(
            tx,
            matter_id=row.matter_id,
            person_id=actor.person_id,
            account_id=actor.account_id,
            unit_id=row.unit_id,
            report_reference=row.reference,
        )
        if row.status == Status.RETURNED:
            triage_queue.enter(tx, DutyKind.COMPLETED, KIND, row.id, row.unit_id)
        tx.update_row(row, status=after.value)
        service.tell(tx, row)
        audit.record(
            tx, actor, Action.ALTER, Permission.OBSERVATION_SUPPLEMENT, SUPPLEMENT_KIND, added.id,
            version=row.version, to_state=row.status, payload=dict(body),
        )  # fmt: skip
        own = OpenedSupplement(
            id=added.id,
            received_at=tx.now,
            own=True,
            facts=body.get("facts"),
            assessment=body.get("assessment"),
            answers=body.get("answers"),
        )
        return Supplemented(own, added, row)


def read_supplement(
    uow: UnitOfWork, actor: Actor, observation_id: uuid.UUID, supplement_id: uuid.UUID
) -> Supplemented:
    """What a supplement has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row = service.find(tx, actor, observation_id, Permission.OBSERVATION_READ)
        added = tx.get(Supplement, supplement_id)
        found = next((one for one in supplements.opened(tx, actor, row.id) if one.id == supplement_id), None)
        if added is None or found is None:
            raise DomainError("not_found")
        return Supplemented(found, added, row)
