"""Which call an emergency belongs to, and the rounds of a call.

The first emergencies of a place and of a unit are counted on rows that two cannot change at once. Once a
call is shared, joining it changes no row: a flood does not queue for one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from community_api.community.emergencies import call_rules
from community_api.community.emergencies.call_rules import CallState, GatheredCall
from community_api.community.emergencies.models import Emergency, EmergencyCall, EmergencyGathering
from community_api.community.emergencies.terms import (
    ESCALATE,
    GATHERED_WITHIN,
    SHARED_AGAIN,
    CallKind,
)
from community_api.core.database.unit_of_work import Transaction
from community_api.outbox import service as outbox
from community_api.outbox.models import IS_OPEN, OutboxItem

# An item due so soon may be in a worker's hands already, which then does not see what joins now.
AT_HAND = timedelta(minutes=1)


@dataclass(frozen=True)
class Placed:
    """The call of a new emergency; ``new``: made for it, and sent at once."""

    call: EmergencyCall
    new: bool


def place(
    tx: Transaction, emergency_id: uuid.UUID, unit_id: uuid.UUID, topic: str | None, again_after: timedelta
) -> Placed:
    """The call of an emergency; ``topic`` None: a member of the staff reported it, so it is not gathered."""
    if topic is None:
        return Placed(_open(tx, emergency_id, unit_id, CallKind.STAFF, again_after), new=True)
    unit, here = _gathering(tx, unit_id, None), _gathering(tx, unit_id, topic)
    gathered = None if here is None else GatheredCall(here.first_at, here.called_singly)
    flooded = _is_flooded(tx, unit)
    kind = call_rules.kind_of_call(gathered, flooded=flooded, calls=_recent_calls(tx, unit_id), now=tx.now)
    shared = unit if flooded else here if kind is CallKind.SHARED else None
    known = None if shared is None or shared.call_id is None else tx.get(EmergencyCall, shared.call_id)
    if known is not None:
        return Placed(known, new=False)
    call = _open(tx, emergency_id, unit_id, kind, again_after)
    _count(tx, unit, unit_id, None, call, kind is CallKind.FLOOD)
    if kind is not CallKind.FLOOD:
        _count(tx, here, unit_id, topic, call, kind is CallKind.SHARED)
    return Placed(call, new=True)


def state_of(call: EmergencyCall) -> CallState:
    """What the rules need to know of a call."""
    return CallState(call.rounds, call.rounds_of_newest, call.paged_at, call.again_at)


def hurry(tx: Transaction, call: EmergencyCall) -> None:
    """See that a call goes out again in time to show the emergency that has just joined it."""
    due_at = max(tx.now, call.paged_at + SHARED_AGAIN)
    planned = select(OutboxItem.id).where(
        OutboxItem.ref_id == call.id,
        OutboxItem.kind == ESCALATE,
        OutboxItem.due_at.between(tx.now + AT_HAND, due_at),
        IS_OPEN,
    )
    if tx.first(planned.limit(1)) is None:
        outbox.schedule(tx, ESCALATE, call.id, due_at)


def _open(
    tx: Transaction, emergency_id: uuid.UUID, unit_id: uuid.UUID, kind: CallKind, again_after: timedelta
) -> EmergencyCall:
    return tx.add(
        EmergencyCall(
            id=emergency_id,
            kind=kind.value,
            unit_id=unit_id,
            opened_at=tx.now,
            paged_at=tx.now,
            again_at=tx.now + again_after,
        )
    )


def _gathering(tx: Transaction, unit_id: uuid.UUID, topic: str | None) -> EmergencyGathering | None:
    return tx.get(EmergencyGathering, _gathering_id(unit_id, topic))


def _gathering_id(unit_id: uuid.UUID, topic: str | None) -> uuid.UUID:
    """Of unit and topic alone: two who begin at once meet at the primary key."""
    return uuid.uuid5(unit_id, f"emergencies {topic or ''}")


def _is_flooded(tx: Transaction, unit: EmergencyGathering | None) -> bool:
    """Whether the unit's shared call got an emergency within the last 15 minutes."""
    if unit is None or unit.call_id is None:
        return False
    newest = tx.first(select(func.max(Emergency.opened_at)).where(Emergency.call_id == unit.call_id))
    return newest is not None and not call_rules.is_over(newest, tx.now)


def _recent_calls(tx: Transaction, unit_id: uuid.UUID) -> int:
    since: datetime = tx.now - GATHERED_WITHIN
    counted: int = tx.first(
        select(func.count()).where(
            EmergencyCall.unit_id == unit_id,
            EmergencyCall.opened_at > since,
            EmergencyCall.kind.in_([CallKind.PUBLIC.value, CallKind.SHARED.value]),
        )
    )
    return counted


def _count(
    tx: Transaction,
    row: EmergencyGathering | None,
    unit_id: uuid.UUID,
    topic: str | None,
    call: EmergencyCall,
    shared: bool,  # noqa: FBT001 - whether the call is the shared one of this row
) -> None:
    """Note a new call of the public; Stale at commit where another made one at the same moment."""
    if row is None:
        tx.add(
            EmergencyGathering(
                id=_gathering_id(unit_id, topic),
                unit_id=unit_id,
                topic=topic,
                first_at=tx.now,
                called_singly=0 if shared else 1,
                call_id=call.id if shared else None,
            )
        )
    elif shared:
        tx.update_row(row, call_id=call.id)
    elif topic is not None and call_rules.is_over(row.first_at, tx.now):
        tx.update_row(row, first_at=tx.now, called_singly=1, call_id=None)
    else:
        tx.update_row(row, called_singly=row.called_singly + 1)
