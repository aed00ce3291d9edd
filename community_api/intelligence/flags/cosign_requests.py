"""The second person asks for the safeguarding lead's co-signature before deciding."""

from __future__ import annotations

import uuid

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.retention import review_on
from community_api.intelligence.flags import flag_duties, queries, service
from community_api.intelligence.flags.decisions import Said
from community_api.intelligence.flags.models import Flag, FlagDecision
from community_api.intelligence.flags.terms import (
    COSIGN_REQUEST,
    COSIGN_REQUESTED,
    DECISION_LABEL,
    KIND,
    RETENTION_CHILD,
    DutyKind,
    Status,
)
from community_api.procedure_engine.engine import flag_rules as procedure
from community_api.units import duties
from community_api.units.calendars import calendar_of


def request_cosign(
    uow: UnitOfWork, actor: Actor, command: Command, *, flag_id: uuid.UUID, reason: str
) -> Said:
    """Let the safeguarding lead say first whether a child is concerned; the decision waits.

    Raises DomainError ``same_person``, ``not_independent``, ``training_required``; ``cosign_required`` when
    it waits for the lead already, ``already_decided`` when the lead has spoken or the flag has ended.
    """
    with uow(command) as tx:
        flag, _report = service.find(tx, actor, flag_id, Permission.FLAG_DECIDE)
        _check_open(tx, flag)
        row = tx.add(_request(tx, actor, flag, command.record_id, reason))
        pack = service.procedure_of(tx, flag)
        tx.update_row(
            flag,
            status=Status.AWAITING_COSIGN.value,
            cosign_required=True,
            due_at=procedure.cosign_due(pack, tx.now, calendar_of(tx, flag.unit_id)),
            retention_class=RETENTION_CHILD,
            review_on=review_on(RETENTION_CHILD, tx.now.date()),
        )
        duties.discharge(tx, kind=DutyKind.DECIDE, subject_id=flag.id)
        flag_duties.owe_cosign(tx, flag)
        tx.changed(KIND, flag.id, flag.version, flag.flagger_id)
        audit.record(
            tx, actor, Action.ALTER, Permission.FLAG_DECIDE, KIND, flag.id,
            version=flag.version, from_state=Status.AWAITING_SECOND_PERSON.value, to_state=flag.status,
            outcome=COSIGN_REQUESTED, payload={"reason": reason},
        )  # fmt: skip
        return Said(row, flag, None)


def _check_open(tx: Transaction, flag: Flag) -> None:
    if flag.status == Status.AWAITING_COSIGN:
        raise DomainError("cosign_required")
    if flag.status != Status.AWAITING_SECOND_PERSON or "cosign" in queries.decisions(tx, flag.id):
        raise DomainError("already_decided")


def _request(tx: Transaction, actor: Actor, flag: Flag, request_id: uuid.UUID, reason: str) -> FlagDecision:
    return FlagDecision(
        id=request_id,
        flag_id=flag.id,
        act=COSIGN_REQUEST,
        decision=COSIGN_REQUESTED,
        person_id=actor.person_id,
        decided_at=tx.now,
        retention_class=flag.retention_class,
        review_on=flag.review_on,
        sealed=tx.sealer.seal_new(tx, request_id, DECISION_LABEL, {"reason": reason}),
    )
