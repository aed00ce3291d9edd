"""The pack's clocks of feedback, as questions that the feedback service asks."""

from __future__ import annotations

from datetime import datetime

from community_api.procedure.clocks import Calendar
from community_api.procedure.pack import FeedbackRule, Pack


def rule(pack: Pack, point: str) -> FeedbackRule:
    """Who owes the answer to such a decision, and its clock; KeyError when the pack knows no such point."""
    raise NotImplementedError


def answer_due(pack: Pack, point: str, decided_at: datetime, calendar: Calendar) -> datetime:
    """Until when the answer to a decision is due."""
    raise NotImplementedError
