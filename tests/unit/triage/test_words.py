"""How alike two texts are: stems, rare words, names across languages, no credit for a form's own words."""

from __future__ import annotations

import pytest

from benchmarks.paraphrases import LANGUAGES, scenarios
from community_api.community.triage.weights import weights
from community_api.community.triage.words import ALGORITHMS, Rarity, Stemming, similarity

W = weights().words


def alike(first, other, language="en", other_language=None, among=()):
    stemming = Stemming()
    a, b = stemming.words(first, language), stemming.words(other, other_language or language)
    texts = [a, b, *(stemming.words(text, language) for text in among)]
    return similarity(a, b, Rarity(texts), W)


def test_the_same_words_are_alike_whatever_their_order_and_case():
    assert alike("Two lamps are broken at the school", "At the SCHOOL two broken lamps") == 1.0


@pytest.mark.parametrize("text", ["", "   ", "the and of", "!?…"])
def test_nothing_is_alike_to_no_words(text):
    assert alike(text, "Two lamps are broken") == 0.0
    assert alike(text, text) == 0.0


def test_words_are_compared_by_their_stems():
    assert alike("Laternen kaputt", "kaputte Laterne", "de") == 1.0
    assert alike("lampes cassées", "lampe cassée", "fr") == 1.0
    assert alike("разбитые окна", "разбитое окно", "ru") == 1.0
    assert alike("sudaužyti langai", "sudaužytas langas", "lt") > 0.4


def test_a_word_that_holds_the_other_counts_as_alike():
    assert alike("Laterne", "Straßenlaterne", "de") > 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_tellings_of_one_matter_are_more_alike_than_tellings_of_two(language):
    gaps, matters = scenarios("tuned", language)
    colours, streets = gaps["colours"], gaps["streets"]
    texts = [
        [
            text.format(colour=colours[n % 6], street=streets[n % 6], number=n, hour=f"{n}{n}:00")
            for text in one["texts"]
        ]
        for n, one in enumerate(matters.values(), start=2)
    ]
    for first, second in texts:
        own = alike(first, second, language)
        others = [alike(first, other, language) for pair in texts for other in pair if pair[0] != first]
        # The one or other may share more by chance; one's own is above nearly all of them.
        assert sum(own > other for other in others) >= 0.85 * len(others), first


def test_what_everybody_writes_says_little():
    many = [f"Reported by the app: thing {n} number{n}" for n in range(8)]
    common = alike("Reported by app today: lamp", "Reported app yesterday by: dog", among=many)
    rare = alike("Reported by app today: lamp", "Broken glass lamp", among=many)
    assert common < rare


def test_passages_of_a_form_give_no_credit():
    form = "Imported from the published requests of the city of Example; nobody told it here."
    assert alike(f"{form} Cat removed.", f"{form} Pothole patched.") < 0.1
    assert alike(f"{form} Cat removed from tree.", f"{form} A cat in the tree.") > 0.4


def test_a_copy_is_alike_even_where_all_of_it_is_a_passage():
    text = "At 21:40 two men carried twelve bags of fertiliser into garage 14 and paid in cash."
    assert alike(text, text) == 1.0
    assert alike(text, text + " Again.") > 0.8


def test_two_languages_share_names_and_numbers_only():
    german = "Am Mühlenplatz 14 brennt ein Opel, Kennzeichen LIN4711"
    english = "An Opel is on fire at Mühlenplatz 14, plate LIN4711"
    assert alike(german, english, "de", "en") > 0.4
    assert alike("Die Lampe ist kaputt", "The lamp is broken", "de", "en") < 0.5


@pytest.mark.parametrize("language", [None, "", "xx", "de-AT", "zh-Hant"])
def test_any_language_or_none_is_compared(language):
    assert alike("Zwei Lampen kaputt", "Zwei Lampen kaputt", language) == 1.0


def test_every_language_of_the_product_has_stems():
    assert {"en", "de", "fr", "lt", "ru", "ar", "tr"} <= ALGORITHMS.keys()


def test_a_text_of_any_length_is_read_to_its_bound():
    assert alike("lamp " * 100_000, "lamp") == 1.0
