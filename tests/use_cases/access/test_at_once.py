"""Renewals and sign-ins that arrive together: nothing fails, nothing is there twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from community_api.access import caller_snapshot, passwords
from community_api.access.models import Device, RefreshToken, Session
from community_api.access.sessions import arrivals, service
from community_api.access.sessions.devices import DeviceTold
from community_api.core.database import commands
from community_api.core.errors import DomainError
from community_api.demo.loader import account_id
from tests.support.factories import PASSWORD

OFFICER = "officer1.lin-a"
TOGETHER = 12


def together(act):
    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(lambda _number: act(), range(TOGETHER)))


def count(uow, query):
    with uow() as tx:
        return tx.first(select(func.count()).select_from(query.subquery()))


def actor_in(uow, session_id):
    with uow.database.engine.connect() as connection:
        found = caller_snapshot.of_account(connection, account_id(OFFICER), uow.clock.now())
    assert found is not None
    return found.actor(session_id=session_id)


def test_one_token_sent_many_times_at_once_leaves_one_successor(uow):
    first = service.sign_in(uow, username=OFFICER, password=PASSWORD, device=None)
    actor = actor_in(uow, first.session_id)
    issued = together(lambda: service.renew(uow, actor, first.refresh_id))
    unused = select(RefreshToken).where(RefreshToken.used_at.is_(None))
    with uow() as tx:
        (left,) = tx.all(unused)
    assert {one.refresh_id for one in issued} == {left.id}
    assert count(uow, select(Session).where(Session.ended_at.is_not(None))) == 0
    service.renew(uow, actor, left.id)


def test_a_device_that_signs_in_many_times_at_once_is_remembered_once(uow, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda *_told: True)
    # A new device is a stranger, of whom one waits at a time: here it is the row that is at stake.
    monkeypatch.setattr(passwords, "hashing_slot", lambda **_told: nullcontext())
    device = DeviceTold(uuid4(), "Patrol phone")
    issued = together(lambda: service.sign_in(uow, username=OFFICER, password=PASSWORD, device=device))
    assert len({one.session_id for one in issued}) == TOGETHER
    assert count(uow, select(Device)) == 1


def test_signing_out_wins_over_renewing_at_the_same_moment(uow):
    first = service.sign_in(uow, username=OFFICER, password=PASSWORD, device=None)
    actor = actor_in(uow, first.session_id)

    def either(number):
        try:
            if number == 3:
                commands.again(lambda: service.sign_out(uow, actor))
            else:
                service.renew(uow, actor, first.refresh_id)
        except DomainError as refused:
            return refused.code
        return None

    with ThreadPoolExecutor(TOGETHER) as pool:
        codes = set(pool.map(either, range(TOGETHER)))
    assert codes <= {None, "token_revoked"}
    with uow() as tx:
        left = [first.refresh_id, *tx.all(select(RefreshToken.id))]
    for token_id in left:
        with pytest.raises(DomainError, match="token_revoked"):
            service.renew(uow, actor, token_id)


def test_two_threads_that_renew_at_once_keep_the_session_every_time(uow, clock):
    """Five phones, each with two threads that find the token old at the same moment, again and again."""
    for _phone in range(5):
        issued = service.sign_in(uow, username=OFFICER, password=PASSWORD, device=None)
        actor = actor_in(uow, issued.session_id)
        for _renewal in range(4):
            with ThreadPoolExecutor(2) as pool:
                both = list(pool.map(partial(service.renew, uow, actor), [issued.refresh_id] * 2))
            assert both[0].refresh_id == both[1].refresh_id
            arrivals.confirm(uow, issued.session_id, both[0].refresh_id)
            # The slower thread may come after the faster one has used what it got.
            late = service.renew(uow, actor, issued.refresh_id)
            assert late.refresh_id == both[0].refresh_id
            issued = late
            clock.advance(timedelta(minutes=14))
    assert count(uow, select(Session).where(Session.ended_at.is_not(None))) == 0


def test_a_use_and_a_renewal_at_once_end_nothing(uow, clock):
    issued = service.sign_in(uow, username=OFFICER, password=PASSWORD, device=None)
    actor = actor_in(uow, issued.session_id)
    for _round in range(6):
        before, issued = issued, service.renew(uow, actor, issued.refresh_id)
        with ThreadPoolExecutor(3) as pool:
            used = pool.submit(arrivals.confirm, uow, issued.session_id, issued.refresh_id)
            late = pool.submit(service.renew, uow, actor, before.refresh_id)
            next_one = pool.submit(service.renew, uow, actor, issued.refresh_id)
            used.result()
            assert late.result().refresh_id == issued.refresh_id
            issued = next_one.result()
        clock.advance(timedelta(minutes=1, seconds=1))
    assert count(uow, select(Session).where(Session.ended_at.is_not(None))) == 0
    assert count(uow, select(RefreshToken)) <= 3
