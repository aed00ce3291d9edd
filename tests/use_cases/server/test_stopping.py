"""However the product is ended, nothing of it is left; and what dies by itself is there again."""

import os
import signal
import time


def test_one_signal_ends_everything_in_good_order(own_server):
    own_server.send(signal.SIGTERM)
    assert own_server.wait_until_gone() < 10
    assert own_server.process.returncode == 0
    assert "Traceback" not in own_server.output()
    assert list(own_server.folder.rglob("*.run")) == [], "the folder of the run is gone"


def test_ctrl_c_in_a_terminal_reaches_all_and_ends_all_once(own_server):
    own_server.send_to_all(signal.SIGINT)
    assert own_server.wait_until_gone() < 10
    assert own_server.process.returncode == 0
    for word in ("Traceback", "Unexpected exit", "KeyboardInterrupt"):
        assert word not in own_server.output()


def test_a_killed_server_takes_its_children_along_and_can_be_started_again(own_server):
    os.kill(own_server.process.pid, signal.SIGKILL)
    assert own_server.wait_until_gone() < 10
    own_server.start()
    own_server.wait_until_ready()
    assert own_server.output().count("Sign in as") == 2


def test_a_process_that_dies_is_replaced(own_server):
    for victim in set(own_server.members()) - {own_server.process.pid}:
        before = set(own_server.members())
        os.kill(victim, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while not set(own_server.members()) - before:
            assert time.monotonic() < deadline, own_server.output()
            time.sleep(0.05)
        own_server.wait_until_ready()
