"""What is asked of the database about proposals."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from community_api.access.models import Account, Proposal
from community_api.access.proposals.deciders import NEAR_KINDS
from community_api.access.proposals.terms import LAPSES_AFTER, State
from community_api.access.visibility import VisibleScope
from community_api.core.database.unit_of_work import Transaction


def visible(
    sight: VisibleScope, near: frozenset[UUID], filters: Mapping[str, Any], now: datetime
) -> Select[Any]:
    """Proposals that a caller may list: one's own, and those in scope that are not about the caller.

    ``near``: the units of whose people the caller decides what is decided near them.
    """
    mine = Proposal.proposer_id == sight.person_id
    others = and_(
        Proposal.unit_id.in_(sight.units),
        or_(Proposal.subject_id.is_(None), Proposal.subject_id != sight.person_id),
    )
    deciding = and_(
        Proposal.kind.in_([kind.value for kind in NEAR_KINDS]),
        Proposal.unit_id.in_(near),
        Proposal.subject_id != sight.person_id,
    )
    query = select(Proposal).where(or_(mine, others, deciding))
    query = query.where(Proposal.erased_at.is_(None))
    if filters.get("kind") is not None:
        query = query.where(Proposal.kind == filters["kind"])
    return query if filters.get("state") is None else query.where(_in_state(State(filters["state"]), now))


def usernames(tx: Transaction, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """The name of the first account of each person."""
    query = (
        select(Account.person_id, func.min(Account.username))
        .where(Account.person_id.in_(person_ids))
        .group_by(Account.person_id)
    )
    return {person_id: username for person_id, username in tx.all(query)}  # noqa: C416 - rows are no pairs


def _in_state(state: State, now: datetime) -> ColumnElement[bool]:
    limit = now - LAPSES_AFTER
    if state is State.WAITING:
        return and_(Proposal.decision.is_(None), Proposal.proposed_at > limit)
    if state is State.LAPSED:
        return and_(Proposal.decision.is_(None), Proposal.proposed_at <= limit)
    return Proposal.decision == state.value
