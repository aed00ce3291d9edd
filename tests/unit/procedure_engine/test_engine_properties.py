"""What holds for every question that can be asked of the engine, and that these tests would notice if not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.procedure_engine.engine import engine, outcomes
from community_api.procedure_engine.engine.state import ActorView, Refusal, Step
from community_api.procedure_engine.pack import pack_types
from community_api.procedure_engine.terms import Code, Entry
from tests.unit.procedure_engine.chain import (
    BRU,
    FILLED_IN,
    LIN,
    NOR,
    OST,
    SUDRIA,
    TUESDAY,
    UNITS,
    WES,
    Running,
    baseline,
    case,
    facts,
    person,
)
from tests.unit.procedure_engine.model import AUTHORS, TABLE, Question, answer

ACTS = (*AUTHORS, "flag.confirm", "flag.cosign", *TABLE)
PEOPLE = tuple(map(person, ("ana", "bo", "mia", "officer")))
STAGES = tuple(stage.code for stage in baseline().stages)
OUTCOMES = (*sorted({outcome for row in TABLE.values() for outcome in row.leads if outcome}), "other")
ROLES = ("analyst", "intelligence_manager", "supervisor", "officer")


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any question; half of them about an action in its own stage by somebody with its role."""
    action = draw(st.sampled_from(sorted(TABLE)))
    row, fields = TABLE[action], dict(FILLED_IN[action])
    if row.field:
        fields[row.field] = draw(st.sampled_from([*(key for key in row.leads if key), *OUTCOMES]))
    if action == "disseminate":
        names = [unit.name for unit in UNITS]
        fields["to_units"] = draw(st.lists(st.sampled_from(["ost", "nor", *names]), max_size=3))
    return Question(
        action,
        draw(st.sampled_from([row.stage] * len(STAGES) + list(STAGES))),
        draw(st.sampled_from([LIN, BRU, OST, WES, NOR, SUDRIA])),
        draw(st.sampled_from(PEOPLE)),
        frozenset(draw(st.lists(st.sampled_from([*row.roles, *ROLES]), max_size=3))),
        draw(st.dictionaries(st.sampled_from(ACTS), st.frozensets(st.sampled_from(PEOPLE)), max_size=4)),
        draw(st.sampled_from([0, 0, 1, 3])),
        fields,
    )


def ask(question: Question) -> Step | Refusal:
    known = facts(question.unit, acts=question.acts, open_obligations=question.owed)
    who = ActorView(question.person, question.roles)
    state = case(question.stage, question.unit.level)
    given = question.fields
    return engine.decide(baseline(), state, who, question.action, given, at=TUESDAY, facts=known)


def outline(result: Step | Refusal) -> tuple[str, str | None, bool]:
    if isinstance(result, Refusal):
        return result.code, None, False
    return result.code, result.case.stage, bool(result.obligations)


RECIPIENTS: list[Any] = [[], ["nor"], ["ost"], ["wes"], ["lin"], ["ost", "nor"], ["nor", "nor"]]


def all_questions() -> Iterator[Question]:
    """Every action, in its own stage and another, with every outcome, excluded by every act or by none."""
    for action, row in TABLE.items():
        values: list[Any] = (
            [*row.leads, "other"] if row.field else RECIPIENTS if action == "disseminate" else [None]
        )
        for stage, unit, roles, act, owed, value in product(
            (row.stage, "closed"), (LIN, OST, NOR), (row.roles, ("officer",)), (None, *ACTS), (0, 1), values
        ):
            decisive = row.field or ("to_units" if action == "disseminate" else None)
            fields = {**FILLED_IN[action], **({decisive: value} if decisive else {})}
            acts = {act: frozenset(PEOPLE[:1])} if act else {}
            yield Question(action, stage, unit, PEOPLE[0], frozenset(roles), acts, owed, fields)


def test_engine_and_model_give_the_same_answer_to_all_simple_questions():
    answered: Counter[str] = Counter()
    for question in all_questions():
        expected = answer(question, UNITS)
        assert outline(ask(question)) == expected, question
        answered[expected[0]] += 1
    assert set(answered) == {code.value for code in Code} - {"training_required", "originator_consent_needed"}
    assert answered["allowed"] > 300


@given(questions())
def test_engine_and_model_give_the_same_answer_to_any_question(question):
    assert outline(ask(question)) == answer(question, UNITS)


@given(questions())
def test_what_is_offered_is_what_would_be_allowed(question):
    """With well filled-in fields a step succeeds exactly when its action is offered and not blocked."""
    known = facts(question.unit, acts=question.acts, open_obligations=question.owed)
    state = case(question.stage, question.unit.level)
    offers = engine.actions_for(baseline(), state, ActorView(question.person, question.roles), known)
    refused = ask(question)
    offer = next((offer for offer in offers if offer.action == question.action), None)
    if offer is None:
        assert refused.code in {Code.ACTION_NOT_ALLOWED, Code.ROLE_NOT_ALLOWED, Code.SAME_PERSON}
    elif offer.withheld or offer.blocked:
        assert refused == (offer.withheld or offer.blocked)
    else:
        assert refused.code in {Code.ALLOWED, Code.VALIDATION_FAILED}
        assert refused.allow is False or outline(refused)[1] in offer.to_stages


