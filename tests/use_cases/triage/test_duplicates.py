"""Likely duplicates: offered with their reasons, among what the desk may see, and found among real rows."""

from __future__ import annotations

import csv
import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from community_api.audit.models import AuditEvent
from community_api.community.concerns.models import Concern
from community_api.community.observations.models import Observation
from community_api.community.shared import geogrid
from community_api.community.triage import queries
from tests.support import public
from tests.support.workflow import COLLEAGUE, OFFICER, SUPERVISOR, Police, place

ROWS = Path(__file__).parents[3] / "examples" / "data" / "london-stop-search-sample.csv"
CATEGORY = {
    "Controlled drugs": "drugs",
    "Stolen goods": "theft_burglary",
    "Offensive weapons": "weapons",
    "Articles for use in criminal damage": "vandalism",
}
RELATED = {
    "drugs": "weapons",
    "theft_burglary": "vandalism",
    "weapons": "drugs",
    "vandalism": "theft_burglary",
}
COPIES = 12


def offered(police, report_id, who=SUPERVISOR):
    (found,) = [one for one in police.of(who).pages("/triage") if one["id"] == report_id]
    return found["duplicates"]


def ids(items):
    return [one["id"] for one in items]


def moved(metres, **changes):
    """A place so many metres north of the usual one."""
    return place(lat=51.2417 + metres / 111_195, **changes)


@pytest.fixture
def police(alone):
    return alone


def test_what_was_told_twice_is_offered_both_ways_with_its_reasons(police):
    first = police.observes()
    second = police.observes(COLLEAGUE, place=moved(60))
    (likely,) = offered(police, first["id"])
    assert (likely["kind"], likely["id"], likely["score"]) == ("observation", second["id"], 100)
    assert likely["reasons"] == [
        {"sign": "place", "points": 40, "amount": 60},
        {"sign": "hours", "points": 20, "amount": 0},
        {"sign": "category", "points": 15, "amount": None},
        {"sign": "words", "points": 25, "amount": 100},
    ]
    assert ids(offered(police, second["id"])) == [first["id"]]


def test_a_concern_of_the_same_day_is_offered_by_day(police):
    report = police.observes(category="noise_nuisance")
    _, concern_id = public.concern(police.world)
    (likely,) = offered(police, report["id"])
    assert (likely["kind"], likely["id"]) == ("concern", concern_id)
    assert {"sign": "day", "points": 16, "amount": 0} in likely["reasons"]
    assert ids(offered(police, concern_id)) == [report["id"]]


def test_what_shares_no_more_than_the_town_is_not_offered(police):
    report = police.observes()
    police.observes(place=moved(401))
    police.observes(category="fraud_cyber", place=moved(350))
    past = police.world.clock.now() - timedelta(days=4)
    police.observes(occurred_at=past.isoformat())
    assert offered(police, report["id"]) == []


@pytest.mark.parametrize("which", [0, 1])
def test_a_report_without_a_place_is_offered_nothing_and_to_nobody(police, which):
    kept = [police.observes(), police.observes(COLLEAGUE)]
    placeless = [police.observes(place=None), police.observes(COLLEAGUE, place=None)][which]
    assert offered(police, placeless["id"]) == []
    assert ids(offered(police, kept[0]["id"])) == [kept[1]["id"]]


def test_a_report_under_another_heading_is_offered_for_its_words(police):
    told = "Three lamps between the school gate and the bus stop are out, pupils walk in the dark."
    report = police.observes(
        category="other", facts="Lamps at the school gate are out; pupils go in the dark."
    )
    same = police.observes(COLLEAGUE, category="lighting_litter", facts=told)
    police.observes(COLLEAGUE, category="theft_burglary", facts="A bicycle was stolen at the kiosk.")
    (likely,) = offered(police, report["id"])
    assert likely["id"] == same["id"]
    assert [one["sign"] for one in likely["reasons"]] == ["place", "hours", "words"]


def test_a_concern_in_like_words_is_offered_beside_an_officers_report(police):
    police.observes()
    told = public.concern(police.world, text="Boxes are carried into garage 14.", category="weapons")
    report = police.observes()
    assert told[1] in ids(offered(police, report["id"]))


def test_what_was_opened_to_compare_is_in_the_one_leaf_of_the_list_and_in_no_answer(police):
    first, second = police.observes(), police.observes(COLLEAGUE)
    alone = police.observes(place=moved(3000))
    before = leaves_of_lists(police)
    answer = police.of(SUPERVISOR).get("/triage")
    ((_, leaf),) = leaves_of_lists(police).items() - before.items()
    leaf = json.loads(leaf)
    assert leaf["compared"] == sorted([first["id"], second["id"]])
    assert alone["id"] in leaf["shown"]
    assert "fertiliser" not in str(answer.body)


def test_a_list_that_compared_nothing_says_nothing_of_it(police):
    police.observes()
    police.of(SUPERVISOR).get("/triage")
    assert all("compared" not in leaf for leaf in leaves_of_lists(police).values())


