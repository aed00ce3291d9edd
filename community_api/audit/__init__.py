"""The audit trail: one leaf per write, read of content, and denial; it has no HTTP of its own."""

from community_api.audit.service import Denial, record, record_denial
from community_api.audit.terms import Action

__all__ = ["Action", "Denial", "record", "record_denial"]
