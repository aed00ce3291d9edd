"""Guessing is bounded by what stands in the database, at any concurrency, and never bars a known device."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from community_api.access import login_throttle
from community_api.access.models import LoginAttempts
from community_api.core.errors import DomainError

NAME = "officer1.lin-a"


def bucket(uow, name=NAME, device=None):
    return login_throttle.bucket_of(uow.keys, name, device)


def take(uow, which=None):
    return login_throttle.take_try(uow, which or bucket(uow))


def code(uow, which=None):
    try:
        take(uow, which)
    except DomainError as refused:
        return refused.code
    return None


def test_twenty_tries_an_hour_are_evaluated_and_not_one_more(uow):
    assert [code(uow) for _ in range(25)] == [None] * 20 + ["too_many_requests"] * 5


def test_fifty_at_once_get_no_more_than_twenty(uow):
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _n: code(uow), range(50)))
    assert codes.count(None) == 20


def test_no_hour_holds_more_than_twenty_wherever_it_begins(uow, clock):
    moments = []
    for _ in range(200):
        if code(uow) is None:
            moments.append(clock.now())
        clock.advance(timedelta(minutes=2))
    for begin in moments:
        assert sum(begin <= moment < begin + login_throttle.WINDOW for moment in moments) <= 20
    assert len(moments) > 100


def test_who_is_bounded_is_told_how_long_to_wait_and_then_let_in(uow, clock):
    for _ in range(20):
        take(uow)
        clock.advance(timedelta(seconds=30))
    with pytest.raises(DomainError) as caught:
        take(uow)
    assert caught.value.retry_after == 3000
    clock.advance(timedelta(seconds=2999))
    assert code(uow) == "too_many_requests"
    clock.advance(timedelta(seconds=1))
    assert code(uow) is None


def test_accounts_and_known_devices_have_buckets_of_their_own(uow):
    device = uuid4()
    for _ in range(20):
        take(uow)
    assert code(uow) == "too_many_requests"
    assert code(uow, bucket(uow, device=device)) is None
    assert code(uow, bucket(uow, "supervisor.lin-a")) is None


def test_a_right_try_is_given_back(uow):
    for _ in range(60):
        moment = take(uow)
        with uow() as tx:
            login_throttle.give_back(tx, bucket(uow), moment)
    assert code(uow) is None


def test_giving_back_one_try_leaves_the_others(uow):
    taken = [take(uow) for _ in range(20)]
    with uow() as tx:
        login_throttle.give_back(tx, bucket(uow), taken[0])
    assert [code(uow), code(uow)] == [None, "too_many_requests"]


def test_a_clock_that_was_set_back_opens_nothing(uow, clock):
    for _ in range(20):
        take(uow)
    clock.advance(timedelta(hours=-5))
    assert code(uow) == "too_many_requests"


def test_the_database_holds_no_name_that_was_guessed(uow):
    take(uow, bucket(uow, "somebody.secret"))
    with uow() as tx:
        row = tx.first(select(LoginAttempts))
    assert len(row.bucket) == 32
    assert b"somebody" not in row.bucket


def test_buckets_of_made_up_names_do_not_pile_up(uow, clock):
    for _ in range(30):
        take(uow, bucket(uow, f"nobody{uuid4()}"))
    clock.advance(timedelta(hours=3))
    for _ in range(8):
        take(uow)
    with uow() as tx:
        assert tx.first(select(func.count()).select_from(LoginAttempts)) == 1
