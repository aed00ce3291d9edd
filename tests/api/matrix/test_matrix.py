"""The promised rights hold: every role x every operation x own, foreign, missing, on both databases.

What is expected comes from ``tests/expected/rights.yaml``, which nobody makes from the product's own matrix;
what is done goes through HTTP. An operation fails the build until somebody has written down how it is called.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.api.matrix.calls import BASE, MISSING_ONLY, NOT_OF_THE_MATRIX, RECIPES
from tests.api.matrix.expected import (
    CLOSED,
    LET_IN,
    UNKNOWN,
    Somebody,
    cell_of,
    covers,
    expected,
)
from tests.api.matrix.recipes import Call
from tests.api.matrix.rights import Right, operation_id, rights
from tests.api.matrix.things import HERE, THERE, Things, make_things, missing
from tests.support.app import Answer, World
from tests.support.operations import Operation, operations

PEOPLE = [
    Somebody("officer1.lin-a", "officer"),
    Somebody("supervisor.lin-a", "supervisor"),
    Somebody("safeguarding.lin", "safeguarding_lead"),
    Somebody("commander.lin", "duty_commander"),
    Somebody("analyst1.lin", "analyst"),
    Somebody("manager.lin", "intelligence_manager"),
    Somebody("registrar.lin", "source_registrar"),
    Somebody("chair.lin", "tasking_chair"),
    Somebody("records.nor", "records_manager"),
    Somebody("dpo.nor", "dpo"),
    Somebody("overseer.oversight", "oversight"),
    Somebody("trainer.nor", "trainer"),
    Somebody("admin1.nor", "administrator"),
    Somebody("partner.school", "partner"),
]
SITUATIONS = ("own", "foreign", "missing")
REFUSING = {CLOSED, UNKNOWN, "purpose_required", "case_required"}
CASE_KINDS = {
    "source_registrar": "review",
    "records_manager": "review",
    "dpo": "review",
    "oversight": "audit",
}


@pytest.fixture(scope="module")
def places(shared_world) -> dict[str, Things]:
    return {"own": make_things(shared_world, HERE), "foreign": make_things(shared_world, THERE)}


@pytest.fixture(scope="module")
def cases(shared_world) -> dict[str, str]:
    """An open case of everybody who reads within one, by role."""
    opened = {}
    for who in PEOPLE:
        if who.role in CASE_KINDS:
            told = {"kind": CASE_KINDS[who.role], "reason": "To see that the matrix holds"}
            opened[who.role] = shared_world.client(who.username).post("/cases", told)["id"]
    return opened


def purpose_of(role: str) -> str | None:
    """The purpose that goes with the case, or the first of the role."""
    return CASE_KINDS.get(role) or next(iter(sorted(rights().purposes.get(role, ()))), None)


def right_of(operation: Operation) -> Right:
    """What is promised of an operation."""
    return rights().operations[operation_id(operation.method, operation.rule)]


def name_of(operation: Operation) -> str:
    return f"{operation.method} {operation.rule.removeprefix(BASE)}"


def tried(app) -> list[Operation]:
    """The operations that the matrix is about."""
    return [
        one
        for one in operations(app)
        if not one.public and one.rule.startswith(BASE) and name_of(one) not in NOT_OF_THE_MATRIX
    ]


def the_call(operation: Operation, who: Somebody, situation: str, places: dict[str, Things]) -> Call | None:
    """What to send; None: this operation has no such situation."""
    name, things = name_of(operation), places["foreign" if situation == "foreign" else "own"]
    if name in MISSING_ONLY:
        call = MISSING_ONLY[name](who, things)
        return replace(call, path=call.path.format(id=uuid4())) if situation == "missing" else None
    call = RECIPES[name](who, things)
    if call.thing is None or not call.thing.id:
        return None if situation == "missing" or (call.thing is None and situation == "foreign") else call
    if situation != "missing":
        return call
    gone = missing(call.thing)
    path = call.path.replace(call.thing.id, gone.id)
    return Call(path, named_anew(call.body, call.thing.id, gone.id), gone)


def named_anew(values: Any, record_id: str, other: str) -> Any:
    """A body that names another id wherever it named the one, however deep."""
    if isinstance(values, dict):
        return {key: named_anew(value, record_id, other) for key, value in values.items()}
    if isinstance(values, list):
        return [named_anew(value, record_id, other) for value in values]
    return other if values == record_id else values


def outcome(answer: Answer) -> str:
    """LET_IN when nothing but a right could have refused, and did not."""
    if answer.status in {403, 404} and answer.code in REFUSING:
        return str(answer.code)
    if answer.status == 422 and [error["pointer"] for error in answer.body["errors"]] == ["/unit"]:
        # A unit that is not the caller's to choose, which is said of the field.
        return CLOSED
    return LET_IN if answer.status != 401 and answer.status < 500 else f"status {answer.status}"


def send(world: World, operation: Operation, who: Somebody, call: Call, **values: Any) -> Answer:
    return world.client(who.username).call(operation.method, call.path, body=call.body, **values)


def test_every_operation_is_tried(shared_world):
    untried = {name_of(one) for one in tried(shared_world.app)} - RECIPES.keys() - MISSING_ONLY.keys()
    gone = RECIPES.keys() | MISSING_ONLY.keys() - {name_of(one) for one in tried(shared_world.app)}
    assert untried == set(), "write down in calls.py how it is called"
    assert gone - {name_of(one) for one in tried(shared_world.app)} == set(), "no longer there"


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("who", PEOPLE, ids=[one.role for one in PEOPLE])
def test_every_role_may_what_the_matrix_says_and_nothing_else(shared_world, places, cases, who, situation):
    wrong = []
    for operation in tried(shared_world.app):
        call = the_call(operation, who, situation, places)
        if call is None:
            continue
        meant = expected(who, right_of(operation), call.thing, exists=situation != "missing")
        told = {"purpose": purpose_of(who.role), "case": cases.get(who.role)}
        answer = send(shared_world, operation, who, call, **told)
        if not is_right(outcome(answer), meant, situation):
            wrong.append((name_of(operation), "meant", meant, "got", answer.status, answer.code))
    assert wrong == []


def is_right(got: str, meant: str, situation: str) -> bool:
    """Whoever is let in to what is not there, because its existence is no secret, hears that it is not."""
    return got == meant or (situation == "missing" and meant == LET_IN and got == UNKNOWN)


@pytest.mark.parametrize("who", PEOPLE, ids=[one.role for one in PEOPLE])
def test_a_foreign_thing_and_a_missing_one_are_answered_alike(shared_world, places, cases, who):
    """To the byte, but for the number of the request."""
    told = {"purpose": purpose_of(who.role), "case": cases.get(who.role)}
    for operation in tried(shared_world.app):
        right = right_of(operation)
        foreign = the_call(operation, who, "foreign", places)
        absent = the_call(operation, who, "missing", places)
        if foreign is None or absent is None or expected(who, right, foreign.thing) != UNKNOWN:
            continue
        answers = [send(shared_world, operation, who, call, **told) for call in (foreign, absent)]
        bodies = [{**answer.body, "instance": ""} for answer in answers]
        headers = [{k: v for k, v in answer.headers.items() if k != "X-Request-Id"} for answer in answers]
        assert bodies[0] == bodies[1], name_of(operation)
        assert headers[0] == headers[1], name_of(operation)


@pytest.mark.parametrize("who", PEOPLE, ids=[one.role for one in PEOPLE])
def test_content_is_read_with_a_purpose_and_where_the_cell_says_so_within_a_case(
    shared_world, places, cases, who
):
    purpose, case = purpose_of(who.role), cases.get(who.role)
    for operation in tried(shared_world.app):
        right = right_of(operation)
        call = the_call(operation, who, "own", places)
        if right.thing != "content" or call is None or call.thing is None or call.thing.owner == who.username:
            continue
        cell = cell_of(who, right)
        if not covers(who, right, cell, call.thing):
            continue
        got = [
            outcome(send(shared_world, operation, who, call, **told))
            for told in (
                {},
                {"purpose": "curiosity"},
                {"purpose": purpose},
                {"purpose": purpose, "case": case},
            )
        ]
        # Officers and partners state none: what they read is their own, or their team's with nobody's name.
        needed = "purpose_required" if who.role in rights().purposes else LET_IN
        without_case = "case_required" if cell == "p" else LET_IN
        assert got == [needed, needed, without_case, LET_IN], name_of(operation)
