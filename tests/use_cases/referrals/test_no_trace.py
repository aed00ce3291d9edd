"""Nothing that is kept of a sanitised report leads to what was told: every column against every column."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Text, select

from community_api.core.database.engine import Base
from community_api.intelligence.chain.referrals.models import Referral
from tests.support.workflow import ANALYST, MANAGER, OFFICER, OTHER_ANALYST, SUPERVISOR

# What is kept of a report, of its givings, and of the cases that these opened.
REPORT = ("intel_report", "intel_report_grade", "intel_dissemination")
CASES = ("intel_referral", "intel_referral_step", "intel_referral_grade", "intel_referral_actor")
# What was told, and who is behind it. The people at the recipients are others.
TOLD = ("community_", "feedback_contributor", "valve_")
# Codes out of short lists and counters lead nowhere; the day of review is that of a whole class of that day.
JOINING = (UUID, datetime, date, bytes)
NO_TRACE = {"review_on"}
LONGEST_CODE = 20


@pytest.fixture
def passed_on(alone):
    """A world in which a report went up, every act at a time of its own."""
    report = alone.observes()["id"]
    alone.world.later(minutes=11)
    alone.of(OFFICER).post(f"/observations/{report}/supplements", {"facts": "The van came back."})
    alone.world.later(minutes=13)
    flag = alone.raises_flag(report)["id"]
    alone.world.later(minutes=17)
    case = alone.referral_called(alone.decides_flag(flag)["referral_reference"])
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (ANALYST, "assess", {}),
        (ANALYST, "evaluate", {}),
        (ANALYST, "sanitise", {}),
        (OTHER_ANALYST, "approve_sanitised", {}),
        (MANAGER, "decide", {"outcome": "escalate"}),
        (MANAGER, "disseminate", {"to_units": ["ost", "nor"]}),
    )
    for hours, (who, action, told) in enumerate(steps, start=1):
        alone.world.later(hours=hours, seconds=hours)
        alone.takes_step(who, case, action, **told)
    for unit in ("ost", "nor"):
        alone.world.later(hours=5, seconds=9)
        alone.finishes(unit, alone.referral_at(unit, parent=case))
    alone.answers_everything(SUPERVISOR)
    return alone.world


def values(world, prefixes, *, only=None):
    """Every value that could join, by its columns. ``only``: ids of cases, one of which a row must name."""
    found = {}
    with world.uow() as tx:
        for table in Base.metadata.sorted_tables:
            if not table.name.startswith(prefixes):
                continue
            for row in tx.session.execute(select(table)).mappings():
                if only is not None and not only & {row.get("id"), row.get("referral_id")}:
                    continue
                for column in table.columns:
                    if _joins(row[column.name], column):
                        found.setdefault(row[column.name], set()).add(f"{table.name}.{column.name}")
    return found


def _joins(value, column):
    if column.name in NO_TRACE:
        return False
    if isinstance(value, str):
        return len(value) > LONGEST_CODE or isinstance(column.type, Text) or any(map(str.isdigit, value))
    return isinstance(value, JOINING)


def shared(first, other):
    return {value: first[value] | other[value] for value in first.keys() & other.keys()}


def recipients(world):
    with world.uow() as tx:
        return set(tx.all(select(Referral.id).where(Referral.parent_id.is_not(None))))


def test_no_value_of_a_report_is_in_what_was_told(passed_on):
    reports, told = values(passed_on, REPORT), values(passed_on, TOLD)
    assert len(reports) > 15
    assert len(told) > 15
    assert shared(reports, told) == {}


def test_no_value_of_a_recipients_case_is_in_what_was_told(passed_on):
    cases = values(passed_on, CASES, only=recipients(passed_on))
    assert len(cases) > 30
    assert shared(cases, values(passed_on, TOLD)) == {}


def test_the_local_case_is_joined_at_the_valve_and_by_those_who_may_not_handle_it(passed_on):
    """What is looked for above would be found: nothing else leads from the local case to what was told."""
    joined = shared(values(passed_on, CASES), values(passed_on, TOLD))
    assert {column for columns in joined.values() for column in columns if column.startswith("intel_")} == {
        "intel_referral.flag_id",
        "intel_referral.opened_at",
        "intel_referral_actor.person_id",
    }
    assert not any(
        column.startswith("community_")
        for columns in joined.values()
        for column in columns
        if "intel_referral_actor.person_id" not in columns
    )
