"""Reading observations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, Uuid, and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from community_api import safeguarding
from community_api.access.visibility import VisibleScope
from community_api.community.emergencies import queries as emergencies
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import Status
from community_api.core.pagination import PreparedQuery
from community_api.units import posts
from community_api.units.terms import Role

# What a list shows; without the sealed text, which is most of a row.
SHOWN: tuple[InstrumentedAttribute[Any], ...] = (
    Observation.id,
    Observation.reference,
    Observation.status,
    Observation.category,
    Observation.purpose,
    Observation.unit_id,
    Observation.reporter_id,
    Observation.immediate_danger,
    Observation.occurred_at,
    Observation.received_at,
    Observation.attachments_state,
    Observation.version,
)


NOTHING: ColumnElement[bool] = Observation.id.is_(None)


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


@dataclass(frozen=True)
class _Shape:
    """What the query of a list depends on, values aside: how many units are shown and asked for.

    ``called``: of so many posts of commanders, who are called in danger; ``led``: of so many units whose lead
    takes over what is passed on to safeguarding.
    """

    everything: bool
    own: bool
    shown: int
    called: int
    led: int
    asked: int | None
    given: frozenset[str]
    crosses: bool


def visible(sight: VisibleScope, filters: Filters) -> PreparedQuery:
    """Observations that the caller may list, narrowed; erased ones are not listed."""
    shown = sorted(sight.units)
    called = [posts.id_of(Role.DUTY_COMMANDER, unit_id) for unit_id in _held(sight, Role.DUTY_COMMANDER)]
    led = _held(sight, Role.SAFEGUARDING_LEAD)
    asked = None if filters.unit_ids is None else sorted(filters.unit_ids)
    box = filters.bbox
    told = {
        "status": filters.status,
        "category": filters.category,
        "since": filters.since,
        "until": filters.until,
        **(asdict(box) if box is not None else {}),
    }
    given = frozenset(name for name, value in told.items() if value is not None)
    shape = _Shape(
        # Whoever asks for units that are theirs to see needs no other test, and the index no other row.
        everything=sight.everything or (bool(asked) and sight.units.issuperset(asked or ())),
        own=sight.own,
        shown=len(shown),
        called=len(called),
        led=len(led),
        asked=None if asked is None else len(asked),
        given=given,
        crosses=box is not None and box.west > box.east,
    )
    values = {name: told[name] for name in given}
    values |= {"me": sight.person_id, **_numbered("shown", shown), **_numbered("asked", asked or ())}
    values |= {**_numbered("called", called), **_numbered("led", led)}
    return PreparedQuery(shape, _query, values)


def _held(sight: VisibleScope, role: Role) -> list[UUID]:
    """The units in which something can be addressed to the caller in that role."""
    return sorted(grant.unit_id for grant in sight.addressees if grant.role == role)


def _numbered(name: str, values: Sequence[UUID]) -> dict[str, UUID]:
    return {f"{name}_{index}": value for index, value in enumerate(values)}


def _query(shape: _Shape) -> Select[Any]:
    query: Select[Any] = select(*SHOWN).where(Observation.erased_at.is_(None))
    if not shape.everything:
        query = query.where(or_(*_visible_to(shape)))
    if shape.asked is not None:
        query = query.where(_one_of("asked", shape.asked))
    return query.where(*(test for name, test in NARROWING if name in shape.given), *_box(shape))


def _visible_to(shape: _Shape) -> list[ColumnElement[bool]]:
    shown: list[ColumnElement[bool]] = []
    if shape.own:
        shown.append(Observation.reporter_id == bindparam("me"))
    if shape.shown:
        shown.append(_one_of("shown", shape.shown))
    if shape.called:
        told_to = emergencies.subjects_told_to(_named("called", shape.called))
        shown.append(and_(Observation.immediate_danger, Observation.id.in_(told_to)))
    if shape.led:
        passed = safeguarding.subjects_passed_to(_named("led", shape.led))
        shown.append(and_(Observation.status == Status.PASSED_ON.value, Observation.id.in_(passed)))
    return shown or [NOTHING]


def _named(name: str, number: int) -> list[BindParameter[UUID]]:
    return [bindparam(f"{name}_{index}", type_=Uuid()) for index in range(number)]


def _one_of(name: str, number: int) -> ColumnElement[bool]:
    """An equality, if there is one unit, lets the index of the unit serve the order as well."""
    if number == 0:
        return NOTHING
    units = _named(name, number)
    return Observation.unit_id == units[0] if number == 1 else Observation.unit_id.in_(units)


NARROWING: tuple[tuple[str, ColumnElement[bool]], ...] = (
    ("status", Observation.status == bindparam("status")),
    ("category", Observation.category == bindparam("category")),
    ("since", Observation.received_at >= bindparam("since")),
    ("until", Observation.received_at < bindparam("until")),
)


def _box(shape: _Shape) -> Iterator[ColumnElement[bool]]:
    if "south" not in shape.given:
        return
    yield Observation.lat.between(bindparam("south"), bindparam("north"))
    east_of, west_of = Observation.lon >= bindparam("west"), Observation.lon <= bindparam("east")
    yield or_(east_of, west_of) if shape.crosses else and_(east_of, west_of)
