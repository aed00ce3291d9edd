"""What a step may say: the JSON Schema of an action accepts exactly what the engine accepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from community_api.procedure_engine.engine import engine, form_validation
from community_api.procedure_engine.engine.guards import Situation
from community_api.procedure_engine.engine.state import ActorView, Facts, Grade, Refusal, Step, UnitView
from community_api.procedure_engine.pack.definition import Field, Pack
from community_api.procedure_engine.pack.loader import load
from tests.unit.procedure_engine.chain import (
    FILLED_IN,
    LIN,
    NOR,
    OST,
    TUESDAY,
    analyst,
    baseline,
    case,
    decide,
    facts,
    manager,
    person,
)

EVERY_TYPE = load(Path(__file__).parent / "packs" / "every-type.v1.yaml")
WHOLE: dict[str, Any] = {
    "short_text": "abc",
    "word": "a_1",
    "agreed": True,
    "number": 3,
    "day": "2024-02-29",
    "when": "2026-03-29T02:30:00.5+02:00",
    "id": "0B55E0B4-6C1F-4B0B-8C62-0C0A0B1E0F00",
    "pick": "b",
    "picks": ["a", "c"],
    "to_units": ["nor"],
    "scheme": "3x5x2",
    "source": "1",
    "handling": "H0",
    "strict": "one",
    "free": "my_own",
    "told": "good",
    "why": "so",
    "rows": [{"factor": "one", "not_known": True, "grade": "2", "because": "b"}],
}

blanks = st.text(" \t\n\r\u00a0\u2003\u200b\ufeff\x85\x1c", max_size=4)
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 1.0, 3.0, 9.0, 10.0]),
    blanks,
    st.text(max_size=9),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=1),
)
DAYS = (
    "2026-02-03",
    "2024-02-29",
    "2023-02-29",
    "2100-02-29",
    "2000-02-29",
    "1899-12-31",
    "2199-12-31",
    "2026-04-31",
    "2026-13-01",
    "2026-2-3",
    "2026-02-03\n",
    "\uff12\uff1026-02-03",
    "20260203",
)
MOMENTS = (
    "2026-02-03T10:00:00Z",
    "2026-02-03T10:00:00.123456+14:00",
    "2026-02-03T24:00:00Z",
    "2026-02-03T10:00:60Z",
    "2026-02-03T10:00:00",
    "2026-02-03t10:00:00z",
    "2026-02-03 10:00:00Z",
    "2026-02-03T10:00:00.1234567Z",
    "2026-02-30T10:00:00Z",
    "2026-02-03T10:00:00-24:00",
)
IDS = (
    "0b55e0b4-6c1f-4b0b-8c62-0c0a0b1e0f00",
    "0B55E0B4-6C1F-4B0B-8C62-0C0A0B1E0F00",
    "0b55e0b46c1f4b0b8c620c0a0b1e0f00",
    "{0b55e0b4-6c1f-4b0b-8c62-0c0a0b1e0f00}",
    "0b55e0b4-6c1f-4b0b-8c62-0c0a0b1e0f00\n",
)
CODES = (
    "a",
    "b",
    "c",
    "one",
    "two",
    "my_own",
    "A",
    "X",
    "1",
    "2",
    "H0",
    "H3",
    "4x4",
    "3x5x2",
    "good",
    "a\n",
    "continue",
    "escalate",
    "identified",
    "B",
    "approved",
    "acted_on",
    "grievance",
    "Ä",
    "",
)
UNITS = ("lin", "ost", "nor", "bru", "wes", "sudria", "nowhere")


def likely(field: Field) -> st.SearchStrategy[Any]:
    """Values that are right often enough, and wrong in the ways people and programs are wrong."""
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "text": st.text(max_size=10),
        "boolean": st.booleans(),
        "integer": st.one_of(st.integers(-1, 11), st.sampled_from([2.0, 2.5])),
        "date": st.sampled_from(DAYS),
        "moment": st.sampled_from(MOMENTS),
        "uuid": st.sampled_from(IDS),
        "choices": st.lists(st.sampled_from(CODES[:4]), max_size=3),
        "units": st.lists(st.sampled_from(UNITS), max_size=3),
        "records": st.lists(documents(field.fields), max_size=4),
    }
    declared = st.sampled_from([choice.code for choice in field.choices] or CODES)
    right = by_type.get(field.type, declared | st.sampled_from(CODES))
    return st.one_of(right, right, right, junk)


@st.composite
def documents(draw: st.DrawFn, fields: tuple[Field, ...]) -> Any:
    """Fields as somebody might send them: mostly all of them, seldom something else."""
    if draw(st.integers(0, 30)) == 0:
        return draw(junk)
    sent = {field.code: draw(likely(field)) for field in fields if draw(st.integers(0, 9)) < 9}
    if draw(st.integers(0, 20)) == 0:
        sent[draw(st.text(max_size=4))] = draw(junk)
    return sent


@st.composite
def altered(draw: st.DrawFn, fields: tuple[Field, ...], whole: dict[str, Any]) -> Any:
    """A right document with at most two of its fields changed or taken away."""
    sent = json.loads(json.dumps(whole))
    for field in draw(st.lists(st.sampled_from(fields), max_size=2)):
        if draw(st.booleans()):
            sent[field.code] = draw(likely(field))
        else:
            sent.pop(field.code, None)
    return sent


def agree(pack: Pack, action: str, sent: Any, facts: Facts) -> bool:
    """Ask both; they must agree. True: both accept."""
    state = case("anywhere", facts.unit.level)
    schema = engine.json_schema(pack, action, state, facts)
    by_schema = Draft202012Validator(schema).is_valid(sent)
    here = sent if isinstance(sent, dict) else {}
    declared = engine.fields_of(pack, pack.action_by_code[action])
    _accepted, problems = form_validation.check(declared, sent, Situation(pack, state, facts, fields=here))
    assert by_schema is not bool(problems), (sent, problems)
    return by_schema


EVERYTHING = EVERY_TYPE.forms[0].fields
somewhere = st.sampled_from([facts(LIN), facts(OST), facts(NOR)])


@given(st.one_of(altered(EVERYTHING, WHOLE), documents(EVERYTHING)), somewhere)
@example(WHOLE, facts(LIN))
def test_schema_and_engine_agree_on_every_type(sent, record):
    agree(EVERY_TYPE, "fill", sent, record)


@pytest.mark.parametrize("action", [action.code for action in baseline().actions])
@given(st.data())
def test_schema_and_engine_agree_on_every_action_of_the_baseline(action, data):
    fields = engine.fields_of(baseline(), baseline().action_by_code[action])
    some = altered(fields, FILLED_IN[action]) if fields else junk
    sent = data.draw(st.one_of(some, documents(fields)))
    agree(baseline(), action, sent, data.draw(somewhere))


@given(st.lists(st.sampled_from(EVERYTHING), unique=True, min_size=1))
def test_many_wrong_fields_are_all_named_at_once(fields):
    sent = {**WHOLE, **{field.code: None for field in fields}}
    now = Situation(EVERY_TYPE, case("begin"), facts(), fields=sent)
    _accepted, problems = form_validation.check(EVERYTHING, sent, now)
    assert {problem.pointer for problem in problems} == {f"/{field.code}" for field in fields}


def test_generated_documents_are_accepted_and_refused_often_enough_to_mean_something():
    assert agree(EVERY_TYPE, "fill", WHOLE, facts(LIN))
    verdicts = [
        agree(EVERY_TYPE, "fill", {**WHOLE, field.code: value}, facts(LIN))
        for field in EVERYTHING
        for value in [*DAYS, *MOMENTS, *IDS, *CODES, *([unit] for unit in UNITS), [], None, True, 1, 1.0, 0.5]
    ]
    assert 40 < sum(verdicts) < len(verdicts) / 2


@pytest.mark.parametrize("pack", [baseline(), EVERY_TYPE], ids=["baseline", "every type"])
def test_every_schema_is_a_schema(pack):
    for action in pack.actions:
        for unit in (LIN, OST, NOR):
            schema = engine.json_schema(pack, action.code, case("x", unit.level), facts(unit))
            Draft202012Validator.check_schema(schema)
            assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("action", FILLED_IN)
def test_what_the_tests_fill_in_is_right(action):
    assert agree(baseline(), action, FILLED_IN[action], facts())


def test_only_words_for_people_are_translated():
    shouted = engine.json_schema(baseline(), "decide", case("to_decide"), facts(), str.upper)
    plain = engine.json_schema(baseline(), "decide", case("to_decide"), facts())
    outcome = shouted["properties"]["outcome"]
    assert outcome["enum"] == plain["properties"]["outcome"]["enum"]
    assert outcome["oneOf"][0] == {"const": "escalate", "title": "PASS ON TO ANOTHER LEVEL"}
    assert shouted["title"] == "DECISION"


def test_guards_about_content_are_named_in_the_schema():
    schema = engine.json_schema(baseline(), "decide", case("to_decide"), facts())
    assert schema["x-rules"] == [
        {"rule": "date_within", "field": "review_on", "at_least_days": 0, "at_most_days": 1826}
    ]


@pytest.mark.parametrize("sent", [{"note": "x"}, [], [1], "x", 0, False])
def test_action_without_a_form_takes_an_empty_object_only(sent):
    assert decide("to_acknowledge", analyst(), "acknowledge", {}).allow
    assert decide("to_acknowledge", analyst(), "acknowledge", sent).code == "validation_failed"


POINTERS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"summary": 1}, "/summary", "wrong_type"),
    ({"summary": " \u2003"}, "/summary", "blank"),
    ({"summary": "x" * 5001}, "/summary", "too_long"),
    ({"outcome": "maybe"}, "/outcome", "not_a_choice"),
    ({"factors": []}, "/factors", "too_few"),
    ({"factors": [{"code": "status"}]}, "/factors/0", "exactly_one"),
    ({"factors": [{"code": "status", "evidence": "x", "not_known": True}]}, "/factors/0", "exactly_one"),
    ({"factors": [{"code": "Status!", "not_known": True}]}, "/factors/0/code", "bad_format"),
    ({"factors": [{"code": "status", "not_known": True, "score": 5}]}, "/factors/0/score", "unknown_field"),
    ({"factors": [{"not_known": True}]}, "/factors/0/code", "required"),
    ({"factors": ["status"]}, "/factors/0", "wrong_type"),
    ({"score/~": 5}, "/score~1~0", "unknown_field"),
)


@pytest.mark.parametrize(("changed", "pointer", "code"), POINTERS)
def test_each_problem_points_at_its_field(changed, pointer, code):
    answer = decide("to_assess", analyst(), "assess", {**FILLED_IN["assess"], **changed})
    assert isinstance(answer, Refusal)
    assert [(error.pointer, error.code) for error in answer.errors] == [(pointer, code)]


def test_not_known_may_be_false_beside_evidence():
    factors = [{"code": "status", "evidence": "Said so.", "not_known": False}]
    assert decide("to_assess", analyst(), "assess", factors=factors).allow


def filled(**changed: Any) -> Step | Refusal:
    trained = ActorView(person("ana"), frozenset({"analyst"}), frozenset({"assessing"}))
    sent = {**WHOLE, **changed}
    return engine.decide(EVERY_TYPE, case("begin"), trained, "fill", sent, at=TUESDAY, facts=facts())


def test_accepted_values_are_brought_into_one_form():
    step = filled(number=3.0)
    assert isinstance(step, Step)
    assert step.fields["id"] == "0b55e0b4-6c1f-4b0b-8c62-0c0a0b1e0f00"
    assert step.fields["when"] == "2026-03-29T00:30:00.500000Z"
    assert repr(step.fields["number"]) == "3"
    assert step.grades == (Grade("3x5x2", "source", "1"), Grade("4x4", "handling", "H0"))


def test_result_sets_and_clears_marks_after_the_form_has_spoken():
    step = filled(agreed=True)
    assert isinstance(step, Step)
    assert step.case.marks == {"seen"}


def test_grade_of_one_scheme_is_no_grade_of_another():
    assert isinstance(filled(scheme="4x4", source="A"), Step)
    assert isinstance(filled(scheme="4x4", source="1"), Refusal)
    assert isinstance(filled(scheme="3x5x2", source="A"), Refusal)


def test_who_is_not_certified_is_told_which_course_is_missing():
    answer = engine.decide(EVERY_TYPE, case("begin"), analyst(), "fill", WHOLE, at=TUESDAY, facts=facts())
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.params) == ("training_required", {"course": "assessing"})


FINISH: tuple[tuple[set[str], set[str], UnitView, bool], ...] = (
    ({"fill"}, {"seen"}, LIN, True),
    (set(), {"seen"}, LIN, False),
    ({"fill"}, set(), LIN, False),
    ({"fill"}, {"seen"}, NOR, False),
)


@pytest.mark.parametrize(("acts", "marks", "unit", "allowed"), FINISH)
def test_guards_about_what_was_done_marks_and_levels(acts, marks, unit, allowed):
    known = facts(unit, acts={act: frozenset({person("x")}) for act in acts})
    state = case("begin", unit.level, marks=frozenset(marks))
    answer = engine.decide(EVERY_TYPE, state, analyst(), "finish", {}, at=TUESDAY, facts=known)
    assert answer.allow is allowed
    offers = {o.action: o for o in engine.actions_for(EVERY_TYPE, state, analyst(), known)}
    assert (offers["finish"].withheld is None) is allowed


def test_lateral_and_foreign_units_are_recipients_where_the_graph_says_any():
    def permitted(unit):
        schema = engine.json_schema(EVERY_TYPE, "fill", case("begin", unit.level), facts(unit))
        return schema["properties"]["to_units"]["items"]["enum"]

    assert permitted(LIN) == ["bru", "nor"]
    assert permitted(NOR) == ["sudria"]


def test_manager_of_another_role_set_is_no_analyst():
    assert engine.permit(EVERY_TYPE, "fill", manager(), facts()) is not None
