"""An act on many emergencies: what it can be done to, its effect on each, and what is shown of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from community_api.community.emergencies import call_duties, rules
from community_api.community.emergencies.models import Emergency, EmergencyBatch, EmergencyEntry
from community_api.community.emergencies.terms import BATCH_LABEL, REFUSAL_LABEL, Act, State
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.core.ids import new_id
from community_api.units import posts


@dataclass(frozen=True)
class ShownBatch:
    """An act on many; ``gathered`` are they with their first lines, by id; None where it is not shown.

    ``refusal``: why another commander refused it; None unless refused.
    """

    row: EmergencyBatch
    post: str
    words: Mapping[str, Any]
    refusal: str | None = None
    gathered: list[Emergency] | None = None
    lines: Mapping[str, str] | None = None


def feasible(rows: Sequence[Emergency], act: Act) -> tuple[list[Emergency], dict[str, str]]:
    """Those to which the act can be done now, and the code of the refusal of each other."""
    todo, left = [], {}
    for row in rows:
        try:
            _next_state(row, act)
        except DomainError as refused:
            left[str(row.id)] = refused.code
        else:
            todo.append(row)
    return todo, left


def carry_out(tx: Transaction, batch: EmergencyBatch, rows: Sequence[Emergency]) -> None:
    """Do the act to each; whoever asked for it answers for them from now on."""
    act = Act(batch.act)
    states = {row.id: _next_state(row, act) for row in rows}
    calls: dict[uuid.UUID, list[Emergency]] = defaultdict(list)
    for row in rows:
        calls[row.call_id].append(row)
    for same in calls.values():
        if act is Act.JUSTIFICATION:
            call_duties.accounted_for(tx, same)
        paging_still = [row for row in same if row.state == State.PAGING]
        if paging_still:
            call_duties.take_over(tx, paging_still, batch.post_id)
    for row in rows:
        over = {"stood_down_at": tx.now} if act is Act.STAND_DOWN else {}
        tx.update_row(row, state=states[row.id].value, **over)
        _enter(tx, batch, row.id)


def ids_of(batch: EmergencyBatch) -> list[uuid.UUID]:
    """The emergencies that it was done to, or waits for."""
    return [uuid.UUID(one) for one in batch.emergencies]


def opened(tx: Transaction, batch: EmergencyBatch) -> ShownBatch:
    """An act on many with its words; none once they are erased."""
    words: Mapping[str, Any] = {}
    if batch.sealed is not None:
        words = tx.sealer.open(tx, batch.id, BATCH_LABEL, batch.text_version, batch.sealed)
    return ShownBatch(batch, str(posts.name_of(tx, batch.post_id)), words, _refusal(tx, batch))


def _refusal(tx: Transaction, batch: EmergencyBatch) -> str | None:
    if batch.sealed_refusal is None:
        return None
    words = tx.sealer.open(tx, batch.id, REFUSAL_LABEL, batch.text_version, batch.sealed_refusal)
    return str(words["reason"])


def _next_state(row: Emergency, act: Act) -> State:
    return rules.next_state(State(row.state), act, justified=row.justified_at is not None)


def _enter(tx: Transaction, batch: EmergencyBatch, emergency_id: uuid.UUID) -> None:
    tx.insert(
        EmergencyEntry,
        id=new_id(),
        emergency_id=emergency_id,
        act=batch.act,
        person_id=batch.person_id,
        post_id=batch.post_id,
        entered_at=tx.now,
        batch_id=batch.id,
        retention_class=batch.retention_class,
        review_on=batch.review_on,
    )
