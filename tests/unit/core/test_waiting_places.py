"""Waiting places are counted by kind and caller; whoever finds none hears so at once, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.core.places.terms import THREADS, Caller, Full, Kind, Limits
from community_api.core.places.visit import Places, Visit
from community_api.core.places.waiting_places import WaitingPlaces

STRANGERS = [Caller(bytes([number]), signed=False) for number in range(16)]
OFFICERS = [Caller(bytes([100 + number]), signed=True) for number in range(16)]


def fill(places, kind, callers):
    """Take places in turn until each of the callers is refused; how many were had."""
    number, left = 0, list(callers)
    while left:
        for caller in tuple(left):
            try:
                places.enter(kind, caller)
                number += 1
            except Full:
                left.remove(caller)
    return number


def test_all_places_together_leave_threads_that_never_wait():
    limits = Limits()
    assert limits.bodies + limits.without_body + limits.spare == THREADS
    assert limits.downloads + limits.polls < limits.without_body
    places = WaitingPlaces()
    for kind in Kind:
        fill(places, kind, OFFICERS)
    assert sum(places.in_use().values()) == THREADS - limits.spare


def test_strangers_fill_all_places_for_bodies_but_the_last_eight():
    places = WaitingPlaces()
    assert fill(places, Kind.READING, STRANGERS) == 72
    assert fill(places, Kind.READING, OFFICERS[:1]) == 8
    with pytest.raises(Full):
        places.enter(Kind.READING, OFFICERS[1])


@pytest.mark.parametrize("caller", [STRANGERS[0], OFFICERS[0]], ids=["address", "account"])
@pytest.mark.parametrize(
    ("kind", "number"), [(Kind.READING, 32), (Kind.PLAIN, 32), (Kind.DOWNLOAD, 2), (Kind.POLL, 2)]
)
def test_one_caller_gets_so_many_and_leaves_some_for_others(caller, kind, number):
    places = WaitingPlaces()
    assert fill(places, kind, [caller]) == number
    places.enter(kind, OFFICERS[1])


def test_a_body_that_has_come_in_counts_no_more_among_the_unfinished():
    places, caller = WaitingPlaces(), OFFICERS[0]
    for _ in range(40):
        places.enter(Kind.READING, caller)
        places.change(Kind.READING, Kind.HOLDING, caller)
    assert places.in_use()["holding"] == 40
    places.enter(Kind.READING, caller)
    assert fill(places, Kind.READING, [caller]) == 23, "64 in all"
    places.enter(Kind.READING, OFFICERS[1])


def test_downloads_and_polls_leave_places_for_requests_without_a_body():
    places = WaitingPlaces()
    assert fill(places, Kind.DOWNLOAD, OFFICERS) == 16
    assert fill(places, Kind.POLL, OFFICERS) == 16
    assert fill(places, Kind.PLAIN, OFFICERS) == 12
    assert fill(places, Kind.READING, OFFICERS) == 80


def test_who_cannot_exchange_a_place_keeps_the_one_held():
    places, caller = WaitingPlaces(), OFFICERS[0]
    fill(places, Kind.DOWNLOAD, [caller])
    places.enter(Kind.PLAIN, caller)
    with pytest.raises(Full):
        places.change(Kind.PLAIN, Kind.DOWNLOAD, caller)
    assert places.in_use()["plain"] == 1


def test_large_bodies_share_room_of_which_nobody_gets_more_than_half():
    places, limits = WaitingPlaces(), Limits()
    places.add_bytes(limits.each_bytes, STRANGERS[0])
    with pytest.raises(Full):
        places.add_bytes(1, STRANGERS[0])
    places.add_bytes(limits.bytes - limits.each_bytes - limits.signed_only_bytes, STRANGERS[1])
    with pytest.raises(Full):
        places.add_bytes(1, STRANGERS[2])
    places.add_bytes(limits.signed_only_bytes, OFFICERS[0])
    places.free_bytes(limits.each_bytes, STRANGERS[0])
    places.add_bytes(1, STRANGERS[0])


@given(st.lists(st.tuples(st.sampled_from(list(Kind)), st.sampled_from(STRANGERS[:3] + OFFICERS[:3]))))
def test_whatever_came_and_went_no_trace_is_left(visits):
    places = Places()
    held = []
    for kind, caller in visits:
        try:
            visit = Visit(places, caller, kind)
        except Full:
            continue
        visit.add_bytes(1)
        held.append(visit)
    for visit in held:
        visit.work() if places.working.held < 2 else None
        visit.rest()
        visit.leave()
        visit.leave()
    assert sum(places.waiting.in_use().values()) == 0
    assert not places.waiting._each, "who holds nothing is forgotten"
    assert places.working.held == 0
