"""Who may do what: people, accounts, sessions, roles, certificates, and the one policy that decides."""

from community_api.access.gate import decide, may_know_of, require, require_list
from community_api.access.people import grants_of, language_of

__all__ = ["decide", "grants_of", "language_of", "may_know_of", "require", "require_list"]
