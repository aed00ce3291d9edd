"""One spelling of a text for matching: what looks the same, or is split to hide it, reads the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

# Longer than any word: only the beginning is looked at, so that no pattern is tried in endless ways.
_ENDLESS: Final = re.compile(r"(\w{200})\w+")
_WORD: Final = re.compile(r"\w+")
# Single letters with one sign between each: `m u s l i m`, `m.u.s.l.i.m`. Two signs part two words.
_SPELLED_OUT: Final = re.compile(r"(?<!\w)(?:\w[ .\-_*·•|/]){2,}\w(?!\w)")
_BETWEEN_LETTERS: Final = re.compile(r"[ .\-_*·•|/]")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("’‘ʼ`´", "'"))
# Written in more than one way in Arabic; the lengthening stroke says nothing.
_ARABIC: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
# Cyrillic and Greek letters that look like Latin ones (a part of Unicode TR 39). Capitals look otherwise.
_TO_LATIN: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЁЇҺԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧавеѕіјкмнорстухёїһԁԛԝӏгпαβεηικνορτυχγω",
    "ABESIJKMHOPCTYXEIHQWABEZHIKMNOPTYXabesijkmhopctyxeihdqwlrnabeniknoptuxyw",
)
_TO_CYRILLIC: Final = str.maketrans(
    "ABCEHIKMOPTXYabcehikmopstuxyrnαεικορτυχΑΒΕΗΙΚΜΟΡΤΥΧ",
    "АВСЕНІКМОРТХУавсенікморѕтихугпаеікортихАВЕНІКМОРТУХ",
)


def plain(text: str) -> str:
    """Small letters, no marks that show nothing, one space where there were several."""
    return _closed(_visible(text, ""))


def bare(text: str) -> str:
    """As ``plain``, without accents and with ASCII digits: people leave accents out."""
    parts = unicodedata.normalize("NFD", plain(text))
    letters = "".join(sign for sign in parts if unicodedata.category(sign) != "Mn")
    return "".join(_digit(sign) for sign in unicodedata.normalize("NFC", letters)).replace("ı", "i")


def forms(text: str) -> tuple[str, ...]:
    """The ways in which a text may have been meant, the plain one first."""
    visible = _visible(text, "")
    found = tuple(dict.fromkeys([visible, _visible(text, " "), _letter_by_letter(visible)]))
    read = [_by_word(one, change) for one in found for change in (_as_latin, _as_cyrillic)]
    return tuple(dict.fromkeys(map(_closed, (*found, *read))))


def spelled_out(text: str) -> tuple[str, ...]:
    """What was written letter by letter, joined: words cannot be told apart in it."""
    visible = " ".join(_visible(text, "").split())
    runs = [_BETWEEN_LETTERS.sub("", found[0]) for found in _SPELLED_OUT.finditer(visible)]
    return tuple(_closed(one) for run in runs for one in dict.fromkeys((run, run.translate(_TO_LATIN))))


def _visible(text: str, unseen: str) -> str:
    """NFKC without combining marks that compose with nothing; ``unseen`` stands for signs of no width."""
    if text.isascii():
        return text
    kept = [
        unseen if unicodedata.category(sign) == "Cf" or sign == "\u034f" else sign
        for sign in unicodedata.normalize("NFKC", text)
    ]
    composed = unicodedata.normalize("NFKC", "".join(kept))
    return "".join(sign for sign in composed if unicodedata.category(sign) not in {"Mn", "Me"})


def _closed(text: str) -> str:
    folded = unicodedata.normalize("NFC", text.casefold()).translate(_DASHES).translate(_ARABIC)
    return " ".join(_ENDLESS.sub(r"\1", folded).split())


def _letter_by_letter(text: str) -> str:
    return _SPELLED_OUT.sub(lambda match: _BETWEEN_LETTERS.sub("", match[0]), text)


def _by_word(text: str, change: Callable[[str], str]) -> str:
    # Nothing in ASCII is of another script than it looks.
    if text.isascii():
        return text
    return _WORD.sub(lambda match: change(match[0]), text)


def _as_latin(word: str) -> str:
    """A word that can be read as a Latin one, read so; any other as it is."""
    if word.isascii():
        return word
    read = word.translate(_TO_LATIN)
    return read if all(_script(sign) == "LATIN" for sign in read if sign.isalpha()) else word


def _as_cyrillic(word: str) -> str:
    """A Cyrillic word with letters of other scripts among its own, read as if all were Cyrillic."""
    scripts = {_script(sign) for sign in word if sign.isalpha()}
    return word.translate(_TO_CYRILLIC) if "CYRILLIC" in scripts and len(scripts) > 1 else word


def _script(sign: str) -> str:
    return unicodedata.name(sign, "NONE").split(" ", 1)[0]


def _digit(sign: str) -> str:
    return str(unicodedata.digit(sign)) if sign.isdigit() else sign
