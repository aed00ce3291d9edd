"""`flask procedure draw` and `flask procedure compare`: a pack for its author, as a picture and in words."""

from __future__ import annotations

from pathlib import Path

from community_api.core.i18n.translations import N_, SOURCE_LANGUAGE, Words
from community_api.procedure_engine.compare import SENTENCES, compare
from community_api.procedure_engine.diagram.captions import voice
from community_api.procedure_engine.diagram.svg_page import draw
from community_api.procedure_engine.pack.loader import load


def drawing(path: Path, since: Path | None, language: str = SOURCE_LANGUAGE) -> str:
    """The SVG of the pack in a file. PackError: it is not sound; OSError: it cannot be read."""
    words = Words(playful=True)
    pack, before = load(path), load(since) if since else None
    return draw(pack, voice(words, language, *filter(None, (pack, before))), before)


def differences(old: Path, new: Path, language: str = SOURCE_LANGUAGE) -> list[str]:
    """One line for each difference between two files, or that there is none. PackError, OSError as above."""
    words = Words(playful=True)
    found = compare(load(old), load(new))
    if not found:
        return [words.translate(N_("Nothing differs."), language)]
    return [words.translate(SENTENCES[one.kind], language, **one.params) for one in found]
