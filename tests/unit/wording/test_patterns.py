"""Declared words are seen through every disguise that people use, and not in other words."""

from __future__ import annotations

import pytest

from community_api.intelligence.indicators.loader import LISTS, declared_lists
from community_api.wording.facts import says_something
from community_api.wording.patterns import hits
from community_api.wording.protected import further_words, speaks_of_protected_traits

DISGUISED = [
    "he is a m u s l i m man",
    "m.u.s.l.i.m",
    "M-U-S-L-I-M",
    "mus\u200blim",
    "the\u200bmosque",
    "mos\u00adque",
    "mus\ufefflim",
    "mоsque",
    "ΜΟSQUE",
    "іslаmic",
    "sуnagogue",
    "mus lim",
    "mo s que",
    "ｍｏｓｑｕｅ",
    "m̶o̶s̶q̶u̶e̶",
    "MOSQUE",
    "almuslimin",
    "al-Muslim",
    "мeчеть рядом",
    "м у с у л ь м а н е",
    "муcульманин",
    "المسجد",
    "والمسلمون",
    "بالمسجد",
    "للمسلمين",
    "مُسْلِم",
    "Mosque\u0301e",
    "kirche, Mo\u2060schee",
    "müslümanlar",
    "cami",
    "𝐦𝐨𝐬𝐪𝐮𝐞",
    "м e ч е т ь",
]
PLAIN = [
    "Lamps in Mill Street are broken",
    "Die Laternen in der Mühlgasse sind kaputt",
    "Les lampadaires de la rue du Moulin",
    "Разбитые фонари на Мельничной",
    "Sudaužyti žibintai Malūnų gatvėje",
    "Kids on bikes near the gate, 3 a.m. and I am late",
    "كسر مصابيح الشارع",
    "sokak lambaları kırık",
    "рот и сор в парке",
    "Bartering at the market",
    "A limousine, and Musli mix",
    "I a m a t h o m e",
    "Is Lamp 7 broken?",
    "24. 12. 2025",
    "",
]


@pytest.mark.parametrize("text", DISGUISED)
def test_a_protected_word_is_seen_through_its_disguise(text):
    assert speaks_of_protected_traits(text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_speaks_of_no_protected_trait_is_let_be(text):
    assert not speaks_of_protected_traits(text)


def test_an_endless_text_is_read_to_its_end():
    assert hits(("a*a*a*b", "mosque"), "a" * 20_000 + " near the mosque") == ("mosque",)
    assert hits(("muslim*",), "m " * 10_000) == ()


def test_the_further_words_hold_all_that_the_shipped_list_holds():
    listed = declared_lists(LISTS)["verlt", 1].protected_terms
    for language, terms in listed.items():
        assert set(terms) <= set(further_words()[language]), language


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("." * 24, False),
        ("aaaa aaaa aaaa aaaa aaaa", False),
        ("1234567890 1234567890", False),
        ("yes no yes no no yes no", False),
        ("Bulk fertiliser, cash, no farm.", True),
        ("Twenty characters ok", True),
        ("Er drohte mit einem Messer.", True),
        ("Он угрожал взорвать вокзал.", True),
        ("Grasino sprogdinti stotį.", True),
        ("هدد بتفجير المحطة", True),
        ("\u200b.\u200b.\u200b" * 10, False),
    ],
)
def test_a_fact_needs_words(text, says):
    assert says_something(text) is says
