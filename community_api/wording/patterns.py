"""Declared terms, found in what people wrote; ``*`` in a term stands for letters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from community_api.wording.normal_form import bare, forms, plain, spelled_out

# What may stand before an Arabic noun without a space: and, so; by, like, to; the article.
_BEFORE_ARABIC: Final = re.compile(r"[وف]?(?:[بك]?ال|لل|[بلك])?(?=[\u0600-\u06ff])")
_ARTICLE: Final = re.compile(r"[ae]l'?(?=\w)")
# A shorter word in one piece is found in others by chance.
_LONG_ENOUGH: Final = 5
_MOST_PIECES: Final = 4
_WORD: Final = re.compile(r"\w+")
_INDEXED: Final = 2


def hits(terms: Sequence[str], text: str) -> tuple[str, ...]:
    """The words of ``text`` that match a term, also where they are disguised; case does not count.

    Seen through: signs of no width, letters of other scripts that look alike, words written letter by letter
    or in pieces, the article before an Arabic word.
    """
    if not terms or not text:
        return ()
    known = _terms(tuple(terms))
    first, *others = forms(text)
    found = list(known.matches(first))
    further = [hit for form in others for hit in known.matches(form)]
    further += [stem for run in spelled_out(text) for stem in known.stems if stem in run]
    further += [stem for form in (first, *others) for stem in known.in_pieces(form)]
    return (*found, *dict.fromkeys(hit for hit in further if hit not in found))


class _Terms:
    """Terms by their first letters, so that a word is compared with few of them."""

    def __init__(self, terms: Sequence[str]) -> None:
        spelled = [plain(term) for term in terms]
        self.stems = frozenset(
            one for term in spelled if len(one := _stem(term)) >= _LONG_ENOUGH and one.isalpha()
        )
        by_start: dict[str, list[str]] = defaultdict(list)
        for term in spelled:
            start = term[:_INDEXED]
            by_start["" if "*" in start or len(start) < _INDEXED else start].append(term)
        self._by_start = {start: _whole(group) for start, group in by_start.items()}

    def matches(self, text: str) -> Iterator[str]:
        """Every word or phrase that is a term, with the article that is written to it."""
        anywhere = self._by_start.get("")
        if anywhere is not None:
            yield from (hit[0] for hit in anywhere.finditer(text))
        end = 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            hit = self._at(text, word)
            if hit is not None:
                end = hit.end()
                yield text[word.start() : end]

    def in_pieces(self, text: str) -> Iterator[str]:
        """Stems of which some words in a row are the pieces, none of them the whole."""
        pieces = _WORD.findall(text)
        for start, joined in enumerate(pieces):
            for piece in pieces[start + 1 : start + _MOST_PIECES]:
                joined += piece  # noqa: PLW2901 - it grows piece by piece
                if joined in self.stems:
                    yield joined

    def _at(self, text: str, word: re.Match[str]) -> re.Match[str] | None:
        for start in _beginnings(text, word):
            group = self._by_start.get(text[start : start + _INDEXED])
            hit = group.match(text, start) if group is not None else None
            if hit is not None and (
                start == word.start() or not word[0].isascii() or len(hit[0]) >= _LONG_ENOUGH
            ):
                return hit
        return None


def bare_terms(terms: Sequence[str]) -> list[str]:
    """Each term as a regular expression for a text without accents, the longest first."""
    spelled = sorted({bare(term) for term in terms}, key=lambda term: (-len(term), term))
    return [_expression(term) for term in spelled]


@lru_cache(maxsize=256)
def _terms(terms: tuple[str, ...]) -> _Terms:
    return _Terms(terms)


def _whole(terms: Sequence[str]) -> re.Pattern[str]:
    # At a word's beginning, or behind the article that is written to it; the caller says where.
    outside = (
        r"(?<!\w)" if any(term[:_INDEXED].find("*") >= 0 or len(term) < _INDEXED for term in terms) else ""
    )
    return re.compile(rf"{outside}(?:{'|'.join(map(_expression, terms))})(?!\w)")


def _beginnings(text: str, word: re.Match[str]) -> Iterator[int]:
    """Where a term may begin in a word: at its beginning, and behind what is written to it."""
    yield word.start()
    for before in (_BEFORE_ARABIC, _ARTICLE):
        found = before.match(text, word.start())
        if found is not None and found.end() > word.start():
            yield found.end()


def _expression(term: str) -> str:
    return r"\w*".join(map(re.escape, term.split("*")))


def _stem(term: str) -> str:
    return term.removesuffix("*")
