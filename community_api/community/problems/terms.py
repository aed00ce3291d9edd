"""Words of problems (contract section 5; SARA: scanning, analysis, response, assessment)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

KIND: Final = "problem"
ENTRY_KIND: Final = "problem_entry"
SEALED_LABEL: Final = "community.problem_entry"
TITLE_LABEL: Final = "community.problem"
RETENTION: Final = "community_report"

MAX_TITLE: Final = 150
MAX_TEXT: Final = 10_000
MAX_NAME: Final = 150
MAX_PART: Final = 1_000
MAX_REPORTS: Final = 100
MAX_PARTNERS: Final = 30

# How reports on a problem have gone: those of so long against those of as long before.
TREND_OVER: Final = timedelta(days=28)


class Stage(StrEnum):
    """Where the work on a problem is; it may go back when an assessment shows that it must."""

    SCANNING = "scanning"
    ANALYSIS = "analysis"
    RESPONSE = "response"
    ASSESSMENT = "assessment"


class Status(StrEnum):
    """Whether a problem is being worked on."""

    OPEN = "open"
    CLOSED = "closed"


class Achieved(StrEnum):
    """What the work on a problem has come to."""

    SOLVED = "solved"
    REDUCED = "reduced"
    MOVED = "moved"
    UNCHANGED = "unchanged"


class Trend(StrEnum):
    """How reports on a problem have gone lately."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    NONE = "none"
