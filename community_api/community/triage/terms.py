"""Words of the desk: what a decision leads to, what it says to officers, what makes a likely duplicate."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from community_api.community.observations.terms import Act
from community_api.community.shared.terms import ClosingReason, DutyKind, Route
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


class Sign(StrEnum):
    """What speaks for two reports being about one matter."""

    PLACE = "place"
    HOURS = "hours"
    DAY = "day"
    CATEGORY = "category"
    RELATED_CATEGORY = "related_category"
    WORDS = "words"
