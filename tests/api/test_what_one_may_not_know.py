"""What a caller may not know of is as if it were not there: in paths, bodies, queries and in the log."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from community_api.audit.models import AuditEvent
from community_api.core.database.engine import Base
from community_api.core.http.constant_time import BEAT_SECONDS
from community_api.core.http.views import BASE
from community_api.demo.loader import account_id
from tests.api.forced_errors import check, report, send, without_number
from tests.api.matrix.calls import AGREED
from tests.api.matrix.expected import Somebody
from tests.api.matrix.recipes import Call
from tests.api.matrix.test_matrix import PEOPLE, purpose_of, the_call, tried
from tests.api.matrix.things import HERE, THERE, Things, make_things
from tests.support.app import World
from tests.support.operations import Operation

# Those whose sight is the whole country are let in, or are told why not: nothing of it is foreign to them.
SHORT_SIGHTED = [one for one in PEOPLE if one.role not in {"records_manager", "dpo", "oversight"}]
# An administrator ends anybody's session, of a lost phone for instance, and sees all that is proposed;
# a trainer answers for all certificates of the country.
LET_IN = {"administrator": ("/auth/sessions", "/proposals"), "trainer": ("/certificates",)}
UNKNOWN = {"not_found", "role_not_allowed"}
READ_ONLY: dict[str, Any] = {
    "status": "closed",
    "state": "closed",
    "phase": "ended",
    "version": 1,
    "reference": "LIN-0000-0000",
    "unit_id": str(uuid4()),
    "owner": {"post": "analyst.lin"},
    "reporter": str(uuid4()),
    "created_by": str(uuid4()),
    "author_id": str(uuid4()),
    "received_at": "2026-03-01T10:00:00Z",
    "decided_at": "2026-03-01T10:00:00Z",
    "grade": "A1",
    "grades": [{"scheme": "4x4", "axis": "source", "code": "A"}],
    "level": "national",
    "tier": "national",
    "due_at": "2026-03-01T10:00:00Z",
    "retention": {"class": "community_report", "review_on": None, "legal_hold": True},
    "erased_at": None,
    "audit_receipt": {"event_id": str(uuid4()), "leaf_hash": "00"},
    "roles": [{"role": "oversight", "unit": "oversight"}],
    "is_admin": True,
    "_schema": 1,
    "__class__": "x",
}
# The number under which another system knows a case.
TOLD_BY_THE_CALLER = {
    (f"{BASE}/cases", "reference"),
    (f"{BASE}/referrals/<uuid:referral_id>/procedure-version", "version"),
}


@pytest.fixture(scope="module")
def places(shared_world: World) -> dict[str, Things]:
    return {"own": make_things(shared_world, HERE), "foreign": make_things(shared_world, THERE)}


@pytest.fixture(scope="module")
def operations_with_ids(shared_world: World) -> list[Operation]:
    return [one for one in tried(shared_world.app) if one.ids or one.name == f"POST {BASE}/feedback"]


def answer_to(world: World, operation: Operation, who: Somebody, call: Call) -> Any:
    headers = {"X-Purpose": purpose_of(who.role) or "", "If-Match": '"1.abc"'}
    told = {} if call.body is None else {"json": {**call.body, "id": str(uuid4())}}
    path = BASE + call.path
    return send(world, operation.method, path, who=who.username, headers=headers, **told)


@pytest.mark.parametrize("who", SHORT_SIGHTED, ids=[one.role for one in SHORT_SIGHTED])
def test_a_foreign_id_and_a_missing_one_are_answered_alike(
    shared_world: World, places: dict[str, Things], operations_with_ids: list[Operation], who: Somebody
) -> None:
    compared, wrong = 0, []
    for operation in operations_with_ids:
        foreign, missing = (the_call(operation, who, case, places) for case in ("foreign", "missing"))
        let_in = any(known in operation.rule for known in LET_IN.get(who.role, ()))
        if foreign is None or missing is None or let_in:
            continue
        theirs, their_leaves = told_of(shared_world, operation, who, foreign)
        if theirs.status_code < 400 or told_in(theirs)["code"] not in UNKNOWN:
            wrong.append(operation.name)
            continue
        nobodys, leaves = told_of(shared_world, operation, who, missing)
        assert without_number(theirs) == without_number(nobodys), operation.name
        assert their_leaves == leaves, operation.name
        assert len(leaves) == 1, operation.name
        compared += 1
    assert wrong == []
    assert compared >= 15


def told_of(
    world: World, operation: Operation, who: Somebody, call: Call
) -> tuple[TestResponse, list[dict[str, Any]]]:
    """What a call is answered, and the leaves that it left, but for their numbers and the id asked for."""
    headers = {"X-Purpose": purpose_of(who.role) or "", "If-Match": '"1.abc"'}
    told = {} if call.body is None else {"json": {**call.body, "id": str(uuid4())}}
    world.client(who.username).token()
    before = set(leaves_of(world, who))
    answer = send(world, operation.method, BASE + call.path, who=who.username, headers=headers, **told)
    new = [json.loads(leaf) for number, leaf in leaves_of(world, who).items() if number not in before]
    return answer, [{**leaf, "id": "", "object": "object" in leaf} for leaf in new]


def told_in(answer: TestResponse) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(answer.data) if answer.data else {}
    return told


def leaves_of(world: World, who: Somebody) -> dict[UUID, str]:
    """Those that this person's acts left, refused ones too."""
    query = select(AuditEvent.id, AuditEvent.envelope).where(AuditEvent.actor == account_id(who.username))
    with world.uow() as tx:
        return {row.id: row.envelope for row in tx.all(query)}


