"""Words of emergencies (contract section 7; the stage 1e of the procedure)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

KIND: Final = "emergency"
ENTRY_KIND: Final = "emergency_entry"
BATCH_KIND: Final = "emergency_batch"
BATCH_LABEL: Final = "community.emergency_batch"
REFUSAL_LABEL: Final = "community.emergency_batch.refusal"
ENTRY_LABEL: Final = "community.emergency_entry"
RETENTION: Final = "emergency"
# What the worker does: hand over one page, page further commanders, note that no justification came.
PAGE: Final = "emergency_page"
ESCALATE: Final = "emergency_escalate"
UNJUSTIFIED: Final = "emergency_unjustified"

# Rounds in which further commanders are called, five minutes apart; then the nation's alone, each hour.
ROUNDS: Final = 6
NATION_AGAIN: Final = timedelta(hours=1)
# What the public reports about one thing in this time is gathered: so many call singly, the rest as one.
GATHERED_WITHIN: Final = timedelta(minutes=15)
CALLED_SINGLY: Final = 3
# So many calls of the public in a unit in that time, and all further ones are one call.
FLOOD_AFTER: Final = 10
# A call that several share is sent again at most so often, and a new emergency waits no longer for it.
SHARED_AGAIN: Final = timedelta(minutes=5)
# The first line of a report, as a call shows it.
MAX_LINE: Final = 200

MAX_TEXT: Final = 5_000
MAX_WHO: Final = 200
MAX_TOLD: Final = 50
MAX_BATCH: Final = 500


class State(StrEnum):
    """Where an emergency stands."""

    PAGING = "paging"
    ACKNOWLEDGED = "acknowledged"
    STOOD_DOWN = "stood_down"


class BatchState(StrEnum):
    """Where an act on many emergencies stands."""

    AWAITING_SECOND_PERSON = "awaiting_second_person"
    DONE = "done"
    REFUSED = "refused"


class CallKind(StrEnum):
    """What a call to commanders is about."""

    # One emergency that a member of the staff reported: never gathered.
    STAFF = "staff"
    # One emergency of the public.
    PUBLIC = "public"
    # Emergencies of the public of one category and place.
    SHARED = "shared"
    # All further emergencies of the public in a unit.
    FLOOD = "flood"


class Audience(StrEnum):
    """Which commanders a round of a call goes to."""

    FIRST = "first"
    EVERYBODY = "everybody"
    NATION = "nation"


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
    STAND_DOWN = "emergency_stand_down"
    STAND_DOWN_REFUSED = "emergency_stand_down_refused"


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