def leaves_of_lists(police):
    """The envelopes of what the queue wrote into the trail, by id."""
    with police.world.uow() as tx:
        found = tx.all(select(AuditEvent).where(AuditEvent.object_kind == "report"))
    return {event.id: event.envelope for event in found if "community_report.triage_list" in event.envelope}


def test_another_desks_reports_are_not_offered_but_by_the_desk_of_last_resort(police):
    ours, theirs = police.observes(), police.observes("officer1.lin-b")
    assert offered(police, ours["id"]) == []
    assert ids(offered(police, ours["id"], "supervisor.nor")) == [theirs["id"]]


def test_what_was_withdrawn_or_linked_is_not_offered_again(police):
    first, second, third = (police.observes() for _ in range(3))
    police.of(OFFICER).post(f"/observations/{second['id']}/withdrawal", {"reason": "Told twice."})
    assert ids(offered(police, first["id"])) == [third["id"]]
    ends = [{"kind": "observation", "id": one["id"]} for one in (first, third)]
    police.of(SUPERVISOR).post("/links", {"a": ends[0], "b": ends[1], "reason": "The same bags."})
    assert offered(police, first["id"]) == []


def test_five_at_most_are_offered_the_best_first(police):
    report = police.observes()
    for metres in (150, 10, 100, 180, 60, 200):
        police.observes(place=moved(metres))
    found = offered(police, report["id"])
    scores = [one["score"] for one in found]
    assert len(found) == 5
    assert scores == sorted(scores, reverse=True)
    assert [one["reasons"][0]["amount"] for one in found] == [10, 60, 100, 150, 180]


@pytest.mark.parametrize("model", [Observation, Concern])
def test_what_is_near_is_found_by_the_index_of_days_and_fields(shared_world, model):
    database = shared_world.uow.database
    asked = queries.neighbourhood(date(2026, 3, 3), 51.0, 10.0)
    query = queries.nearby(model).params(asked)
    spelled = query.compile(database.engine, compile_kwargs={"literal_binds": True})
    with shared_world.uow() as tx:
        if not database.is_sqlite:
            # A table of a few rows is read whole otherwise, and rightly so.
            tx.session.execute(text("SET enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plan = "\n".join(str(tuple(line)) for line in tx.session.execute(text(f"{explain}{spelled}")))
        if not database.is_sqlite:
            tx.session.execute(text("RESET enable_seqscan"))
    assert f"ix_{model.__tablename__}_near" in plan


def real_rows():
    """The rows of the sample, and copies of them some days apart each: about a thousand."""
    with ROWS.open(encoding="utf-8") as file:
        told = [row for row in csv.DictReader(file) if row["location.latitude"]]
    for copy in range(COPIES):
        for row in told:
            yield {
                "at": datetime.fromisoformat(row["datetime"]) + timedelta(days=3 * copy),
                "lat": float(row["location.latitude"]),
                "lon": float(row["location.longitude"]),
                "category": CATEGORY.get(row["object_of_search"], "other"),
            }


def fill(world, report):
    """Keep the rows as reports of the team; their ids, each with its row."""
    kept = {}
    with world.uow() as tx:
        pattern = tx.first(select(Observation).where(Observation.reference == report["reference"]))
        for row in real_rows():
            report_id = uuid4()
            kept[str(report_id)] = row
            tx.add(
                Observation(
                    **{
                        name: getattr(pattern, name)
                        for name in (
                            "unit_id", "reporter_id", "reporter_account_id", "received_at", "purpose",
                            "source_relation", "language", "status", "retention_class", "review_on",
                            "attachments_state",
                        )
                    },
                    id=report_id,
                    matter_id=uuid4(),
                    reference=f"LIN-A-{report_id.hex[:12]}",
                    occurred_at=row["at"],
                    happened_on=row["at"].date(),
                    category=row["category"],
                    lat=row["lat"],
                    lon=row["lon"],
                    accuracy_m=50,
                    cell=geogrid.cell(row["lat"], row["lon"], "lin-a"),
                    sealed=b"not read here",
                )
            )  # fmt: skip
    return kept


def test_of_duplicates_planted_among_a_thousand_real_rows_95_in_100_are_among_the_first_five(world):
    police, drawn = Police(world), random.Random(20170612)
    kept = fill(world, police.observes())
    assert len(kept) > 900
    planted = {}
    for original in drawn.sample(sorted(kept), 60):
        row = kept[original]
        north, east = (drawn.uniform(-150, 150) / 111_195 for _ in range(2))
        again = police.observes(
            occurred_at=(row["at"] + timedelta(minutes=drawn.uniform(-180, 180))).isoformat(),
            category=row["category"] if drawn.random() < 0.7 else RELATED.get(row["category"], "other"),
            place={"lat": row["lat"] + north, "lon": row["lon"] + east * 1.6, "accuracy_m": 100},
        )
        planted[again["id"]] = original
    queue = {one["id"]: one["duplicates"] for one in police.of(SUPERVISOR).pages("/triage")}
    found = [original in ids(queue[again]) for again, original in planted.items()]
    assert sum(found) >= 0.95 * len(found)
