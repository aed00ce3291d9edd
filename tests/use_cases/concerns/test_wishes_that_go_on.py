"""What follows from an exception, and partners who work beside a teller's wish."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import public
from tests.support.app import Answer, World
from tests.support.workflow import ANALYST, Police
from tests.use_cases.concerns.wishes import (
    BECAUSE,
    DESK,
    WEAPONS,
    acknowledged,
    bound,
    flagged,
    handed_over,
    record_of,
)


@pytest.fixture
def police(world: World) -> Police:
    return Police(world)


# --- what follows from a flag that an exception let through ----------------------------------------


def case_of(world: World, police: Police, concern: str, **values: Any) -> str:
    raised = flagged(world, concern, **values)
    return police.referral_called(police.decides_flag(raised["id"])["referral_reference"])


def test_a_record_that_the_chain_opens_of_an_excepted_flag_stays_bound(world: World, police: Police):
    _who, concern = bound(world, immediate_danger=True)
    acknowledged(world)
    case = case_of(world, police, concern, exception="danger_to_life", **BECAUSE)
    police.takes_step(ANALYST, case, "assess", outcome="safeguarding")
    record = record_of(world)
    assert handed_over(world, record, expect=409).code == "not_to_be_passed_on"
    # What let the flag through lets nothing else through: the record names no report to judge it by.
    for exception in ("danger_to_life", "duty_to_pursue"):
        refused = handed_over(world, record, expect=409, exception=exception, **BECAUSE)
        assert refused.code == "not_to_be_passed_on"
    assert handed_over(world, record, exception="serious_harm", **BECAUSE)["state"] == "sent"


def test_a_record_that_the_chain_opens_of_a_free_flag_is_handed_over_as_ever(world: World, police: Police):
    _who, concern = public.concern(world, **WEAPONS)
    case = case_of(world, police, concern)
    police.takes_step(ANALYST, case, "assess", outcome="safeguarding")
    assert handed_over(world, record_of(world))["state"] == "sent"


# --- partners who work on a problem ----------------------------------------------------------------

SCHOOL = {"name": "The school", "part": "Leaves a light on.", "unit": "school"}


def problem(world: World, **values: Any) -> Answer:
    body = {"title": "Dark garages", "scanning": "Nobody walks there at night.", **values}
    return world.client(DESK).post("/problems", body)


def entry(world: World, opened: Answer, **values: Any) -> Answer:
    body = {"stage": "response", "text": "A light is put up.", **values}
    return world.client(DESK).post(f"/problems/{opened['id']}/entries", body)


def warned(answer: Answer) -> list[str]:
    return [one["pointer"] for one in answer.body.get("warnings", []) if one["code"] == "partner_and_wish"]


def test_whoever_brings_a_partner_to_a_report_that_must_stay_is_warned(world: World):
    _who, concern = bound(world)
    assert warned(problem(world, concerns=[concern], partners=[SCHOOL])) == [
        "/partners/0/unit",
        "/concerns/0",
    ]
    alone = problem(world, concerns=[concern])
    assert warned(alone) == []
    assert warned(entry(world, alone)) == []
    assert warned(entry(world, alone, partners=[SCHOOL])) == ["/partners/0/unit"]
    before = problem(world, partners=[SCHOOL])
    assert warned(before) == []
    assert warned(entry(world, before, concerns=[concern])) == ["/concerns/0"]


def test_nobody_is_warned_of_what_nobody_forbade_or_of_helpers_without_an_account(world: World):
    _who, free = public.concern(world, **WEAPONS)
    assert warned(problem(world, concerns=[free], partners=[SCHOOL])) == []
    _who, concern = bound(world)
    neighbour = {"name": "Residents", "part": "Look after the hedge."}
    assert warned(problem(world, concerns=[concern], partners=[neighbour])) == []


def test_a_partner_reads_nothing_of_a_report_that_must_stay(world: World):
    _who, concern = bound(world)
    opened = problem(world, concerns=[concern], partners=[SCHOOL])
    seen = str(world.client("partner.school").get(f"/problems/{opened['id']}").body)
    assert concern not in seen
    assert WEAPONS["text"] not in seen
