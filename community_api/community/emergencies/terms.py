"""Words of emergencies (contract section 7; the stage 1e of the procedure)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

KIND: Final = "emergency"
ENTRY_KIND: Final = "emergency_entry"
ENTRY_LABEL: Final = "community.emergency_entry"
RETENTION: Final = "emergency"
# What the worker does: hand over one page, page further commanders, note that no justification came.
PAGE: Final = "emergency_page"
ESCALATE: Final = "emergency_escalate"
UNJUSTIFIED: Final = "emergency_unjustified"

MAX_TEXT: Final = 5_000
MAX_WHO: Final = 200
MAX_TOLD: Final = 50


class State(StrEnum):
    """Where an emergency stands."""

    PAGING = "paging"
    ACKNOWLEDGED = "acknowledged"
    STOOD_DOWN = "stood_down"


class Act(StrEnum):
    """What a commander does about it; all but an action are done once."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ACTION = "action"
    JUSTIFICATION = "justification"
    STAND_DOWN = "stand_down"


class DutyKind(StrEnum):
    """What an emergency makes posts owe."""

    PAGED = "emergency"
    JUSTIFY = "emergency_justification"
    BREACH = "emergency_breach"


# What each act leads to from each state: the next state, or the code of the refusal. Whoever acts at once
# has thereby acknowledged: nobody is made to press two buttons while somebody is in danger.
COMMANDS: Final[dict[State, dict[Act, State | str]]] = {
    State.PAGING: {
        Act.ACKNOWLEDGEMENT: State.ACKNOWLEDGED,
        Act.ACTION: State.ACKNOWLEDGED,
        Act.JUSTIFICATION: State.ACKNOWLEDGED,
        Act.STAND_DOWN: "not_acknowledged",
    },
    State.ACKNOWLEDGED: {
        Act.ACKNOWLEDGEMENT: "already_acknowledged",
        Act.ACTION: State.ACKNOWLEDGED,
        Act.JUSTIFICATION: State.ACKNOWLEDGED,
        Act.STAND_DOWN: State.STOOD_DOWN,
    },
    State.STOOD_DOWN: {
        Act.ACKNOWLEDGEMENT: "already_acknowledged",
        Act.ACTION: "already_stood_down",
        Act.JUSTIFICATION: State.STOOD_DOWN,
        Act.STAND_DOWN: "already_stood_down",
    },
}
