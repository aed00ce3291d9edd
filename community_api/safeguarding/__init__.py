"""Support for people who need it: its own records, readers and retention; no part of intelligence."""

from community_api.safeguarding.opening import lead_of, open_record, subjects_passed_to

__all__ = ["lead_of", "open_record", "subjects_passed_to"]
