"""Courses: which version is taught, and until when an earlier one is enough."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from community_api.access.courses.loader import counts_until, courses, in_force
from community_api.core.errors import StartupError
from community_api.procedure_engine.terms import COURSES

FIRST = """
code: verlt
version: 1
title: Signs
effective_from: 2026-01-01
modules: [{code: signs, title: Signs}]
test: {questions: 20, pass_percent: 80}
valid_months: 12
"""


def version(folder: Path, number: int, begins: str, earlier_until: str | None = None) -> None:
    text = FIRST.replace("version: 1", f"version: {number}").replace("2026-01-01", begins)
    if earlier_until:
        text += f"earlier_until: {earlier_until}\n"
    (folder / f"verlt.v{number}.yaml").write_text(text, encoding="utf-8")


def test_every_course_that_a_procedure_can_ask_for_is_declared_with_its_test():
    declared = courses()
    assert {code for code, _ in declared} == set(COURSES)
    assert all(one.questions >= 10 and one.pass_percent >= 80 and one.modules for one in declared.values())


def test_the_newest_version_whose_day_has_come_is_taught(tmp_path):
    version(tmp_path, 1, "2026-01-01")
    version(tmp_path, 2, "2027-01-01")
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    found = [in_force("verlt", day, tmp_path) for day in days]
    assert [one and one.version for one in found] == [None, 1, 1, 2]


def test_a_later_version_may_end_what_earlier_ones_prove(tmp_path):
    version(tmp_path, 1, "2026-01-01")
    version(tmp_path, 2, "2027-01-01")
    version(tmp_path, 3, "2028-01-01", earlier_until="2028-03-01")
    version(tmp_path, 4, "2029-01-01", earlier_until="2029-06-01")
    found = {number: counts_until("verlt", number, tmp_path) for number in (None, 1, 2, 3, 4)}
    ended = date(2028, 3, 1)
    assert found == {None: ended, 1: ended, 2: ended, 3: date(2029, 6, 1), 4: None}


@pytest.mark.parametrize(
    ("expected", "instead", "why"),
    [
        ("pass_percent: 80", "pass_percent: 30", "from 50 to 100 percent"),
        ("questions: 20", "questions: 0", "from 50 to 100 percent"),
        ("valid_months: 12", "valid_weeks: 12", "valid_months, valid_weeks"),
        ("code: verlt\n", "code: Verlt\n", "a code"),
        ("modules: [{code: signs, title: Signs}]", "modules: []", "at least one module"),
        ("version: 1", "version: 2", r"its file is called verlt\.v2\.yaml"),
        ("valid_months: 12", "valid_months: 12\nearlier_until: 2025-01-01", "before this one begins"),
        ("title: Signs\n", "title: [\n", "is no course"),
    ],
)
def test_a_course_that_breaks_a_rule_stops_the_start(tmp_path, expected, instead, why):
    assert FIRST.count(expected) == 1
    (tmp_path / "verlt.v1.yaml").write_text(FIRST.replace(expected, instead), encoding="utf-8")
    with pytest.raises(StartupError, match=why):
        courses(tmp_path)
