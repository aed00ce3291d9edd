"""The second person: what one supervisor proposes about a concern another one approves or refuses."""

from __future__ import annotations

import uuid
from dataclasses import replace

from community_api import access
from community_api.access.target import Target, persons
from community_api.community.concerns import service
from community_api.community.concerns.models import (
    Concern,
    ConcernContactUnlock,
    ConcernDecision,
    ConcernReply,
)
from community_api.community.concerns.terms import DECISION_LABEL
from community_api.core.actor import SYSTEM_ID, Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError


def target_of(tx: Transaction, concern: Concern | None, proposer_id: uuid.UUID | None) -> Target:
    """What policy needs to know when somebody rules on what another proposed; None: nobody did."""
    return replace(
        service.target_of(tx, concern),
        proposers=persons(proposer_id or SYSTEM_ID),
        proposer_grants=access.grants_of(tx, proposer_id) if proposer_id is not None else (),
    )


def note(
    tx: Transaction,
    actor: Actor,
    decision_id: uuid.UUID,
    subject: ConcernReply | ConcernContactUnlock,
    proposer_id: uuid.UUID | None,
    *,
    approved: bool,
    reason: str | None,
) -> None:
    """Keep who decided what and why; the database itself lets nobody decide on what they proposed."""
    tx.add(
        ConcernDecision(
            id=decision_id,
            subject_id=subject.id,
            approved=approved,
            proposer_id=proposer_id or SYSTEM_ID,
            person_id=actor.person_id,
            decided_at=tx.now,
            retention_class=subject.retention_class,
            review_on=subject.review_on,
            sealed=tx.sealer.seal_new(tx, decision_id, DECISION_LABEL, {"reason": reason}),
        )
    )


def mine(tx: Transaction, actor: Actor, decision_id: uuid.UUID) -> ConcernDecision:
    """A decision of the caller's own; raises DomainError ``not_found``."""
    row = tx.get(ConcernDecision, decision_id)
    if row is None or row.person_id != actor.person_id:
        raise DomainError("not_found")
    return row
