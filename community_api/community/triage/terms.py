"""Words of the desk: what a decision leads to, what it says to officers, what makes a likely duplicate."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from community_api.community.observations.terms import Act
from community_api.community.reports.terms import ClosingReason, DutyKind, Route
from community_api.feedback.terms import Outcome

ACT_OF: Final[Mapping[Route, Act]] = {
    Route.PROBLEM: Act.TAKE_UP,
    Route.CRIME: Act.HAND_ON,
    Route.SAFEGUARDING: Act.HAND_ON,
    Route.NO_POLICE_PURPOSE: Act.TAKE_UP,
    Route.RETURNED: Act.RETURN,
}
# What is told under it concerns a child: its lead looks the same day.
CHILD_CATEGORY: Final = "child_at_risk"
# The routes by which another service may take over.
HANDED_OVER_BY: Final = frozenset({Route.CRIME, Route.SAFEGUARDING, Route.NO_POLICE_PURPOSE})
# What an officer is told that became of a report, when it is closed.
OUTCOME_OF: Final[Mapping[ClosingReason, Outcome]] = {
    ClosingReason.SOLVED: Outcome.HANDLED_IN_COMMUNITY,
    ClosingReason.HANDED_OVER: Outcome.ACTED_ON,
    ClosingReason.NO_POLICE_PURPOSE: Outcome.NO_FURTHER_ACTION,
    ClosingReason.CANNOT_ACT: Outcome.NO_FURTHER_ACTION,
    ClosingReason.DUPLICATE: Outcome.HANDLED_IN_COMMUNITY,
}


class Why(StrEnum):
    """Why a report is in the queue."""

    NEW = "new"
    DANGER = "danger"
    COMPLETED = "completed"
    REOPENED = "reopened"


WHY: Final[Mapping[str, Why]] = {
    DutyKind.NEW.value: Why.NEW,
    DutyKind.COMPLETED.value: Why.COMPLETED,
    DutyKind.REOPENED.value: Why.REOPENED,
}

# --- likely duplicates: a score of 0 to 100, declared here and explained with every offer ------------
# It says that two reports may tell of one matter, and nothing about anybody in them.

OFFERED: Final = 5
# Below this two reports share no more than a neighbourhood.
SCORE_MIN: Final = 50
PLACE_POINTS: Final = 50
TIME_POINTS: Final = 30
CATEGORY_POINTS: Final = 20
# Places count in full while they are no further apart than both may be off, and this much more.
PLACE_SLACK_M: Final = 50
# From there the points fall to none over this distance; nothing further away is looked at.
PLACE_FADES_M: Final = 1_500
# More than this a place is not taken to be off: an area is no proof of nearness.
ACCURACY_MOST_M: Final = 500
# Where one of two reports has no place but the same team: as much as a place far away within reach.
PLACELESS_POINTS: Final = 15
# Hours between two times by which points fall to none.
TIME_FADES_H: Final = 48
# Where only the days are known.
SAME_DAY_POINTS: Final = 25
NEXT_DAY_POINTS: Final = 10
# Days before and after in which a duplicate is looked for.
DAYS_AROUND: Final = 2
RELATED_POINTS: Final = 12
# Categories by which one matter is often told.
RELATED: Final[tuple[frozenset[str], ...]] = (
    frozenset({"noise_nuisance", "neighbour_dispute", "traffic", "lighting_litter"}),
    frozenset({"lighting_litter", "vandalism"}),
    frozenset({"vandalism", "theft_burglary", "hate_incident"}),
    frozenset({"drugs", "noise_nuisance", "weapons"}),
    frozenset({"violence", "weapons", "threat_to_people", "hate_incident", "domestic_abuse"}),
    frozenset({"domestic_abuse", "child_at_risk", "worried_about_someone"}),
    frozenset({"trafficking_exploitation", "child_at_risk", "worried_about_someone"}),
    frozenset({"fraud_cyber", "theft_burglary"}),
)
# Says little, and so speaks against nothing.
OTHER: Final = "other"


class Sign(StrEnum):
    """What speaks for two reports being about one matter."""

    PLACE = "place"
    TEAM = "team"
    HOURS = "hours"
    DAY = "day"
    CATEGORY = "category"
    RELATED_CATEGORY = "related_category"
