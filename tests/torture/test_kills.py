"""Everything is killed, again and again, under eight writers: nothing acknowledged is lost, nothing double.

kill -9 ends processes and lets the system's caches live, so it says nothing about power cuts: that the
disk is asked before the answer goes out is what test_synchronisation shows.
"""

import itertools
import os
import random
import signal
import time

import pytest

from tests.support.servers import Server
from tests.torture.consistency import Books
from tests.torture.writers import writing

SHORT_SECONDS = 6
LONG_SECONDS = int(os.environ.get("COMMUNITY_TEST_TORTURE_SECONDS", "240"))
BETWEEN_KILLS = 2.0
durations = pytest.mark.parametrize(
    "seconds", [SHORT_SECONDS, pytest.param(LONG_SECONDS, marks=pytest.mark.torture)]
)


MORE_SECONDS = 60


def kill_everything(server: Server) -> None:
    server.send_to_all(signal.SIGKILL)
    server.wait_until_gone()


@durations
def test_no_acknowledged_report_is_lost_and_none_is_double(server, durable_database, seconds):
    kills = itertools.count(1)
    until = time.monotonic() + seconds
    with writing(server) as history:
        # A busy machine may take most of a short run to start anew: then it goes on until enough was written.
        while time.monotonic() < until or (
            history.acknowledged <= seconds and time.monotonic() < until + MORE_SECONDS
        ):
            # Not in step with anything: a kill should meet every moment of a write.
            time.sleep(random.uniform(0.5, 1.5) * BETWEEN_KILLS)
            kill_everything(server)
            if next(kills) % 2 == 0:
                # On PostgreSQL every second time the database goes down with it.
                durable_database.crash()
            server.start()
            server.wait_until_ready()
    print(f"{next(kills) - 1} kills, {history.acknowledged} acknowledged, {history.replays} replays")  # noqa: T201
    books = Books(durable_database.addresses.database_url)
    assert books.errors(history) == []
    assert history.acknowledged > seconds, "they hardly wrote: this proves nothing"
    assert history.tries > history.acknowledged, "no kill met a write"
    kept = {str(one) for one in books.observations}
    with server.signed_in("officer1.lin-a") as officer:
        assert kept == set(listed(officer, "/observations"))


def listed(client, path):
    """The ids of a whole list, as a client reads it."""
    cursor = {}
    while True:
        page = client.get(path, params={"limit": 200, **cursor}).json()
        yield from (item["id"] for item in page["items"])
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}
