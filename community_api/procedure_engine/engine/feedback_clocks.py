"""The pack's clocks of feedback, as questions that the feedback service asks."""

from __future__ import annotations

from datetime import datetime

from community_api.procedure_engine.engine.clocks import Calendar, deadline
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.pack_lists import FeedbackRule


def rule(pack: Pack, point: str) -> FeedbackRule:
    """Who owes the answer to such a decision, and its clock; KeyError when the pack knows no such point."""
    return pack.rule_by_point[point]


def answer_due(pack: Pack, point: str, decided_at: datetime, calendar: Calendar) -> datetime:
    """Until when the answer to a decision is due; KeyError when the pack knows no such point."""
    return deadline(rule(pack, point).clock, decided_at, calendar)
