"""What crosses the valve: the flag's own words and, of the report, day, category and one coarse place."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import h3
import pytest
from sqlalchemy import select

from community_api.community.concerns.schemas import ContactIn
from community_api.community.observations.schemas import ObservationIn, PlaceIn
from community_api.community.public.schemas import PublicConcernIn
from community_api.core.database.engine import Base
from community_api.intelligence.chain.referrals.terms import SEALED_LABEL
from community_api.intelligence.flags.terms import COPIED
from tests.api.test_canaries import OTHERS
from tests.api.test_lists import LISTS
from tests.support import public
from tests.support.app import World
from tests.support.workflow import (
    ANALYST,
    MANAGER,
    OFFICER,
    OTHER_ANALYST,
    SECOND_PERSON,
    SUPERVISOR,
    Police,
    flag,
    observation,
)

PLACE = {
    "lat": 51.241739, "lon": 10.453318, "accuracy_m": 3, "precision": "exact",
    "description": "Canary: third floor, left",
}  # fmt: skip
# Of each field the value that is planted in it; what may cross is named below.
OBSERVED: dict[str, Any] = {
    "purpose": "crime_prevention",
    "category": "weapons",
    "facts": "Canary: the bags in garage 14",
    "assessment": "Canary: my opinion of it",
    "source_relation": "third_hand",
    "place": PLACE,
    "immediate_danger": True,
    "language": "lt",
    "unit": "lin-a",
}
TOLD: dict[str, Any] = {
    "category": "weapons",
    "text": "Canary: from my window I see them",
    "how_known": "Canary: I live there",
    "place": PLACE,
    "occurred_on": "2026-02-27",
    "language": "tr",
    "immediate_danger": True,
    "may_publish": True,
    "contact": {
        "channel": "messenger", "value": "Canary: @my-own-name", "safe_when": "Canary: at noon",
        "never_when": "Canary: at night", "say_police": False,
    },
}  # fmt: skip
ADDED = {"facts": "Canary: it came back", "assessment": "Canary: and again", "answers": "Canary: a red one"}
# What a chain may hear of a report, by name, beside the words of the flag.
CROSSING = {"day", "category", "place"}
# Whose lists may show nothing else.
CHAIN = (ANALYST, OTHER_ANALYST, MANAGER, "registrar.lin", "chair.lin", "analyst1.ost", "manager.ost")
# Sent with a report, and no part of it: its id and its code, the proof of work, times that are looked for
# by themselves; an area stands in for a place; who forbade it is flagged in no test here.
BESIDE = {"id", "code", "proof", "occurred_at", "recorded_at", "area", "do_not_pass_on"}


def texts(value: Any) -> set[str]:
    """Every text of a structure that was made to be found again."""
    if isinstance(value, dict):
        return set().union(*map(texts, value.values()))
    return {value} if isinstance(value, str) and value.startswith("Canary") else set()


def chain_of(world: World, police: Police, case: str) -> str:
    """Everything that the chain shows of a case to its own people, its sanitised report, what they owe."""
    for who, action in (
        (ANALYST, "assess"), (ANALYST, "evaluate"),
        (ANALYST, "sanitise"), (OTHER_ANALYST, "approve_sanitised"),
    ):  # fmt: skip
        police.takes_step(who, case, action)
    police.takes_step(MANAGER, case, "decide", outcome="investigate")
    analyst, manager = police.of(ANALYST), police.of(MANAGER)
    seen = [police.reads_referral(case).body]
    for path in (f"/referrals/{case}/actions", f"/referrals/{case}/steps"):
        seen += [analyst.get(path).body, manager.get(path).body]
    for path in ("/referrals", "/duties", "/intelligence-reports"):
        seen += [*manager.pages(path)]
    # Whoever owes an answer locally owes it by the report's reference (contract section 8), and no more.
    for owed in manager.pages("/feedback/obligations"):
        seen.append({name: value for name, value in owed.items() if name != "report_reference"})
    for report in manager.pages("/intelligence-reports"):
        seen.append(manager.get(f"/intelligence-reports/{report['id']}", purpose="assessment").body)
    return json.dumps([*seen, *(everything_listed(world, who) for who in CHAIN)])


def everything_listed(world: World, who: str) -> list[Any]:
    """Every list that is open to somebody of the chain, page by page, and what else is read without an id.

    Among them is what the trail says of their own acts.
    """
    seen: list[Any] = []
    for path in (*LISTS, *OTHERS):
        answer = world.client(who).call("GET", path)
        assert answer.status in {200, 403}, (path, answer.body)
        if answer.status == 200:
            seen += world.client(who).pages(path) if path in LISTS else [answer.body]
    # Whoever owes an answer locally owes it by the report's reference (contract section 8).
    return [
        {name: value for name, value in one.items() if name != "report_reference"}
        if isinstance(one, dict)
        else one
        for one in seen
    ]


def told_by_the_trail(world: World) -> str:
    """All leaves as the authority reads them, and the envelopes that the data protection officer reads."""
    read = [list(world.client(who).pages("/audit/events")) for who in ("overseer.oversight", "dpo.nor")]
    assert len(read[0]) > 20
    return json.dumps(read)


def stored_texts(world: World, *prefixes: str) -> str:
    """Every value in the columns of tables with these prefixes, and the copies in cases, opened."""
    found: list[Any] = []
    with world.uow() as tx:
        for table in Base.metadata.sorted_tables:
            if table.name.startswith(prefixes):
                rows = tx.session.execute(select(table)).mappings()
                for row in rows:
                    found.append({name: str(value) for name, value in row.items()})
                    if table.name == "intel_referral" and row["sealed"] is not None:
                        copy = tx.sealer.open(tx, row["id"], SEALED_LABEL, row["text_version"], row["sealed"])
                        assert set(copy) == CROSSING | set(COPIED)
                        found.append(copy)
    return json.dumps(found)


def test_every_field_that_a_report_has_is_planted_here():
    assert set(ObservationIn().fields) <= set(OBSERVED) | BESIDE
    assert set(PublicConcernIn().fields) <= set(TOLD) | BESIDE
    assert set(PlaceIn().fields) == set(PLACE)
    assert set(ContactIn().fields) == set(TOLD["contact"])


@pytest.fixture
def police(world: World) -> Police:
    return Police(world)


def test_of_an_observation_day_category_and_street_cross_and_nothing_else(world: World, police: Police):
    occurred = world.clock.now() - timedelta(minutes=73)
    times = {
        "occurred_at": occurred.isoformat(),
        "recorded_at": (occurred + timedelta(minutes=7)).isoformat(),
    }
    report = police.of(OFFICER).post("/observations", {**OBSERVED, **times})
    police.of(OFFICER).post(f"/observations/{report['id']}/supplements", ADDED)
    world.later(minutes=11)
    raised = police.raises_flag(report["id"])
    world.later(minutes=13)
    case = police.referral_called(police.decides_flag(raised["id"])["referral_reference"])
    content = police.reads_referral(case)["content"]
    assert set(content) == CROSSING | set(COPIED)
    assert content["place"] == {"precision": "street", "lat": 51.242, "lon": 10.453}
    assert (content["day"], content["category"]) == (occurred.date().isoformat(), "weapons")
    shown, stored = (
        chain_of(world, police, case),
        stored_texts(world, "intel_", "audit_", "units_duty", "feedback_"),
    )
    hidden = texts(OBSERVED) | texts(ADDED) | {"51.2417", "10.4533", "third_hand", f"{occurred:%H:%M:%S}"}
    assert {one for one in hidden if one in stored} == set()
    assert {one for one in hidden if one in told_by_the_trail(world)} == set()
    # Who reported it is kept beside the case to tell second persons apart, and shown to nobody.
    assert {
        one for one in hidden | {report["id"], report["reference"], report["reporter"]} if one in shown
    } == set()
    in_the_chain = stored_texts(world, "intel_")
    assert report["id"] not in in_the_chain
    assert report["reference"] not in in_the_chain


def test_of_a_concern_day_category_and_cell_cross_and_nothing_else(world: World, police: Police):
    who, concern_id = public.concern(world, **TOLD)
    who.post("messages", text="Canary: they are here again")
    who.post("questionnaires", answers={"safe": "Canary: not at all"})
    (listed,) = [one for one in world.client(SUPERVISOR).pages("/concerns") if one["id"] == concern_id]
    raised = police.of(SUPERVISOR).post(f"/concerns/{concern_id}/flags", flag())
    case = police.referral_called(police.decides_flag(raised["id"])["referral_reference"])
    content = police.reads_referral(case)["content"]
    assert set(content) == CROSSING | set(COPIED)
    assert content["place"] == {"precision": "area", "cell": h3.latlng_to_cell(PLACE["lat"], PLACE["lon"], 7)}
    assert (content["day"], content["category"]) == ("2026-02-27", "weapons")
    shown, stored = (
        chain_of(world, police, case),
        stored_texts(world, "intel_", "audit_", "units_duty", "feedback_"),
    )
    hidden = texts(TOLD) | {"Canary", "51.24", "10.45", "told_by_public", who.code, "messenger"}
    assert {one for one in hidden | {concern_id, listed["reference"]} if one in shown} == set()
    assert {one for one in hidden if one in stored} == set()
    assert {one for one in hidden if one in told_by_the_trail(world)} == set()
    in_the_chain = stored_texts(world, "intel_")
    assert concern_id not in in_the_chain
    assert listed["reference"] not in in_the_chain


def test_an_observation_of_an_area_or_a_poor_position_crosses_as_a_cell(world: World, police: Police):
    cell = h3.latlng_to_cell(PLACE["lat"], PLACE["lon"], 7)
    for vague in ({"precision": "area"}, {"accuracy_m": 900}):
        case = police.confirmed_of(police.observes(place={**PLACE, **vague})["id"])
        assert police.reads_referral(case)["content"]["place"] == {"precision": "area", "cell": cell}
    nowhere = observation(world)
    del nowhere["place"]
    case = police.confirmed_of(police.of(OFFICER).post("/observations", nowhere)["id"])
    assert police.reads_referral(case)["content"]["place"] is None


def test_a_finer_place_crosses_only_as_a_ground_that_names_it(world: World, police: Police):
    where = "At 21:40 two men carried bags through the yard of Tannery Lane 4."
    grounds = [{"indicator": "acquiring_materials", "fact": where}]
    case = police.confirmed_of(police.observes(place=PLACE)["id"], grounds=grounds)
    assert police.reads_referral(case)["content"]["grounds"] == grounds


def test_the_second_person_says_that_nothing_points_to_a_reporter_of_the_public(world: World, police: Police):
    _who, concern_id = public.concern(world, category="weapons")
    raised = police.of(SUPERVISOR).post(f"/concerns/{concern_id}/flags", flag())
    body = {"decision": "confirmed", "reason": "Acts.", "stands_without_protected_ground": "yes"}
    path, second = f"/flags/{raised['id']}/decision", police.of(SECOND_PERSON)
    unsaid = second.post(path, body, expect=422)
    assert [(one["pointer"], one["code"]) for one in unsaid["errors"]] == [("/teller_protected", "required")]
    pointing = second.post(path, {**body, "teller_protected": "no"}, expect=422)
    assert [one["code"] for one in pointing["errors"]] == ["does_not_stand"]
    assert second.post(path, {**body, "teller_protected": "yes"})["referral_reference"]
    shown = police.of(SUPERVISOR).get(f"/flags/{raised['id']}", purpose="supervision")
    assert shown["decision"]["teller_protected"] == "yes"


def test_of_an_officers_flag_it_may_be_said_and_a_no_counts(world: World, police: Police):
    body = {"decision": "confirmed", "reason": "Acts.", "stands_without_protected_ground": "yes"}
    raised = police.raises_flag(police.observes()["id"])
    path, second = f"/flags/{raised['id']}/decision", police.of(SECOND_PERSON)
    pointing = second.post(path, {**body, "teller_protected": "no"}, expect=422)
    assert [one["code"] for one in pointing["errors"]] == ["does_not_stand"]
    assert second.post(path, body)["referral_reference"]


def test_a_refusal_needs_no_word_about_the_teller(world: World, police: Police):
    _who, concern_id = public.concern(world, category="weapons")
    raised = police.of(SUPERVISOR).post(f"/concerns/{concern_id}/flags", flag())
    body = {"decision": "refused", "reason": "It quotes her.", "stands_without_protected_ground": "yes"}
    said = police.of(SECOND_PERSON).post(
        f"/flags/{raised['id']}/decision", {**body, "teller_protected": "no"}
    )
    assert said["flag"]["status"] == "refused"
