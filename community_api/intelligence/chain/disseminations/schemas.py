"""Bodies and answers about what a unit was given (contract section 7)."""

from __future__ import annotations

from community_api.core.schemas.fields import Choice, CommandSchema, Receipted, Text
from community_api.intelligence.chain.reports.schemas import DisseminationOut

MEASURES = ("erased", "restricted")
MAX_NOTE = 2000


class RecallConfirmationIn(CommandSchema):
    """What was done with what was taken back."""

    measure = Choice(MEASURES)
    note = Text(MAX_NOTE)


class NoticeConfirmationIn(CommandSchema):
    """That a new grade or a correction has reached the copy."""


class ConfirmedOut(Receipted, DisseminationOut):
    """The giving as it now is."""
