"""Figures of timeliness tell of teams and days, never of somebody who can be told apart."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.access.models import Account, RoleGrant
from community_api.units.directory import tree
from tests.support.workflow import OFFICER, SUPERVISOR, Police


@pytest.fixture
def police(world):
    return Police(world)


def triaged(police):
    report = police.observes(OFFICER)
    police.of(SUPERVISOR).post(
        f"/observations/{report['id']}/triage", {"route": "no_police_purpose", "reason": "A private quarrel."}
    )


def figures(police, who="supervisor.lin-a", **query):
    return police.of(who).get("/feedback/metrics", query=query)


def lends(police, *usernames):
    """Certified officers of other teams serve in lin-a as well."""
    world = police.world
    with world.uow() as tx:
        team = tree(tx).named("lin-a")
        assert team is not None
        for username in usernames:
            tx.add(
                RoleGrant(
                    id=uuid4(),
                    account_id=tx.first(select(Account.id).where(Account.username == username)),
                    role="officer",
                    unit_id=team.id,
                    since=tx.now,
                    until=None,
                )
            )


def test_a_team_with_fewer_than_three_certified_officers_is_in_no_figure(police):
    triaged(police)
    police.world.clock.advance(timedelta(days=1))
    for query in ({}, {"group_by": "unit"}, {"unit": "lin-a"}):
        told = figures(police, **query)
        assert (told["items"], told["withheld_units"]) == ([], ["lin-a"])
    assert figures(police, "dpo.nor")["items"] == []
    lends(police, "officer1.lin-b")
    assert figures(police)["withheld_units"] == ["lin-a"]
    lends(police, "officer1.bru-a")
    told = figures(police, group_by="unit")
    assert [(one["group"], one["owed"]) for one in told["items"]] == [("lin-a", 1)]
    assert told["withheld_units"] == []


def test_a_day_that_still_runs_counts_in_no_figure(police):
    lends(police, "officer1.lin-b", "officer1.bru-a")
    triaged(police)
    assert figures(police)["items"] == []
    today = police.world.clock.now().date()
    assert figures(police, **{"from": today.isoformat(), "to": today.isoformat()})["items"] == []
    police.world.clock.advance(timedelta(days=1))
    assert figures(police, **{"from": today.isoformat(), "to": today.isoformat()})["items"][0]["owed"] == 1


@pytest.mark.parametrize(
    ("query", "pointer"),
    [({"from": "2026-03-02T10:00:00Z"}, "/from"), ({"from": "2026-03-03", "to": "2026-03-01"}, "/to")],
)
def test_a_window_is_made_of_whole_days(police, query, pointer):
    refused = police.of(SUPERVISOR).get("/feedback/metrics", expect=422, query=query)
    assert refused["errors"][0]["pointer"] == pointer
