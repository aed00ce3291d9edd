"""Whose people somebody is: who asks for an absence, and what one unit cannot give away of another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.access.proposal_steps import decide, posts_of, propose
from tests.api.access.test_coming_back import away, serves_too
from tests.support.app import Answer, World

OFFICER = "officer1.lin-a"
ALSO_ELSEWHERE = "officer1.bru-a"


@pytest.mark.parametrize(
    ("who", "account"),
    [
        ("supervisor.lin-a", OFFICER),
        ("manager.lin", OFFICER),
        ("manager.lin", "analyst1.lin"),
        ("manager.lin", "commander.lin"),
        ("manager.ost", "analyst1.ost"),
        ("manager.ost", "manager.lin"),
        ("manager.ost", "supervisor.bru-a"),
        ("manager.nor", "manager.wes"),
        ("manager.nor", OFFICER),
        ("admin1.nor", OFFICER),
    ],
)
def test_ones_people_are_those_of_the_own_unit_and_of_all_below_it(world, who, account):
    away(world, by=who, account=account)
    assert posts_of(world, account) == []


@pytest.mark.parametrize(
    ("who", "account"),
    [
        ("supervisor.lin-a", "officer1.lin-b"),
        ("manager.lin", "officer1.bru-a"),
        ("manager.lin", "analyst1.ost"),
        ("manager.ost", "officer1.hav-a"),
        ("manager.ost", "analyst1.wes"),
        ("manager.ost", "dpo.nor"),
    ],
)
def test_nobody_asks_for_other_peoples_people(world, who, account):
    refused = away_refused(world, by=who, account=account)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/body", "not_a_reference")]
    assert posts_of(world, account) != []


@pytest.mark.parametrize("who", ["analyst1.lin", "commander.lin", "safeguarding.lin", "officer2.lin-a"])
def test_who_answers_for_nobody_asks_for_nobody(world, who):
    away_refused(world, by=who, account=OFFICER, expect=403)


def away_refused(world: World, *, by: str, expect: int = 422, **values: Any) -> Answer:
    until = (world.clock.now() + timedelta(days=7)).isoformat()
    return propose(world, "absence", {"until": until, **values}, by=by, expect=expect)


def test_one_unit_does_not_give_away_what_concerns_another(world):
    serves_too(world, ALSO_ELSEWHERE)
    alone_or_with_a_deputy: tuple[dict[str, Any], ...] = ({}, {"deputy": "officer2.lin-a"})
    for more in alone_or_with_a_deputy:
        refused = away_refused(world, by="supervisor.lin-a", account=ALSO_ELSEWHERE, **more)
        assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [
            ("/body/account", "works_elsewhere")
        ]
    assert posts_of(world, ALSO_ELSEWHERE) == ["officer.bru-a"]


@pytest.mark.parametrize("who", ["manager.ost", "admin1.nor", ALSO_ELSEWHERE])
def test_whoever_stands_above_both_units_asks_or_the_person_does(world, who):
    serves_too(world, ALSO_ELSEWHERE)
    away(world, by=who, account=ALSO_ELSEWHERE)
    assert posts_of(world, ALSO_ELSEWHERE) == []


def test_within_two_teams_of_one_local_unit_its_manager_asks_and_neither_team(world):
    serves_too(world, "officer1.lin-b")
    for who in ("supervisor.lin-a", "supervisor.lin-b"):
        away_refused(world, by=who, account="officer1.lin-b")
    decide(world, away(world, by="manager.lin", account="officer1.lin-b"), by="commander.lin")


@pytest.mark.parametrize("kind", ["absence", "password_reset"])
def test_about_somebody_of_two_local_units_the_nation_decides(world, kind):
    serves_too(world, ALSO_ELSEWHERE)
    until = (world.clock.now() + timedelta(days=7)).isoformat()
    more = {"until": until} if kind == "absence" else {}
    asked = propose(world, kind, {"account": ALSO_ELSEWHERE, **more})
    assert (
        "national intelligence manager" in asked["next_step"] or "national" in asked["next_step"].casefold()
    )
    for who in ("commander.lin", "commander.bru", "supervisor2.lin-a", "supervisor2.bru-a"):
        decide(world, asked, by=who, expect=404)
    decide(world, asked, by="dpo.nor")


def test_an_administrator_of_a_region_closes_no_account_that_also_serves_in_another(world):
    decide(
        world, propose(world, "grant", {"account": "officer2.lin-b", "role": "administrator", "unit": "ost"})
    )
    decide(world, propose(world, "grant", {"account": OFFICER, "role": "officer", "unit": "hav-a"}))
    refused = propose(world, "account_disable", {"account": OFFICER}, by="officer2.lin-b", expect=422)
    assert [one["code"] for one in refused["errors"]] == ["works_elsewhere"]
    propose(world, "account_disable", {"account": "officer2.lin-a"}, by="officer2.lin-b")
    propose(world, "account_disable", {"account": OFFICER}, by="admin1.nor")
