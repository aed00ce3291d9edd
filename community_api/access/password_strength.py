"""Whether a password is too easily guessed: a length, the person's own names, and a kept list.

The list is zxcvbn's: common passwords, words, names, dates and rows of keys, alone and put together
(NIST SP 800-63B section 3.1.1.2). It takes half a megabyte, and is loaded when the first password is set.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from community_api.access.terms import PASSWORD_MAX, PASSWORD_MIN
from community_api.core.errors import DomainError

# Of four: ten thousand million guesses and more, so that a stolen hash stands for a while, too.
ENOUGH: Final = 4
# What is judged: that takes longer and longer the longer the text is, and what follows only adds to it.
JUDGED: Final = 32
# Long enough, not in the kept list, and still among the first that anybody tries.
_COMMON: Final = frozenset(
    {
        "passwort",
        "qwertzuiop",
        "willkommen",
        "administrator",
        "changeme",
        "geheim",
        "police",
        "polizei",
    }
)


def check_strength(password: str, *names: str) -> None:
    """Raises ``password_weak`` for what is short, long, easily guessed, or holds one of ``names``."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise DomainError("password_weak")
    folded = unicodedata.normalize("NFC", password).casefold()
    letters = "".join(character for character in folded if character.isalpha())
    holds_name = any(name.casefold() in folded for name in names if len(name) > 2)
    if holds_name or letters in _COMMON or _score(folded, names) < ENOUGH:
        raise DomainError("password_weak")


def _score(folded: str, names: tuple[str, ...]) -> int:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - loads a list that few requests need

    parts = [part for name in names for part in re.split(r"[^\w]+", name) if part]
    judged = zxcvbn(folded[:JUDGED], user_inputs=[*names, *parts])
    return int(judged["score"])
