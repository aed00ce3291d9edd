"""Words of community priorities."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

KIND: Final = "priority"
SEALED_LABEL: Final = "community.priority"
RETENTION: Final = "community_report"

MAX_TITLE: Final = 150
MAX_TEXT: Final = 5_000
MAX_NAME: Final = 150
MAX_REASON: Final = 2_000
MAX_AGREED_WITH: Final = 30
# What everything is, nothing is: so many for a team in a month.
MOST: Final = 3
# Agreed this year for the next one, at most.
MONTHS_AHEAD: Final = 12
# The month as it is told and kept: 2026-03.
MONTH_LENGTH: Final = 7


class With(StrEnum):
    """With whom a priority was agreed."""

    RESIDENTS = "residents"
    PARTNER = "partner"


class State(StrEnum):
    """Whether a priority holds."""

    AGREED = "agreed"
    WITHDRAWN = "withdrawn"
