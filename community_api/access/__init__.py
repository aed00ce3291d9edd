"""Who may do what: people, accounts, sessions, roles, certificates, and the one policy that decides.

Use cases of other features ask here: ``access.require(tx, actor, Permission.X, target)``.
"""

from community_api.access.authorize import decide, may_know_of, require, require_list
from community_api.access.people import grants_of, holders_of, is_active, language_of
from community_api.access.permissions import Permission
from community_api.access.policy import Decision, Reason
from community_api.access.target import Address, Target, persons
from community_api.access.visibility import VisibleScope

__all__ = [
    "Address",
    "Decision",
    "Permission",
    "Reason",
    "Target",
    "VisibleScope",
    "decide",
    "grants_of",
    "holders_of",
    "is_active",
    "language_of",
    "may_know_of",
    "persons",
    "require",
    "require_list",
]
