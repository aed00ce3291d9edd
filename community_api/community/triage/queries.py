"""Reading the queue, what lies near a report, and links."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import cos, radians
from typing import Any

from sqlalchemy import Date, Dialect, Float, Select, String, bindparam, or_, select

from community_api.community.concerns.models import Concern
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.concerns.terms import SEALED_LABEL as CONCERN_LABEL
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import KIND as OBSERVATION
from community_api.community.observations.terms import SEALED_LABEL as OBSERVATION_LABEL
from community_api.community.observations.terms import Status
from community_api.community.shared import geogrid, triage_queue
from community_api.community.shared.models import Link
from community_api.community.triage.report_adapters import Report
from community_api.community.triage.rules import ComparedReport
from community_api.community.triage.weights import weights
from community_api.core.database.fast.prepared_statements import PreparedStatement
from community_api.core.database.tables import DataKey
from community_api.core.database.unit_of_work import Transaction
from community_api.units.models import Duty

# The label under which the words of a report are sealed, and their name in its document.
WORDS: Mapping[str, tuple[type[Observation | Concern], str, str]] = {
    OBSERVATION: (Observation, OBSERVATION_LABEL, "facts"),
    CONCERN: (Concern, CONCERN_LABEL, "text"),
}


@dataclass(frozen=True)
class ReportWords:
    """What somebody told, opened in memory. ``language`` None: not known."""

    id: uuid.UUID
    language: str | None
    words: str


def queue(post_ids: Collection[uuid.UUID]) -> Select[Any]:
    """What waits for triage at these posts."""
    ids = list(post_ids)
    # An equality lets the index of the post serve the order as well.
    whose = Duty.post_id == ids[0] if len(ids) == 1 else Duty.post_id.in_(ids)
    return select(Duty).where(whose, Duty.kind.in_(triage_queue.KINDS), Duty.discharged_at.is_(None))


def reports(tx: Transaction, duties: Iterable[Duty]) -> dict[uuid.UUID, Report]:
    """The reports that duties are about, by id."""
    listed = list(duties)
    found: dict[uuid.UUID, Report] = {}
    for kind, model in ((OBSERVATION, Observation), (CONCERN, Concern)):
        ids = [duty.subject_id for duty in listed if duty.subject_kind == kind]
        if ids:
            found.update((row.id, row) for row in tx.all(select(model).where(model.id.in_(ids))))
    return found


def compared(row: Report) -> ComparedReport:
    """What of a report is compared with others; a concern knows no more than the day."""
    at = row.occurred_at if isinstance(row, Observation) else None
    kind = OBSERVATION if isinstance(row, Observation) else CONCERN
    return ComparedReport(kind, row.id, row.category or "", day_of(row), at, row.lat, row.lon, row.accuracy_m)


def day_of(row: Report) -> date:
    """The day on which it happened, as far as that is known; else the day on which it was told."""
    return row.happened_on or row.received_at.date()


@cache
def nearby(model: type[Observation | Concern]) -> Select[Any]:
    """The nearest reports on some days and in some fields, with what of them is compared and whose they are.

    As many days and fields as there ever are, named ``day_0`` and ``field_0`` and so on: a page of the queue
    asks this a hundred times, so it is spelled once.
    """
    columns: list[Any] = [
        model.id, model.category, model.happened_on, model.lat, model.lon, model.accuracy_m, model.unit_id,
        model.status, model.erased_at,
    ]  # fmt: skip
    if model is Observation:
        columns.append(Observation.occurred_at)
    days = [bindparam(f"day_{index}", type_=Date()) for index in range(2 * weights().days_around + 1)]
    fields = [bindparam(f"field_{index}", type_=String()) for index in range(geogrid.MOST_AROUND)]
    lat, lon, shrink = (bindparam(name, type_=Float()) for name in ("lat", "lon", "shrink"))
    north, east = model.lat - lat, (model.lon - lon) * shrink
    return (
        select(*columns)
        .where(model.happened_on.in_(days), model.cell.in_(fields))
        .order_by(north * north + east * east, model.id)
        .limit(weights().nearest)
    )


def near(tx: Transaction, row: Report, unit_ids: frozenset[uuid.UUID]) -> list[ComparedReport]:
    """The reports of the units that lie nearest within some days; withdrawn and erased ones are none.

    Only days and fields are asked for, so that no index but theirs can serve, however many reports there
    are; whose they are is looked at afterwards. Without a place nothing is near.
    """
    if row.lat is None or row.lon is None:
        return []
    asked = neighbourhood(day_of(row), row.lat, row.lon)
    dialect = tx.database.engine.dialect
    return [
        _compared(kind, one)
        for kind, model in ((OBSERVATION, Observation), (CONCERN, Concern))
        for one in tx.execute_prepared(_spelled_nearby(dialect, model), asked)
        if one.unit_id in unit_ids and one.status != Status.WITHDRAWN and one.erased_at is None
    ]


def _compared(kind: str, item: Any) -> ComparedReport:
    at = item.occurred_at if kind == OBSERVATION else None
    return ComparedReport(
        kind, item.id, item.category, item.happened_on, at, item.lat, item.lon, item.accuracy_m
    )


def neighbourhood(day: date, lat: float, lon: float) -> dict[str, Any]:
    """The parameters of ``nearby``: the place, the days around a day, and the fields within reach."""
    most = weights().days_around
    days = {f"day_{most + away}": day + timedelta(days=away) for away in range(-most, most + 1)}
    around = geogrid.within(lat, lon, weights().place.reach_m)
    # For missing fields the last again.
    fields = {f"field_{index}": around[min(index, len(around) - 1)] for index in range(geogrid.MOST_AROUND)}
    return {**days, **fields, "lat": lat, "lon": lon, "shrink": cos(radians(lat))}


def texts(tx: Transaction, kinds: Mapping[uuid.UUID, str]) -> Iterator[ReportWords]:
    """What was told in reports, by their kinds; erased ones are left out."""
    for kind, (model, label, name) in WORDS.items():
        ids = [report_id for report_id, one in kinds.items() if one == kind]
        if not ids:
            continue
        query = select(model.id, model.language, model.text_version, model.sealed)
        rows = tx.all(query.where(model.id.in_(ids), model.sealed.is_not(None)))
        # Read at once and held: the session knows them when each text is opened.
        keys = tx.all(select(DataKey).where(DataKey.owner_id.in_(ids)))
        held = {key.owner_id for key in keys}
        for row in rows:
            if row.id in held:
                document = tx.sealer.open(tx, row.id, label, row.text_version, row.sealed)
                yield ReportWords(row.id, row.language, str(document.get(name) or ""))


@cache
def _spelled_nearby(dialect: Dialect, model: type[Observation | Concern]) -> PreparedStatement:
    return PreparedStatement(dialect, nearby(model))


def linked_to(tx: Transaction, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
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


def link_between(tx: Transaction, a_id: uuid.UUID, b_id: uuid.UUID) -> Link | None:
    """The link of two reports, the smaller id first; None: there is none."""
    query = select(Link).where(Link.a_id == a_id, Link.b_id == b_id, Link.ended_at.is_(None))
    found: Link | None = tx.first(query)
    return found
