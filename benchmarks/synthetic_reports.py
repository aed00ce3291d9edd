"""Made-up reports of one team, in batches, by several processes when there are many.

Sealing takes most of the time: it is done beside the one process that writes. However many they are, as many
come each day: what is compared with each other lies as close in a short history as in a long one.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from benchmarks.bulk_insert import Row, Shape, Sheet
from benchmarks.requests import ASSESSMENT, FACTS
from community_api.community.concerns import terms as concerns
from community_api.community.concerns.models import Concern
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import (
    KIND,
    SEALED_LABEL,
    AttachmentsState,
    Precision,
    Status,
)
from community_api.community.shared import geogrid
from community_api.community.shared.terms import RETENTION, DutyKind
from community_api.core.crypto.keys import load_keys
from community_api.core.crypto.sealing import Sealer
from community_api.core.database.tables import DataKey
from community_api.core.ids import ALPHABET, new_id
from community_api.core.retention import review_on
from community_api.demo.loader import account_id, person_id, unit_id
from community_api.feedback.models import Contributor
from community_api.units import posts, words
from community_api.units.models import Duty
from community_api.units.terms import Role

TEAM = "lin-a"
OFFICER = "officer1.lin-a"
CATEGORIES = ("vandalism", "noise_nuisance", "traffic", "lighting_litter", "theft_burglary", "drugs", "other")
# One in ten was taken back by its author; the others wait, as what nobody has worked on yet.
WITHDRAWN_EVERY = 10
# Some hundred thousand in a year.
GAP = timedelta(days=365) / 100_000
# Of reports and concerns together, so many are concerns.
CONCERN_EVERY = 4
TRIAGE_WITHIN, ANSWER_WITHIN = timedelta(days=1), timedelta(days=7)
BATCH = 5_000
# Below so many another process takes longer to start than it saves.
ALONE_BELOW = 20_000
TOLD = {"facts": FACTS, "assessment": ASSESSMENT, "place": None}
TOLD_BY_PUBLIC = {"text": FACTS, "how_known": None, "place": None, "area": None}
VARYING = (
    "id", "reference", "matter_id", "occurred_at", "received_at", "category", "lat", "lon", "happened_on",
    "cell", "status", "sealed",
)  # fmt: skip
VARYING_BY_PUBLIC = (
    "id", "reference", "matter_id", "lookup", "content_digest", "received_at", "answer_due_at", "category",
    "lat", "lon", "happened_on", "cell", "sealed",
)  # fmt: skip


@dataclass(frozen=True)
class Order:
    """What a maker has to know: the folder of keys, the database's address, the present moment.

    ``concerns``: among the reports are concerns of the public; else all are observations.
    """

    keys: Path
    url: str
    now: datetime
    concerns: bool = False


@dataclass(frozen=True)
class _Place:
    lat: float
    lon: float
    cell: str


class Maker:
    """Makes the rows of reports: each with its data key, its author in feedback, and what is owed for it."""

    def __init__(self, order: Order) -> None:
        dialect = make_url(order.url).get_dialect()()
        self._sealer = Sealer(load_keys(order.keys, make_missing=False))
        self._chance = random.Random()
        self._concern_every = CONCERN_EVERY if order.concerns else 0
        self._report = Shape(_report(order.now), VARYING, dialect)
        self._concern = Shape(_concern(order.now), VARYING_BY_PUBLIC, dialect)
        self._key = Shape(DataKey(), ("owner_id", "key_id", "wrapped"), dialect)
        self._author = Shape(_author(), ("matter_id", "report_reference", "since"), dialect)
        varying = ("id", "kind", "title", "subject_kind", "subject_id", "opened_at", "due_at")
        self._duty = Shape(_duty(), varying, dialect)

    def batch(self, moments: Sequence[datetime]) -> list[Sheet]:
        """One report for each of the moments at which they were received; those of the reports first."""
        made = _Made()
        for index, at in enumerate(moments):
            if self._concern_every and index % self._concern_every == 0:
                self._tell_concern(made, index, at)
            else:
                self._tell_report(made, index, at)
        keys = [self._key.row(key["owner_id"], key["key_id"], key["wrapped"]) for key in made.keys]
        return [
            self._report.sheet(made.reports),
            self._concern.sheet(made.concerns),
            self._key.sheet(keys),
            self._author.sheet(made.authors),
            self._duty.sheet(made.duties),
        ]

    def _tell_report(self, made: _Made, index: int, at: datetime) -> None:
        report_id, matter_id, reference = new_id(), new_id(), self._reference()
        waits = index % WITHDRAWN_EVERY != 0
        place, happened = self._place(), at - timedelta(minutes=15)
        row = self._report.row(
            report_id, reference, matter_id, happened, at, CATEGORIES[index % len(CATEGORIES)],
            place.lat, place.lon, happened.date(), place.cell,
            (Status.RECEIVED if waits else Status.WITHDRAWN).value,
            self._sealer.seal_new(made, report_id, SEALED_LABEL, TOLD),
        )  # fmt: skip
        made.reports.append(row)
        made.authors.append(self._author.row(matter_id, reference, at))
        if waits:
            self._owe(made, DutyKind.NEW, (KIND, report_id), at, TRIAGE_WITHIN)

    def _tell_concern(self, made: _Made, index: int, at: datetime) -> None:
        concern_id, today = new_id(), at.replace(hour=0, minute=0, second=0, microsecond=0)
        place = self._place()
        row = self._concern.row(
            concern_id, self._reference(), new_id(), os.urandom(32), os.urandom(32), today,
            today + ANSWER_WITHIN, CATEGORIES[index % len(CATEGORIES)], place.lat, place.lon, today.date(),
            place.cell, self._sealer.seal_new(made, concern_id, concerns.SEALED_LABEL, TOLD_BY_PUBLIC),
        )  # fmt: skip
        made.concerns.append(row)
        self._owe(made, DutyKind.NEW, (concerns.KIND, concern_id), today, TRIAGE_WITHIN)
        self._owe(made, concerns.DutyKind.ANSWER, (concerns.KIND, concern_id), today, ANSWER_WITHIN)

    def _owe(
        self, made: _Made, kind: str, about: tuple[str, uuid.UUID], at: datetime, within: timedelta
    ) -> None:
        made.duties.append(self._duty.row(new_id(), kind, words.duty_title(kind), *about, at, at + within))

    def _place(self) -> _Place:
        lat, lon = round(51 + self._chance.random(), 5), round(10 + self._chance.random(), 5)
        return _Place(lat, lon, geogrid.cell(lat, lon, TEAM))

    def _reference(self) -> str:
        """A reference like those of real reports, cheaper: its tail need not be hard to guess."""
        tail = "".join(self._chance.choices(ALPHABET, k=8))
        return f"{TEAM.upper()}-{tail[:4]}-{tail[4:]}"


class _Made:
    """What a batch has so far; it takes data keys from sealing, in place of a use of the unit of work."""

    def __init__(self) -> None:
        self.reports: list[Row] = []
        self.concerns: list[Row] = []
        self.authors: list[Row] = []
        self.duties: list[Row] = []
        self.keys: list[dict[str, Any]] = []
        self.data_keys: dict[uuid.UUID, bytes] = {}

    def insert(self, model: type[Any], **values: Any) -> None:
        self.keys.append(values)

    def get(self, model: type[Any], key: Any) -> None:
        return None


def batches(order: Order, rows: int) -> Iterator[list[Sheet]]:
    """The sheets of ``rows`` reports, evenly spread over the past, the newest last."""
    wanted = _moments(order.now, rows)
    if rows < ALONE_BELOW:
        maker = Maker(order)
        yield from map(maker.batch, wanted)
        return
    several = os.cpu_count() or 1
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(several, spawn, initializer=_begin, initargs=(order,)) as pool:
        under_way: deque[Future[list[Sheet]]] = deque()
        for moments in wanted:
            under_way.append(pool.submit(_make, moments))
            if len(under_way) > several:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


# The maker of a process of the pool.
_makers: list[Maker] = []


def _begin(order: Order) -> None:
    _makers.append(Maker(order))


def _make(moments: Sequence[datetime]) -> list[Sheet]:
    return _makers[0].batch(moments)


def _moments(now: datetime, rows: int) -> Iterator[list[datetime]]:
    for first in range(0, rows, BATCH):
        yield [now - GAP * (rows - index) for index in range(first, min(first + BATCH, rows))]


def _report(now: datetime) -> Observation:
    """What all of them have in common."""
    return Observation(
        unit_id=unit_id(TEAM),
        reporter_id=person_id(OFFICER),
        reporter_account_id=account_id(OFFICER),
        purpose="community_problem",
        source_relation="witnessed",
        accuracy_m=25,
        precision=Precision.STREET.value,
        language="en",
        attachments_state=AttachmentsState.NONE.value,
        retention_class=RETENTION,
        review_on=review_on(RETENTION, now.date()),
    )


def _author() -> Contributor:
    return Contributor(person_id=person_id(OFFICER), account_id=account_id(OFFICER), unit_id=unit_id(TEAM))


def _concern(now: datetime) -> Concern:
    """What all of those have in common that came by the public page."""
    return Concern(
        channel=concerns.Channel.PUBLIC.value,
        unit_id=unit_id(TEAM),
        accuracy_m=25,
        precision=Precision.STREET.value,
        language="en",
        status=Status.RECEIVED.value,
        retention_class=RETENTION,
        review_on=review_on(RETENTION, now.date()),
    )


def _duty() -> Duty:
    return Duty(post_id=posts.id_of(Role.SUPERVISOR, unit_id(TEAM)))
