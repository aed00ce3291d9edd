"""The pack's rules about flags, as questions that the flag service asks. What they say is in `pack.flags`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from community_api.procedure_engine.engine.clocks import Calendar, deadline
from community_api.procedure_engine.pack.definition import Pack


def cosign_required(pack: Pack, ages: Iterable[str]) -> bool:
    """Whether a safeguarding lead must agree first; `ages` of the subjects: adult, child or unknown."""
    return any(age in pack.flags.cosign_when_age for age in ages)


def decision_due(pack: Pack, waiting_since: datetime, calendar: Calendar) -> datetime:
    """Until when the second person should decide, counted from when the decision could first be made."""
    return deadline(pack.flags.decide_within, waiting_since, calendar)


def cosign_due(pack: Pack, raised_at: datetime, calendar: Calendar) -> datetime:
    """Until when the safeguarding lead should have answered."""
    return deadline(pack.flags.cosign_within, raised_at, calendar)


def refused_until(pack: Pack, ended_on: date) -> date:
    """The day on which a flag that never became a case is forgotten: tokens, names, what it belongs to."""
    return ended_on + timedelta(days=pack.flags.refused_kept_days)


def lapses_at(pack: Pack, raised_at: datetime, calendar: Calendar) -> datetime:
    """When an undecided flag lapses, whatever it waits for."""
    return deadline(pack.flags.lapses_after, raised_at, calendar)
