# ruff: noqa: RUF001 - Cyrillic letters are meant
"""The languages that the product speaks: chosen by the reader, whole, and with dates in their manner."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

import pytest
from babel.messages.plurals import get_plural

from community_api.core.code_lists import code_lists
from community_api.core.i18n.translations import NN_, WORDS, Words, direction, format_day, format_moment
from community_api.intelligence.indicators.loader import declared_lists
from community_api.procedure_engine.repository import packs

OTHERS = tuple(language for language in WORDS.languages if language != "en")
REPORTS = NN_("{number} report", "{number} reports")
FORMS = {
    "fr": ("{number} rapport", "{number} rapports"),
    "lt": ("{number} pranešimas", "{number} pranešimai", "{number} pranešimų"),
    "ru": ("{number} сообщение", "{number} сообщения", "{number} сообщений"),
}


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("lt", "lt"),
        ("lt-LT;q=0.4, ru;q=0.6", "ru"),
        ("es-ES, fr;q=0.3, de;q=0.2", "fr"),
        ("fr;q=0, lt;q=0.1", "lt"),
        ("zh-Hant-TW, ru_RU;q=0.9, de;q=0.5", "de"),
        ("RU", "ru"),
        ("ar-SY, en;q=0.5", "ar"),
        ("tr", "tr"),
    ],
)
def test_header_of_a_browser_chooses_among_all_languages(header, chosen):
    assert WORDS.negotiate(header) == chosen


@pytest.mark.parametrize("account", ["fr", "fr-CH", "fr_BE"])
def test_language_of_the_account_holds_whatever_the_browser_says(account):
    assert WORDS.negotiate("ru-RU, de;q=0.9", account=account) == "fr"


@cache
def counting(folder, language):
    path = folder / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    forms = "".join(f'msgstr[{index}] "{form}"\n' for index, form in enumerate(FORMS[language]))
    header = f'"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {get_plural(language)};\\n"\n'
    text = f'msgid ""\nmsgstr ""\n{header}\nmsgid "{REPORTS[0]}"\nmsgid_plural "{REPORTS[1]}"\n{forms}'
    path.write_text(text, encoding="utf-8")
    return Words(folder)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", {0: "rapport", 1: "rapport", 2: "rapports", 21: "rapports", 101: "rapports"}),
        (
            "lt",
            {
                0: "pranešimų",
                1: "pranešimas",
                2: "pranešimai",
                9: "pranešimai",
                10: "pranešimų",
                11: "pranešimų",
                19: "pranešimų",
                21: "pranešimas",
                22: "pranešimai",
                111: "pranešimų",
            },
        ),
        (
            "ru",
            {
                0: "сообщений",
                1: "сообщение",
                2: "сообщения",
                4: "сообщения",
                5: "сообщений",
                11: "сообщений",
                14: "сообщений",
                21: "сообщение",
                24: "сообщения",
                112: "сообщений",
            },
        ),
    ],
)
def test_numbers_take_the_form_of_the_grammar(tmp_path, language, expected):
    words = counting(tmp_path, language)
    assert {n: words.translate_plural(REPORTS, n, language) for n in expected} == {
        number: f"{number} {form}" for number, form in expected.items()
    }


@pytest.mark.parametrize("account", ["ar", "tr"])
def test_no_account_speaks_a_language_of_the_public_only(account):
    assert account not in WORDS.offered
    assert WORDS.negotiate("de", account=account) == "en"


@pytest.mark.parametrize("language", ["ar", "tr"])
@pytest.mark.parametrize("name", ["categories", "concern_states"])
def test_the_public_is_answered_in_its_languages(language, name):
    listed = code_lists()[name]
    texts = [code.label for code in listed.codes.values()]
    assert [text for text in texts if WORDS.translate(text, language, listed.context) == text] == []


@pytest.mark.parametrize(
    ("language", "way"), [("ar", "rtl"), ("ar-SY", "rtl"), ("tr", "ltr"), ("ru", "ltr"), ("xx", "ltr")]
)
def test_language_is_read_its_way(language, way):
    assert direction(language) == way


def titles(pack):
    """What a person reads of a procedure's steps."""
    for part in (*pack.stages, *pack.actions, *pack.frameworks, *pack.feedback.outcomes):
        yield part.title


@pytest.mark.parametrize("language", OTHERS)
def test_procedures_and_indicators_are_in_every_language(language):
    for pack in packs():
        untranslated = [text for text in titles(pack) if WORDS.translate(text, language) == text]
        assert untranslated == []
    for listed in declared_lists().values():
        texts = [one.behaviour for one in listed.indicators.values()]
        texts += [one.label for one in listed.non_indicators.values()]
        assert [text for text in texts if WORDS.translate(text, language) == text] == []


# Clocks go forward on 29 March 2026 and back on 25 October 2026, in the whole European Union at 01:00 UTC.
BEFORE_SPRING, AFTER_SPRING = (
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
)
BEFORE_AUTUMN, AFTER_AUTUMN = (
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("moment", "language", "zone", "expected"),
    [
        (BEFORE_SPRING, "fr", "Europe/Zurich", "29 mars 2026 à 01:59"),
        (AFTER_SPRING, "fr", "Europe/Zurich", "29 mars 2026 à 03:00"),
        (BEFORE_SPRING, "lt", "Europe/Vilnius", "2026 m. kovo 29 d., 02:59"),
        (AFTER_SPRING, "lt", "Europe/Vilnius", "2026 m. kovo 29 d., 04:00"),
        (BEFORE_AUTUMN, "de", "Europe/Berlin", "25. Oktober 2026, 02:30 Uhr"),
        (AFTER_AUTUMN, "de", "Europe/Berlin", "25. Oktober 2026, 02:30 Uhr"),
        # Moscow knows no summer time.
        (BEFORE_SPRING, "ru", "Europe/Moscow", "29 марта 2026 г., 03:59"),
        (AFTER_AUTUMN, "ru", "Europe/Moscow", "25 октября 2026 г., 04:30"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "ru-RU", "Asia/Almaty", "1 января 2027 г., 04:30"),
    ],
)
def test_moment_is_shown_in_the_readers_zone_and_manner(moment, language, zone, expected):
    assert spaced(format_moment(moment, language, zone)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "3 April 2026"),
        ("de", "3. April 2026"),
        ("fr", "3 avril 2026"),
        ("lt", "2026 m. balandžio 3 d."),
        ("ru", "3 апреля 2026 г."),
        ("ar", "3 أبريل 2026"),
        ("tr", "3 Nisan 2026"),
    ],
)
def test_day_is_spelled_with_its_month(language, expected):
    assert spaced(format_day(date(2026, 4, 3), language)) == expected


def spaced(text):
    """With plain spaces for those that do not break."""
    return " ".join(text.split())
