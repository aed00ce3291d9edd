"""Requests to watch people, in what staff write to staff (contract section 15).

Community work looks after places and troubles, never people for who they are. The words are declared in
surveillance_requests.yaml; what they find is said as a warning, and nothing is refused for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from community_api.core import yaml_files
from community_api.wording.normal_form import bare, forms
from community_api.wording.patterns import bare_terms

WORDS: Final = Path(__file__).with_name("surveillance_requests.yaml")
CODE: Final = "asks_to_watch"
_SENTENCE: Final = re.compile(r"[.!?;:]\s+|\n")
_WORD: Final = re.compile(r"\w+")
# Of a sentence that never ends, no more is compared word by word.
_MOST_HITS: Final = 50
# Characters before a word in which is looked for whoever did it.
_LOOK_BACK: Final = 25


@dataclass(frozen=True)
class _Rule:
    """Two lists of words that together ask to watch somebody; ``starts``: the first words of ``first``."""

    starts: frozenset[str]
    first: re.Pattern[str]
    then: re.Pattern[str]
    within: int
    after: bool
    unless: re.Pattern[str]
    things: re.Pattern[str]


def asks_to_watch(text: str) -> bool:
    """Whether a text asks to look at persons, groups, faith sites or communities, in any staff language."""
    return any(map(_asks_in, dict.fromkeys(bare(form) for form in forms(text))))


def advice(text: str) -> tuple[str, ...]:
    """The codes of what somebody should think over before sending a text to staff."""
    return (CODE,) if asks_to_watch(text) else ()


def _asks_in(text: str) -> bool:
    words = frozenset(_WORD.findall(text))
    rules = [rule for rule in _rules() if not rule.starts.isdisjoint(words)]
    return any(
        _asks(rule, sentence) for sentence in (_SENTENCE.split(text) if rules else ()) for rule in rules
    )


def _asks(rule: _Rule, sentence: str) -> bool:
    first = [
        hit for hit in _some(rule.first, sentence) if not rule.unless.search(_just_before(sentence, hit))
    ]
    if not first:
        return False
    then = list(_some(rule.then, sentence))
    return any(_near(rule, sentence, one, other) for one in first for other in then)


def _near(rule: _Rule, sentence: str, first: re.Match[str], then: re.Match[str]) -> bool:
    if first.end() <= then.start():
        between = sentence[first.end() : then.start()]
    elif rule.after or then.end() > first.start():
        return False
    else:
        between = sentence[then.end() : first.start()]
    return len(_WORD.findall(between)) <= rule.within and rule.things.search(between) is None


def _just_before(sentence: str, hit: re.Match[str]) -> str:
    return sentence[max(0, hit.start() - _LOOK_BACK) : hit.start()]


def _some(pattern: re.Pattern[str], sentence: str) -> Iterator[re.Match[str]]:
    for number, hit in enumerate(pattern.finditer(sentence)):
        if number == _MOST_HITS:
            return
        yield hit


@cache
def _rules() -> tuple[_Rule, ...]:
    declared = yaml_files.read(WORDS.read_text(encoding="utf-8"))
    return tuple(_rule(words, rule) for words in declared.values() for rule in words["rules"])


def _rule(words: Mapping[str, Any], rule: Mapping[str, Any]) -> _Rule:
    return _Rule(
        starts=frozenset(_WORD.findall(bare(term))[0] for term in rule["first"]),
        first=_whole(rule["first"]),
        then=_whole(words[rule["then"]]),
        within=rule["within"],
        after=rule["order"] == "after",
        things=_whole(words["things"]),
        unless=re.compile(rf"(?<!\w){_any(words['unless'])}\s+$"),
    )


def _whole(terms: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any(terms)}(?!\w)")


def _any(terms: Sequence[str]) -> str:
    return f"(?:{'|'.join(bare_terms(terms))})"
