"""Deciding as second person on what another proposed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from community_api import audit, procedures
from community_api.access.models import Proposal
from community_api.access.permissions import Permission
from community_api.access.proposals import changes, queries, withdrawals
from community_api.access.proposals.change import Change
from community_api.access.proposals.contents import read_body
from community_api.access.proposals.service import (
    ShownProposal,
    describe,
    find,
    find_to_decide,
    opened,
    people_in,
    state_of,
)
from community_api.access.proposals.terms import KIND, LABEL, State
from community_api.access.terms import ProposalDecision, ProposalKind
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.units import directory, duties
from community_api.units.terms import Role

# The tree of units is kept in memory: it is read anew before it is changed, and after.
UNIT_KINDS = frozenset({ProposalKind.UNIT_CREATE, ProposalKind.UNIT_CHANGE})


def decide(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    proposal_id: uuid.UUID,
    decision: ProposalDecision,
    reason: str,
) -> ShownProposal:
    """Approve or refuse what another proposed; what is approved is so with this commit.

    Raises DomainError ``same_person``, ``not_found`` (also for whom it is about), ``already_decided``,
    ``proposal_lapsed`` when it waited too long or can no longer be done as it was asked for.
    """
    with uow(command) as tx:
        row = find_to_decide(tx, actor, proposal_id)
        if row.decision is not None:
            raise DomainError("already_decided")
        if state_of(row, tx.now) is State.LAPSED:
            raise DomainError("proposal_lapsed")
        if row.kind in UNIT_KINDS:
            directory.forget(uow.database.engine)
        document = {**opened(tx, row), "decision_reason": reason}
        acted = "acted" in document
        approved = decision is ProposalDecision.APPROVED
        change = _change_now(tx, actor, row, document) if approved and not acted else None
        if acted and not approved:
            withdrawals.end_absence(tx, read_body(document["body"]), document)
        _close(tx, actor, row, decision, document)
        issued = None if change is None else change.act(tx, actor)
        told = replace(
            describe(tx, row, document, names=queries.usernames(tx, people_in(row))), first_password=issued
        )
    if told.kind in UNIT_KINDS:
        directory.forget(uow.database.engine)
    if told.kind == ProposalKind.PROCEDURE_ADOPT:
        procedures.forget(uow.database.engine)
    return told


def read_decided(uow: UnitOfWork, actor: Actor, proposal_id: uuid.UUID) -> ShownProposal:
    """What a decision has led to, for whoever sends it again: without the token, which is shown once."""
    with uow() as tx:
        row = find(tx, actor, proposal_id, Permission.PROPOSAL_LIST)
        return describe(tx, row, opened(tx, row), names=queries.usernames(tx, people_in(row)))


def _close(
    tx: Transaction, actor: Actor, row: Proposal, decision: ProposalDecision, document: Mapping[str, Any]
) -> None:
    text_version = row.text_version + 1
    tx.update_row(
        row,
        decision=decision.value,
        decider_id=actor.person_id,
        decided_at=tx.now,
        text_version=text_version,
        sealed=tx.sealer.seal(tx, row.id, LABEL, text_version, document),
    )
    duties.discharge_all(tx, subject_id=row.id)
    audit.record(
        tx, actor, Action.APPROVE, Permission.ACCOUNT_APPROVE, KIND, row.id,
        version=row.version, from_state=State.WAITING, to_state=decision.value, outcome=row.kind,
        payload={"reason": document["decision_reason"]},
    )  # fmt: skip


def _change_now(tx: Transaction, actor: Actor, row: Proposal, document: Mapping[str, Any]) -> Change:
    """What was asked for, as it stands at this moment: the people in it may have become others."""
    try:
        body = {**read_body(document["body"]), "proposal_id": row.id, "proposer_id": row.proposer_id}
        change = changes.prepare(tx, ProposalKind(row.kind), body)
    except DomainError:
        raise DomainError("proposal_lapsed") from None
    if actor.person_id in change.others:
        raise DomainError("same_person")
    asked_by_themselves = row.subject_id == row.proposer_id
    if Role.OVERSIGHT in change.roles and not asked_by_themselves:
        raise DomainError("proposal_lapsed")
    return change
