"""Floods of sign-ins with invented names: officers are served, and nobody who waits holds a connection."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from community_api.access import passwords
from community_api.access.models import LoginAttempts
from community_api.access.sessions import service
from community_api.access.sessions.devices import DeviceTold
from community_api.core.errors import DomainError
from tests.support.factories import PASSWORD

OFFICER = "officer1.lin-a"
CROWD = 16


class SlowHash:
    """A hash that ends when the test says so; counts who is at it."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()

    def __call__(self, _kept: str | None, password: str) -> bool:
        if password == PASSWORD:
            return True
        self.begun.release()
        assert self.go_on.wait(20)
        return False


@pytest.fixture
def slow_hash(monkeypatch):
    made = SlowHash()
    monkeypatch.setattr(passwords, "verify", made)
    yield made
    made.go_on.set()


def guess(uow, username=None, device=None):
    """The code and the seconds to wait with which a stranger is refused."""
    try:
        service.sign_in(uow, username=username or f"nobody{uuid4()}", password="guess", device=device)
    except DomainError as refused:
        return refused.code, refused.retry_after
    return None


def test_while_a_crowd_of_invented_names_is_there_an_officer_signs_in_from_a_known_device(uow, slow_hash):
    known = DeviceTold(uuid4(), "Patrol phone")
    service.sign_in(uow, username=OFFICER, password=PASSWORD, device=known)
    with ThreadPoolExecutor(CROWD) as pool:
        crowd = [pool.submit(guess, uow) for _ in range(CROWD)]
        assert slow_hash.begun.acquire(timeout=20)
        # One is hashed, one waits; the rest has its answer while nobody was let go on.
        sent_away = [one.result(20) for one in crowd if _is_done_but_for(crowd, 2, one)]
        for _ in range(5):
            service.sign_in(uow, username=OFFICER, password=PASSWORD, device=known)
        slow_hash.go_on.set()
        answers = [one.result(20) for one in crowd]
    assert sent_away.count(("service_unavailable", 1)) == CROWD - 2
    assert answers.count(("service_unavailable", 1)) == CROWD - 2
    assert answers.count(("login_refused", None)) == 2


def _is_done_but_for(crowd, left, first):
    """Whether this one is done, once all but so many are."""
    while sum(other.done() for other in crowd) < len(crowd) - left:
        threading.Event().wait(0.005)
    return first.done()


def test_who_waits_for_a_turn_holds_no_connection(uow, slow_hash):
    with ThreadPoolExecutor(2) as pool:
        crowd = [pool.submit(guess, uow) for _ in range(2)]
        assert slow_hash.begun.acquire(timeout=20)
        while not passwords._slots._stranger_waits:
            threading.Event().wait(0.005)
        assert uow.database.engine.pool.checkedout() == 0
        slow_hash.go_on.set()
        for one in crowd:
            one.result(20)


def test_who_is_sent_away_used_no_try_up(uow, slow_hash):
    with ThreadPoolExecutor(CROWD) as pool:
        crowd = [pool.submit(guess, uow, OFFICER) for _ in range(CROWD)]
        assert slow_hash.begun.acquire(timeout=20)
        assert _is_done_but_for(crowd, 2, crowd[0]) in {True, False}
        slow_hash.go_on.set()
        for one in crowd:
            one.result(20)
    with uow() as tx:
        assert len(tx.first(select(LoginAttempts)).tries) == 2
        assert tx.first(select(func.count()).select_from(LoginAttempts)) == 1


def test_a_crowd_is_answered_alike_whether_the_name_is_known_or_not(uow, slow_hash):
    """A device that somebody invents, or that is another account's, is a stranger's too."""
    others = DeviceTold(uuid4(), "Patrol phone")
    service.sign_in(uow, username="officer1.lin-b", password=PASSWORD, device=others)
    with ThreadPoolExecutor(2) as pool:
        crowd = [pool.submit(guess, uow) for _ in range(2)]
        assert slow_hash.begun.acquire(timeout=20)
        while not passwords._slots._stranger_waits:
            threading.Event().wait(0.005)
        refusals = {
            guess(uow),
            guess(uow, OFFICER),
            guess(uow, OFFICER, others),
            guess(uow, OFFICER, DeviceTold(uuid4(), "x")),
        }
        slow_hash.go_on.set()
        for one in crowd:
            one.result(20)
    assert refusals == {("service_unavailable", 1)}
