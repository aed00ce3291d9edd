"""Sessions and tries that can no longer matter are removed, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from community_api.access import login_throttle, passwords
from community_api.access.models import Device, LoginAttempts, RefreshToken, Session
from community_api.access.sessions import housekeeping, service
from community_api.access.sessions.devices import DeviceTold
from community_api.core.errors import DomainError
from tests.support.factories import PASSWORD


def counts(uow):
    with uow() as tx:
        return [
            tx.first(select(func.count()).select_from(model))
            for model in (Session, RefreshToken, LoginAttempts)
        ]


def sign_in(uow, number=1):
    for _ in range(number):
        service.sign_in(uow, username="officer1.lin-a", password=PASSWORD, device=None)


def test_a_session_goes_ninety_days_after_its_end(uow, clock):
    sign_in(uow)
    clock.advance(timedelta(days=30 + 90))
    housekeeping.sweep(uow)
    assert counts(uow)[:2] == [1, 1]
    clock.advance(timedelta(seconds=1))
    housekeeping.sweep(uow)
    assert counts(uow)[:2] == [0, 0]


def test_many_go_at_once(uow, clock, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda *_told: True)
    monkeypatch.setattr(housekeeping, "SWEPT_AT_ONCE", 7)
    sign_in(uow, 16)
    clock.advance(timedelta(days=121))
    sign_in(uow)
    assert housekeeping.sweep(uow) >= 16
    assert counts(uow)[:2] == [1, 1]


def test_tries_stay_while_they_count(uow, clock):
    bucket = login_throttle.bucket_of(uow.keys, "nobody", None)
    for _ in range(20):
        login_throttle.take_try(uow, bucket)
    clock.advance(timedelta(minutes=59))
    housekeeping.sweep(uow)
    with pytest.raises(DomainError, match="too_many_requests"):
        login_throttle.take_try(uow, bucket)
    clock.advance(timedelta(hours=2))
    housekeeping.sweep(uow)
    assert counts(uow)[2] == 0


def test_a_device_that_got_its_id_from_the_server_goes_after_its_last_session(uow, clock):
    def devices():
        with uow() as tx:
            return set(tx.all(select(Device.client_id)))

    named = DeviceTold(uuid4(), "Patrol phone")
    service.sign_in(uow, username="officer1.lin-a", password=PASSWORD, device=named)
    given = service.sign_in(uow, username="officer1.lin-a", password=PASSWORD, device=None).device_id
    assert given is not None
    clock.advance(timedelta(days=100))
    service.sign_in(uow, username="officer1.lin-a", password=PASSWORD, device=DeviceTold(given))
    clock.advance(timedelta(days=100))
    housekeeping.sweep(uow)
    assert devices() == {named.client_id, given}
    clock.advance(timedelta(days=21))
    housekeeping.sweep(uow)
    assert devices() == {named.client_id}
