"""How a username is written: what looks the same signs in the same."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from community_api.access.terms import USERNAME_MAX

_PATTERN: Final = re.compile(r"[a-z0-9]([a-z0-9._@-]*[a-z0-9])?")


def normal_username(text: str) -> str:
    """A username as it is kept and looked for: small letters, compatible forms made one."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def is_username(text: str) -> bool:
    """Whether a text may become a username: a-z, 0-9 and . _ @ - inside, at most USERNAME_MAX."""
    return len(text) <= USERNAME_MAX and _PATTERN.fullmatch(text) is not None
