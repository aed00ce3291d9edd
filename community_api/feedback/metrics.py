"""How timely answers are, by clock or unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from community_api import access, audit
from community_api.access.certificates.counts import certified_officers
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import invalid
from community_api.feedback import queries
from community_api.feedback.answers import units_named
from community_api.feedback.rules import Figures, Owed, figures
from community_api.feedback.terms import (
    DEFAULT_WINDOW_DAYS,
    LEAST_CERTIFIED_OFFICERS,
    MAX_WINDOW_DAYS,
    OBLIGATION_KIND,
)
from community_api.units.directory import tree
from community_api.units.terms import Level


@dataclass(frozen=True)
class Timeliness:
    """Figures by group, and the teams that are in none of them because they are too small."""

    groups: list[tuple[str, Figures]]
    withheld_units: list[str]


def timeliness(
    uow: UnitOfWork, actor: Actor, *, unit: str | None, first: date | None, last: date | None, group_by: str
) -> Timeliness:
    """Figures by clock or by unit, of obligations opened from one day (UTC) to another, both included.

    None: the last 90 days that are over; a day that still runs counts in none, so that asking again and again
    tells nothing. Teams of fewer than three certified officers are in no figure. Raises DomainError
    ``role_not_allowed``, or ``validation_failed`` for a time that ends before it begins or is too long.
    """
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.FEEDBACK_METRICS)
        start, end = _window(tx.now, first, last)
        unit_ids = units_named(tx, unit)
        units = tree(tx)
        rows = tx.all(queries.in_window(sight, unit_ids, start, end))
        given = tx.all(queries.ratings(sight, unit_ids, start, end))
        audit.record(
            tx, actor, Action.CONSULT, Permission.FEEDBACK_METRICS, OBLIGATION_KIND, None, outcome="figures"
        )
        small = _too_small(tx, {row[1] for row in rows})
        by_group: dict[str, list[Owed]] = defaultdict(list)
        rated: dict[str, list[int]] = defaultdict(list)
        for point, unit_id, state, opened, due, met in rows:
            if unit_id not in small:
                owed = Owed(point, units.name_of(unit_id), state, opened, due, met)
                by_group[owed.unit if group_by == "unit" else point].append(owed)
        for point, unit_id, rating in given:
            if unit_id not in small:
                rated[units.name_of(unit_id) if group_by == "unit" else point].append(rating)
        groups = [(name, figures(by_group[name], rated[name], tx.now)) for name in sorted(by_group)]
        return Timeliness(groups, sorted(units.name_of(unit_id) for unit_id in small))


def _window(now: datetime, first: date | None, last: date | None) -> tuple[datetime, datetime]:
    """Beginning and end (excluded) of whole days that are over."""
    today = now.astimezone(UTC).date()
    end = today if last is None else last + timedelta(days=1)
    start = end - timedelta(days=DEFAULT_WINDOW_DAYS) if first is None else first
    if start >= end:
        raise invalid("/to", "before_start")
    if end - start > timedelta(days=MAX_WINDOW_DAYS):
        raise invalid("/from", "too_long_ago")
    return datetime.combine(start, time(0), UTC), datetime.combine(min(end, today), time(0), UTC)


def _too_small(tx: Transaction, unit_ids: set[UUID]) -> frozenset[UUID]:
    """Teams whose figures would tell of persons."""
    teams = {unit_id for unit_id in unit_ids if tree(tx).level(unit_id) is Level.COMMUNITY}
    certified = certified_officers(tx, teams)
    return frozenset(one for one in teams if certified.get(one, 0) < LEAST_CERTIFIED_OFFICERS)
