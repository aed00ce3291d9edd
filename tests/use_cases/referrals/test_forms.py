"""What an action asks for is told as JSON Schema, and that is what a step accepts: no more, no less."""

from __future__ import annotations

import copy
from datetime import timedelta

import jsonschema
import pytest

from tests.support.workflow import ANALYST, MANAGER, Police, fields
from tests.use_cases.referrals.conftest import BASELINE, every_action, raw_step, tag

STAGE_OF = {action.code: action.sources[0] for action in BASELINE.actions}


def offered(police, standing, action):
    """The schema of an action in its stage, the case, and somebody who may take it."""
    case = standing[STAGE_OF[action]]
    who = case.doer(action)
    listed = police.of(who).get(f"/referrals/{case.id}/actions").items
    return next(one for one in listed if one["action"] == action), case, who


def spoilt(good, schema):
    """Forms that are filled in wrongly, each in one way, and what that way is called."""
    yield "unknown field", {**good, "score": 7}
    for name, value in good.items():
        yield f"{name}: missing", {key: told for key, told in good.items() if key != name}
        for wrong in (None, 17, "", "   ", ["x"], {"x": 1}, "x" * 20_001):
            if wrong != value:
                yield f"{name}: {str(wrong)[:10]!r}", {**good, name: wrong}
    for name, about in schema["properties"].items():
        if name not in good and about.get("type") == "string":
            yield f"{name}: blank", {**good, name: " "}


@pytest.mark.parametrize("action", every_action())
def test_what_the_schema_accepts_a_step_accepts_and_what_it_refuses_a_step_points_at(
    shared_police, standing, action
):
    offer, case, who = offered(shared_police, standing, action)
    schema = offer["fields"]
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    good = fields(shared_police.world, action)
    assert judge.is_valid(good)
    seen = tag(shared_police, case)
    for name, form in spoilt(good, schema):
        if judge.is_valid(form):
            continue  # a step would be taken: the next test takes it
        answer = raw_step(shared_police, who, case.id, {"action": action, "fields": form}, if_match=seen)
        expected = (409, "feedback_owed") if offer["blocked"] else (422, "validation_failed")
        assert (answer.status, answer.code) == expected, name
        if not offer["blocked"]:
            assert all(error["pointer"].startswith("/fields") for error in answer["errors"]), name
    assert tag(shared_police, case) == seen


def test_forms_with_and_without_what_is_optional_are_both_accepted(shared_police):
    for extra in ({}, {"changed_since_last": "A second purchase."}):
        case = shared_police.confirmed()
        shared_police.takes_step(ANALYST, case, "assess", **extra)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"factors": []}, "/fields/factors"),
        ({"factors": [{"code": "grievance"}]}, "/fields/factors/0"),
        ({"factors": [{"code": "Prays a lot", "evidence": "Seen."}]}, "/fields/factors/0/code"),
        ({"factors": [{"code": "status", "evidence": "a"}, {"code": "status", "evidence": "b"}]},
         "/fields/factors/1/code"),
        ({"ideology": "certain"}, "/fields/ideology"),
        ({"outcome": "escalate"}, "/fields/outcome"),
    ],
)  # fmt: skip
def test_an_assessment_has_evidence_or_says_that_it_is_not_known(shared_police, standing, changes, pointer):
    case = standing["to_assess"].id
    refused = shared_police.takes_step(ANALYST, case, "assess", expect=422, **changes)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


def test_not_known_is_an_answer(shared_police):
    case = shared_police.confirmed()
    told = [{"code": "grievance", "not_known": True}, {"code": "status", "evidence": "Boasted."}]
    assert shared_police.takes_step(ANALYST, case, "assess", factors=told)["to_state"] == "to_evaluate"


@pytest.mark.parametrize(
    "changes",
    [{"source_grade": "1"}, {"information_grade": "B"}, {"source_grade": "E"}, {"scheme": "5x5x5"}],
)
def test_a_grade_is_one_of_its_scheme_and_axis(shared_police, standing, changes):
    case = standing["to_evaluate"].id
    refused = shared_police.takes_step(ANALYST, case, "evaluate", expect=422, **changes)
    assert f"/fields/{next(iter(changes))}" in [error["pointer"] for error in refused["errors"]]


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1826, True), (1827, False)])
def test_a_decision_is_reviewed_from_today_on_and_within_five_years(shared_police, days, allowed):
    police = shared_police
    case = police.brings_to("to_decide", police.confirmed())
    on = (police.world.clock.now().date() + timedelta(days=days)).isoformat()
    answer = police.takes_step(MANAGER, case, "decide", review_on=on, expect=201 if allowed else 422)
    if not allowed:
        assert [error["pointer"] for error in answer["errors"]] == ["/fields/review_on"]


def test_handling_code_h3_needs_its_conditions(shared_police, standing):
    case = standing["to_disseminate"].id
    refused = shared_police.takes_step(MANAGER, case, "disseminate", handling_code="H3", expect=422)
    assert [error["pointer"] for error in refused["errors"]] == ["/fields/conditions"]


def test_titles_of_a_form_are_in_the_language_of_whoever_reads_them(shared_police, standing):
    case = standing["to_assess"].id
    german, english = (
        shared_police.of(who).get(f"/referrals/{case}/actions").items[0] for who in (ANALYST, "analyst2.lin")
    )
    assert english["title"] == "Assess"
    assert german["title"] != english["title"]
    assert german["fields"]["properties"]["summary"]["title"] != "Summary conclusion"
    assert german["fields"]["required"] == english["fields"]["required"]


def test_words_of_one_case_are_not_offered_to_another(shared_police):
    police: Police = shared_police
    one = copy.deepcopy(police.of(ANALYST).get(f"/referrals/{police.confirmed()}/actions").body)
    other = police.of(ANALYST).get(f"/referrals/{police.confirmed()}/actions").body
    assert one == other
