"""How many flags come to what: by unit, about nobody."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from community_api.community import valve
from community_api.core.database.commands import Command
from community_api.core.database.tables import CommandRecord
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.ids import new_id
from community_api.intelligence.flags.models import Flag, FlagDecision, FlagTurnedAway
from community_api.intelligence.flags.terms import WAITING, Status

# What speaks of flags, lists and training; not what the sender may not know of, nor faults of form.
COUNTED: Final = frozenset(
    {
        "training_required",
        "protected_ground_only",
        "indicator_unknown",
        "fact_too_thin",
        "flag_open",
        "flag_refused_before",
        "indicator_list_superseded",
        "indicator_list_lapsed",
        "not_to_be_passed_on",
        "suspended_by_oversight",
    }
)
# What an act and its decision are called in figures.
_ACTS: Final = {
    ("decide", "confirmed"): "confirmed",
    ("decide", "refused"): "refused",
    ("cosign", "refused"): "cosign_refused",
    ("withdraw", "withdrawn"): "withdrawn",
}
Counted = Counter[tuple[UUID, str]]


def turned_away(uow: UnitOfWork, command: Command, report_kind: str, report_id: UUID, reason: str) -> None:
    """Count a flag that is refused at the door. One that is in already, and was sent again, is none."""
    if reason not in COUNTED:
        return
    with uow() as tx:
        if command.id is not None and tx.get(CommandRecord, command.id) is not None:
            return
        unit_id = valve.report_behind(tx, report_kind, report_id).unit_id
        tx.add(FlagTurnedAway(id=new_id(), unit_id=unit_id, day=tx.now.date(), reason=reason))


def acts(tx: Transaction, since: datetime, until: datetime) -> Counted:
    """By unit of the report and word: what became of flags from one moment until before another."""
    found: Counted = Counter()
    found.update(_by_unit(tx, "raised", Flag.raised_at >= since, Flag.raised_at < until))
    ended = (Flag.ended_at >= since, Flag.ended_at < until)
    found.update(_by_unit(tx, "lapsed", Flag.status == Status.LAPSED.value, *ended))
    said = (
        select(Flag.unit_id, FlagDecision.act, FlagDecision.decision, func.count())
        .join(Flag, Flag.id == FlagDecision.flag_id)
        .where(FlagDecision.decided_at >= since, FlagDecision.decided_at < until)
        .group_by(Flag.unit_id, FlagDecision.act, FlagDecision.decision)
    )
    for unit_id, act, decision, number in tx.all(said):
        if (act, decision) in _ACTS:
            found[unit_id, _ACTS[act, decision]] += number
    return found


def waiting(tx: Transaction) -> Counted:
    """By unit: flags that wait now."""
    return Counter(_by_unit(tx, "waiting", Flag.status.in_([one.value for one in WAITING])))


def at_the_door(tx: Transaction, since: datetime, until: datetime) -> Counted:
    """By unit and reason: flags that were refused at the door, from the day of one moment to another's."""
    query = (
        select(FlagTurnedAway.unit_id, FlagTurnedAway.reason, func.count())
        .where(FlagTurnedAway.day >= since.date(), FlagTurnedAway.day <= _last_day(until))
        .group_by(FlagTurnedAway.unit_id, FlagTurnedAway.reason)
    )
    return Counter({(unit_id, reason): number for unit_id, reason, number in tx.all(query)})


def _last_day(until: datetime) -> Any:
    """The day of the last moment before ``until``."""
    return (until - datetime.resolution).date()


def _by_unit(tx: Transaction, word: str, *where: Any) -> dict[tuple[UUID, str], int]:
    query = select(Flag.unit_id, func.count()).where(*where).group_by(Flag.unit_id)
    return {(unit_id, word): number for unit_id, number in tx.all(query)}
