"""Words of observations (contract sections 5 and 12)."""

from __future__ import annotations

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
# Statuses in which the reporter may still take the report back (contract section 5).
WITHDRAWABLE: Final = frozenset({Status.RECEIVED, Status.RETURNED})
