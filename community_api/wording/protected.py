"""Words that speak of protected traits, in every language in which people write here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from community_api.core import yaml_files
from community_api.wording.patterns import hits

WORDS = Path(__file__).with_name("protected_words.yaml")


@cache
def further_words() -> Mapping[str, tuple[str, ...]]:
    """By language; for a flag, a language that the indicator list holds is the list's own affair."""
    declared = yaml_files.read(WORDS.read_text(encoding="utf-8"))
    return {language: tuple(terms) for language, terms in declared.items()}


@cache
def _all_terms() -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for terms in further_words().values() for term in terms))


def speaks_of_protected_traits(text: str) -> bool:
    """Whether a text holds such a word in any language: then it stands in no list."""
    return bool(hits(_all_terms(), text))
