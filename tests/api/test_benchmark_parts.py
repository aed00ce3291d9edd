"""The benchmark's own parts, once through: bare server, load generator, driver alone, row counts."""

import pytest

from benchmarks import baseline, bench, figures, interleaved_runs
from benchmarks.bench import Load, Plan
from benchmarks.requests import request

PLAN = Plan(
    databases=("sqlite",),
    only=(),
    turns=1,
    seconds=0.2,
    connections=4,
    processes=None,
    small=60,
    large=60,
    starts=1,
    judged=False,
)


@pytest.fixture(scope="module")
def opened():
    with bench.opened(PLAN, lambda _line: None) as opened, opened.scenario():
        yield opened


@pytest.fixture(scope="module")
def bare(opened):
    return baseline.Bare(opened, "sqlite", rows=PLAN.small)


def test_bare_variants_give_figures_whose_rows_match(bare):
    for variants in (bare.creating(), bare.listing()):
        series = interleaved_runs.compare(variants, turns=1, seconds=PLAN.seconds)
        assert series.failures == []
        assert all(series.median(variant.name, figures.rate) for variant in variants)


def test_the_bare_view_is_also_served_as_most_are(opened):
    usual = baseline.Bare(opened, "postgresql")
    series = interleaved_runs.compare(usual.creating(), turns=1, seconds=PLAN.seconds)
    assert series.failures == []
    assert series.names == [baseline.VIEW, baseline.GUNICORN, baseline.ALONE]


def test_cpu_of_server_and_generator_is_seen(bare):
    run = interleaved_runs.run(bare.creating()[0], 0.5)
    assert run.cost("server")
    assert run.cost("load")


@pytest.mark.parametrize(("path", "why"), [("/nothing-here", "of 404"), ("/", "bare_leaf grew by 0 rows")])
def test_refusals_and_missing_rows_fail_the_run(opened, bare, path, why):
    load = Load(bare.server, lambda number: [request("GET", path)] * number)
    failure = interleaved_runs.run(
        opened.load("wrong", load, {"bare_leaf": lambda: 0}, "sqlite"), PLAN.seconds
    ).failure
    assert failure is not None
    assert why in failure
