"""Words that observations and concerns share."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from community_api.procedure_engine.engine.clocks import Clock

SUPPLEMENT_KIND: Final = "supplement"
SUPPLEMENT_LABEL: Final = "community.supplement"

RETENTION: Final = "community_report"
RETENTION_WITHOUT_PURPOSE: Final = "concern_without_purpose"

ACT_KIND: Final = "desk_act"
ACT_LABEL: Final = "community.desk_act"
LINK_KIND: Final = "link"
LINK_LABEL: Final = "community.link"
MAX_REASON: Final = 2_000
MAX_TEXT: Final = 5_000
MAX_SERVICE: Final = 200

# A supervisor looks at what came in by the end of the next working day.
TRIAGE_WITHIN: Final = Clock(working_days=1)


class DutyKind(StrEnum):
    """Why a report waits for triage: what the supervisors' post owes, in words in ``units/duties.yaml``."""

    NEW = "triage"
    COMPLETED = "triage_completed"
    REOPENED = "triage_reopened"


class DeskActKind(StrEnum):
    """What the desk does with a report."""

    TRIAGE = "triage"
    CLOSING = "closing"
    REOPENING = "reopening"


class Route(StrEnum):
    """Where triage sends a report (contract section 5)."""

    PROBLEM = "problem"
    CRIME = "crime"
    SAFEGUARDING = "safeguarding"
    NO_POLICE_PURPOSE = "no_police_purpose"
    RETURNED = "returned"


class ClosingReason(StrEnum):
    """Why community work on a report ends (contract section 5)."""

    SOLVED = "solved"
    HANDED_OVER = "handed_over"
    NO_POLICE_PURPOSE = "no_police_purpose"
    CANNOT_ACT = "cannot_act"
    DUPLICATE = "duplicate"


# After these nobody takes a report back any more.
TAKES_UP: Final = tuple(route.value for route in Route if route is not Route.RETURNED)

# What the worker is told of when a link is made or ended: flags on its reports belong together, or no more.
LINK_CHANGED: Final = "link_changed"
