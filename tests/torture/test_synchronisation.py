"""The disk is asked before the answer goes out, for every write: what kill -9 cannot show."""

import os
from datetime import UTC, datetime

import pytest

from tests.support.processes import children
from tests.torture.traces import CannotTrace, answers_without_sync, traced
from tests.torture.writers import an_observation

WRITES = 40
# Set by .ci/run: where nobody can look, the promise is not kept silently.
REQUIRE_SETTING = "COMMUNITY_TEST_REQUIRE_STRACE"


def test_every_acknowledged_write_was_synchronised_before(server, durable_database, tmp_path):
    log = tmp_path / "calls"
    with server.signed_in("officer1.lin-a") as officer:
        # The connections that sign-in opened have processes on the database's side: looked up after it.
        processes = [*server.members(), *database_processes(durable_database)]
        try:
            with traced(processes, log):
                answers = [
                    officer.post("/observations", json=an_observation(datetime.now(UTC)))
                    for _ in range(WRITES)
                ]
        except CannotTrace as reason:
            if os.environ.get(REQUIRE_SETTING):
                raise
            pytest.skip(str(reason))
    assert {answer.status_code for answer in answers} == {201}
    assert answers_without_sync(log.read_text(errors="replace").splitlines()) == (WRITES, 0)


def database_processes(database):
    """The processes of the PostgreSQL server, whichever of them writes the log to disk; none for SQLite."""
    if database.cluster is None:
        return []
    return [database.cluster.pid, *children(database.cluster.pid)]


TRACE = [
    "7 fdatasync(12) = 0",
    '7 writev(9, [{iov_base="HTTP/1.1 201 Created", iov_len=400}], 1) = 400',
    '7 sendto(9, "HTTP/1.1 200 OK", 15) = 15',
    "8 fsync(5) = 0",
    '7 write(9, "HTTP/1.1 201 Created", 20) = 20',
]  # fmt: skip


def test_the_look_at_a_trace_would_notice_an_answer_without_sync():
    assert answers_without_sync(TRACE) == (2, 0)
    assert answers_without_sync(TRACE[1:]) == (2, 1)
    assert answers_without_sync([*TRACE, TRACE[1]]) == (3, 1)