# --- ids elsewhere than in the path ----------------------------------------------------------------


def pairs(places: dict[str, Things]) -> list[tuple[str, str, str, str]]:
    """Who asks, and an address with an id or a name in its query: one of theirs, one of nobody."""
    foreign = places["foreign"]
    return [
        ("officer1.lin-a", "/observations?unit=", "hav-a", "hav-z"),
        ("supervisor.lin-a", "/observations?unit=", "hav-a", "hav-z"),
        ("supervisor.lin-a", "/flags?unit=", "hav-a", "hav-z"),
        ("supervisor.lin-a", "/feedback/obligations?unit=", "hav-a", "hav-z"),
        ("manager.lin", "/feedback/obligations?unit=", "hav", "haz"),
        ("supervisor.lin-a", "/auth/sessions?account=", "officer1.hav-a", "nobody.hav-a"),
        ("officer1.lin-a", "/auth/sessions?account=", "officer2.lin-a", "nobody.lin-a"),
        ("supervisor.lin-a", "/concerns?unit=", "hav-a", "hav-z"),
        ("supervisor.lin-a", "/problems?unit=", "hav-a", "hav-z"),
        ("officer1.lin-a", "/priorities?unit=", "hav-a", "hav-z"),
        ("supervisor.lin-a", "/links?report=", foreign["observation"].id, str(uuid4())),
        ("officer2.lin-b", "/audit/events?object=", foreign["observation"].id, str(uuid4())),
        ("manager.bru", "/audit/events?object=", foreign["referral"].id, str(uuid4())),
    ]


def test_ids_and_names_in_queries(shared_world: World, places: dict[str, Things]) -> None:
    for who, path, theirs, nobodys in pairs(places):
        first, second = (send(shared_world, "GET", BASE + path + one, who=who) for one in (theirs, nobodys))
        assert first.status_code == second.status_code
        assert told_in(first).get("items") == told_in(second).get("items"), path
        if first.status_code >= 400:
            assert without_number(first) == without_number(second), path


def test_a_case_of_somebody_else_is_no_case(shared_world: World, places: dict[str, Things]) -> None:
    case = {"kind": "review", "reason": "A look at old records"}
    theirs = shared_world.client("dpo.nor").post("/cases", case)["id"]
    path = f"{BASE}/observations/{places['own']['observation'].id}"
    answers = [
        send(shared_world, "GET", path, who="records.nor", headers={"X-Purpose": "review", **header})
        for header in ({"X-Case": theirs}, {"X-Case": str(uuid4())}, {"X-Case": "x"}, {})
    ]
    for answer in answers:
        check(shared_world, answer, 403, "case_required")
        assert without_number(answer) == without_number(answers[0])


def test_ids_in_bodies(shared_world: World, places: dict[str, Things]) -> None:
    """An obligation of another team, the id of somebody's record as one's own, a unit of others."""
    supervisor, officer = "supervisor.lin-a", "officer1.lin-a"
    answer = {"outcome": "acted_on", "text": "Thank you."}
    obligations = [{**answer, "obligation_id": one} for one in (places["foreign"]["owed"].id, str(uuid4()))]
    compare(shared_world, supervisor, "/feedback", obligations, 404, "not_found")
    units = [report(unit=one) for one in ("hav-a", "hav", "nor", "nowhere")]
    compare(shared_world, officer, "/observations", units, 422, "validation_failed")
    taken = [report(id=places[place][thing].id) for place in places for thing in ("observation", "flag")]
    compare(shared_world, officer, "/observations", taken, 409, "id_reused")


