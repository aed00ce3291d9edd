"""Words of referrals (contract section 7)."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

KIND: Final = "referral"
STEP_KIND: Final = "referral_step"
SEALED_LABEL: Final = "intel.referral"
STEP_LABEL: Final = "intel.step"
# The axis that says how a report may be used; it belongs to the giving, not to the case.
HANDLING: Final = "handling"
# The outcome of a step that says that somebody needs support.
SAFEGUARDING: Final = "safeguarding"
# What the history calls it when a case goes on by a newer version of its procedure.
MOVED: Final = "move_version"
# What the worker does when a stage has taken longer than its clock allows.
OVERDUE: Final = "referral_overdue"
# What that makes the manager owe.
OVERDUE_DUTY: Final = "referral_overdue"
# What the manager owes when the only ground of a case's flag is no longer an indicator.
REVIEW_DUTY: Final = "referral_review"
# What the manager above owes, to whom the late post is named and never its case.
LATE_POST_DUTY: Final = "post_overdue"
# The worker looks anew at the other late cases of a post that has done one.
STILL_OVERDUE: Final = "referral_still_overdue"


# Where in a queue the cases begin that have ended, and where they end: behind all that somebody has to do.
ENDED_FROM: Final = datetime(5000, 1, 1, tzinfo=UTC)
_QUEUE_END: Final = datetime(9000, 1, 1, tzinfo=UTC)
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


def place_in_queue(due_at: datetime | None, now: datetime) -> datetime:
    """By what a queue is ordered: the due time; of a case that ends now (None) a time behind them all.

    What ended last comes first among those.
    """
    return _QUEUE_END - (now - _LONG_AGO) if due_at is None else due_at


class Urgency(StrEnum):
    """Which clocks run."""

    NORMAL = "normal"
    URGENT = "urgent"
