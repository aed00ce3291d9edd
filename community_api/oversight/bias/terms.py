"""Words of bias reviews."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from community_api.procedure_engine.engine.clocks import Clock

KIND: Final = "bias_review"
CLOSING_KIND: Final = "bias_review_closing"
LABEL: Final = "oversight.bias_review"
RETENTION: Final = "bias_review"
MAX_REASON: Final = 5_000
# What is looked at, and how long a place that was looked at is left in peace.
WINDOW: Final = timedelta(days=90)
DUE: Final = Clock(working_days=20)
DUTY: Final = "bias_review"


class State(StrEnum):
    """Whether somebody has found what is behind it."""

    OPEN = "open"
    CLOSED = "closed"


class Finding(StrEnum):
    """What was behind it. None of them is a reason to look at anybody more closely."""

    EXPLAINED = "explained"
    TRAINING = "training"
    LIST_UNCLEAR = "list_unclear"
    PROCEDURE_UNCLEAR = "procedure_unclear"
    BIAS = "bias"
