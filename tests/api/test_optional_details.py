"""Optional details that cannot be read never hold a report back, least of all one of danger."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from community_api.core.http.views import BASE
from tests.api.forced_errors import send
from tests.support import public
from tests.support.app import World
from tests.support.workflow import Police


def body(world: World, **more: Any) -> dict[str, Any]:
    at = world.clock.now().strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "occurred_at": f"{at}Z",
        "purpose": "community_problem",
        "category": "weapons",
        "facts": "Loud music until four.",
        "source_relation": "witnessed",
        **more,
    }


PLACE = {"lat": 50.5, "lon": 9.5}
LEFT_OUT = [
    ({"language": "no such language"}, "/language", "not_a_language"),
    ({"language": 7}, "/language", "wrong_type"),
    ({"recorded_at": "yesterday"}, "/recorded_at", "not_a_time"),
    ({"assessment": " "}, "/assessment", "blank"),
    ({"place": None}, "/place", "null"),
    ({"place": {**PLACE, "accuracy_m": "far"}}, "/place/accuracy_m", "wrong_type"),
    ({"place": {**PLACE, "precision": "roughly"}}, "/place/precision", "not_one_of"),
    ({"place": {**PLACE, "description": ""}}, "/place/description", "blank"),
]


@pytest.mark.parametrize(("more", "pointer", "code"), LEFT_OUT)
def test_what_cannot_be_read_is_left_out_and_named(
    shared_world: World, more: dict[str, Any], pointer: str, code: str
) -> None:
    answer = send(shared_world, "POST", f"{BASE}/observations", json=body(shared_world, **more))
    assert answer.status_code == 201, answer.get_json()
    assert [(one["pointer"], one["code"]) for one in answer.get_json()["warnings"]] == [(pointer, code)]


@pytest.mark.parametrize(
    "place", [{"lat": 95, "lon": 9.5}, {"lat": 50.5}, {"lat": "x", "lon": 1, "zoom": 3}, "there", []]
)
def test_only_danger_does_without_a_bad_place(shared_world: World, place: Any) -> None:
    path = f"{BASE}/observations"
    assert send(shared_world, "POST", path, json=body(shared_world, place=place)).status_code == 422
    answer = send(shared_world, "POST", path, json=body(shared_world, place=place, immediate_danger=True))
    assert (answer.status_code, answer.get_json()["place"]) == (201, None)
    assert {one["pointer"] for one in answer.get_json()["warnings"]} == {"/place"}


def test_the_public_in_danger_is_heard_whatever_its_details(shared_world: World) -> None:
    told = public.concern_body(code=public.reporter(shared_world).code, immediate_danger=True)
    told |= {"language": "??", "place": 3, "area": "nowhere-at-all", "occurred_on": "soon", "contact": {}}
    answer = send(shared_world, "POST", f"{BASE}/public/concerns", who=None, json=told)
    assert answer.status_code == 201, answer.get_json()
    named = {one["pointer"] for one in answer.get_json()["warnings"]}
    assert named == {"/language", "/place", "/area", "/occurred_on", "/contact"}


def test_a_language_in_capitals_and_a_fraction_are_read(shared_world: World) -> None:
    more = {"language": "ZH-hant-tw", "place": {**PLACE, "accuracy_m": 12.5}}
    answer = send(shared_world, "POST", f"{BASE}/observations", json=body(shared_world, **more)).get_json()
    assert (answer["language"], answer["place"]["accuracy_m"]) == ("zh-Hant-TW", 13)
    assert "warnings" not in answer


def test_a_device_that_does_not_know_the_time_is_heard(shared_world: World) -> None:
    headers = {"X-Device-Time": "half past"}
    answer = send(shared_world, "POST", f"{BASE}/observations", json=body(shared_world), headers=headers)
    assert (answer.status_code, answer.get_json()["clock_skew_s"]) == (201, None)
    assert [one["pointer"] for one in answer.get_json()["warnings"]] == ["/X-Device-Time"]


def test_the_same_content_spelled_otherwise_is_the_same(shared_world: World) -> None:
    first = body(
        shared_world, id=str(uuid4()), language="de-CH", place={"lat": 50, "lon": 9.5, "accuracy_m": 12}
    )
    bare = first["occurred_at"].removesuffix("Z")
    others = [
        {**first, "occurred_at": f"{bare}.000Z"},
        {**first, "occurred_at": f"{bare}+00:00"},
        {**first, "language": "DE-ch"},
        {**first, "place": {"lat": 50.0, "lon": 9.5, "accuracy_m": 12.2, "precision": "what"}},
        {**first, "assessment": ""},
    ]
    assert send(shared_world, "POST", f"{BASE}/observations", json=first).status_code == 201
    for other in others:
        again = send(shared_world, "POST", f"{BASE}/observations", json=other)
        assert (again.status_code, again.headers.get("Idempotent-Replay")) == (200, "true"), other
    changed = send(shared_world, "POST", f"{BASE}/observations", json={**first, "facts": "Something else."})
    assert (changed.status_code, changed.get_json()["code"]) == (409, "id_reused")


def test_periods_take_days_and_say_what_a_plus_needs(shared_world: World) -> None:
    Police(shared_world).observes()
    today = shared_world.clock.now().date().isoformat()
    for path in ("/observations", "/audit/events"):
        answer = send(shared_world, "GET", f"{BASE}{path}?since={today}&until={today}")
        assert answer.status_code == 200
        assert answer.get_json()["items"]
        plain = send(shared_world, "GET", f"{BASE}{path}?since={today}T10:00:00+01:00")
        assert [one["code"] for one in plain.get_json()["errors"]] == ["plus_not_escaped"]
