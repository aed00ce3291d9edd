"""Words of protected traits in the languages in which no published list holds them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from community_api.core import yaml_files

WORDS = Path(__file__).with_name("protected_words.yaml")


@cache
def further_words() -> Mapping[str, tuple[str, ...]]:
    """By language; a language that a list holds is the list's own affair."""
    told = yaml_files.read(WORDS.read_text(encoding="utf-8"))
    return {language: tuple(terms) for language, terms in told.items()}
