"""An age under 18, said in figures or words (contract section 6), and other words about age.

The words are declared in ages.yaml, for every language in which the public is answered. Every text is read in
all of them: people mix languages, and the language of a report is a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from community_api.core import yaml_files
from community_api.wording.normal_form import bare
from community_api.wording.patterns import bare_terms

WORDS: Final = Path(__file__).with_name("ages.yaml")
ADULT: Final = 18
_MONTHS: Final = 12 * ADULT
# A second number between an age and its unit: 12-13 years, 16 or 17 years.
_RANGE: Final = (
    r"(?:\s*(?:[-/]|or|to|and|bis|oder|und|a|ou|et|или|до|и|ar|arba|iki|ir|veya|ile|او|الي)\s*\d{1,3})?"
)
# Between a child and a bare number.
_OF: Final = (
    r"(?:\s*[(:]\s*|,\s*|\s+(?:is|was|ist|war|a|est|avait|yra|buvo)\s+"
    r"(?:only |just |about |erst |gerade |etwa |seulement |tik )?|\s+-\s+|\s+)"
)
# What may follow a bare number that is an age: the end of a clause, no further number and no unit.
_CLOSED: Final = (
    r"(?=\s*(?:\)|[,;!?]|\.(?!\s*(?:\d|klas|kl\b|sinif|класс))|$|and\b|und\b|et\b|и\b|ir\b|ve\b|who\b|der\b|die\b|qui\b"
    r"|years?\b|jahren?\b|ans\b|лет\b|metu\b))"
)
# What makes a number something else than an age.
_UNITS: Final = r"(?:weeks?|days?|hours?|minut\w*|percent|prozent|uhr|o'clock|stunden?|heures?|main|metres?)"
_NO_UNIT: Final = rf"(?![\w:%]|[.,]\d|\s*[-/]?\s*{_UNITS})"
_BEFORE_LENGTH: Final = 30


@dataclass(frozen=True)
class _Language:
    """How one language says an age, as regular expressions."""

    said: tuple[re.Pattern[str], ...]
    months: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    youth: re.Pattern[str]


def says_minor(text: str) -> bool:
    """Whether an age under 18 is said in figures or words, in any language."""
    read = bare(text)
    return any(_said_in(language, read) for language in _languages().values())


def speaks_of_youth(text: str) -> bool:
    """Whether a word about age or school stands in a text, whatever age it means."""
    read = bare(text)
    return any(language.youth.search(read) is not None for language in _languages().values())


def _said_in(language: _Language, text: str) -> bool:
    for pattern in language.said:
        if any(_is_age(language, text, found) for found in pattern.finditer(text)):
            return True
    months = language.months.finditer(text) if language.months is not None else ()
    return any(int(found["months"]) < _MONTHS for found in months)


def _is_age(language: _Language, text: str, results: re.Match[str]) -> bool:
    """Whether the words around a number leave it an age."""
    before = text[max(0, results.start() - _BEFORE_LENGTH) : results.start()]
    if language.not_before is not None and language.not_before.search(before):
        return False
    return language.not_after is None or language.not_after.match(text, results.end()) is None


@cache
def _languages() -> Mapping[str, _Language]:
    declared = yaml_files.read(WORDS.read_text(encoding="utf-8"))
    return {name: _language(words) for name, words in declared.items()}


def _language(words: Mapping[str, Any]) -> _Language:
    years, after = words.get("years", ()), words["after"]
    number, unit = _number(words["numbers"]), _any((*after, *years))
    said = [
        rf"(?<![\w.,]){number}{_RANGE}(?:\.\s*|\s*-?\s*){unit}(?!\w)",
        rf"(?<!\w){_any(words['before'])}\s*[:(]?\s*{number}{_NO_UNIT}",
        rf"(?<!\w){_any(words['children'])}{_OF}{number}{_CLOSED}",
    ]
    said.append(rf"(?<!\w){_any(words['children'])}\s+(?:of|von|de|aged)\s+{number}{_NO_UNIT}")
    if "joined" in words:
        said.append(rf"(?<!\w){_number(words['joined'])}\w{{0,2}}{_any(after)}(?!\w)")
    if "ordinals" in words:
        said.append(rf"(?<!\w){_number(words['ordinals'])}\s+{_any(after)}(?!\w)")
    tens = words["tens"]
    return _Language(
        said=tuple(re.compile(pattern) for pattern in said),
        months=re.compile(rf"(?<![\w.,])(?P<months>\d{{1,3}})\s*-?\s*{_any(words['months'])}(?!\w)"),
        not_before=_compiled(
            rf"(?<!\w){_any((*words['not_before'], *tens))}[\s-]*$", (*words["not_before"], *tens)
        ),
        not_after=_compiled(rf"[\s-]*{_any(words['not_after'])}(?!\w)", words["not_after"]),
        youth=re.compile(rf"(?<!\w){_any(words['youth'])}(?!\w)|{_school(words['school'])}"),
    )


def _number(numbers: Mapping[int, Sequence[str]]) -> str:
    """0 to 17, in figures or words; ``12`` in ``2012`` is none."""
    words = [form for forms in numbers.values() for form in forms]
    return rf"(?:(?:0?\d|1[0-7])(?!\d)|{_any(words)})"


def _school(words: Sequence[str]) -> str:
    found = _any(words)
    return rf"(?<!\w){found}\s*\d{{1,2}}(?!\w)|(?<!\w)\d{{1,2}}\s*(?:\.|th|st|nd|rd|-)?\s*{found}(?!\w)"


def _any(terms: Sequence[str]) -> str:
    return f"(?:{'|'.join(bare_terms(terms))})"


def _compiled(pattern: str, terms: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile(pattern) if terms else None
