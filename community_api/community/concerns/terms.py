"""Words of concerns (contract sections 5, 9 and 12; P21 to P25)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from community_api.community.observations.terms import Status
from community_api.core.i18n.translations import N_
from community_api.procedure_engine.engine.clocks import Clock

KIND: Final = "concern"
REPLY_KIND: Final = "concern_reply"
MESSAGE_KIND: Final = "concern_message"
TRANSLATION_KIND: Final = "concern_translation"
CONTACT_KIND: Final = "concern_contact"
UNLOCK_KIND: Final = "concern_contact_unlock"

# What is sealed together as the one document of each record.
SEALED_LABEL: Final = "community.concern"
MESSAGE_LABEL: Final = "community.concern_message"
REPLY_LABEL: Final = "community.concern_reply"
TRANSLATION_LABEL: Final = "community.concern_translation"
CONTACT_LABEL: Final = "community.concern_contact"
UNLOCK_LABEL: Final = "community.concern_contact_unlock"
DECISION_LABEL: Final = "community.concern_decision"

MAX_TEXT: Final = 20_000
MAX_MESSAGE: Final = 10_000
MAX_REPLY: Final = 10_000
MAX_HOW_KNOWN: Final = 500
MAX_PLACE_WORDS: Final = 500
MAX_CONTACT: Final = 300
MAX_REASON: Final = 2_000
MAX_ANSWERS: Final = 30
# Of one concern: enough for any conversation, and an end to a flood by one code.
MAX_THREAD: Final = 200

RETENTION: Final = "community_report"
RETENTION_CLOSED: Final = "concern_closed"
RETENTION_WITHDRAWN: Final = "concern_without_purpose"
RETENTION_CONTACT: Final = "contact_details"

# The procedure whose clocks of feedback the public calendar follows (contract section 8): by the day
# alone, the same whatever happens to a concern inside.
# What a reporter adds is read like something new.
READ_MESSAGE: Final = Clock(working_days=5)
# A second person reads what waits for them by the end of the next working day.
SECOND_PERSON: Final = Clock(working_days=1)
# How long contact details that two people unlocked may be read.
UNLOCKED_FOR: Final = timedelta(days=14)

# What the product says by itself when the day has come and nobody has written.
STILL_OPEN: Final = N_(
    "We have not forgotten what you told us. It is still open, and there is nothing more to say today. "
    "You will hear from us again by the day that is shown here."
)
# The worker looks whether what the calendar promised was said.
ANSWER_DUE: Final = "concern_answer_due"


class Channel(StrEnum):
    """How the concern came in: by the public page, or through somebody on the staff."""

    PUBLIC = "public"
    TOLD = "told"
    TELEPHONED = "telephoned"


class PublicState(StrEnum):
    """What the reporter sees; never where a concern went inside."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"


class MessageKind(StrEnum):
    """What a reporter adds by code."""

    MESSAGE = "message"
    DISPUTE = "dispute"
    WITHDRAWAL = "withdrawal"
    QUESTIONNAIRE = "questionnaire"
    PERMISSION = "permission"


class ReplyKind(StrEnum):
    """What the desk says to a reporter."""

    ANSWER = "answer"
    QUESTION = "question"
    STATUS = "status"
    FINAL = "final"


class ReplyState(StrEnum):
    """A reply is read by a second person before anybody else sees it."""

    AWAITING_SECOND_PERSON = "awaiting_second_person"
    APPROVED = "approved"
    REFUSED = "refused"


class ContactChannel(StrEnum):
    """By what somebody wants to be reached."""

    PHONE = "phone"
    EMAIL = "email"
    SMS = "sms"
    MESSENGER = "messenger"
    LETTER = "letter"
    IN_PERSON = "in_person"
    OTHER = "other"


class DutyKind(StrEnum):
    """What posts owe about concerns; the words stand in ``units/duties.yaml``."""

    ANSWER = "concern_answer"
    MESSAGE = "concern_message"
    APPROVE = "concern_reply_approve"
    LATE = "concern_answer_late"
    UNLOCK = "concern_contact_unlock"


# Nothing more is owed, and only what was said is shown.
ENDED: Final = frozenset({Status.WITHDRAWN, Status.CLOSED})
# Where the team's own work stands; a concern that is answered with a question is "returned".
UNTOUCHED: Final = frozenset({Status.RECEIVED})
# Said by the desk of a team about itself: these go to the desk of last resort.
NOT_TO_THE_TEAM: Final = frozenset({"police_conduct"})
