"""The baseline written down a second time, as plainly as can be: a table from the contract, and no engine.

The property tests let engine and model answer the same question. The two share no code but the nouns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from community_api.procedure_engine.engine.state import UnitView

AUTHORS = ("report.author", "report.supplement", "flag.raise")
UP = {"local": {"regional", "national"}, "regional": {"national"}, "national": set(), "external": set()}


@dataclass(frozen=True)
class Row:
    """A row of the contract's table: from, who, whom it excludes, field that decides, value to next stage."""

    stage: str
    roles: tuple[str, ...]
    excludes: tuple[str, ...]
    field: str | None
    leads: Mapping[str | None, str]
    owes: frozenset[str] = frozenset()


TABLE = {
    "assess": Row(
        "to_assess",
        ("analyst",),
        ("flag.raise", "flag.confirm"),
        "outcome",
        {"continue": "to_evaluate", "safeguarding": "to_feed_back", "no_further_action": "to_feed_back"},
        frozenset({"safeguarding", "no_further_action"}),
    ),
    "evaluate": Row("to_evaluate", ("analyst",), (), None, {None: "to_sanitise"}),
    "sanitise": Row("to_sanitise", ("analyst",), (), None, {None: "to_approve"}),
    "approve_sanitised": Row(
        "to_approve",
        ("analyst", "intelligence_manager"),
        ("evaluate", "sanitise"),
        "decision",
        {"approved": "to_decide", "sent_back": "to_sanitise"},
    ),
    "decide": Row(
        "to_decide",
        ("intelligence_manager",),
        ("assess",),
        "outcome",
        {
            "escalate": "to_disseminate",
            "investigate": "to_feed_back",
            "safeguarding": "to_feed_back",
            "return": "to_feed_back",
            "no_further_action": "to_feed_back",
        },
        frozenset({"escalate", "investigate", "safeguarding", "return", "no_further_action"}),
    ),
    "disseminate": Row("to_disseminate", ("intelligence_manager",), (), None, {None: "sent"}),
    "acknowledge": Row("to_acknowledge", ("analyst",), (), None, {None: "to_decide"}),
    "close": Row("to_feed_back", ("intelligence_manager",), (), None, {None: "closed"}),
}


@dataclass(frozen=True)
class Question:
    """Everything that the answer depends on."""

    action: str
    stage: str
    unit: UnitView
    person: UUID
    roles: frozenset[str]
    acts: Mapping[str, frozenset[UUID]]
    owed: int
    fields: Mapping[str, Any]


def answer(question: Question, units: tuple[UnitView, ...]) -> tuple[str, str | None, bool]:
    """Code, next stage, whether an answer is owed: for fields that are well filled in but for the outcome."""
    refused = _refused(question)
    if refused:
        return refused, None, False
    row = TABLE[question.action]
    if question.action == "disseminate":
        return _disseminated(question, units)
    outcome = question.fields[row.field] if row.field else None
    if outcome not in row.leads or (outcome == "escalate" and not UP[question.unit.level]):
        return "validation_failed", None, False
    return "allowed", row.leads[outcome], outcome in row.owes


def _refused(question: Question) -> str | None:
    """Permission first, then state."""
    row = TABLE[question.action]
    if not question.roles & set(row.roles):
        return "role_not_allowed"
    if any(question.person in question.acts.get(act, ()) for act in (*AUTHORS, *row.excludes)):
        return "same_person"
    if question.stage != row.stage:
        return "action_not_allowed"
    return "feedback_owed" if question.action == "close" and question.owed else None


def _disseminated(question: Question, units: tuple[UnitView, ...]) -> tuple[str, str | None, bool]:
    """Upwards in one's own line only."""
    above = {
        unit.name
        for unit in units
        if unit.level in UP[question.unit.level] and unit.name in question.unit.above
    }
    if not above:
        return "action_not_allowed", None, False
    named = question.fields["to_units"]
    if not named or len(set(named)) < len(named) or not set(named) <= above:
        return "validation_failed", None, False
    return "allowed", "sent", False
