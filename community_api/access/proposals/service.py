"""What the system can do with proposals that wait for a decision: take one, show those that there are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from community_api import audit
from community_api.access import authorize
from community_api.access.accounts.first_password import Issued
from community_api.access.models import Proposal
from community_api.access.people import grants_of, holders_of
from community_api.access.permissions import Permission
from community_api.access.proposals import changes, password_resets, queries
from community_api.access.proposals.change import Change
from community_api.access.proposals.contents import read_body, stored
from community_api.access.proposals.deciders import NEAR_KINDS, RULED, near_units, who_may_decide
from community_api.access.proposals.terms import (
    DECIDE_NEAR_WITHIN,
    DECIDE_WITHIN,
    DUTY,
    KIND,
    LABEL,
    LAPSES_AFTER,
    RETENTION,
    State,
)
from community_api.access.target import Target, persons
from community_api.access.terms import ProposalKind
from community_api.access.usernames import normal_username
from community_api.audit import Action
from community_api.core import retention
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.pagination import Page, PageWanted, page
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Level


@dataclass(frozen=True)
class ShownProposal:
    """A proposal. ``body``, ``reason`` are None in lists, which carry no narrative.

    ``subject``: the name of an account of whom it concerns, None: nobody who is known here yet.
    ``first_password`` is shown once, in the answer to the decision that made an account.
    """

    id: uuid.UUID
    kind: str
    unit: str
    subject: str | None
    state: str
    proposed_by: str | None
    proposed_at: datetime
    decided_at: datetime | None
    lapses_at: datetime
    version: int
    retention: dict[str, object]
    body: Mapping[str, Any] | None = None
    reason: str | None = None
    first_password: Issued | None = None
    near: bool = False
    acted: bool = False


def propose(
    uow: UnitOfWork, actor: Actor, command: Command, *, kind: ProposalKind, body: Mapping[str, Any]
) -> ShownProposal:
    """Ask for a change of accounts, roles, posts or units; nothing changes until another person approves.

    Administrators ask for their scope, and never for oversight; everybody for their own absence, supervisors
    and managers for that of their people. What only takes duties away is so at once. Raises
    Refused ``role_not_allowed``; ``validation_failed`` for what cannot be done as things are.
    """
    with uow(command) as tx:
        body = _completed(actor, kind, body)
        own = kind is ProposalKind.ABSENCE and body["account"] == actor.name
        asked = Permission.ABSENCE_PROPOSE if own else proposing(kind)
        authorize.require(tx, actor, asked, Target(KIND, owner=actor.person_id) if own else None)
        told = {**body, "proposal_id": command.record_id, "proposer_id": actor.person_id}
        change = changes.prepare(tx, kind, told)
        unit_id = _unit_of(tx, actor, change)
        if kind is ProposalKind.PASSWORD_RESET:
            password_resets.check_asker(tx, actor, change)
        elif asked in {Permission.ACCOUNT_PROPOSE, Permission.ABSENCE_PROPOSE_FOR}:
            _check_scope(tx, actor, change, unit_id, asked)
        document = {**stored(body), **_acted(tx, actor, change, body)}
        row = tx.add(
            Proposal(
                id=command.record_id,
                kind=kind.value,
                unit_id=unit_id,
                subject_id=change.person_id,
                proposer_id=actor.person_id,
                proposed_at=tx.now,
                sealed=tx.sealer.seal_new(tx, command.record_id, LABEL, document),
                retention_class=RETENTION,
                review_on=retention.review_on(RETENTION, tx.now.date()),
            )
        )
        _owe(tx, row)
        audit.record(
            tx, actor, Action.COLLECT, asked, KIND, row.id,
            version=row.version, to_state=State.WAITING, outcome=kind.value, payload=stored(body),
        )  # fmt: skip
        return describe(tx, row, document, names=queries.usernames(tx, people_in(row)))


def list_proposals(uow: UnitOfWork, actor: Actor, *, filters: Mapping[str, Any], wanted: PageWanted) -> Page:
    """Proposals in scope and one's own, newest first. ``filters``: state, kind."""
    with uow() as tx:
        near = near_units(tx, actor)
        sight = authorize.require_list(tx, actor, Permission.PROPOSAL_LIST)
        found = page(
            tx,
            queries.visible(sight, near, filters, tx.now),
            order=[Proposal.proposed_at, Proposal.id],
            newest_first=True,
            wanted=wanted,
            scope=f"proposals:{actor.account_id}:{filters.get('state')}:{filters.get('kind')}",
        )
        ids = [row.id for row in found.items]
        audit.record(tx, actor, Action.CONSULT, Permission.PROPOSAL_LIST, KIND, None, seen=ids)
        names = queries.usernames(tx, {one for row in found.items for one in people_in(row)})
        return Page([describe(tx, row, None, names=names) for row in found.items], found.next_cursor)


