"""Units over HTTP: proposed by the administrator, approved by another, in force for everybody at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from community_api.units import directory
from tests.api.access.proposal_steps import NEW, decide, propose
from tests.support import public
from tests.support.app import World
from tests.support.workflow import Police, observation

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[20.0, 50.0], [21.0, 50.0], [21.0, 51.0], [20.0, 51.0], [20.0, 50.0]]],
}
TEAM = {"name": "lin-c", "title": "Lindhaven community team C, harbour", "level": "community", "under": "lin"}


def units(world: World) -> dict[str, Any]:
    return {one["name"]: one for one in world.client("analyst1.lin").pages("/units")}


def test_a_team_is_made_with_its_posts_and_takes_what_happens_in_its_area(world: World) -> None:
    proposal = propose(world, "unit_create", {**TEAM, "area": SQUARE})
    assert "lin-c" not in units(world), "one person alone changes nothing"
    decide(world, proposal)
    made = units(world)["lin-c"]
    assert (made["parent"], made["path"], made["area"]) == ("lin", "nor/ost/lin/lin-c", SQUARE)
    assert made["timezone"] == units(world)["lin"]["timezone"]
    posts = world.client("analyst1.lin").pages("/posts", unit="lin-c")
    assert {one["post"] for one in posts} == {"officer.lin-c", "supervisor.lin-c"}
    place = {**public.PLACE, "lat": 50.5, "lon": 20.5}
    public.concern(world, place=place)
    (concern,) = public.listed(world)
    assert concern["unit"] == "lin-c"


def test_whoever_joins_a_new_team_reports_for_it(world: World) -> None:
    decide(world, propose(world, "unit_create", TEAM))
    decide(world, propose(world, "grant", {"account": "officer1.lin-b", "role": "officer", "unit": "lin-c"}))
    told = observation(world, unit="lin-c")
    assert world.client("officer1.lin-b").post("/observations", told)["unit"] == "lin-c"


def test_a_team_moves_with_what_is_below_and_its_reports_stay_its_own(world: World) -> None:
    report = world.client("officer1.lin-a").post("/observations", observation(world))
    decide(world, propose(world, "unit_change", {"unit": "lin-a", "under": "bru", "title": "Team A, moved"}))
    moved = units(world)["lin-a"]
    assert (moved["parent"], moved["path"], moved["title"]) == ("bru", "nor/ost/bru/lin-a", "Team A, moved")
    kept = world.client("officer1.lin-a").get(f"/observations/{report['id']}")
    assert kept["unit"] == "lin-a"


def test_below_a_unit_that_moves_every_path_is_new(world: World) -> None:
    decide(world, propose(world, "unit_change", {"unit": "lin", "under": "wes"}))
    paths = {name: one["path"] for name, one in units(world).items() if name.startswith("lin")}
    assert paths == {"lin": "nor/wes/lin", "lin-a": "nor/wes/lin/lin-a", "lin-b": "nor/wes/lin/lin-b"}


@pytest.fixture
def elsewhere(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Another process over the same database; both have the tree in memory and trust it for an hour."""
    monkeypatch.setattr(directory, "TRUST_SECONDS", 3600.0)
    other = world.beside()
    for process in (world, other):
        assert process.client("admin1.nor").get("/units").items
        propose(process, "unit_change", {"unit": "hav", "title": "Read the tree"})
    yield other
    other.close()


def test_what_one_process_approved_holds_in_another_at_the_next_request(
    world: World, elsewhere: World
) -> None:
    decide(world, propose(world, "unit_create", TEAM))
    told = {"account": "officer1.lin-b", "role": "officer", "unit": "lin-c"}
    assert propose(elsewhere, "grant", told)["unit"] == "lin-c"


def test_two_approved_at_once_in_two_processes_fit_together(world: World, elsewhere: World) -> None:
    made = propose(world, "unit_create", TEAM)
    moved = propose(world, "unit_change", {"unit": "lin", "under": "wes"})
    elsewhere.client("dpo.nor").get("/me")
    world.client("dpo.nor").get("/me")
    with ThreadPoolExecutor(2) as both:
        asked = [both.submit(decide, world, moved), both.submit(decide, elsewhere, made)]
        assert [one.result().status for one in asked] == [201, 201]
    paths = {name: one["path"] for name, one in units(world).items() if name.startswith("lin")}
    assert paths == {name: f"nor/wes/lin/{name}" for name in ("lin-a", "lin-b", "lin-c")} | {
        "lin": "nor/wes/lin"
    }


