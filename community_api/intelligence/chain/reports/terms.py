"""Words of intelligence reports and their dissemination (contract section 7)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

KIND: Final = "intelligence_report"
DISSEMINATION_KIND: Final = "dissemination"
SEALED_LABEL: Final = "intel.report"
DISSEMINATION_LABEL: Final = "intel.dissemination"
RETENTION: Final = "intelligence_report"


class DisseminationState(StrEnum):
    """Where one giving of one report to one unit stands."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    RECALLED = "recalled"
    RECALL_CONFIRMED = "recall_confirmed"


# A unit to which a report was given holds it in every other state.
RECALLED: Final = (DisseminationState.RECALLED, DisseminationState.RECALL_CONFIRMED)


class NoticeKind(StrEnum):
    """What whoever holds a report is told of it afterwards."""

    REGRADE = "regrade"
    CORRECTION = "correction"


# What a post owes: to confirm a notice, to answer a question, to give up what was taken back abroad.
NOTICE_DUTY: Final = "report_notice"
QUESTION_DUTY: Final = "originator_question"
RECALL_ABROAD_DUTY: Final = "recall_abroad"