@given(questions())
def test_a_step_leaves_an_owner_with_a_deadline_or_an_end(question):
    step = ask(question)
    if isinstance(step, Step):
        assert (step.phase == "ended") is (step.duty is None) is (step.due_at is None)
        if step.duty is not None:
            assert step.duty.due_at == step.due_at
            assert step.duty.due_at > TUESDAY
            assert step.duty.role in ROLES


@given(questions())
def test_the_same_question_has_the_same_answer(question):
    assert ask(question) == ask(question)


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from([*STAGES, "nowhere"]),
    st.sampled_from(["local", "regional", "national", "external", "moon"]),
    st.sampled_from([*TABLE, "", "recall"]),
    anything | st.dictionaries(st.sampled_from(sorted({k for f in FILLED_IN.values() for k in f})), anything),
    st.integers(0, 40_000).map(lambda days: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(days)),
)
def test_no_input_makes_the_engine_fail(stage, level, action, sent, at):
    who = ActorView(PEOPLE[0], frozenset({"analyst", "intelligence_manager"}))
    result = engine.decide(baseline(), case(stage, level), who, action, sent, at=at, facts=facts(LIN))
    assert result.allow or result.code != Code.ALLOWED


# --- whole histories -------------------------------------------------------------------------

walks = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(sorted(TABLE)), st.sampled_from(OUTCOMES)),
    max_size=60,
)


def walked(steps: list[tuple[Any, str, str]]) -> Running:
    """A case on which people with both roles try whatever comes to their mind."""
    running = Running.begins(
        LIN, Entry.FLAG, report_author="officer", flag_raise="officer", flag_confirm="bo"
    )
    for who, action, outcome in steps:
        row = TABLE[action]
        running.take(
            ActorView(who, frozenset({"analyst", "intelligence_manager"})),
            action,
            **({row.field: outcome} if row.field else {}),
        )
        if running.state.stage == "sent":
            running.open_children = 0
            running.goes_on()
        if running.state.stage == "to_feed_back" and len(steps) % 2:
            running.owed = 0
    return running


def judge(running: Running) -> None:
    """What must be true of every history."""
    done = running.acts
    assert not done.get("approve_sanitised", frozenset()) & (
        done.get("sanitise", frozenset()) | done.get("evaluate", frozenset())
    )
    assert not done.get("decide", frozenset()) & done.get("assess", frozenset())
    handled = frozenset().union(*(done.get(action, frozenset()) for action in TABLE))
    assert person("officer") not in handled
    assert person("bo") not in done.get("assess", frozenset())
    actions = [step.action for step in running.history]
    for before, after in (
        ("assess", "evaluate"),
        ("sanitise", "approve_sanitised"),
        ("decide", "disseminate"),
    ):
        if after in actions:
            assert before in actions[: actions.index(after)]
    if "disseminate" in actions:
        issued = [step.issues_report is not None for step in running.history]
        assert any(issued[: actions.index("disseminate")])
    if running.state.stage == "closed":
        assert running.owed == 0
        assert any(step.obligations for step in running.history)


@given(walks)
def test_every_history_is_lawful(steps):
    judge(walked(steps))


def the_whole_way() -> list[tuple[Any, str, str]]:
    ana, bo, mia = (person(name) for name in ("ana", "bo", "mia"))
    return [
        (ana, "assess", "continue"),
        (ana, "evaluate", ""),
        (ana, "sanitise", ""),
        (mia, "approve_sanitised", "approved"),
        (mia, "decide", "escalate"),
        (bo, "disseminate", ""),
        (mia, "close", ""),
    ]


def test_histories_can_come_to_an_end():
    running = walked(the_whole_way())
    judge(running)
    assert running.state.stage == "closed"


# --- would we notice? ------------------------------------------------------------------------


def everybody(*_: object) -> None:
    return None


SABOTAGE = {
    "nobody is refused": (engine, "_not_permitted", everybody),
    "every stage is the right one": (engine, "_not_now", lambda *_args, **_kw: None),
    "every unit may receive": (pack_types, "permitted_units", lambda _pack, record, _levels: record.units),
    "every choice is offered": (
        pack_types,
        "holds",
        lambda _guard, _now: True,
    ),
    "no answer is ever owed": (outcomes, "_obligations", lambda *_: ()),
    "the first result is always taken": (engine, "_result", lambda action, *_: action.results[0]),
}


@pytest.mark.parametrize("what", SABOTAGE)
def test_these_tests_notice_when(what, monkeypatch):
    module, name, instead = SABOTAGE[what]
    monkeypatch.setattr(module, name, instead)
    with pytest.raises((AssertionError, KeyError)):
        test_engine_and_model_give_the_same_answer_to_all_simple_questions()
