"""Words of feedback (contract section 8)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from community_api.core.i18n.translations import N_

OBLIGATION_KIND: Final = "obligation"
KIND: Final = "feedback"
ACKNOWLEDGEMENT_KIND: Final = "acknowledgement"
MESSAGE_LABEL: Final = "feedback.message"
COMMENT_LABEL: Final = "feedback.comment"
RETENTION: Final = "feedback"
# What the worker does when an answer has not been given by its day.
DUE: Final = "feedback_due"

MAX_TEXT: Final = 5_000
MAX_HINT: Final = 2_000
MAX_WINDOW_DAYS: Final = 3_660
# Figures of a team with fewer are withheld: they would tell of persons.
LEAST_CERTIFIED_OFFICERS: Final = 3
DEFAULT_WINDOW_DAYS: Final = 90


class State(StrEnum):
    """Where an obligation stands; a matter cannot be closed while one of the first three holds."""

    OPEN = "open"
    DRAFTED = "drafted"
    AWAITING_SECOND_READING = "awaiting_second_reading"
    MET = "met"
    WITHHELD = "withheld"
    WAIVED = "waived"


OWED: Final = (State.OPEN, State.DRAFTED, State.AWAITING_SECOND_READING)


class Audience(StrEnum):
    """Who hears back."""

    OFFICER = "officer"


class MessageKind(StrEnum):
    """An answer by a person, or the product's own word: that it is late, or what time has made of it."""

    ANSWER = "answer"
    INTERIM = "interim"
    NOTICE = "notice"


class MessageState(StrEnum):
    """Whether a message has reached its recipient's inbox."""

    AWAITING_SECOND_READING = "awaiting_second_reading"
    DELIVERED = "delivered"
    SENT_BACK = "sent_back"


class Outcome(StrEnum):
    """What an officer may be told."""

    RETAINED_USEFUL = "retained_useful"
    ACTED_ON = "acted_on"
    HANDLED_IN_COMMUNITY = "handled_in_community"
    SUPPORT_ARRANGED = "support_arranged"
    MORE_FACTS_NEEDED = "more_facts_needed"
    NO_FURTHER_ACTION = "no_further_action"
    IDENTITY_ERROR = "identity_error"
    PROCEDURE_REFUSED = "procedure_refused"
    STILL_OPEN = "still_open"
    CANNOT_SAY = "cannot_say"


class DutyKind(StrEnum):
    """What feedback makes posts owe."""

    ANSWER = "feedback"
    BREACH = "feedback_breach"
    SECOND_READING = "second_reading"


# Neutral on purpose: it says nothing about what is being done, only that nothing was forgotten.
INTERIM_TEXT: Final = N_(
    "Your report is still being worked on. You have not been forgotten: an answer is owed to you and was "
    "due by now, and those responsible have been reminded. You can add to your report at any time."
)