def read_proposal(uow: UnitOfWork, actor: Actor, proposal_id: uuid.UUID) -> ShownProposal:
    """One proposal with all that it asks for. Raises ``not_found``, ``erased``."""
    with uow() as tx:
        row = find(tx, actor, proposal_id, Permission.PROPOSAL_LIST)
        audit.record(
            tx, actor, Action.CONSULT, Permission.PROPOSAL_LIST, KIND, row.id,
            version=row.version, seen=[row.id],
        )  # fmt: skip
        return describe(tx, row, opened(tx, row), names=queries.usernames(tx, people_in(row)))


def find(tx: Transaction, actor: Actor, proposal_id: uuid.UUID, permission: Permission) -> Proposal:
    """The proposal, if the caller may do this to it; raises DomainError.

    Everybody reads what they asked for themselves, or may decide on, also where lists are closed to them.
    """
    row = tx.get(Proposal, proposal_id)
    own = row is not None and row.proposer_id == actor.person_id
    if not own or permission is not Permission.PROPOSAL_LIST:
        target = Target.absent(KIND) if row is None else _target(tx, row)
        if row is not None and target.addressed and permission is Permission.PROPOSAL_LIST:
            permission = _by_duty(tx, actor, row, target)
        authorize.require(tx, actor, permission, target, object_id=proposal_id)
    if row is None:
        raise DomainError("not_found")
    if row.erased_at is not None:
        raise DomainError("erased")
    return row


def _by_duty(tx: Transaction, actor: Actor, row: Proposal, target: Target) -> Permission:
    """By what somebody reads a proposal: whoever decides near the person need not be open to all lists."""
    near = NEAR_KINDS[ProposalKind(row.kind)]
    return near if authorize.decide(tx, actor, near, target).allow else Permission.PROPOSAL_LIST


def opened(tx: Transaction, row: Proposal) -> dict[str, Any]:
    """What the proposal asks for, and once decided why it was decided so."""
    if row.sealed is None:
        raise DomainError("erased")
    document: dict[str, Any] = tx.sealer.open(tx, row.id, LABEL, row.text_version, row.sealed)
    return document


def _target(tx: Transaction, row: Proposal) -> Target:
    """Whom it is about may not know of it, nor judge it; nobody's own proposal is hidden from them."""
    own = row.subject_id == row.proposer_id
    roles = frozenset() if own or row.subject_id is None else _roles(tx, row.subject_id)
    return Target(
        KIND,
        unit_id=row.unit_id,
        owner=row.proposer_id,
        authors=persons(row.proposer_id),
        subjects=frozenset() if own else persons(row.subject_id),
        proposers=persons(row.proposer_id),
        proposer_grants=grants_of(tx, row.proposer_id),
        subject_roles=roles,
        addressed=who_may_decide(tx, ProposalKind(row.kind), row.subject_id, row.unit_id).addressed,
    )


def _roles(tx: Transaction, person_id: uuid.UUID) -> frozenset[str]:
    return frozenset(grant.role for grant in grants_of(tx, person_id))


def proposing(kind: ProposalKind) -> Permission:
    """What proposing a change of a kind takes."""
    if kind is ProposalKind.PASSWORD_RESET:
        return Permission.PASSWORD_RESET_PROPOSE
    if kind is ProposalKind.ABSENCE:
        return Permission.ABSENCE_PROPOSE_FOR
    return RULED[kind].propose if kind in RULED else Permission.ACCOUNT_PROPOSE


def find_to_decide(tx: Transaction, actor: Actor, proposal_id: uuid.UUID) -> Proposal:
    """The proposal, if the caller may decide on it; raises DomainError.

    Whoever may not see proposals learns of none; a procedure is the data protection officer's to approve.
    """
    row = tx.get(Proposal, proposal_id)
    kind = None if row is None else ProposalKind(row.kind)
    if row is not None and kind is not None and kind in NEAR_KINDS:
        return find(tx, actor, proposal_id, who_may_decide(tx, kind, row.subject_id, row.unit_id).permission)
    ruled = None if kind is None else RULED.get(kind)
    if row is None or ruled is None or row.proposer_id == actor.person_id:
        return find(tx, actor, proposal_id, Permission.ACCOUNT_APPROVE)
    row = find(tx, actor, proposal_id, Permission.PROPOSAL_LIST)
    target = replace(_target(tx, row), kind=ruled.about)
    authorize.require(tx, actor, ruled.approve, target, object_id=proposal_id)
    return row


