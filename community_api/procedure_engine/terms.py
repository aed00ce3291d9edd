"""The closed lists of the pack language: what a pack may name but not invent.

Sources: levels and roles are those of the product (contract section 4); phases and refusal codes are
contract section 7. A list grows only by a new version of the product, never by a pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

# A pack in an older version of the language is read as it was meant: running cases keep it for ever. What
# a version asks for that an earlier one did not is in docs/procedures.md.
LANGUAGE_VERSIONS: Final = (1, 2, 3)
# From here on every clock says who hears of it when it has run out, and packs are held to all checks.
STRICT: Final = 2
# From here on a pack says everything that differs between nations; what is adopted must.
WHOLE: Final = 3
# Whom tasking can ask to collect. Nobody who works with the community, helps people or controls the others:
# there is no word for it (domain R34).
COLLECTORS: Final = ("analyst", "intelligence_manager")

EXTERNAL: Final = "external"
LEVELS: Final = ("community", "local", "regional", "national", EXTERNAL)

ROLES: Final = (
    "officer",
    "supervisor",
    "safeguarding_lead",
    "duty_commander",
    "analyst",
    "intelligence_manager",
    "source_registrar",
    "tasking_chair",
    "records_manager",
    "dpo",
    "oversight",
    "trainer",
    "administrator",
    "partner",
)
# The roles that every unit of a level has a post of from its first day: who can be asked for there. Source:
# the accounts of the contract's section 4 and the owners of its duties.
STAFFED: Final[Mapping[str, tuple[str, ...]]] = {
    "community": ("officer", "supervisor"),
    "local": (
        "safeguarding_lead",
        "duty_commander",
        "analyst",
        "intelligence_manager",
        "source_registrar",
        "tasking_chair",
    ),
    "regional": ("analyst", "intelligence_manager"),
    "national": (
        "supervisor",
        "duty_commander",
        "analyst",
        "intelligence_manager",
        "tasking_chair",
        "records_manager",
        "dpo",
        "trainer",
        "administrator",
    ),
    EXTERNAL: (),
}


# The courses that a right or a procedure can ask for; each ends with a test and is certified for a time.
COURSES: Final = ("verlt", "assessing", "grading", "sanitising", "reviewing")


class Phase(StrEnum):
    """Whether a stage wants something from its owner, waits for others, or is an end."""

    OPEN = "open"
    WAITING = "waiting"
    ENDED = "ended"


class Reach(StrEnum):
    """Which units of the level an edge leads to: those above or below in the tree, any, or other states'."""

    OWN_LINE = "own_line"
    ANY = "any"
    ABROAD = "abroad"


class Entry(StrEnum):
    """How a case comes into being at a unit, or is called back."""

    FLAG = "flag"
    DISSEMINATION = "dissemination"
    RECALL = "recall"


class Act(StrEnum):
    """What somebody did before the case's own steps, for rules about second persons."""

    REPORT_AUTHOR = "report.author"
    REPORT_SUPPLEMENT = "report.supplement"
    FLAG_RAISE = "flag.raise"
    FLAG_COSIGN = "flag.cosign"
    FLAG_CONFIRM = "flag.confirm"


class Code(StrEnum):
    """What the engine answers: allowed, or why not (contract sections 2, 6 and 7)."""

    ALLOWED = "allowed"
    ROLE_NOT_ALLOWED = "role_not_allowed"
    SAME_PERSON = "same_person"
    TRAINING_REQUIRED = "training_required"
    ACTION_NOT_ALLOWED = "action_not_allowed"
    FEEDBACK_OWED = "feedback_owed"
    CONSENT_NEEDED = "originator_consent_needed"
    VALIDATION_FAILED = "validation_failed"


class FeedbackPoint(StrEnum):
    """The decisions that owe an answer to the officers behind the report (contract section 8)."""

    TRIAGE = "triage"
    CLOSING = "closing"
    FLAG_DECISION = "flag_decision"
    ASSESSMENT = "assessment"
    DECISION = "decision"
    RULING = "ruling"


# The version of the language from which on a pack must have a rule for the decision: a new member must not
# make packs unsound that were written before it.
FEEDBACK_POINTS: Final[Mapping[FeedbackPoint, int]] = {
    FeedbackPoint.TRIAGE: 1,
    FeedbackPoint.CLOSING: 1,
    FeedbackPoint.FLAG_DECISION: 1,
    FeedbackPoint.ASSESSMENT: 1,
    FeedbackPoint.DECISION: 1,
    FeedbackPoint.RULING: 1,
}

# What the product itself tells officers, so that every pack has to declare it.
PRODUCT_OUTCOMES: Final = (
    "handled_in_community",
    "acted_on",
    "no_further_action",
    "more_facts_needed",
    "still_open",
)


class FieldCode(StrEnum):
    """What can be wrong with one field of a step; the product's words for them are in problems.yaml.

    Parameters: `min`, `max` of the `too_…`, `of` of exactly_one, `earliest`, `latest` of date_out_of_range,
    `expected` (a type of JSON) of wrong_type.
    """

    REQUIRED = "required"
    UNKNOWN_FIELD = "unknown_field"
    NULL = "null"
    WRONG_TYPE = "wrong_type"
    BLANK = "blank"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    REPEATED = "repeated"
    NOT_A_CHOICE = "not_a_choice"
    BAD_FORMAT = "bad_format"
    EXACTLY_ONE = "exactly_one"
    UNIT_NOT_PERMITTED = "unit_not_permitted"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    NOT_LINKED = "not_linked"
    NOT_WAITING = "not_waiting"
    HANDLING_FORBIDS = "handling_forbids"
    CLASSIFICATION_FORBIDS = "classification_forbids"
    DOES_NOT_FIT = "does_not_fit"


AGES: Final = ("adult", "child", "unknown")
# What may be said of a child's guardian when a lead agrees, and of whom a flag speaks (contract section 6).
GUARDIAN_TOLD: Final = ("yes", "no", "unsafe")
SUBJECT_CATEGORIES: Final = (
    "suspected",
    "convicted",
    "victim",
    "other_witness",
    "other_contact",
    "not_yet_categorised",
)
# What a report can be about (contract section 12), of which the law can oblige the police to pursue some.
REPORT_CATEGORIES: Final = (
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
SUBJECT_FIELDS: Final = ("identifying",)
# What a partner can be told at all (contract section 7; R41).
DATASET: Final = ("person", "need", "safety")
# For what special categories of data can be needed at all (domain R8).
SPECIAL_PURPOSES: Final = ("assessment", "safeguarding")


class WishException(StrEnum):
    """On what ground something is passed on although its teller forbade it (contract section 6)."""

    DANGER_TO_LIFE = "danger_to_life"
    SERIOUS_HARM = "serious_harm"
    DUTY_TO_PURSUE = "duty_to_pursue"
