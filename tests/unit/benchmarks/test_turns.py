"""Variants side by side: what counts as a measurement, and what is compared with what."""

import pytest

from benchmarks import cpu, interleaved_runs
from benchmarks.cpu import Usage
from benchmarks.interleaved_runs import Outcome, Run, Series, Variant

QUIET = Usage(1.0, {"server": 0.5}, others=0.0, stolen=0.0)
BUSY = Usage(1.0, {"server": 0.5}, others=0.5, stolen=0.0)


def run_of(variant: str, answered: int, usage: Usage = QUIET) -> Run:
    return Run(variant, Outcome(answered, 1.0, {"201": answered}), usage, None)


@pytest.fixture
def usages(monkeypatch):
    """The usages that the machine will report, one run after the other; the last stays."""
    told = [QUIET]

    def usage(*_args):
        return told.pop(0) if len(told) > 1 else told[0]

    monkeypatch.setattr(cpu, "snapshot", lambda _at: None)
    monkeypatch.setattr(cpu, "usage", usage)
    return told


class Table:
    """A table that grows by ``written`` of the rows that are acknowledged."""

    def __init__(self, written: float = 1.0) -> None:
        self.rows = 1000
        self.written = written

    def variant(self, name: str, order: list[str] | None = None, status: str = "201") -> Variant:
        def work(_seconds: float) -> Outcome:
            if order is not None:
                order.append(name)
            self.rows += int(10 * self.written)
            return Outcome(10, 1.0, {status: 10})

        return Variant(name, work, {"rows": lambda: self.rows}, {})


@pytest.mark.parametrize(
    ("statuses", "grown", "why"),
    [
        ({"201": 9, "500": 1}, {"rows": 10}, "answers other than 2xx (1 of 500)"),
        ({"201": 9, "302": 1}, {"rows": 10}, "answers other than 2xx (1 of 302)"),
        ({"201": 10}, {"rows": 9}, "10 acknowledged, but rows grew by 9 rows"),
        ({"201": 10}, {"rows": 11}, "10 acknowledged, but rows grew by 11 rows"),
        ({"201": 10}, {"rows": 10, "leaves": 0}, "10 acknowledged, but leaves grew by 0 rows"),
    ],
)
def test_run_fails_when_answers_or_rows_are_wrong(statuses, grown, why):
    failure = interleaved_runs.failure_of(Outcome(10, 1.0, statuses), grown)
    assert failure is not None
    assert failure.startswith(why)


def test_run_fails_when_nothing_was_answered():
    assert interleaved_runs.failure_of(Outcome(0, 1.0), {"rows": 0}) == "nothing was answered"


def test_run_holds_when_every_acknowledged_row_is_there():
    assert interleaved_runs.failure_of(Outcome(10, 1.0, {"200": 4, "201": 6}), {"rows": 10}) is None


def test_lost_rows_end_the_series_as_a_failure(usages):
    series = interleaved_runs.compare([Table().variant("a"), Table(0.5).variant("b")], turns=3, seconds=0)
    assert series.failures == ["b: 10 acknowledged, but rows grew by 5 rows"]


def test_order_alternates_from_turn_to_turn(usages):
    order: list[str] = []
    interleaved_runs.compare([Table().variant("a", order), Table().variant("b", order)], turns=3, seconds=0)
    assert "".join(order) == "ab" + "ab" + "ba" + "ab"


def test_contaminated_turn_is_run_again_and_does_not_count(usages):
    usages[:] = [QUIET, BUSY, QUIET]
    series = interleaved_runs.compare([Table().variant("a")], turns=2, seconds=0)
    assert (len(series.turns), series.dropped, series.contaminated) == (2, 1, False)


def test_series_that_never_gets_clean_says_so_and_counts_all_turns(usages):
    usages[:] = [BUSY]
    series = interleaved_runs.compare([Table().variant("a")], turns=2, seconds=0)
    assert (len(series.turns), series.dropped, series.contaminated) == (4, 0, True)


def test_ratio_is_taken_inside_each_turn():
    # The second turn was twice as slow for both: a ratio of medians would not be one.
    pairs = [(80, 100), (40, 50), (90, 100)]
    series = Series([{"a": run_of("a", a), "b": run_of("b", b)} for a, b in pairs], 0, contaminated=False)
    assert series.ratio("a", "b", lambda run: run.rate) == 0.8


def test_cost_is_microseconds_of_cpu_for_one_answer():
    run = run_of("a", 1000)
    assert run.cost("server") == 500.0
    assert run.cost("database") is None
