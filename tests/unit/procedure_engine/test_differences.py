"""What differs between versions is told by place, in words, and nothing else is."""

from __future__ import annotations

import pytest

from community_api.procedure_engine import repository
from community_api.procedure_engine.compare import Kind, compare
from community_api.procedure_engine.pack.loader import parse
from community_api.procedure_engine.repository import SHIPPED

FILE = (SHIPPED / "osce-baseline.v2.yaml").read_text(encoding="utf-8")
PACK = parse(FILE.encode(), "pack.yaml")


def differences(old: str, new: str) -> list[tuple[str, str, str | None, str | None]]:
    assert FILE.count(old) >= 1
    changed = parse(FILE.replace(old, new, 1).encode(), "pack.yaml")
    return [(one.kind.value, one.where, one.before, one.after) for one in compare(PACK, changed)]


def test_nothing_differs_from_itself_whatever_the_layout():
    assert compare(PACK, PACK) == ()
    spaced = FILE.replace("\nstages:\n", "\n# A word about stages.\n\n\nstages:\n\n")
    assert spaced != FILE
    assert compare(PACK, parse(spaced.encode(), "pack.yaml")) == ()


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        (
            "clock: {working_days: 5}\n    urgent_clock: {hours: 24}",
            "clock: {working_days: 7}\n    urgent_clock: {hours: 24}",
            ("changed", "stages.to_assess.clock", "5 d", "7 d"),
        ),
        (
            "    roles: [analyst, intelligence_manager]\n    not_actor_of: [evaluate, sanitise]",
            "    roles: [intelligence_manager]\n    not_actor_of: [evaluate, sanitise]",
            (
                "changed",
                "actions.approve_sanitised.roles",
                "analyst, intelligence_manager",
                "intelligence_manager",
            ),
        ),
        (
            "    not_actor_of: [assess]\n",
            "",
            ("gone", "actions.decide.not_actor_of", "assess", None),
        ),
        (
            "{from: regional, to: national, reach: own_line}",
            "{from: regional, to: national, reach: any}",
            ("changed", "edges.regional-national.reach", "own_line", "any"),
        ),
        (
            "legal_basis, type: text, title: Legal basis, max_length: 1000}",
            "legal_basis, type: text, title: Legal basis, max_length: 900}",
            ("changed", "forms.dissemination.fields.legal_basis.max_length", "1000", "900"),
        ),
        (
            "at_most_days: 1825",
            "at_most_days: 1095",
            ("changed", "retention.referral.at_most_days", "1825", "1095"),
        ),
    ],
)
def test_one_change_is_one_difference_in_its_place(old, new, difference):
    assert differences(old, new) == [difference]


def test_moving_a_thing_in_the_file_is_no_difference():
    one = "      - {code: grievance, title: Grievance}\n"
    other = "      - {code: threat, title: Feeling under threat}\n"
    assert differences(one + other, other + one) == []


def test_the_other_way_round_new_is_gone():
    first, second = repository.pack("osce-baseline", 1), repository.pack("osce-baseline", 2)
    there, back = compare(first, second), compare(second, first)
    assert {one.place for one in there if one.kind is Kind.NEW} == {
        one.place for one in back if one.kind is Kind.GONE
    }
    assert ("stages", "recalled") in {one.place for one in there if one.kind is Kind.NEW}
    assert {one.place for one in there if one.kind is Kind.CHANGED} == {
        one.place for one in back if one.kind is Kind.CHANGED
    }
