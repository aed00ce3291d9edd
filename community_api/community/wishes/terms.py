"""Words of the wish not to be passed on (contract section 6)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Way(StrEnum):
    """By what something leaves the team that answers for it."""

    FLAG = "flag"
    CRIME = "crime"
    SAFEGUARDING = "safeguarding"
    HAND_OVER = "hand_over"
    PARTNER = "partner"


# Somebody at risk of serious harm is the safeguarding lead's, and of the partner whom the lead tells.
TO_PROTECT: Final = frozenset({Way.SAFEGUARDING, Way.PARTNER})
