"""Words of flags (contract section 6)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from community_api.core.i18n.translations import N_
from community_api.units.terms import Role

KIND: Final = "flag"
# What the kind of report is called that a member of the public told (the valve says the same).
CONCERN: Final = "concern"
# The words of a flag that its case gets, and no others.
COPIED: Final = ("grounds", "alternative_explanation", "necessity", "proportionality", "subjects")
COURSE: Final = "verlt"
SEALED_LABEL: Final = "intel.flag"
IDENTITY_LABEL: Final = "intel.flag_identity"
DECISION_LABEL: Final = "intel.flag_decision"

# The second person's request that the safeguarding lead speak first, among what was said of a flag.
COSIGN_REQUEST: Final = "ask_cosign"
COSIGN_REQUESTED: Final = "requested"
RETENTION_CHILD: Final = "flag_child"

MAX_FACT: Final = 5_000
MIN_FACT: Final = 20
MAX_WORDS: Final = 5_000
MAX_LABEL: Final = 200
MAX_GROUNDS: Final = 20
MAX_SUBJECTS: Final = 20
# A list that was replaced longer ago than this is no ground for a new flag.
SUPERSEDED_DAYS: Final = 30


class Why(StrEnum):
    """Why an earlier flag is shown beside a later one."""

    SUBJECT = "subject"
    REPORT = "report"


class Status(StrEnum):
    """Where a flag stands."""

    AWAITING_COSIGN = "awaiting_cosign"
    AWAITING_SECOND_PERSON = "awaiting_second_person"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


WAITING: Final = frozenset({Status.AWAITING_COSIGN, Status.AWAITING_SECOND_PERSON})
ENDED_WITHOUT_CASE: Final = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.LAPSED})
# To whom a flag is addressed while it waits, in every team under the same local unit.
SECOND_PERSONS: Final = (Role.SUPERVISOR, Role.SAFEGUARDING_LEAD)


class Kind(StrEnum):
    """What a flag is about; procedure packs may declare more."""

    VERLT = "verlt"


class SubjectCategory(StrEnum):
    """LED article 6; a flag by itself never makes anybody a suspect (R4)."""

    SUSPECTED = "suspected"
    CONVICTED = "convicted"
    VICTIM = "victim"
    OTHER_WITNESS = "other_witness"
    OTHER_CONTACT = "other_contact"
    NOT_YET_CATEGORISED = "not_yet_categorised"


class Age(StrEnum):
    """``unknown`` counts as child (R40)."""

    ADULT = "adult"
    CHILD = "child"
    UNKNOWN = "unknown"


MAYBE_CHILD: Final = frozenset({Age.CHILD, Age.UNKNOWN})


class Cosign(StrEnum):
    """What the safeguarding lead says."""

    AGREED = "agreed"
    REFUSED = "refused"


class Decision(StrEnum):
    """What the second person says."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


class GuardianTold(StrEnum):
    """Whether the child's guardian was told."""

    YES = "yes"
    NO = "no"
    UNSAFE = "unsafe"


class DutyKind(StrEnum):
    """What a flag makes posts owe."""

    COSIGN = "flag_cosign"
    DECIDE = "flag_decide"
    LAPSED = "flag_lapsed"
    TRAINING = "training_required"


# It blames nobody and says nothing about what was seen.
LAPSED_TEXT: Final = N_(
    "Nobody decided on your flag within the time that the procedure allows, so it has lapsed. This says "
    "nothing about what you saw. Your report stays where it is, and you can flag it again. Your "
    "supervisors owe you an answer, and the local manager has been told."
)
# What the flagger reads when the teller of the report has forbidden to pass it on.
FORBIDDEN_TEXT: Final = N_("Whoever told this has asked us not to pass it on, so the flag was taken back.")
# What the worker does when an undecided flag has waited too long.
LAPSE: Final = "flag_lapse"
