"""Indicator lists over HTTP: proposed, examined, approved by another, and what a retirement opens."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from community_api.intelligence.indicators import service as indicators
from community_api.intelligence.indicators.loader import LISTS
from community_api.intelligence.indicators.models import IndicatorListRow
from tests.api.access.proposal_steps import decide
from tests.support.app import Answer, World
from tests.support.workflow import MANAGER, OFFICER, Police

FIRST = yaml.safe_load((LISTS / "verlt.v1.yaml").read_text(encoding="utf-8"))
RETIRED = "acquiring_materials"


def further(**changes: Any) -> dict[str, Any]:
    return {**FIRST, "version": 2, **changes}


def without(code: str) -> dict[str, Any]:
    return further(indicators=[one for one in FIRST["indicators"] if one["code"] != code])


def propose(world: World, content: dict[str, Any] | str, *, by: str = MANAGER, expect: int = 201) -> Answer:
    # JSON is YAML, in which nothing that stands twice is written as a reference to the first.
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    body = {"content": text, "reason": "One behaviour says nothing."}
    return world.client(by).post("/proposals", {"kind": "indicator_list", "body": body}, expect=expect)


def fault_text(answer: Answer) -> str:
    assert {error["code"] for error in answer["errors"]} == {"list_unsound"}
    return " ".join(error["message"] for error in answer["errors"])


def test_a_list_is_in_force_when_a_second_person_has_approved_it_and_ends_within_a_year(world: World) -> None:
    proposal = propose(world, without(RETIRED))
    assert world.client(OFFICER).get("/indicators")["version"] == 1
    decide(world, proposal)
    seen = world.client(OFFICER).get("/indicators")
    assert seen["version"] == 2
    assert RETIRED not in {one["code"] for one in seen["indicators"]}
    with world.uow() as tx:
        row = tx.first(select(IndicatorListRow).where(IndicatorListRow.number == 2))
        assert len(set(row.approvals)) == 2, "both persons stand beside it"
        assert (row.active_until - row.active_from).days <= 366
    indicators.install(world.uow)
    assert world.client(OFFICER).get("/indicators")["version"] == 2, "a start leaves it in force"


def test_whoever_proposed_a_list_does_not_approve_it_and_nobody_but_the_officer_for_data_protection_does(
    world: World,
) -> None:
    proposal = propose(world, without(RETIRED), by="manager.nor")
    for who, status in (("manager.nor", 403), ("admin1.nor", 403), ("records.nor", 404)):
        decide(world, proposal, by=who, expect=status)
    assert world.client(OFFICER).get("/indicators")["version"] == 1
    for who in ("analyst1.lin", "supervisor.lin-a", "dpo.nor"):
        propose(world, without(RETIRED), by=who, expect=403)


def indicator(**changes: Any) -> list[dict[str, Any]]:
    return [*FIRST["indicators"], {**FIRST["indicators"][0], "code": "a_new_one", **changes}]


@pytest.mark.parametrize(
    ("filters", "part"),
    [
        (further(indicators=indicator(behaviour="Has lately grown a beard.")), "never a sign"),
        (further(indicators=indicator(behaviour="Shows a change of appearance.")), "never a sign"),
        (further(indicators=indicator(why_relevant="Muslims do so.")), "protected trait"),
        (further(non_indicators=FIRST["non_indicators"][1:]), "stays on the list"),
        (further(sunset_months=13), "1 to 12 months"),
        (further(indicators=indicator(min_facts=["At least three signs are seen"])), "a_new_one"),
        (further(indicators=[]), "the list is empty"),
        (further(weights={"breach": 3}), "weights"),
        ("- no list", "The list cannot be put in force"),
        ("[" * 50_000, "nested deeper than 20 levels"),
        ("title: &long words\nmin_facts: [*long, *long]", "anchors (`&long`) are not allowed"),
        ("title: !!python/object:os.system x", "tags"),
        ("title: one\n---\ntitle: two", "one document only"),
        ("title: \x07", "not readable as YAML"),
        ("title: [", "not readable as YAML"),
    ],
)
def test_what_may_not_stand_on_a_list_is_refused_when_it_is_proposed(
    shared_world: World, filters: dict[str, Any] | str, part: str
) -> None:
    assert part in fault_text(propose(shared_world, filters, expect=422, by="manager.nor"))


def test_disguises_cannot_be_dropped_to_let_an_indicator_in(shared_world: World) -> None:
    """The words of the list before count, whatever the further list says of its own."""
    bare = [{**one, "disguises": {"en": ["something else"]}} for one in FIRST["non_indicators"]]
    told = further(non_indicators=bare, indicators=indicator(behaviour="Shows a change of appearance."))
    assert "never a sign" in fault_text(propose(shared_world, told, expect=422, by="manager.nor"))


@pytest.mark.parametrize("version", [1, 3])
def test_a_list_is_the_next_one(shared_world: World, version: int) -> None:
    answer = propose(shared_world, further(version=version), expect=422, by="manager.nor")
    assert [error["code"] for error in answer["errors"]] == ["not_a_further_version"]


def test_a_retired_indicator_opens_a_review_of_what_rests_on_it_alone(world: World) -> None:
    police = Police(world)
    fact = "Twenty bags of fertiliser for cash, at night, twice."
    alone = [{"indicator": RETIRED, "fact": fact}]
    running = police.confirmed(grounds=alone)
    other = police.confirmed(
        grounds=[*alone, {"indicator": "breach", "fact": "Climbed the fence of the depot at two."}]
    )
    waiting = police.raises_flag(police.observes()["id"], grounds=alone)["id"]
    decide(world, propose(world, without(RETIRED)))
    assert "referral_review" in police.duties(MANAGER, running)
    assert "referral_review" not in police.duties(MANAGER, other)
    assert "flag_review" in police.duties("supervisor.lin-a", waiting)
    police.takes_step("analyst1.lin", running, "assess")
    assert "referral_review" not in police.duties(MANAGER, running), "somebody has looked at it again"
