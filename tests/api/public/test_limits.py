"""Floods of the public side are held back by address and together; who is in danger never is."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from community_api.community.public import limits
from community_api.community.public.limits import LIMITS, READING, Everybody
from community_api.core.clock import FixedClock
from community_api.core.http.anonymizing_middleware import COUNT, MOST_BUCKETS, AnonymizingMiddleware, Buckets
from community_api.core.http.proxies import Proxies
from community_api.core.http.views import BASE
from tests.support import public
from tests.support.app import World
from tests.support.factories import START

# One address for each test: counts of others do not meet.
ADDRESSES = (f"198.51.100.{number}" for number in count(1))
TABLE = {**LIMITS, "categories": READING}


def ask(world: World, what: str, address: str, body: Any = None, **environ: str) -> Any:
    """One public request from an address; without a body it asks for nothing that costs anything."""
    told = {"REMOTE_ADDR": address, **environ}
    if what not in LIMITS:
        return world.http.get(f"{BASE}/public/{what}", environ_overrides=told)
    free: Any = {} if what == "receipts" else {"a": 1}
    return world.http.post(f"{BASE}/public/{what}", json=body or free, environ_overrides=told)


def use_up(world: World, what: str, address: str, **environ: str) -> None:
    for _ in range(TABLE[what].by_address):
        assert ask(world, what, address, **environ).status_code != 429


@pytest.mark.parametrize("what", TABLE)
def test_an_address_is_held_back_after_its_number_and_for_that_alone(shared_world: World, what: str) -> None:
    address, other = next(ADDRESSES), next(ADDRESSES)
    use_up(shared_world, what, address)
    refused = ask(shared_world, what, address)
    assert (refused.status_code, refused.get_json()["code"]) == (429, "public_too_many")
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    assert ask(shared_world, what, other).status_code != 429
    for another in TABLE:
        if another != what:
            assert ask(shared_world, another, address).status_code != 429


def test_after_ten_minutes_nobody_knows_of_it_any_more(world: World) -> None:
    address = next(ADDRESSES)
    use_up(world, "concerns", address)
    assert ask(world, "concerns", address).status_code == 429
    world.clock.advance(timedelta(minutes=10))
    assert ask(world, "concerns", address).status_code != 429


def test_danger_is_heard_however_much_came_before(world: World) -> None:
    address = next(ADDRESSES)
    use_up(world, "concerns", address)
    calm = public.concern_body(code=public.reporter(world).code)
    assert ask(world, "concerns", address, calm).status_code == 429
    heard = ask(world, "concerns", address, {**calm, "immediate_danger": True})
    assert heard.status_code == 201
    (duty,) = [
        one for one in world.client("commander.lin").get("/duties").items if one["kind"] == "emergency"
    ]
    assert duty["subject"]["kind"] == "emergency"


def test_what_was_held_back_is_told_later_by_the_same_code(world: World) -> None:
    address = next(ADDRESSES)
    use_up(world, "concerns", address)
    told = public.concern_body(code=public.reporter(world).code)
    assert ask(world, "concerns", address, told).status_code == 429
    world.clock.advance(timedelta(minutes=10))
    assert ask(world, "concerns", address, told).status_code == 201


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"])
def test_a_forged_address_changes_nothing(shared_world: World, header: str) -> None:
    address = next(ADDRESSES)
    for number in range(LIMITS["concerns"].by_address):
        ask(shared_world, "concerns", address, **{header: f"203.0.113.{number}"})
    assert ask(shared_world, "concerns", address, **{header: "203.0.113.250"}).status_code == 429
    assert ask(shared_world, "concerns", "203.0.113.250").status_code != 429


def test_the_machine_itself_has_no_address_to_count_by(shared_world: World) -> None:
    for _ in range(LIMITS["concerns"].by_address + 1):
        assert ask(shared_world, "concerns", "127.0.0.1").status_code != 429


def counted(environ: dict[str, Any], proxies: tuple[str, ...] = ()) -> Any:
    """Which count of its sender's a second request is; None: there is none."""
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], _start: Any) -> list[bytes]:
        seen.update(environ)
        return []

    nameless = AnonymizingMiddleware(application, "/public", FixedClock(START), Proxies(proxies))
    number = None
    for _ in range(2):
        nameless({"PATH_INFO": "/public/x", **environ}, None)
        number = seen[COUNT]("x").number if COUNT in seen else None
        assert not [name for name in seen if name.startswith(("REMOTE", "HTTP_X"))]
    return number


