"""Verdicts: what is required, what is hoped for, and what a run says at its end."""

import pytest

from benchmarks import report
from benchmarks.figures import Figure, Requirement, Section

AT_LEAST = Requirement(at_least=0.7, aim=1.0)
AT_MOST = Requirement(at_most=110)


@pytest.mark.parametrize(
    ("value", "requirement", "verdict"),
    [
        (0.70, AT_LEAST, "ok"),
        (0.69, AT_LEAST, "missed"),
        (110.0, AT_MOST, "ok"),
        (110.1, AT_MOST, "missed"),
        (0.1, Requirement(), "not judged"),
        (None, AT_LEAST, "no figure"),
    ],
)
def test_figure_is_judged_by_its_requirement(value, requirement, verdict):
    assert Figure("a figure", value, "x", requirement).verdict(judged=True) == verdict


def test_smoke_run_judges_nothing():
    section = Section("create", "sqlite", figures=[Figure("a figure", 0.1, "x", AT_LEAST)])
    assert report.verdict([section], judged=False)[0]
    assert not report.verdict([section], judged=True)[0]


def test_failed_section_fails_even_a_smoke_run():
    section = Section("create", "sqlite", failures=["product: 10 acknowledged, but rows grew by 9 rows"])
    passed, last = report.verdict([section], judged=False)
    assert not passed
    assert last == "FAILED: create (sqlite)"


def test_figure_that_could_not_be_had_is_missed():
    section = Section("create", "sqlite", figures=[Figure("a figure", None, "x", AT_LEAST)])
    assert not report.verdict([section], judged=True)[0]


def test_contaminated_section_says_so():
    section = Section("create", "sqlite", contaminated=True)
    assert "CONTAMINATED" in report.text([section], judged=True)
    assert "CONTAMINATED" in report.verdict([section], judged=True)[1]


def test_table_lines_up():
    assert report.table(["", "req/s"], [["product", "1,000"], ["x", "9"]]).split("\n") == [
        "         req/s",
        "product  1,000",
        "x            9",
    ]
