"""Running cases and newer versions of their procedure: moved one by one, with a person and a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.procedure_adoption import NEWEST, QUICKER, adopt, further, today
from tests.support.app import Answer, World
from tests.support.workflow import ANALYST, MANAGER, Police


def move(
    police: Police, case: str, *, by: str = MANAGER, version: int = NEWEST + 1, expect: int = 201
) -> Answer:
    body = {"version": version, "reason": "The new clock shall count for it too."}
    return police.of(by).post(f"/referrals/{case}/procedure-version", body, expect=expect)


def test_a_case_is_moved_with_a_reason_and_its_deadline_is_counted_anew_from_where_it_began(
    world: World,
) -> None:
    police = Police(world)
    case = police.brings_to("to_decide", police.confirmed())
    assert police.reads_referral(case)["due_at"].startswith("2026-03-30")
    adopt(world, further(today(world), QUICKER))
    world.clock.advance(timedelta(days=2))
    moved = move(police, case)
    assert (moved["action"], moved["from_state"], moved["to_state"]) == (
        "move_version",
        "to_decide",
        "to_decide",
    )
    read = police.reads_referral(case)
    assert (read["procedure"]["version"], read["due_at"][:10]) == (NEWEST + 1, "2026-03-16")
    assert read["written"][-1]["fields"]["reason"] == "The new clock shall count for it too."
    (duty,) = (one for one in police.of(MANAGER).pages("/duties") if one["subject"]["id"] == case)
    assert duty["due_at"].startswith("2026-03-16")
    police.takes_step(MANAGER, case, "decide")


def test_a_case_that_is_late_by_the_new_clock_only_is_told_of_at_once(world: World) -> None:
    police = Police(world)
    case = police.brings_to("to_decide", police.confirmed())
    adopt(world, further(today(world), QUICKER))
    world.clock.advance(timedelta(days=20))
    world.work()
    move(police, case)
    world.work()
    told = [one["kind"] for one in police.of("chair.lin").pages("/duties")]
    assert told == ["post_overdue"]


def test_moving_twice_with_one_id_moves_once(world: World) -> None:
    police = Police(world)
    case = police.confirmed()
    adopt(world, further(today(world), QUICKER))
    body = {"id": "7b0b0b63-3f1d-4a6b-9a53-2f7c7a3c9f10", "version": NEWEST + 1, "reason": "Once."}
    path = f"/referrals/{case}/procedure-version"
    first, again = (police.of(MANAGER).post(path, body) for _ in range(2))
    assert [first.status, again.status] == [201, 200]
    steps = police.of(MANAGER).get(f"/referrals/{case}/steps").items
    assert [step["action"] for step in steps] == ["move_version"]


def test_a_version_that_does_not_know_the_stage_takes_no_case_in_it(world: World) -> None:
    police = Police(world)
    case = police.confirmed()
    renamed = further(today(world)).replace("to_assess", "to_look_at")
    adopt(world, renamed)
    assert move(police, case, expect=409).code == "version_does_not_fit"
    assert police.reads_referral(case)["procedure"]["version"] == NEWEST


@pytest.fixture
def police(shared_world: World) -> Police:
    return Police(shared_world)


@pytest.mark.parametrize("version", [1, NEWEST, 99])
def test_only_a_newer_version_in_force_takes_a_case(police: Police, version: int) -> None:
    move(police, police.confirmed(), version=version, expect=422)


@pytest.mark.parametrize(("who", "status"), [(ANALYST, 403), ("manager.ost", 404), ("supervisor.lin-a", 403)])
def test_only_the_manager_of_the_unit_moves_a_case(police: Police, who: str, status: int) -> None:
    move(police, police.confirmed(), by=who, expect=status)
