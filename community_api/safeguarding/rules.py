"""Pure decisions of safeguarding: until when, on which ground, and what may be handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from community_api.core.errors import FieldError
from community_api.procedure.clocks import Calendar, Clock, deadline
from community_api.safeguarding.terms import DUE_WORKING_DAYS, Consent

# What a partner never gets (R41): ids of records, codes of indicators, grades, schemes, the words for them.
# A partner needs to know who needs what; the sentence can always be said without these.
INTELLIGENCE: Final = (
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE),
    re.compile(r"\b[a-z]+(_[a-z0-9]+)+\b", re.IGNORECASE),
    re.compile(r"\b[A-EX][1-5]\b"),
    re.compile(r"\b(4x4|5x5x5|3x5x2)\b", re.IGNORECASE),
    re.compile(
        r"\b(verlt|indicators?|flagged|flags?|grad(e|es|ed|ing)|intelligence report)\b", re.IGNORECASE
    ),
)


def due(opened_at: datetime, *, child: bool, zone: str, calendar: Calendar) -> datetime:
    """Until when somebody must have looked: for a child the end of the same day, where the unit is."""
    if not child:
        return deadline(Clock(working_days=DUE_WORKING_DAYS), opened_at, calendar)
    day = opened_at.astimezone(ZoneInfo(zone)).date()
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)


def has_ground(consent: str, statutory_basis: str | None) -> bool:
    """Whether there is consent or, without it, a statute; one of both is asked for (R41)."""
    return consent == Consent.GIVEN or statutory_basis is not None


def more_than_the_minimum(dataset: Mapping[str, str | None], pointer: str) -> Iterator[FieldError]:
    """Every field of a minimum dataset that names something of the intelligence side."""
    for name, text in dataset.items():
        if text is not None and any(pattern.search(text) for pattern in INTELLIGENCE):
            yield FieldError(f"{pointer}/{name}", "more_than_minimum", {})