def test_the_public_holidays_of_a_unit_put_its_deadlines_off(world: World) -> None:
    police = Police(world)
    due = {}
    for region in (None, "DE-BY", "DE"):
        if region:
            told = {"unit": "lin", "holidays": region}
            decide(world, propose(world, "unit_change", told))
        world.clock.advance(datetime(2026, 6, 3, 10, tzinfo=UTC) - world.clock.now())
        due[region] = police.reads_referral(police.confirmed())["due_at"]
    # Corpus Christi, the fourth of June, is kept in Bavaria and not in all of Germany.
    assert due == {
        None: "2026-06-10T21:59:59.000Z",
        "DE-BY": "2026-06-11T21:59:59.000Z",
        "DE": "2026-06-10T21:59:59.000Z",
    }
    assert units(world)["lin"]["holidays"] == "DE"


def test_a_region_keeps_the_weekend_of_its_country(world: World) -> None:
    decide(world, propose(world, "unit_change", {"unit": "lin", "holidays": "AE"}))
    decide(world, propose(world, "unit_create", TEAM))
    assert units(world)["lin-c"]["holidays"] == "AE", "what is made takes the region of what it stands under"


def test_a_body_outside_stands_under_nobody(world: World) -> None:
    told = {"name": "shelter", "title": "The women's shelter", "level": "external"}
    decide(world, propose(world, "unit_create", told))
    assert units(world)["shelter"]["parent"] is None
    body = {**NEW, "role": "partner", "unit": "shelter"}
    decide(world, propose(world, "account_create", body))


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"name": "Lin C"}, "/body/name", "not_a_unit_name"),
        ({"name": "lin-a"}, "/body/name", "already_so"),
        ({"under": "nowhere"}, "/body/under", "not_a_reference"),
        ({"under": "lin-a"}, "/body/under", "not_above"),
        ({"under": "ost"}, "/body/under", "not_above"),
        ({"under": "school"}, "/body/under", "not_above"),
        ({"under": None}, "/body/under", "null"),
        ({"level": "national"}, "/body/level", "one_nation"),
        ({"level": "national", "name": "aaa"}, "/body/level", "one_nation"),
        ({"level": "galactic"}, "/body/level", "not_one_of"),
        ({"timezone": "Mars/Olympus"}, "/body/timezone", "not_a_timezone"),
        ({"holidays": "DE-XX"}, "/body/holidays", "not_a_holiday_region"),
        ({"area": {"type": "Point", "coordinates": [1, 2]}}, "/body/area", "not_an_area"),
        ({"area": {"type": "Polygon", "coordinates": "here"}}, "/body/area", "not_an_area"),
        ({"area": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}}, "/body/area", "not_an_area"),
    ],
)
def test_what_makes_no_tree_is_refused_where_it_stands(
    shared_world: World, changed: dict[str, Any], pointer: str, code: str
) -> None:
    refused = propose(shared_world, "unit_create", {**TEAM, **changed}, expect=422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"unit": "lin-a"}, "/body", "already_so"),
        ({"unit": "lin", "under": "lin-a"}, "/body/under", "not_above"),
        ({"unit": "lin-a", "name": "lin-z"}, "/body/name", "unknown_field"),
        ({"unit": "lin-a", "level": "local"}, "/body/level", "unknown_field"),
        ({"unit": "lin-z", "title": "Nobody's"}, "/body/unit", "not_a_reference"),
    ],
)
def test_what_a_unit_cannot_become_is_refused(
    shared_world: World, body: dict[str, Any], pointer: str, code: str
) -> None:
    refused = propose(shared_world, "unit_change", body, expect=422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [(pointer, code)]


def test_nobody_changes_the_unit_of_oversight(shared_world: World) -> None:
    told = {"unit": "oversight", "title": "Nothing to see"}
    refused = shared_world.client("admin1.nor").call(
        "POST", "/proposals", body={"kind": "unit_change", "body": told}
    )
    assert (refused.status, refused.code) == (403, "role_not_allowed")


def test_what_was_taken_meanwhile_can_no_longer_be_approved(world: World) -> None:
    first, second = (propose(world, "unit_create", TEAM) for _ in range(2))
    decide(world, first)
    assert decide(world, second, expect=409).code == "proposal_lapsed"


def test_an_administrator_of_a_region_makes_no_units_elsewhere(world: World) -> None:
    who = "officer2.bru-a"
    decide(world, propose(world, "grant", {"account": who, "role": "administrator", "unit": "lin"}))
    assert propose(world, "unit_create", TEAM, by=who)["unit"] == "lin"
    elsewhere = {**TEAM, "name": "hav-c", "under": "hav"}
    assert propose(world, "unit_create", elsewhere, by=who, expect=422).code == "validation_failed"
    away = {"unit": "lin-a", "under": "hav"}
    refused = propose(world, "unit_change", away, by=who, expect=422)
    assert [one["code"] for one in refused["errors"]] == ["not_a_reference"]
