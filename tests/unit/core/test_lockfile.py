"""The lock beside a SQLite database: who holds it is told, and it dies with its holders."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from community_api.core.config import Settings
from community_api.core.lockfile import Held, Holder, LockFile, holder_of, lock_path, wait_for_turn

HOLD = """
import sys
from pathlib import Path
from community_api.core.lockfile import LockFile
lock = LockFile(Path(sys.argv[1]), sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "community.lock"


@pytest.fixture
def another_process(path):
    """Starts a process that holds the lock until its standard input closes."""
    started = []

    def hold(what: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, path, what],
            cwd=Path(__file__).parents[3],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def test_the_holder_is_named(path, another_process):
    process = another_process("serve")
    with pytest.raises(
        Held, match=rf"`serve` \(process {process.pid}\) is at work and holds .*community.lock"
    ):
        LockFile(path, "downgrade")
    assert holder_of(path) == Holder("serve", process.pid)


def test_a_killed_holder_holds_nothing(path, another_process):
    process = another_process("serve")
    process.kill()
    process.wait()
    assert holder_of(path) is None
    LockFile(path, "serve").release()


def test_a_lock_that_was_given_back_is_free(path):
    LockFile(path, "serve").release()
    assert holder_of(path) is None
    LockFile(path, "serve").release()


def test_nobody_holds_what_was_never_taken(path):
    assert holder_of(path) is None


def test_looking_who_holds_it_does_not_keep_anybody_from_taking_it(path):
    LockFile(path, "serve").release()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            holder_of(path)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        for _ in range(50):
            LockFile(path, "serve").release()
    finally:
        stop.set()
        looker.join()


def test_beside_the_server_one_need_not_wait(path, another_process):
    another_process("serve")
    wait_for_turn(path, beside="serve", patience=0)


def test_for_anything_else_one_waits(path, another_process):
    process = another_process("downgrade")
    with pytest.raises(Held):
        wait_for_turn(path, beside="serve", patience=0.2)
    threading.Timer(0.3, process.kill).start()
    begun = time.monotonic()
    wait_for_turn(path, beside="serve", patience=20)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("url", "lock"),
    [
        ("sqlite:///var/community.sqlite3", Path("var/community.lock")),
        ("sqlite:////srv/data/a.sqlite3", Path("/srv/data/a.lock")),
        ("postgresql+psycopg://somebody@/a", None),
    ],
)
def test_the_lock_lies_beside_the_database(url, lock):
    assert lock_path(Settings(mode="test", database_url=url, keys=Path("keys"))) == lock
