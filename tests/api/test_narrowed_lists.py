"""A list shows what was asked for and nothing else; what is sent is required, and kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from community_api.feedback.models import Acknowledgement, Message
from tests.support import public
from tests.support.app import World
from tests.support.workflow import OFFICER, SUPERVISOR, Police, observation


def report(world: World, **changes: Any) -> str:
    return str(world.client(OFFICER).post("/observations", observation(world, **changes))["id"])


def at(lat: float, lon: float) -> dict[str, Any]:
    return {"lat": lat, "lon": lon, "precision": "exact"}


def listed_ids(world: World, path: str = "/observations", who: str = OFFICER, **query: Any) -> set[str]:
    return {one["id"] for one in world.client(who).get(path, query=query).items}


def test_a_box_shows_the_reports_within_it(world: World) -> None:
    inside, north = report(world, place=at(51.2, 9.4)), report(world, place=at(52.9, 9.4))
    east, nowhere = report(world, place=at(51.2, 11.0)), report(world, place=None)
    assert listed_ids(world) == {inside, north, east, nowhere}
    assert listed_ids(world, bbox="9.3,51.1,9.5,51.3") == {inside}
    assert listed_ids(world, bbox="9.3,51.1,11.5,51.3") == {inside, east}
    assert listed_ids(world, bbox="9.3,51.1,9.5,53.0") == {inside, north}
    # East of 10.9 or west of 9.3: over the line of the dates.
    assert listed_ids(world, bbox="10.9,51.1,9.3,51.3") == {east}


@pytest.mark.parametrize("path", ["/observations", "/concerns"])
def test_since_and_until_show_what_came_in_between(world: World, path: str) -> None:
    who = OFFICER if path == "/observations" else SUPERVISOR

    def comes_in() -> str:
        return report(world) if path == "/observations" else public.concern(world, area="lin-a")[1]

    # The public's concerns are kept with the day alone; a day as `until` counts whole.
    first_day = world.clock.now().date().isoformat()
    earlier = comes_in()
    second_day = world.clock.advance(timedelta(days=1)).date().isoformat()
    later = comes_in()
    assert listed_ids(world, path, who) == {earlier, later}
    assert listed_ids(world, path, who, since=second_day) == {later}
    assert listed_ids(world, path, who, until=first_day) == {earlier}
    assert listed_ids(world, path, who, since=first_day, until=second_day) == {earlier, later}


def test_category_and_status_narrow_a_list(world: World) -> None:
    weapons, noise = report(world), report(world, category="vandalism")
    assert listed_ids(world, category="vandalism") == {noise}
    assert listed_ids(world, category="weapons") == {weapons}
    assert listed_ids(world, status="received") == {weapons, noise}
    assert listed_ids(world, status="withdrawn") == set()


def test_a_report_without_a_purpose_is_refused(world: World) -> None:
    body = observation(world)
    del body["purpose"]
    answer = world.client(OFFICER).post("/observations", body, expect=422)
    assert [error["pointer"] for error in answer["errors"]] == ["/purpose"]
    assert listed_ids(world) == set()


def test_a_rating_is_kept_beside_its_message(world: World) -> None:
    police = Police(world)
    police.confirmed()
    police.answers_everything(SUPERVISOR)
    world.work()
    message = police.inbox()[0]
    given = world.client(OFFICER).post(f"/feedback/{message['id']}/acknowledgement", {"rating": 2})
    assert given["rating"] == 2
    with world.uow() as tx:
        kept = tx.get(Acknowledgement, UUID(given["id"]))
        rated = tx.get(Message, UUID(message["id"]))
    assert kept is not None
    assert rated is not None
    assert (kept.rating, rated.rated) == (2, 2)
