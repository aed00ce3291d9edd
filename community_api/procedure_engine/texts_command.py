"""`flask procedure texts FILE --language L`: what a pack needs said in another language."""

from __future__ import annotations

import textwrap
from pathlib import Path

import yaml

from community_api.core.i18n.translations import N_, WORDS, Words
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.loader import texts_to_translate

_LINE = 110
_COMPLETE = N_("Everything in {file} is said in {language}.")
_HOW = N_(
    "Texts of {file} that are not said in {language} yet: {number}. Fill in the empty places, put this"
    " section in the place of the one in the file, and name {language} under `languages`."
)


def skeleton(path: Path, language: str, words: Words = WORDS) -> str:
    """The section `translations` with an empty place for each text that is lacking.

    What is translated already stays in it. Only a sentence when nothing is left to translate.
    PackError: the pack is not sound; OSError: it cannot be read.
    """
    pack, texts = texts_to_translate(path.read_bytes(), str(path), language, words.says)
    if not texts or language == pack.header.language:
        return words.translate(_COMPLETE, pack.header.language, file=path.name, language=language) + "\n"
    how = words.translate(_HOW, pack.header.language, number=len(texts), file=path.name, language=language)
    section = yaml.safe_dump(
        {"translations": _entries(pack, texts, language)}, allow_unicode=True, sort_keys=False, width=_LINE
    )
    return textwrap.indent(textwrap.fill(how, _LINE - 2), "# ") + "\n" + section


def _entries(pack: Pack, texts: tuple[str, ...], language: str) -> list[dict[str, str]]:
    """Those of the pack, the language added where it is lacking; then the texts that have none."""
    entries = {one.text: {"text": one.text, **dict(one.others)} for one in pack.translations}
    for text in texts:
        entries.setdefault(text, {"text": text})[language] = ""
    return list(entries.values())
