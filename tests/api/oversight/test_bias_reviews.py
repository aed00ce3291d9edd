"""An unusual share of flags from one place: somebody asks whether it is bias, and nobody looks at persons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from community_api.oversight.bias import service
from tests.support.app import World
from tests.support.workflow import OFFICER, Police

DPO, AUTHORITY = "dpo.nor", "overseer.oversight"
REASON = "Two colleagues took a protest camp for a sign; they take the course again."
FIELDS = {
    "id", "unit", "state", "since", "until", "reports", "flags", "percent", "raised_at", "closed_at",
    "finding", "version",
}  # fmt: skip


@pytest.fixture
def flagged(world: World) -> World:
    """A team of whose fourteen reports twelve were flagged, and one that flags as others do."""
    police = Police(world)
    for _ in range(12):
        police.raises_flag(police.observes()["id"])
    for _ in range(2):
        police.observes()
    for _ in range(12):
        police.observes("officer1.hav-a")
    world.clock.advance(timedelta(days=1))
    return world


def open_reviews(world: World, **query: Any) -> list[Any]:
    return list(world.client(DPO).pages("/bias-reviews", **query))


def test_the_data_protection_officer_is_asked_and_told_rounded_figures_of_the_place(flagged: World) -> None:
    assert service.look(flagged.uow) == 1
    (review,) = open_reviews(flagged)
    assert review.keys() == FIELDS
    assert (review["unit"], review["state"]) == ("lin-a", "open")
    assert (review["reports"], review["flags"], review["percent"]) == (15, 10, 85)
    duties = flagged.client(DPO).pages("/duties")
    assert [one["kind"] for one in duties if one["subject"]["id"] == review["id"]] == ["bias_review"]
    read = flagged.client(DPO).get(f"/bias-reviews/{review['id']}")
    assert OFFICER not in str(read.body)
    assert read["reason"] is None
    assert flagged.client(AUTHORITY).get(f"/bias-reviews/{review['id']}")["percent"] == 85


def test_a_place_is_asked_once_and_left_in_peace_after_an_answer(flagged: World) -> None:
    assert [service.look(flagged.uow) for _ in range(2)] == [1, 0]
    (review,) = open_reviews(flagged)
    told = {"finding": "training", "reason": REASON}
    closed = flagged.client(DPO).post(f"/bias-reviews/{review['id']}/closing", told)
    assert (closed["state"], closed["finding"], closed["reason"]) == ("closed", "training", REASON)
    assert [one for one in flagged.client(DPO).pages("/duties") if one["subject"]["id"] == review["id"]] == []
    again = flagged.client(DPO).post(f"/bias-reviews/{review['id']}/closing", told, expect=409)
    assert again.code == "already_closed"
    assert open_reviews(flagged, state="open") == []
    flagged.later(days=30)
    assert service.look(flagged.uow) == 0
    assert flagged.client(AUTHORITY).get(f"/bias-reviews/{review['id']}")["reason"] == REASON


def test_the_worker_asks_by_itself(flagged: World) -> None:
    flagged.later(hours=7)
    assert [one["unit"] for one in open_reviews(flagged)] == ["lin-a"]


def test_a_closing_that_is_sent_again_says_what_it_said(flagged: World) -> None:
    service.look(flagged.uow)
    (review,) = open_reviews(flagged)
    told = {"id": str(uuid4()), "finding": "explained", "reason": "A festival of fireworks."}
    path = f"/bias-reviews/{review['id']}/closing"
    first = flagged.client(DPO).post(path, told)
    assert flagged.client(DPO).post(path, told, expect=200).body == first.body


def test_the_figures_of_today_are_not_looked_at_yet(world: World) -> None:
    police = Police(world)
    for _ in range(12):
        police.raises_flag(police.observes()["id"])
    assert service.look(world.uow) == 0, "a single report must not be seen to arrive"


def test_long_ago_is_forgotten(flagged: World) -> None:
    flagged.clock.advance(timedelta(days=100))
    assert service.look(flagged.uow) == 0


@pytest.mark.parametrize("who", [OFFICER, "supervisor.lin-a", "manager.nor", "analyst1.lin", "admin1.nor"])
def test_nobody_who_would_collect_more_because_of_it_sees_it(shared_world: World, who: str) -> None:
    assert shared_world.client(who).get("/bias-reviews", expect=403).code == "role_not_allowed"
    assert shared_world.client(who).call("GET", f"/bias-reviews/{uuid4()}").status in {403, 404}


def test_oversight_reads_and_does_not_close(flagged: World) -> None:
    service.look(flagged.uow)
    (review,) = open_reviews(flagged)
    told = {"finding": "explained", "reason": REASON}
    refused = flagged.client(AUTHORITY).post(f"/bias-reviews/{review['id']}/closing", told, expect=403)
    assert refused.code == "role_not_allowed"
