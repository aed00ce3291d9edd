from __future__ import annotations

import io

import pytest

from community_api.clients.importer.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_bar_tells_how_far_the_feed_is():
    terminal = Terminal()
    bar = Progress(2000, terminal)
    bar.show(2000, 3, 0)
    bar.end()
    last = terminal.getvalue().rsplit("\r", 1)[-1]
    assert last.startswith("[" + "#" * 30 + "] 2,000 of 2,000 rows · 3 refused")
    assert last.endswith("\n")


def test_rows_of_earlier_runs_say_nothing_about_the_time_that_is_left():
    terminal = Terminal()
    Progress(10, terminal).show(10, 0, 10)
    assert "0/s · …" in terminal.getvalue()


@pytest.mark.parametrize(("stream", "total"), [(io.StringIO(), 10), (Terminal(), 0)])
def test_without_a_terminal_or_without_rows_nothing_is_drawn(stream, total):
    bar = Progress(total, stream)
    bar.show(total, 0, 0)
    bar.end()
    assert stream.getvalue() == ""
