"""The worker's thread tells how it is, and ends when it is told to."""

import threading
import time

import pytest

from community_api.server.signals import WorkerThread


class Busy:
    """Stands in for a worker: works until told to stop."""

    def __init__(self) -> None:
        self.alive_at = time.monotonic()
        self.rounds = 0

    def run(self, wait) -> None:
        while not wait(0.01):
            self.rounds += 1


class Mortal(Busy):
    def run(self, wait) -> None:
        raise RuntimeError


@pytest.fixture
def busy():
    thread = WorkerThread(Busy())
    thread.start()
    yield thread
    thread.stop()
    thread.join(5)


def test_a_thread_at_work_is_well(busy):
    assert busy.state() == "ok"


def test_a_thread_that_is_told_to_stop_stops_soon(busy):
    busy.stop()
    busy.join(2)
    assert not busy.is_alive()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_is_dead():
    thread = WorkerThread(Mortal())
    thread.start()
    thread.join(5)
    assert thread.state() == "dead"


def test_a_thread_of_which_nothing_is_heard_is_stuck(busy):
    busy._worker.alive_at = time.monotonic() - WorkerThread.STUCK_AFTER_SECONDS - 1
    assert busy.state() == "stuck"


def test_a_thread_ends_with_the_main_thread(busy, monkeypatch):
    """As in a server's child process: it runs no exit functions and waits for every thread."""
    ended = threading.Thread()
    monkeypatch.setattr(threading, "main_thread", lambda: ended)
    busy.join(2)
    assert not busy.is_alive()


def test_it_keeps_the_process_alive_until_it_has_finished(busy):
    assert not busy.daemon