def test_ids_inside_of_links_problems_and_priorities(shared_world: World, places: dict[str, Things]) -> None:
    """Reports and problems of others, named within what the desk writes: as if they were not there."""
    desk, own, foreign = "supervisor2.lin-a", places["own"], places["foreign"]
    ours = {"kind": "observation", "id": own["observation"].id}
    for kind, field in (("observation", "observations"), ("concern", "concerns")):
        ids = (foreign[kind].id, str(uuid4()))
        ends = [{"kind": kind, "id": one} for one in ids]
        links = [{"a": ours, "b": end, "reason": "The same."} for end in ends]
        links += [{"a": end, "b": ours, "reason": "The same."} for end in ends]
        compare(shared_world, desk, "/links", links, 404, "not_found")
        problems = [{"title": "Noise", "scanning": "At night.", field: [one]} for one in ids]
        compare(shared_world, desk, "/problems", problems, 404, "not_found")
        entries = [{"stage": "analysis", "text": "It is the slope.", field: [one]} for one in ids]
        compare(shared_world, desk, f"/problems/{own['problem'].id}/entries", entries, 404, "not_found")
    agreed = {"month": "2026-07", "title": "Light", "text": "More.", "agreed_with": AGREED["agreed_with"]}
    priorities = [{**agreed, "problem": one} for one in (foreign["problem"].id, str(uuid4()))]
    compare(shared_world, desk, "/priorities", priorities, 404, "not_found")
    compare(shared_world, desk, "/priorities", [{**agreed, "unit": "hav-a"}], 422, "validation_failed")


def compare(world: World, who: str, path: str, bodies: list[Any], status: int, code: str) -> None:
    """Each is refused like this, and all alike."""
    answers = [send(world, "POST", BASE + path, who=who, json=body) for body in bodies]
    for answer in answers:
        check(world, answer, status, code)
        assert without_number(answer) == without_number(answers[0])


# --- how long it takes -----------------------------------------------------------------------------


def test_a_refusal_to_somebody_signed_in_waits_for_its_beat_and_nothing_else_does(
    shared_world: World,
) -> None:
    paused: list[float] = []
    world = shared_world.beside(pause=paused.append)
    told = report()
    there = f"{BASE}/observations/{told['id']}"
    answers = [
        # Done, refused for its form, done again, and asked by nobody: at once.
        (send(world, "POST", f"{BASE}/observations", json=told), 201, 0),
        (send(world, "POST", f"{BASE}/observations", json={**told, "facts": ""}), 422, 0),
        (send(world, "GET", there), 200, 0),
        (send(world, "GET", there, who=None), 401, 0),
        # Another's, nobody's, and what the role may not ask for: on the beat.
        (send(world, "GET", there, who="officer1.hav-a"), 404, 1),
        (send(world, "GET", f"{BASE}/observations/{uuid4()}", who="officer1.hav-a"), 404, 2),
        (send(world, "GET", f"{BASE}/observations", who="analyst1.lin"), 403, 3),
    ]
    assert [answer.status_code for answer, _, _ in answers] == [status for _, status, _ in answers]
    assert len(paused) == 3
    assert all(0 < seconds <= BEAT_SECONDS for seconds in paused)


# --- what is not the caller's to say ---------------------------------------------------------------


def test_what_the_product_decides_cannot_be_told_to_it(
    shared_world: World, places: dict[str, Things]
) -> None:
    """Before anything else of the content is judged, and so whoever asks."""
    before, officer = sizes(shared_world), PEOPLE[0]
    for operation in tried(shared_world.app):
        if operation.method not in {"POST", "PATCH"}:
            continue
        call = the_call(operation, officer, "own", places) or the_call(operation, officer, "missing", places)
        assert call is not None
        for name, value in READ_ONLY.items():
            if (operation.rule, name) in TOLD_BY_THE_CALLER:
                continue
            body = {"id": str(uuid4()), **(call.body or {}), name: value}
            path = BASE + call.path
            answer = send(shared_world, operation.method, path, who=officer.username, json=body)
            told = check(shared_world, answer, 422, "validation_failed")
            pointer = f"/{name}" if name[0] != "_" else ""
            assert (pointer, "unknown_field") in {(one["pointer"], one["code"]) for one in told["errors"]}
    assert sizes(shared_world) == before


def test_nor_inside_of_what_may_be_told(shared_world: World) -> None:
    place = {"lat": 51.0, "lon": 10.0, "unit_id": str(uuid4())}
    answer = send(shared_world, "POST", f"{BASE}/observations", json=report(place=place))
    told = check(shared_world, answer, 422, "validation_failed")
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [("/place/unit_id", "unknown_field")]


def sizes(world: World) -> dict[str, int]:
    """How many rows every table has."""
    with world.uow() as tx:
        tables = Base.metadata.sorted_tables
        return {table.name: tx.first(select(func.count()).select_from(table)) for table in tables}
