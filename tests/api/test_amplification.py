"""No answer grows with what was sent: counts and sizes of answers to what nobody means to send."""

from __future__ import annotations

from typing import Any

import pytest

from community_api.core.http.views import BASE
from tests.api.forced_errors import OFFICER, send
from tests.support.amplification import bodies, check_bounded, headers, path_of, queries
from tests.support.app import World
from tests.support.operations import operations

BODIES, QUERIES, HEADERS = dict(bodies()), dict(queries()), dict(headers())
TOLD = [
    (f"{BASE}/observations", OFFICER),
    (f"{BASE}/public/concerns", None),
    (f"{BASE}/auth/logout", OFFICER),
]
ENDS_THE_SESSION = {f"POST {BASE}/auth/logout"}
READ = [
    (f"{BASE}/observations", OFFICER),
    (f"{BASE}/public/areas", None),
    ("/problems", None),
    ("/nowhere", None),
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(("path", "who"), TOLD)
def test_a_body_cannot_make_its_answer_grow(
    shared_world: World, path: str, who: str | None, body: str
) -> None:
    answer = send(shared_world, "POST", path, who=who, **BODIES[body])
    assert answer.status_code in {400, 422, 429}
    check_bounded(answer)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(("path", "who"), READ)
def test_a_query_cannot_make_its_answer_grow(
    shared_world: World, path: str, who: str | None, query: str
) -> None:
    check_bounded(send(shared_world, "GET", f"{path}?{QUERIES[query]}", who=who))


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize(("path", "who"), READ)
def test_a_header_cannot_make_its_answer_grow(
    shared_world: World, path: str, who: str | None, header: str
) -> None:
    check_bounded(send(shared_world, "GET", path, who=None, headers=HEADERS[header]))
    if header != "Authorization":
        check_bounded(send(shared_world, "GET", path, who=who, headers=HEADERS[header]))


def test_a_hundred_faults_are_named_and_no_more(shared_world: World) -> None:
    many: dict[str, Any] = {f"k{number}": 0 for number in range(900)}
    answer = send(shared_world, "POST", f"{BASE}/observations", json=many)
    assert (answer.status_code, len(answer.get_json()["errors"])) == (422, 100)


@pytest.mark.torture
def test_nothing_that_any_operation_takes_makes_its_answer_grow(shared_world: World) -> None:
    told = [one for one in operations(shared_world.http.application) if one.name not in ENDS_THE_SESSION]
    for operation in told:
        path = path_of(operation.rule)
        plain = len(send(shared_world, operation.method, path).data)
        for query in QUERIES.values():
            check_bounded(send(shared_world, operation.method, f"{path}?{query}"), plain=plain)
        for named in HEADERS.values():
            check_bounded(send(shared_world, operation.method, path, headers=named), plain=plain)
        if operation.method != "GET":
            for body in BODIES.values():
                check_bounded(send(shared_world, operation.method, path, **body), plain=plain)
    assert send(shared_world, "GET", f"{BASE}/me").status_code == 200
