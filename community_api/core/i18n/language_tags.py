"""Language tags as RFC 5646 has them: read without regard to case, kept in its recommended spelling."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

MAX_TAG: Final = 35
# Language, script, region, variants, extensions, private use (RFC 5646 section 2.1).
_TAG: Final = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.ASCII,
)
_SCRIPT: Final = 4
_REGION: Final = 2


@lru_cache(maxsize=512)
def _canonical(text: str) -> str | None:
    lower = text.lower()
    if _TAG.fullmatch(lower) is None:
        return None
    first, *rest = lower.split("-")
    spelled, plain = [first], first == "x"
    for part in rest:
        # After a singleton nothing is a script or a region any more.
        plain = plain or len(part) == 1
        if not plain and part.isalpha() and len(part) == _SCRIPT:
            spelled.append(part.title())
        elif not plain and part.isalpha() and len(part) == _REGION:
            spelled.append(part.upper())
        else:
            spelled.append(part)
    return "-".join(spelled)


def canonical_tag(text: str) -> str | None:
    """The tag in its recommended spelling, such as zh-Hant-TW; None if it is none, or too long."""
    return _canonical(text) if len(text) <= MAX_TAG else None
