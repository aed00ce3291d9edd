"""What remains to be done about a proposal, for whoever asks: one plain sentence or two."""

from __future__ import annotations

from typing import Final

from community_api.access.proposals.service import ShownProposal
from community_api.access.proposals.terms import State
from community_api.access.terms import ProposalKind
from community_api.core.i18n.translations import N_

NATION_DECIDES: Final = N_(
    "A data protection officer or a national intelligence manager decides, by {date} at the latest. Until "
    "then nothing changes."
)
OFFICER_DECIDES: Final = N_(
    "A data protection officer decides, by {date} at the latest. Until then nothing changes."
)
NEAR_DECIDES: Final = N_(
    "A supervisor, duty commander or intelligence manager of the person's own local unit decides, at any "
    "hour, by {date} at the latest. Until then nothing changes."
)
NATION_CONFIRMS: Final = N_(
    "The absence holds already. A data protection officer or a national intelligence manager confirms it by "
    "{date}; if it is refused, it ends from then on."
)
NEAR_CONFIRMS: Final = N_(
    "The absence holds already. A supervisor, duty commander or intelligence manager of the person's own "
    "local unit confirms it by {date}; if it is refused, it ends from then on."
)
HANDED_OVER: Final = N_(
    "Whoever decided hands the token over, face to face; it is good for 30 minutes. If it gets lost, "
    "ask for a password reset."
)
IMPORTED: Final = N_(
    "The accounts are there and have no passwords yet. When a person starts, ask for a password reset of "
    "their account: whoever decides on it gets a token that is good for 30 minutes."
)
BACK: Final = N_(
    "The account is open again, with the roles that ended when it was closed. Whoever decided hands the "
    "token over, face to face; the person sets a new password with it within 30 minutes."
)
LEFT: Final = N_(
    "The account is closed and its sessions have ended. What its posts owe stays with the posts; answers "
    "that were still owed to the person are waived."
)
ADOPTED: Final = N_("Nothing remains to be done. New cases take this procedure from the day that it names.")
SO: Final = N_("Nothing remains to be done: it holds from now on.")
CONFIRMED: Final = N_("Nothing remains to be done: the absence is confirmed.")
REFUSED: Final = N_("Nothing changes. Whoever asked may ask again, with what was missing.")
ENDED: Final = N_("The absence has ended: the person's posts are theirs again from now on.")
LAPSED: Final = N_("Nobody decided in time. Propose it again if it is still wanted.")

AFTER_APPROVAL: Final = {
    ProposalKind.ACCOUNT_CREATE: HANDED_OVER,
    ProposalKind.PASSWORD_RESET: HANDED_OVER,
    ProposalKind.ACCOUNTS_IMPORT: IMPORTED,
    ProposalKind.ACCOUNT_ENABLE: BACK,
    ProposalKind.ACCOUNT_DISABLE: LEFT,
    ProposalKind.PROCEDURE_ADOPT: ADOPTED,
}
ONE_DECIDER: Final = {ProposalKind.PROCEDURE_ADOPT, ProposalKind.INDICATOR_LIST}


def next_step(proposal: ShownProposal) -> str:
    """What remains, marked for translation; ``{date}`` is the last day for a decision."""
    kind, state = ProposalKind(proposal.kind), State(proposal.state)
    if state is State.WAITING:
        return _waiting(kind, proposal)
    if state is State.LAPSED:
        return LAPSED
    if state is State.REFUSED:
        return ENDED if proposal.acted else REFUSED
    return CONFIRMED if proposal.acted else AFTER_APPROVAL.get(kind, SO)


def _waiting(kind: ProposalKind, proposal: ShownProposal) -> str:
    if proposal.acted:
        return NEAR_CONFIRMS if proposal.near else NATION_CONFIRMS
    if kind in ONE_DECIDER:
        return OFFICER_DECIDES
    return NEAR_DECIDES if proposal.near else NATION_DECIDES
