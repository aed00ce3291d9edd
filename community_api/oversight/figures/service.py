"""How the chain is used by unit: flags, refusals by reason, disseminations, recalls, answers owed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import invalid
from community_api.feedback import counts as answers
from community_api.intelligence.chain.reports import report_figures as reports
from community_api.intelligence.flags import flag_figures as flags
from community_api.units.directory import tree

KIND: Final = "operations"
USUAL_WINDOW: Final = timedelta(days=90)
LONGEST_WINDOW: Final = timedelta(days=3 * 366)


@dataclass(frozen=True)
class UnitFigures:
    """Those of one unit. ``turned_away``: flags refused at the door, by reason; ``waiting``: now.

    ``answers``: those that the unit came to owe, and those of them that were waived.
    """

    unit: str
    flags: Counter[str]
    turned_away: Counter[str]
    reports: Counter[str]
    answers: Counter[str]


@dataclass(frozen=True)
class Figures:
    """What happened from ``since`` until before ``until``; only units where anything did."""

    since: datetime
    until: datetime
    units: list[UnitFigures]


def read_figures(
    uow: UnitOfWork, actor: Actor, *, unit: str | None, since: datetime | None, until: datetime | None
) -> Figures:
    """The figures of a time, None: of the last 90 days; of a unit and all below it, None: of all.

    Raises DomainError ``role_not_allowed``; ``validation_failed`` for a time that ends before it begins or is
    too long, and for a unit that is not there.
    """
    with uow() as tx:
        access.require(tx, actor, Permission.OVERSIGHT_FIGURES, None)
        # Up to now, this moment included.
        end = until or tx.now + datetime.resolution
        start = since or end - USUAL_WINDOW
        if start > end:
            raise invalid("/to", "before_start")
        if end - start > LONGEST_WINDOW:
            raise invalid("/from", "too_long_ago")
        wanted = _units(tx, unit)
        audit.record(tx, actor, Action.CONSULT, Permission.OVERSIGHT_FIGURES, KIND, None, outcome="figures")
        return Figures(start, end, _gathered(tx, wanted, start, end))


def _units(tx: Transaction, name: str | None) -> dict[UUID, str]:
    units = tree(tx)
    if name is None:
        return {one.id: one.name for one in units}
    found = units.named(name)
    if found is None:
        raise invalid("/unit", "not_a_reference")
    return {unit_id: units.name_of(unit_id) for unit_id in units.same_or_below(found.id)}


def _gathered(tx: Transaction, wanted: dict[UUID, str], start: datetime, end: datetime) -> list[UnitFigures]:
    acts = flags.acts(tx, start, end) + flags.waiting(tx)
    away = flags.at_the_door(tx, start, end)
    given = reports.count_disseminations(tx, start, end)
    owed = answers.opened(tx, start, end)
    concerned = {unit_id for counted in (acts, away, given, owed) for unit_id, _word in counted}
    named = sorted((wanted[unit_id], unit_id) for unit_id in concerned & wanted.keys())
    return [
        UnitFigures(name, _of(acts, unit_id), _of(away, unit_id), _of(given, unit_id), _of(owed, unit_id))
        for name, unit_id in named
    ]


def _of(counted: Counter[tuple[UUID, Any]], unit_id: UUID) -> Counter[str]:
    return Counter({word: number for (unit, word), number in counted.items() if unit == unit_id})
