"""What is wrong with a pack: a file, a line, a column and one clear sentence, as many as there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from community_api.core.i18n.translations import SOURCE_LANGUAGE, WORDS, Sentence


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file as an editor counts it: lines and columns from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `str()` reads like a compiler's message, so that editors jump to the place."""

    file: str
    place: Place
    said: Sentence

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return str(self.said)

    def __str__(self) -> str:
        return self.in_language(SOURCE_LANGUAGE)

    def in_language(self, language: str) -> str:
        """The whole line, with what is wrong in a language."""
        said = WORDS.translate("{said}", language, said=self.said)
        return f"{self.file}:{self.place.line}:{self.place.column}: {said}"


class PackError(Exception):
    """A pack cannot be used; `problems` are all that were found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda item: (item.file, item.place, item.message)))
        super().__init__("\n".join(map(str, self.problems)))
