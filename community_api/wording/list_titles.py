"""What may stand in a list in clear: no protected trait, no request to watch, no number."""

from __future__ import annotations

import re
from typing import Final

from community_api.wording.protected import speaks_of_protected_traits
from community_api.wording.surveillance import asks_to_watch

MAX_LIST_TITLE: Final = 80
CODE: Final = "not_for_lists"
# A telephone number, an address for messages, most number plates.
_NUMBER: Final = re.compile(r"@|\d(?:[ .\-/]?\d){4,}|\b[^\W\d_]{1,3}[ \-]?\d{3,4}\b")


def fits(text: str) -> bool:
    """Whether a title may stand in lists as it is."""
    return not (_NUMBER.search(text) or speaks_of_protected_traits(text) or asks_to_watch(text))


def chosen(text: str | None, neutral: str) -> str:
    """What was sent if it fits, else the neutral title; ``text`` None: nothing was sent."""
    return text if text is not None and fits(text) else neutral


def advice(text: str) -> tuple[str, ...]:
    """The code of a title that lists do not show."""
    return () if fits(text) else (CODE,)
