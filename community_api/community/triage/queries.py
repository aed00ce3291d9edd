"""Reading the queue, what lies near a report, and links."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from community_api.community.concerns.models import Concern
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import KIND as OBSERVATION
from community_api.community.observations.terms import Status
from community_api.community.reports import places, waiting
from community_api.community.reports.models import Link
from community_api.community.triage.kinds import Report
from community_api.community.triage.rules import Told
from community_api.community.triage.terms import DAYS_AROUND
from community_api.core.uow import Work
from community_api.units.models import Duty

# More than so many reports in a neighbourhood of days and fields are not compared: the newest are.
NEAR_MOST = 400


def queue(post_ids: Collection[uuid.UUID]) -> Select[Any]:
    """What waits for triage at these posts."""
    ids = list(post_ids)
    # An equality lets the index of the post serve the order as well.
    whose = Duty.post_id == ids[0] if len(ids) == 1 else Duty.post_id.in_(ids)
    return select(Duty).where(whose, Duty.kind.in_(waiting.KINDS), Duty.discharged_at.is_(None))


def reports(tx: Work, duties: Iterable[Duty]) -> dict[uuid.UUID, Report]:
    """The reports that duties are about, by id."""
    listed = list(duties)
    found: dict[uuid.UUID, Report] = {}
    for kind, model in ((OBSERVATION, Observation), (CONCERN, Concern)):
        ids = [duty.subject_id for duty in listed if duty.subject_kind == kind]
        if ids:
            found.update((row.id, row) for row in tx.all(select(model).where(model.id.in_(ids))))
    return found


def told(row: Report) -> Told:
    """What of a report is compared with others; a concern knows no more than the day."""
    timed = isinstance(row, Observation)
    when = row.occurred_at if isinstance(row, Observation) else None
    return Told(
        kind=OBSERVATION if timed else CONCERN,
        id=row.id,
        category=row.category or "",
        day=row.happened_on or row.received_at.date(),
        at=when,
        lat=row.lat,
        lon=row.lon,
        accuracy_m=row.accuracy_m,
    )


def near(tx: Work, row: Report, team: str, unit_ids: frozenset[uuid.UUID]) -> list[Told]:
    """Reports of the units within two days and a field of the grid; withdrawn and erased ones are none."""
    day = row.happened_on or row.received_at.date()
    days = [day + timedelta(days=away) for away in range(-DAYS_AROUND, DAYS_AROUND + 1)]
    fields = places.around(row.lat, row.lon, team)
    found: list[Told] = []
    for model in (Observation, Concern):
        query = select(model).where(
            model.happened_on.in_(days),
            model.cell.in_(fields),
            model.unit_id.in_(unit_ids),
            model.erased_at.is_(None),
            model.status != Status.WITHDRAWN.value,
            model.id != row.id,
        )
        newest = query.order_by(model.received_at.desc(), model.id.desc()).limit(NEAR_MOST)
        found.extend(told(one) for one in tx.all(newest))
    return found


def linked_to(tx: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """What each of these reports is linked with now."""
    query = select(Link).where(Link.ended_at.is_(None), or_(Link.a_id.in_(ids), Link.b_id.in_(ids)))
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for link in tx.all(query):
        found.setdefault(link.a_id, set()).add(link.b_id)
        found.setdefault(link.b_id, set()).add(link.a_id)
    return found


def links(unit_ids: frozenset[uuid.UUID], report_id: uuid.UUID | None) -> Select[Any]:
    """Links both of whose ends belong to the units; ``report_id`` None: of every report."""
    query = select(Link).where(
        Link.ended_at.is_(None), Link.a_unit_id.in_(unit_ids), Link.b_unit_id.in_(unit_ids)
    )
    if report_id is not None:
        query = query.where(or_(Link.a_id == report_id, Link.b_id == report_id))
    return query


def link_between(tx: Work, a_id: uuid.UUID, b_id: uuid.UUID) -> Link | None:
    """The link of two reports, the smaller id first; None: there is none."""
    query = select(Link).where(Link.a_id == a_id, Link.b_id == b_id, Link.ended_at.is_(None))
    found: Link | None = tx.one(query)
    return found
