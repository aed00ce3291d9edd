"""Whether a text can be a fact at all: words, not signs that fill a minimum."""

from __future__ import annotations

import re
from typing import Final

from community_api.wording.normal_form import plain

_WORDS: Final = re.compile(r"[^\W\d_]{2,}")
LEAST_WORDS: Final = 3
LEAST_LETTERS: Final = 10


def says_something(text: str) -> bool:
    """At least three different words and ten letters: `24 dots` or `aaaa aaaa aaaa aaaa` are no fact."""
    words = _WORDS.findall(plain(text))
    return len(set(words)) >= LEAST_WORDS and sum(map(len, words)) >= LEAST_LETTERS
