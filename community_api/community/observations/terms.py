"""Words of observations (contract sections 5 and 12)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

KIND: Final = "observation"
# The fields that are sealed together as the record's one document.
SEALED_LABEL: Final = "community.observation"

MAX_FACTS: Final = 20_000
MAX_ASSESSMENT: Final = 10_000
MAX_PLACE_WORDS: Final = 500
MAX_REASON: Final = 2_000
MAX_ACCURACY_M: Final = 100_000


class Status(StrEnum):
    """Where an observation stands on the community side; a flag never changes it."""

    RECEIVED = "received"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    IN_COMMUNITY_WORK = "in_community_work"
    PASSED_ON = "passed_on"
    CLOSED = "closed"


class Act(StrEnum):
    """What somebody may want to do with a report as a whole; the first three are triage."""

    TAKE_UP = "take_up"
    HAND_ON = "hand_on"
    RETURN = "return"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REOPEN = "reopen"


class Purpose(StrEnum):
    """The declared purpose without which nothing is recorded (R1)."""

    COMMUNITY_PROBLEM = "community_problem"
    CRIME_PREVENTION = "crime_prevention"
    SAFEGUARDING = "safeguarding"
    PUBLIC_ORDER = "public_order"


class SourceRelation(StrEnum):
    """How the officer came to know."""

    WITNESSED = "witnessed"
    TOLD_BY_PUBLIC = "told_by_public"
    TOLD_BY_PARTNER = "told_by_partner"
    THIRD_HAND = "third_hand"
    OPEN_SOURCE = "open_source"


class Precision(StrEnum):
    """How exactly a place is meant."""

    EXACT = "exact"
    STREET = "street"
    AREA = "area"


class AttachmentsState(StrEnum):
    """Whether the files that a report names have arrived."""

    NONE = "none"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"


CATEGORIES: Final = (
    "noise_nuisance",
    "traffic",
    "lighting_litter",
    "neighbour_dispute",
    "vandalism",
    "theft_burglary",
    "drugs",
    "violence",
    "domestic_abuse",
    "hate_incident",
    "threat_to_people",
    "weapons",
    "fraud_cyber",
    "trafficking_exploitation",
    "child_at_risk",
    "worried_about_someone",
    "police_conduct",
    "other",
)
# What somebody wants to do with a report, against where it stands: the status that follows, or the code of
# the refusal. Every pair is there. Concerns go by the same table.
AFTER: Final[Mapping[Status, Mapping[Act, Status | str]]] = {
    Status.RECEIVED: {
        Act.TAKE_UP: Status.IN_COMMUNITY_WORK,
        Act.HAND_ON: Status.PASSED_ON,
        Act.RETURN: Status.RETURNED,
        Act.SUPPLEMENT: Status.RECEIVED,
        Act.WITHDRAW: Status.WITHDRAWN,
        Act.CLOSE: "not_triaged",
        Act.REOPEN: "not_closed",
    },
    Status.RETURNED: {
        Act.TAKE_UP: Status.IN_COMMUNITY_WORK,
        Act.HAND_ON: Status.PASSED_ON,
        Act.RETURN: "already_decided",
        Act.SUPPLEMENT: Status.RECEIVED,
        Act.WITHDRAW: Status.WITHDRAWN,
        Act.CLOSE: Status.CLOSED,
        Act.REOPEN: "not_closed",
    },
    Status.WITHDRAWN: dict.fromkeys(Act, "already_withdrawn"),
    Status.IN_COMMUNITY_WORK: {
        Act.TAKE_UP: "already_decided",
        Act.HAND_ON: "already_decided",
        Act.RETURN: "already_decided",
        Act.SUPPLEMENT: Status.IN_COMMUNITY_WORK,
        Act.WITHDRAW: "already_taken_up",
        Act.CLOSE: Status.CLOSED,
        Act.REOPEN: "not_closed",
    },
    Status.PASSED_ON: {
        Act.TAKE_UP: "already_decided",
        Act.HAND_ON: "already_decided",
        Act.RETURN: "already_decided",
        Act.SUPPLEMENT: Status.PASSED_ON,
        Act.WITHDRAW: "already_taken_up",
        Act.CLOSE: Status.CLOSED,
        # It went to the wrong place: it is triaged anew.
        Act.REOPEN: Status.RECEIVED,
    },
    Status.CLOSED: {
        Act.TAKE_UP: "already_decided",
        Act.HAND_ON: "already_decided",
        Act.RETURN: "already_decided",
        Act.SUPPLEMENT: Status.CLOSED,
        Act.WITHDRAW: "already_taken_up",
        Act.CLOSE: "already_closed",
        Act.REOPEN: Status.RECEIVED,
    },
}
