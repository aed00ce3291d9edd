"""Words of safeguarding (contract section 7; R39 to R42)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

KIND: Final = "safeguarding_record"
HANDOVER_KIND: Final = "handover"
ANSWER_KIND: Final = "handover_answer"
CLOSING_KIND: Final = "safeguarding_closing"
RECORD_LABEL: Final = "safeguarding.record"
HANDOVER_LABEL: Final = "safeguarding.handover"
ANSWER_LABEL: Final = "safeguarding.answer"
CLOSING_LABEL: Final = "safeguarding.closing"
RETENTION: Final = "safeguarding_record"
RETENTION_CHILD: Final = "safeguarding_record_child"

# What an agency is taken for as long as nobody has said what it is.
UNNAMED_PARTNER: Final = "other"

MAX_TEXT: Final = 5_000
MAX_BASIS: Final = 500


class State(StrEnum):
    """Where a record stands."""

    OPEN = "open"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"


class HandoverState(StrEnum):
    """Whether the partner has answered, and how."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Answer(StrEnum):
    """What a partner says to a handover."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Consent(StrEnum):
    """Whether the person concerned agreed."""

    GIVEN = "given"
    REFUSED = "refused"
    NOT_ASKED = "not_asked"
    NOT_POSSIBLE = "not_possible"


class DutyKind(StrEnum):
    """What safeguarding makes posts owe."""

    RECORD = "safeguarding"
    ANSWERED = "safeguarding_answered"
