"""Made-up observations of one team, in batches, by several processes when there are many.

Sealing takes most of the time: it is done beside the one process that writes.
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

from benchmarks.filling import Row, Shape, Sheet
from benchmarks.requests import ASSESSMENT, FACTS
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import SEALED_LABEL, AttachmentsState, Precision, Status
from community_api.community.reports.terms import RETENTION
from community_api.core.ids import ALPHABET, new_id
from community_api.core.keys import load_keys
from community_api.core.records import DataKey
from community_api.core.retention import review_on
from community_api.core.sealing import Sealer
from community_api.demo.loader import account_id, person_id, unit_id
from community_api.feedback.models import Contributor

TEAM = "lin-a"
OFFICER = "officer1.lin-a"
CATEGORIES = ("vandalism", "noise_nuisance", "traffic", "lighting_litter", "theft_burglary", "drugs", "other")
# One in ten was taken back by its author; the others wait, as what nobody has worked on yet.
WITHDRAWN_EVERY = 10
SPREAD = timedelta(days=365)
BATCH = 5_000
# Below so many another process takes longer to start than it saves.
ALONE_BELOW = 20_000
TOLD = {"facts": FACTS, "assessment": ASSESSMENT, "place": None}
VARYING = (
    "id", "reference", "matter_id", "occurred_at", "received_at", "category", "lat", "lon", "status",
    "sealed",
)  # fmt: skip


@dataclass(frozen=True)
class Order:
    """What a maker has to know: the folder of keys, the database's address, the present moment."""

    keys: Path
    url: str
    now: datetime


class Maker:
    """Makes the rows of observations: the report, its data key, and its author in feedback."""

    def __init__(self, order: Order) -> None:
        dialect = make_url(order.url).get_dialect()()
        self._sealer = Sealer(load_keys(order.keys, make_missing=False))
        self._chance = random.Random()
        self._report = Shape(_report(order.now), VARYING, dialect)
        self._key = Shape(DataKey(), ("owner_id", "key_id", "wrapped"), dialect)
        self._author = Shape(_author(), ("matter_id", "report_reference", "since"), dialect)

    def batch(self, moments: Sequence[datetime]) -> list[Sheet]:
        """One observation for each of the moments at which they were received."""
        buffer = _KeyBuffer()
        reports: list[Row] = []
        authors: list[Row] = []
        for index, at in enumerate(moments):
            matter_id, reference = new_id(), self._reference()
            authors.append(self._author.row(matter_id, reference, at))
            reports.append(self._told(buffer, index, matter_id, reference, at))
        keys = [self._key.row(key["owner_id"], key["key_id"], key["wrapped"]) for key in buffer.keys]
        return [self._report.sheet(reports), self._key.sheet(keys), self._author.sheet(authors)]

    def _told(self, buffer: _KeyBuffer, index: int, matter_id: Any, reference: str, at: datetime) -> Row:
        report_id = new_id()
        chance = self._chance.random
        status = Status.WITHDRAWN if index % WITHDRAWN_EVERY == 0 else Status.RECEIVED
        return self._report.row(
            report_id, reference, matter_id, at - timedelta(minutes=15), at,
            CATEGORIES[index % len(CATEGORIES)], round(51 + chance(), 5), round(10 + chance(), 5),
            status.value, self._sealer.seal_new(buffer, report_id, SEALED_LABEL, TOLD),
        )  # fmt: skip

    def _reference(self) -> str:
        """A reference like those of real reports, cheaper: its tail need not be hard to guess."""
        tail = "".join(self._chance.choices(ALPHABET, k=8))
        return f"{TEAM.upper()}-{tail[:4]}-{tail[4:]}"


class _KeyBuffer:
    """Takes the data keys that sealing makes, in place of a use of the unit of work."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = []
        self.data_keys: dict[uuid.UUID, bytes] = {}

    def note(self, model: type[Any], **told: Any) -> None:
        self.keys.append(told)

    def get(self, model: type[Any], key: Any) -> None:
        return None


def batches(order: Order, rows: int) -> Iterator[list[Sheet]]:
    """The sheets of ``rows`` observations, spread evenly over the year past, the newest last."""
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
    step = SPREAD / max(rows, 1)
    for first in range(0, rows, BATCH):
        yield [now - step * (rows - index) for index in range(first, min(first + BATCH, rows))]


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
