"""The pack's rules about flags, as questions that the flag service asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from community_api.procedure.clocks import Calendar
from community_api.procedure.pack import Pack


def cosign_required(pack: Pack, ages: Iterable[str]) -> bool:
    """Whether a safeguarding lead must agree first, given the ages of the subjects (adult, child, unknown)."""
    raise NotImplementedError


def decision_due(pack: Pack, raised_at: datetime, calendar: Calendar) -> datetime:
    """Until when the second person should decide."""
    raise NotImplementedError


def cosign_due(pack: Pack, raised_at: datetime, calendar: Calendar) -> datetime:
    """Until when the safeguarding lead should have answered."""
    raise NotImplementedError


def lapses_at(pack: Pack, raised_at: datetime, calendar: Calendar) -> datetime:
    """When an undecided flag lapses."""
    raise NotImplementedError
