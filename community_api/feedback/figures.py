"""How timely answers are, by clock or unit."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from community_api import access, trail
from community_api.access.permissions import Permission
from community_api.core.actor import Actor
from community_api.core.errors import invalid
from community_api.core.uow import UnitOfWork
from community_api.feedback import queries
from community_api.feedback.answering import units_named
from community_api.feedback.rules import Figures, Owed, figures
from community_api.feedback.terms import DEFAULT_WINDOW_DAYS, MAX_WINDOW_DAYS, OBLIGATION_KIND
from community_api.trail.terms import Action
from community_api.units.directory import tree


def timeliness(
    uow: UnitOfWork,
    actor: Actor,
    *,
    unit: str | None,
    since: datetime | None,
    until: datetime | None,
    group_by: str,
) -> list[tuple[str, Figures]]:
    """Figures by clock or by unit, of obligations opened between ``since`` and ``until``.

    None: the last 90 days, up to now. Raises Refused ``role_not_allowed``, or ``validation_failed``
    for a time that ends before it begins or is too long.
    """
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.FEEDBACK_METRICS)
        end = until or tx.now
        start = since or end - timedelta(days=DEFAULT_WINDOW_DAYS)
        if start > end:
            raise invalid("/to", "before_start")
        if end - start > timedelta(days=MAX_WINDOW_DAYS):
            raise invalid("/from", "too_long_ago")
        unit_ids = units_named(tx, unit)
        units = tree(tx)
        rows = [
            Owed(point, units.name_of(unit_id), state, opened, due, met)
            for point, unit_id, state, opened, due, met in tx.all(
                queries.in_window(sight, unit_ids, start, end)
            )
        ]
        given = tx.all(queries.ratings(sight, unit_ids, start, end))
        trail.record(
            tx, actor, Action.CONSULT, Permission.FEEDBACK_METRICS, OBLIGATION_KIND, None, outcome="figures"
        )
        by_group: dict[str, list[Owed]] = defaultdict(list)
        rated: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            by_group[row.unit if group_by == "unit" else row.point].append(row)
        for point, unit_id, rating in given:
            rated[units.name_of(unit_id) if group_by == "unit" else point].append(rating)
        return [(name, figures(by_group[name], rated[name], tx.now)) for name in sorted(by_group)]
