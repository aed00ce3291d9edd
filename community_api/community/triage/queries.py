"""Reading the queue, what lies near a report, and links."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Dialect, Select, String, bindparam, or_, select

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
from community_api.core.spelling import Spelled
from community_api.core.uow import Work
from community_api.units.models import Duty

# More than so many reports of one kind in a neighbourhood of days and fields are not compared.
NEAR_MOST = 400
AROUND = tuple(timedelta(days=away) for away in range(-DAYS_AROUND, DAYS_AROUND + 1))


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
    at = row.occurred_at if isinstance(row, Observation) else None
    kind = OBSERVATION if isinstance(row, Observation) else CONCERN
    return Told(kind, row.id, row.category or "", day_of(row), at, row.lat, row.lon, row.accuracy_m)


def day_of(row: Report) -> date:
    """The day on which it happened, as far as that is known; else the day on which it was told."""
    return row.happened_on or row.received_at.date()


@cache
def nearby(model: type[Observation | Concern]) -> Select[Any]:
    """What of reports on some days and in some fields is compared, and whose they are.

    As many days and fields as there ever are, named ``day_0`` and ``field_0`` and so on: a page of the queue
    asks this a hundred times, so it is spelled once.
    """
    columns: list[Any] = [
        model.id, model.category, model.happened_on, model.lat, model.lon, model.accuracy_m, model.unit_id,
        model.status, model.erased_at,
    ]  # fmt: skip
    if model is Observation:
        columns.append(Observation.occurred_at)
    days = [bindparam(f"day_{index}", type_=Date()) for index in range(len(AROUND))]
    fields = [bindparam(f"field_{index}", type_=String()) for index in range(places.MOST_AROUND)]
    return select(*columns).where(model.happened_on.in_(days), model.cell.in_(fields)).limit(NEAR_MOST)


def near(tx: Work, row: Report, team: str, unit_ids: frozenset[uuid.UUID]) -> list[Told]:
    """Reports of the units within some days and a field of the grid; withdrawn and erased ones are none.

    Only days and fields are asked for, so that no index but theirs can serve, however many reports there
    are; whose they are is looked at afterwards.
    """
    asked = neighbourhood(day_of(row), places.around(row.lat, row.lon, team))
    dialect = tx.database.engine.dialect
    return [
        _told(kind, one)
        for kind, model in ((OBSERVATION, Observation), (CONCERN, Concern))
        for one in tx.ask(_spelled_nearby(dialect, model), asked)
        if one.unit_id in unit_ids and one.status != Status.WITHDRAWN and one.erased_at is None
    ]


def _told(kind: str, one: Any) -> Told:
    at = one.occurred_at if kind == OBSERVATION else None
    return Told(kind, one.id, one.category, one.happened_on, at, one.lat, one.lon, one.accuracy_m)


def neighbourhood(day: date, fields: Sequence[str]) -> dict[str, Any]:
    """The parameters of ``nearby``: the days around a day, and fields; for missing ones the last again."""
    told: dict[str, Any] = {f"day_{index}": day + away for index, away in enumerate(AROUND)}
    for index in range(places.MOST_AROUND):
        told[f"field_{index}"] = fields[min(index, len(fields) - 1)]
    return told


@cache
def _spelled_nearby(dialect: Dialect, model: type[Observation | Concern]) -> Spelled:
    return Spelled(dialect, nearby(model))


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
