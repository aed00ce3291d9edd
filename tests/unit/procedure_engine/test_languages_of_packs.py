"""A pack is written in one language, and translated into any."""

from __future__ import annotations

import pytest

from community_api.core.i18n.translations import WORDS
from community_api.procedure_engine.language.findings import PackError
from community_api.procedure_engine.localize import speaker
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.loader import parse
from community_api.procedure_engine.repository import SHIPPED

BASELINE = (SHIPPED / "osce-baseline.v4.yaml").read_text(encoding="utf-8")
OWN = "languages: [de, fr, lt, ru]\n"


def written(*changes: tuple[str, str]) -> Pack:
    text = BASELINE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return parse(text.encode(), "own.yaml", says=WORDS.says)


def in_french(languages: str, *translations: str) -> Pack:
    lines = "".join(f"  - {{text: Sanitise, {words}}}\n" for words in translations)
    promised = f"languages: {languages}\n" + (f"translations:\n{lines}" if lines else "")
    header = ("  name: osce-baseline\n", "  name: osce-baseline\n  language: fr\n")
    return written(header, (OWN, promised))


def test_a_language_that_the_product_does_not_speak_can_be_added():
    pack = written((OWN, "languages: []\ntranslations:\n  - {text: Sanitise, pl: Oczyścić}\n"))
    assert speaker(pack, "pl")("Sanitise") == "Oczyścić"


def test_every_word_must_be_said_in_a_language_that_a_pack_promises():
    with pytest.raises(PackError) as refused:
        written((OWN, "languages: [pl]\n"))
    assert any("`Sanitise` is not said in `pl`" in str(problem) for problem in refused.value.problems)


def test_a_pack_in_french_needs_no_english():
    assert in_french("[]").header.language == "fr"


def test_the_catalogs_are_of_no_help_to_a_pack_that_is_not_in_english():
    """They are read by English words, which mean something else elsewhere, or nothing."""
    with pytest.raises(PackError) as refused:
        in_french("[de]")
    assert len(refused.value.problems) > 100


def test_a_reader_without_a_translation_reads_the_packs_own_language():
    pack = in_french("[]", "en: Sanitised")
    assert speaker(pack, "en")("Sanitise") == "Sanitised"
    assert speaker(pack, "lt-LT")("Traiter la demande") == "Traiter la demande"


@pytest.mark.parametrize("word", ["French", "f", "en-GB"])
def test_a_language_is_named_by_its_code(word: str):
    with pytest.raises(PackError, match="is no code"):
        written((OWN, f"languages: []\ntranslations:\n  - {{text: Sanitise, {word}: Something}}\n"))
