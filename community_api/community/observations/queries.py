"""Reading observations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from community_api.access.sight import Sight
from community_api.community.observations.models import Observation


@dataclass(frozen=True)
class BoundingBox:
    """Degrees WGS 84; ``west`` > ``east`` crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Filters:
    """What a caller narrows a list by; None does not narrow. Times are those of receipt."""

    status: str | None = None
    category: str | None = None
    unit_ids: frozenset[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None
    bbox: BoundingBox | None = None


def visible(sight: Sight, filters: Filters) -> Select[Any]:
    """Observations that the caller may list, narrowed; erased ones are not listed."""
    query = select(Observation).where(Observation.erased_at.is_(None))
    if not sight.everything:
        query = query.where(or_(*_shown(sight)))
    return query.where(*_narrowed(filters))


def _shown(sight: Sight) -> list[ColumnElement[bool]]:
    shown: list[ColumnElement[bool]] = []
    if sight.own:
        shown.append(Observation.reporter_id == sight.person_id)
    units = sight.units
    if len(units) == 1:
        # An equality lets the index of the unit serve the order as well.
        shown.append(Observation.unit_id == next(iter(units)))
    elif units:
        shown.append(Observation.unit_id.in_(units))
    return shown or [Observation.id.is_(None)]


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if filters.status is not None:
        narrowed.append(Observation.status == filters.status)
    if filters.category is not None:
        narrowed.append(Observation.category == filters.category)
    if filters.unit_ids is not None:
        narrowed.append(Observation.unit_id.in_(filters.unit_ids))
    if filters.since is not None:
        narrowed.append(Observation.received_at >= filters.since)
    if filters.until is not None:
        narrowed.append(Observation.received_at < filters.until)
    if filters.bbox is not None:
        narrowed.append(_inside(filters.bbox))
    return narrowed


def _inside(box: BoundingBox) -> ColumnElement[bool]:
    latitude = Observation.lat.between(box.south, box.north)
    if box.west <= box.east:
        return and_(latitude, Observation.lon.between(box.west, box.east))
    return and_(latitude, or_(Observation.lon >= box.west, Observation.lon <= box.east))
