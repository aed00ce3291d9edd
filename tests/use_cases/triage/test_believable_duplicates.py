"""Likely duplicates on a busy desk: twins in a crowd, and matters told twice in other words."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from benchmarks import paraphrases
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import SEALED_LABEL
from community_api.community.shared import geogrid
from tests.support.workflow import COLLEAGUE, OFFICER, SUPERVISOR

PARTS = ("tuned", "held_out")
CROWD_WORDS = (
    *("bottle", "flare", "smoke", "banner", "whistle", "scarf", "drum", "ladder", "fence", "bench", "kiosk"),
    *("tram", "window", "stone", "siren", "helmet", "shield", "dog", "flag", "truck", "corner", "fountain"),
)


@pytest.fixture
def police(alone):
    return alone


def ids(results):
    return [one["id"] for one in results]


def crowd(world, report, number):
    """So many reports of one evening round one square, each with words of its own; rows by id."""
    drawn, kept = random.Random(7), {}
    with world.uow() as tx:
        pattern = tx.first(select(Observation).where(Observation.reference == report["reference"]))
        same = {column.name: getattr(pattern, column.name) for column in Observation.__table__.columns}
        for index in range(number):
            report_id = uuid4()
            north, east = (drawn.uniform(-90, 90) / 111_195 for _ in range(2))
            lat, lon = round(51.2417 + north, 6), round(10.4533 + 1.6 * east, 6)
            at = pattern.occurred_at + timedelta(minutes=drawn.uniform(-300, 0))
            facts = f"Person {index} in the crowd: {' '.join(drawn.sample(CROWD_WORDS, 8))}."
            kept[str(report_id)] = {"at": at, "lat": lat, "lon": lon, "facts": facts}
            tx.add(
                Observation(
                    **same
                    | {
                        "id": report_id, "matter_id": uuid4(), "reference": f"LIN-A-{report_id.hex[:12]}",
                        "occurred_at": at, "happened_on": at.date(), "lat": lat, "lon": lon,
                        "cell": geogrid.cell(lat, lon, "lin-a"),
                        "sealed": tx.sealer.seal_new(tx, report_id, SEALED_LABEL, {"facts": facts}),
                    }
                )
            )  # fmt: skip
    return kept


def test_in_a_crowd_of_two_thousand_every_exact_twin_is_offered_first(police):
    kept = crowd(police.world, police.observes(), 2_000)
    twins = {}
    for original in random.Random(3).sample(sorted(kept), 20):
        row = kept[original]
        spot = {"lat": row["lat"], "lon": row["lon"], "accuracy_m": 20}
        again = police.observes(COLLEAGUE, occurred_at=row["at"].isoformat(), facts=row["facts"], place=spot)
        twins[again["id"]] = original
    queue = {one["id"]: one["duplicates"] for one in police.of(SUPERVISOR).pages("/triage")}
    assert all(ids(queue[again])[0] == original for again, original in twins.items())


def test_of_matters_told_twice_in_other_words_95_in_100_are_among_the_first_five(police):
    tellings = sorted((one for part in PARTS for one in paraphrases.tellings(part)), key=lambda item: item.at)
    police.world.clock.set(paraphrases.BEGAN + timedelta(days=paraphrases.DAYS + 1))
    told = {}
    for one in tellings:
        spot = {"lat": one.lat, "lon": one.lon, "accuracy_m": one.accuracy_m}
        report = police.observes(
            OFFICER, occurred_at=one.at.isoformat(), facts=one.text, place=spot, category=one.category,
            language=one.language,
        )  # fmt: skip
        told[report["id"]] = one.matter, one.scenario
    queue = {one["id"]: one["duplicates"] for one in police.of(SUPERVISOR).pages("/triage")}
    times = Counter(told.values())
    planted = [report_id for report_id, matter in told.items() if times[matter] == 2]
    found = [any(told[other] == told[one] for other in ids(queue[one])) for one in planted]
    assert len(planted) == 320
    assert sum(found) >= 0.95 * len(found)