@pytest.mark.parametrize(
    ("environ", "number"),
    [
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}, 2),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "forged, 198.51.100.7, 10.0.0.2"}, 2),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.7, nonsense"}, 2),
        ({"REMOTE_ADDR": "10.0.0.1"}, 2),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, None),
        ({"REMOTE_ADDR": "::1"}, None),
        ({"REMOTE_ADDR": ""}, None),
    ],
)
def test_our_own_proxies_are_believed_about_the_last_address(
    environ: dict[str, Any], number: int | None
) -> None:
    assert counted(environ, ("10.0.0.1", "10.0.0.2")) == number


def test_one_network_of_a_household_counts_as_one() -> None:
    seen: list[int] = []

    def application(environ: dict[str, Any], _start: Any) -> list[bytes]:
        seen.append(environ[COUNT]("x").number)
        return []

    nameless = AnonymizingMiddleware(application, "/public", FixedClock(START))
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "::ffff:198.51.100.9"):
        nameless({"PATH_INFO": "/public/x", "REMOTE_ADDR": address}, None)
    assert seen == [1, 2, 1, 1]


def test_a_flood_of_addresses_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community_api.core.http.anonymizing_middleware.MOST_BUCKETS", 3)
    buckets = Buckets(FixedClock(START))
    assert [buckets.count(f"a{number}", "x").number for number in range(6)] == [1, 1, 1, 1, 2, 3]
    assert MOST_BUCKETS > 1000


def test_everybody_together_is_held_back_for_the_rest_of_a_minute() -> None:
    clock = FixedClock(START)
    everybody = Everybody(clock)
    assert [everybody.count("concerns").number for _ in range(3)] == [1, 2, 3]
    clock.advance(timedelta(seconds=20))
    assert everybody.count("concerns") == (4, 40)
    assert everybody.count("receipts").number == 1
    clock.advance(timedelta(seconds=40))
    assert everybody.count("concerns") == (1, 60)


def test_a_flood_from_everywhere_is_held_back_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tight = limits.Limit(by_address=20, by_all=5)
    monkeypatch.setitem(LIMITS, "concerns", tight)
    answers = [ask(world, "concerns", next(ADDRESSES)).status_code for _ in range(7)]
    assert answers.count(429) == 2
    danger = public.concern_body(code=public.reporter(world).code, immediate_danger=True)
    assert ask(world, "concerns", next(ADDRESSES), danger).status_code == 201


def test_who_has_no_address_leaves_half_of_the_minute_to_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "concerns", limits.Limit(by_address=20, by_all=6))
    nameless = [ask(world, "concerns", "127.0.0.1").status_code for _ in range(50)]
    assert [status for status in nameless if status != 429] == nameless[:3]
    named = [ask(world, "concerns", next(ADDRESSES)).status_code for _ in range(4)]
    assert [status == 429 for status in named] == [False, False, False, True]
    danger = public.concern_body(code=public.reporter(world).code, immediate_danger=True)
    assert ask(world, "concerns", "127.0.0.1", danger).status_code == 201


def test_one_address_beyond_its_limit_takes_nothing_from_everybody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "concerns", limits.Limit(by_address=2, by_all=4))
    loud = next(ADDRESSES)
    assert [ask(world, "concerns", loud).status_code == 429 for _ in range(30)] == [False] * 2 + [True] * 28
    assert [ask(world, "concerns", next(ADDRESSES)).status_code == 429 for _ in range(3)] == [
        False,
        False,
        True,
    ]
