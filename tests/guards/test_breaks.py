"""Every declared break can be applied, and rules that have none do not become more."""

import re

import pytest

from tests.guards.source import ROOT
from tools import breaks

BREAKS = breaks.declared()
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
KEPT = {rule for rule, says in re.findall(r"</a>([RP]\d+) \| (.*)", RULES) if not says.startswith("*Later:*")}
# May only become shorter: a rule that gets its first break leaves it.
LISTED = """
R2 R3 R4 R5 R6 R7 R8 R10 R11 R12 R13 R14 R15 R16 R17 R19 R20 R21 R22
R23 R24 R25 R26 R27 R28 R29 R30 R31 R32 R33 R34 R36 R37 R38 R39 R40 R41 R42 P1
P3 P6 P9 P11 P12 P14 P15 P16 P21 P22 P23 P24 P25 P27 P29 P30 P31 P33 P37
P38 P39 P40 P41 P42 P43 P44 P46 P47 P48 P49 P50 P51 P53 P59 P60 P65 P66 P67 P68
P69 P70 P71 P72 P73 P74 P75 P76 P77 P80 P83 P84
"""
WITHOUT = frozenset(LISTED.split())


@pytest.mark.parametrize("change", BREAKS, ids=lambda change: change.name)
def test_a_declared_break_applies_and_names_tests(change):
    assert breaks.faults(change) == []


def test_breaks_have_names_of_their_own():
    assert len({change.name for change in BREAKS}) == len(BREAKS) <= 150


def test_every_break_concerns_a_rule_that_is_kept():
    assert {change.rule for change in BREAKS} <= KEPT


def test_rules_without_a_break_are_those_listed():
    assert KEPT - {change.rule for change in BREAKS} == WITHOUT


def test_what_cannot_be_applied_is_named(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\nx = 1\n")
    (tmp_path / "test_a.py").write_text("def test_there():\n    pass\n")
    broken = breaks.Break("a", "P1", "a.py", "x = 1", "x = ", ("test_a.py::test_not_there",))
    found = breaks.faults(broken, tmp_path)
    assert [fault.split(":")[0] for fault in found] == [
        "the text stands 2 times in a.py",
        "no Python",
        "there is no test test_a.py",
    ]
