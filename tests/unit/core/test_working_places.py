"""Few work at once, in the order in which they came, and nobody holds more than half while others wait."""

import threading
import time

import pytest

from community_api.core.places.terms import WORKING
from community_api.core.places.working_places import WorkingPlaces

PATIENCE = 30


class Crowd:
    """People who each wait in a thread of their own; ``came`` is in which order they got a place."""

    def __init__(self, places):
        self.places = places
        self.came = []
        self._changed = threading.Condition()

    def wait_for_place(self, key, name=None):
        """Queue up, and return when that is so: waiting, or with a place."""
        before = self.places.waiting + len(self.came)

        def take():
            self.places.take(key)
            with self._changed:
                self.came.append(name or key)
                self._changed.notify_all()

        threading.Thread(target=take, daemon=True).start()
        until(lambda: self.places.waiting + len(self.came) > before)

    def is_served(self, number):
        """Wait until so many have got a place."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.came) >= number, PATIENCE), self.came
        return self.came


def until(is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.fixture
def places():
    return WorkingPlaces()


@pytest.fixture
def crowd(places):
    return Crowd(places)


def test_who_is_alone_works_at_once_and_leaves_one_place_free(places, crowd):
    for _ in range(WORKING):
        crowd.wait_for_place(b"a")
    assert (places.held, places.waiting) == (WORKING - 1, 1)
    places.take(b"b")
    assert places.held == WORKING, "whoever comes next need not wait"


def test_places_are_given_in_the_order_in_which_people_came(places, crowd):
    for key in (b"a", b"b", b"c", b"d"):
        places.take(key)
    for name in ("e", "f", "g"):
        crowd.wait_for_place(name.encode(), name)
    for number, key in enumerate((b"d", b"a", b"c"), 1):
        places.give_back(key)
        assert crowd.is_served(number) == ["e", "f", "g"][:number]


def test_who_holds_half_lets_all_others_pass(places, crowd):
    for key in (b"a", b"a", b"b", b"c"):
        places.take(key)
    for number in range(3):
        crowd.wait_for_place(b"a", f"a{number}")
    crowd.wait_for_place(b"d", "d")
    places.give_back(b"c")
    assert crowd.is_served(1) == ["d"]
    places.give_back(b"a")
    assert crowd.is_served(2) == ["d", "a0"], "now a holds less than half"


def test_a_flood_of_one_caller_never_holds_more_than_half_while_another_waits(places, crowd):
    for _ in range(WORKING - 1):
        places.take(b"a")
    for number in range(20):
        crowd.wait_for_place(b"a", f"a{number}")
    for number in range(3):
        crowd.wait_for_place(b"b", f"b{number}")
    assert crowd.came == ["b0"], "the place that was left free"
    places.give_back(b"a")
    assert crowd.is_served(2) == ["b0", "b1"]
    assert places.held == WORKING


def test_what_was_more_than_half_is_had_again_when_nobody_else_waits(places, crowd):
    for key in (b"a", b"a", b"b", b"b"):
        places.take(key)
    for number in range(2):
        crowd.wait_for_place(b"a", f"a{number}")
    places.give_back(b"b")
    assert (places.held, places.waiting) == (3, 2), "the last free one stays free"
    places.give_back(b"b")
    assert crowd.is_served(1) == ["a0"]


def test_no_place_is_lost_or_doubled_under_many_threads(places):
    most, held, lock = [0], [0], threading.Lock()

    def work(key):
        for _ in range(200):
            places.take(key)
            with lock:
                held[0] += 1
                most[0] = max(most[0], held[0])
            with lock:
                held[0] -= 1
            places.give_back(key)

    threads = [threading.Thread(target=work, args=(bytes([number % 5]),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert most[0] <= WORKING
    assert (places.held, places.waiting) == (0, 0)
