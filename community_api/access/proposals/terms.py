"""The words of proposals (contract section 4): their states, and how long one may wait."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from community_api.access.terms import ProposalKind
from community_api.units.terms import Level, Role

KIND: Final = "proposal"
LABEL: Final = "access.proposal"
RETENTION: Final = "account"
DUTY: Final = "proposal_decide"
# What was asked a month ago is asked anew: whoever decides judges what is wanted today.
LAPSES_AFTER: Final = timedelta(days=30)
DECIDE_WITHIN: Final = timedelta(days=7)
# What is decided near the person: an absence within a shift; a locked-out colleague has none without a reset.
DECIDE_NEAR_WITHIN: Final = {
    ProposalKind.ABSENCE: timedelta(hours=8),
    ProposalKind.PASSWORD_RESET: timedelta(hours=1),
}
# An absence that lasts longer is a leaving.
LONGEST_ABSENCE: Final = timedelta(days=366)


class State(StrEnum):
    """Where a proposal stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


_WITH_AND_BELOW: Final = frozenset(
    {
        Role.OFFICER,
        Role.SUPERVISOR,
        Role.SAFEGUARDING_LEAD,
        Role.DUTY_COMMANDER,
        Role.RECORDS_MANAGER,
        Role.DPO,
        Role.TRAINER,
        Role.ADMINISTRATOR,
    }
)
_INTELLIGENCE: Final = frozenset({Role.ANALYST, Role.INTELLIGENCE_MANAGER})
# Where a role may be held. Oversight's are nobody's to give over HTTP: no level has them here.
ROLES_OF_LEVEL: Final[dict[Level, frozenset[Role]]] = {
    Level.COMMUNITY: _WITH_AND_BELOW,
    Level.LOCAL: _WITH_AND_BELOW | _INTELLIGENCE | {Role.SOURCE_REGISTRAR, Role.TASKING_CHAIR},
    Level.REGIONAL: _WITH_AND_BELOW | _INTELLIGENCE | {Role.TASKING_CHAIR},
    Level.NATIONAL: _WITH_AND_BELOW | _INTELLIGENCE | {Role.TASKING_CHAIR},
    Level.EXTERNAL: frozenset({Role.PARTNER}),
}


def is_held_at(role: Role, level: Level) -> bool:
    """Whether a role is held at a level; oversight's, which nobody gives over HTTP, outside the chain."""
    if role is Role.OVERSIGHT:
        return level is Level.EXTERNAL
    return role in ROLES_OF_LEVEL[level]


# Who can name the source of a report handles no referral (contract section 4).
APART: Final = (frozenset({Role.SOURCE_REGISTRAR}), _INTELLIGENCE)
