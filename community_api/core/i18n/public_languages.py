"""Languages in which only what the public reads is said, and what that is: locales/public.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from community_api.core import yaml_files

DECLARED = "public.yaml"


@dataclass(frozen=True)
class PublicWords:
    """What a public language must hold whole: contexts and files of words, refusals, faults of fields."""

    languages: tuple[str, ...] = ()
    contexts: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def read_public_words(folder: Path) -> PublicWords:
    """What the folder of catalogs declares; nothing when it declares nothing."""
    path = folder / DECLARED
    if not path.is_file():
        return PublicWords()

    told = yaml_files.read(path.read_text(encoding="utf-8"))
    return PublicWords(
        languages=tuple(told["languages"]),
        contexts=frozenset(told["contexts"]),
        files=tuple(told["files"]),
        problems=tuple(told["problems"]),
        fields=tuple(told["fields"]),
    )