def _acted(tx: Transaction, actor: Actor, change: Change, body: Mapping[str, Any]) -> dict[str, Any]:
    """Do what acts when it is proposed; what a refusal needs to end it again is kept with the proposal."""
    if not change.at_once:
        return {}
    change.act(tx, actor)
    before = [
        [str(one.post_id), one.since.isoformat(), None if one.until is None else one.until.isoformat()]
        for one in change.before
    ]
    return {"acted": max(body.get("from") or tx.now, tx.now).isoformat(), "before": before}


def _check_scope(
    tx: Transaction, actor: Actor, change: Change, unit_id: uuid.UUID, permission: Permission
) -> None:
    """Out of scope is as not there: the field that names it is said to be no reference.

    Whoever answers for one of the units in which somebody works does not give away what concerns another.
    Of one's own absence nothing is asked here: the deputy's part is judged by whoever decides.
    """
    target = Target(KIND, unit_id=unit_id, also_in=change.units)
    parts = [Target(KIND, unit_id=one) for one in change.units] if change.each_unit else []
    allowed = [authorize.decide(tx, actor, permission, part).allow for part in parts or [target]]
    if change.person_id is not None and any(allowed) and not all(allowed):
        raise invalid("/body/account", "works_elsewhere")
    if not all(allowed):
        raise invalid("/body", "not_a_reference")
    authorize.require(tx, actor, permission, replace(target, subject_roles=change.roles))


def _unit_of(tx: Transaction, actor: Actor, change: Change) -> uuid.UUID:
    """The unit under which the proposal is listed: the highest it concerns, else the proposer's own."""
    units = tree(tx)
    if not change.units:
        return min(actor.grants, key=lambda grant: grant.unit_name).unit_id
    return min(change.units, key=lambda item: (units.path(item).count("/"), units.path(item)))


def _owe(tx: Transaction, row: Proposal) -> None:
    """Those who may decide owe it: the nation's but for a post that is held by whom it is about."""
    about = persons(row.subject_id)
    kind = ProposalKind(row.kind)
    within = DECIDE_NEAR_WITHIN.get(kind, DECIDE_WITHIN)
    for post_id in _owing(tx, kind, row.subject_id):
        if kind in NEAR_KINDS or not about - {row.proposer_id} & set(holders_of(tx, post_id)):
            duties.owe(
                tx, kind=DUTY, subject_kind=KIND, subject_id=row.id, post_id=post_id,
                due_at=tx.now + within, new_subject=True,
            )  # fmt: skip


def _owing(tx: Transaction, kind: ProposalKind, subject_id: uuid.UUID | None) -> Sequence[uuid.UUID]:
    if kind not in RULED:
        return who_may_decide(tx, kind, subject_id).post_ids
    nation = tree(tx).at_level(Level.NATIONAL)
    return [posts.establish(tx, role, unit.id) for unit in nation for role in RULED[kind].deciders]


def _completed(actor: Actor, kind: ProposalKind, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with what the caller may leave out: whose absence, the language, a wish to hold."""
    told = dict(body)
    if kind is ProposalKind.ABSENCE:
        told["account"] = normal_username(told.get("account") or actor.name)
    elif kind is ProposalKind.ACCOUNTS_IMPORT:
        told["accounts"] = [{"language": actor.language, **row} for row in told["accounts"]]
    elif kind is ProposalKind.ACCOUNT_CREATE:
        told.setdefault("language", actor.language)
    elif kind is ProposalKind.POST_HOLDER:
        told.setdefault("holds", True)
    return told


def people_in(row: Proposal) -> set[uuid.UUID]:
    """Proposer and subject, whose names are shown."""
    return {one for one in (row.proposer_id, row.subject_id) if one is not None}


def state_of(row: Proposal, now: datetime) -> State:
    """Where it stands at a moment; what waits too long lapses without a word."""
    if row.decision is not None:
        return State(row.decision)
    return State.LAPSED if now >= row.proposed_at + LAPSES_AFTER else State.WAITING


def describe(
    tx: Transaction, row: Proposal, document: Mapping[str, Any] | None, *, names: Mapping[uuid.UUID, str]
) -> ShownProposal:
    """A proposal; ``document`` None: without its narrative."""
    return ShownProposal(
        id=row.id,
        kind=row.kind,
        unit=tree(tx).name_of(row.unit_id) if row.unit_id else "",
        subject=None if row.subject_id is None else names.get(row.subject_id),
        state=state_of(row, tx.now).value,
        proposed_by=names.get(row.proposer_id),
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        lapses_at=row.proposed_at + LAPSES_AFTER,
        version=row.version,
        retention=retention.describe(row.retention_class, row.review_on, legal_hold=row.legal_hold),
        body=None if document is None else read_body(document["body"]),
        reason=None if document is None else document.get("decision_reason") or document["reason"],
        near=who_may_decide(tx, ProposalKind(row.kind), row.subject_id).near,
        acted=document is not None and "acted" in document,
    )
