"""How alike two texts are by their words; of two languages they share names and numbers only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import log, sqrt
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from community_api.community.triage.weights import WordWeights
from community_api.core import yaml_files

STOP_WORDS: Final = Path(__file__).with_name("stop_words.yaml")
# The languages whose words Snowball reduces to stems; in others a word is its own stem.
ALGORITHMS: Final[Mapping[str, str]] = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian",
    "lt": "lithuanian", "nl": "dutch", "pl": "polish", "ru": "russian", "tr": "turkish",
}  # fmt: skip
# Characters of a text that are looked at.
LONGEST: Final = 4_000
_WORD = re.compile(r"[^\W_]{2,}|\d")
# Words in a row that two people do not choose alike by chance.
RUN: Final = 5
# Texts from which on a word can be common.
FEW: Final = 5
# Words that nobody else uses count in full; of one that everybody uses, this is left.
LEAST_RARITY: Final = 0.1


@dataclass(frozen=True)
class TextWords:
    """The stems of a text in its order, and those that say something."""

    language: str
    sequence: tuple[str, ...]
    stems: frozenset[str]
    # The words as they stand: a report's language is often its teller's and not its own.
    plain: frozenset[str]

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Every passage of so many words as only a template or a copy has in common with another text."""
        return frozenset(self.sequence[at : at + RUN] for at in range(len(self.sequence) - RUN + 1))

    def beside(self, passages: Collection[tuple[str, ...]]) -> frozenset[str]:
        """The stems that stand outside the passages."""
        if not passages:
            return self.stems
        covered = {
            position
            for at in range(len(self.sequence) - RUN + 1)
            if self.sequence[at : at + RUN] in passages
            for position in range(at, at + RUN)
        }
        kept = {stem for position, stem in enumerate(self.sequence) if position not in covered}
        return self.stems & kept


class Stemming:
    """Reduces words to stems; made for one page and thrown away with what it has read."""

    def __init__(self) -> None:
        self._stemmers: dict[str, Any] = {}

    def words(self, text: str, language: str | None) -> TextWords:
        """The words of a text. ``language`` None: not known."""
        base = (language or "").split("-")[0].lower()
        found = _WORD.findall(normalize("NFKC", text[:LONGEST]).casefold())
        stemmer = self._stemmer(base)
        sequence = found if stemmer is None else stemmer.stemWords(found)
        stop = _stop_words().get(base, frozenset())
        says = {stem for word, stem in zip(found, sequence, strict=True) if word not in stop}
        plain = frozenset(found) - _every_stop_word()
        return TextWords(base, tuple(sequence), frozenset(says), plain)

    def _stemmer(self, language: str) -> Any:
        if language not in ALGORITHMS:
            return None
        if language not in self._stemmers:
            # Loaded by whoever reads a queue first; most processes never do.
            import Stemmer  # noqa: PLC0415

            self._stemmers[language] = Stemmer.Stemmer(ALGORITHMS[language])
        return self._stemmers[language]


@cache
def _stop_words() -> Mapping[str, frozenset[str]]:
    declared = yaml_files.read(STOP_WORDS.read_bytes())
    return {str(language): frozenset(words.casefold().split()) for language, words in declared.items()}


@cache
def _every_stop_word() -> frozenset[str]:
    return frozenset().union(*_stop_words().values())


class Rarity:
    """How much each stem says among some texts: 1 if one text has it, little if all have."""

    def __init__(self, texts: Collection[TextWords]) -> None:
        self._number = len(texts)
        self._counts = Counter(stem for text in texts for stem in text.stems | text.plain)

    def of(self, stem: str) -> float:
        # Two texts share what they share; of so few nothing is common.
        if self._number < FEW:
            return 1.0
        return max(LEAST_RARITY, log(self._number / self._counts[stem]) / log(self._number))

    def total(self, stems: Iterable[str]) -> float:
        return sum(self.of(stem) for stem in stems)


def similarity(first: TextWords, other: TextWords, rarity: Rarity, weights: WordWeights) -> float:
    """From 0 (nothing in common) to 1 (the same words), rare words counting more.

    Passages that both have word by word are a form's and left out, unless one has nothing else: a copy.
    Texts in two languages are compared by their words as they stand: names and numbers.
    """
    if first.language != other.language:
        return _alike(first.plain, other.plain, rarity, weights)
    passages = first.runs & other.runs
    stems, others = first.beside(passages), other.beside(passages)
    if not stems or not others:
        stems, others = first.stems, other.stems
    return _alike(stems, others, rarity, weights)


def _alike(stems: frozenset[str], others: frozenset[str], rarity: Rarity, weights: WordWeights) -> float:
    if not stems or not others:
        return 0.0
    shared = stems & others
    alike = rarity.total(shared) + _nearly(stems - shared, others - shared, rarity, weights)
    return min(1.0, alike / sqrt(rarity.total(stems) * rarity.total(others)))


def _nearly(stems: frozenset[str], others: frozenset[str], rarity: Rarity, weights: WordWeights) -> float:
    """What words add that hold each other or are spelled a little differently."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - loaded by whoever reads a queue first

    long = sorted(stem for stem in others if len(stem) >= weights.shortest_within)
    total = 0.0
    for stem in sorted(stems):
        if len(stem) < weights.shortest_within or not long:
            continue
        found = process.extractOne(stem, long, scorer=fuzz.partial_ratio, score_cutoff=weights.alike_from)
        if found is not None:
            total += min(rarity.of(stem), rarity.of(found[0])) * found[1] / 100
            long.remove(found[0])
    return total
