"""Turns at hashing: strangers have one between them and one place to wait, the other is kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from community_api.access.hashing_slots import LATER, SOON, HashingSlots

AT_ONCE = 0.0
PATIENT = 10.0


def test_a_stranger_takes_one_slot_and_the_other_stays_free_for_who_is_known():
    slots = HashingSlots()
    assert slots.take(stranger=True, patience=AT_ONCE) is None
    assert slots.take(stranger=True, patience=AT_ONCE) == LATER
    assert slots.take(stranger=False, patience=AT_ONCE) is None


def test_who_is_known_may_have_both():
    slots = HashingSlots()
    assert [slots.take(stranger=False, patience=AT_ONCE) for _ in range(3)] == [None, None, LATER]
    assert slots.take(stranger=True, patience=AT_ONCE) == LATER


@pytest.mark.parametrize("crowd", [2, 16])
def test_one_stranger_waits_and_the_others_are_sent_away_at_once(crowd):
    slots = HashingSlots()
    slots.take(stranger=True, patience=AT_ONCE)
    sent_away = threading.Semaphore(0)

    def come() -> int | None:
        answer = slots.take(stranger=True, patience=PATIENT)
        if answer is not None:
            sent_away.release()
        return answer

    with ThreadPoolExecutor(crowd) as pool:
        asked = [pool.submit(come) for _ in range(crowd)]
        # The slot is not given back before all but one have their answer: none of those waited for it.
        assert all(sent_away.acquire(timeout=PATIENT) for _ in range(crowd - 1))
        assert slots.take(stranger=False, patience=AT_ONCE) is None
        slots.give_back(stranger=True)
        answers = [one.result(PATIENT) for one in asked]
    assert sorted(answers, key=str) == [SOON] * (crowd - 1) + [None]


def test_a_slot_that_was_given_back_is_free_again():
    slots = HashingSlots()
    for stranger in (True, False, True, True):
        assert slots.take(stranger=stranger, patience=AT_ONCE) is None
        slots.give_back(stranger=stranger)
    assert slots.take(stranger=False, patience=AT_ONCE) is None
    assert slots.take(stranger=True, patience=AT_ONCE) is None


def test_who_waited_too_long_leaves_the_place_to_another():
    slots = HashingSlots()
    slots.take(stranger=True, patience=AT_ONCE)
    assert [slots.take(stranger=True, patience=0.01) for _ in range(3)] == [LATER] * 3
