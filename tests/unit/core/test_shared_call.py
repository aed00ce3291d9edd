"""A crowd that asks at the same time is answered by one call."""

import threading
from functools import partial
from itertools import count

import pytest

from community_api.core.shared_call import SharedCall


def test_who_asks_while_a_call_runs_gets_its_result():
    begun, may_end, calls = threading.Event(), threading.Event(), []

    def look():
        calls.append(None)
        begun.set()
        assert may_end.wait(30)
        return len(calls)

    shared, results = SharedCall(look), []
    threads = [threading.Thread(target=lambda: results.append(shared()))]
    threads[0].start()
    assert begun.wait(30)
    threads += [threading.Thread(target=lambda: results.append(shared())) for _ in range(5)]
    waiting = shared._changed._waiters  # type: ignore[attr-defined]
    for thread in threads[1:]:
        thread.start()
    while len(waiting) < 5:
        pass
    may_end.set()
    for thread in threads:
        thread.join(30)
    assert results == [1] * 6


def test_a_result_is_given_again_until_it_is_old():
    now = [100.0]
    shared = SharedCall(partial(next, count(1)), lasts=15, now=lambda: now[0])
    assert [shared(), shared()] == [1, 1]
    now[0] += 14.9
    assert shared() == 1
    now[0] += 0.2
    assert shared() == 2


def test_without_a_time_each_call_is_made():
    shared = SharedCall(partial(next, count(1)))
    assert [shared(), shared()] == [1, 2]


def test_a_call_that_fails_keeps_nobody_waiting():
    def fail():
        raise ValueError

    shared = SharedCall(fail, lasts=15)
    for _ in range(2):
        with pytest.raises(ValueError):
            shared()
