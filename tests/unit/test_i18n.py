"""Words in a person's language: what is said, and that a bad catalog never breaks an answer."""

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from community_api.core.i18n.translations import NN_, PSEUDO, Words, format_day, format_moment

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"{plural}\\n"\n'
GERMAN = """
msgid "Not found"
msgstr "Nicht gefunden"

msgid "by {due}"
msgstr "bis {due}"

msgid "to {unit}"
msgstr "an {unit} von {secret}"

msgid "for {actor}"
msgstr "für {actor.__class__} {0} {actor[0]}"

#, fuzzy
msgid "Doubtful"
msgstr "Zweifelhaft"

msgid "Empty"
msgstr ""

msgid "Other"
msgstr "Anderes"

msgctxt "ages"
msgid "Other"
msgstr "Sonstige"

msgid "{number} report"
msgid_plural "{number} reports"
msgstr[0] "eine Meldung"
msgstr[1] "{number} Meldungen"
"""
SLAVIC = (
    r"nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
REPORTS = NN_("{number} report", "{number} reports")


def write(folder, language, text, plural="Plural-Forms: nplurals=2; plural=(n != 1);"):
    path = folder / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER.format(plural=plural) + text, encoding="utf-8")


@pytest.fixture
def words(tmp_path):
    write(tmp_path, "de", GERMAN)
    write(tmp_path, "en", "")
    (tmp_path / "messages.pot").write_text(HEADER.format(plural="X: y") + 'msgid "Not found"\nmsgstr ""\n')
    return Words(tmp_path, playful=True)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Not found", "de", "Nicht gefunden"),
        ("Not found", "de-AT", "Nicht gefunden"),
        ("Not found", "de_CH", "Nicht gefunden"),
        ("Not found", "en", "Not found"),
        ("Not found", "fr", "Not found"),
        ("Not found", "../../etc", "Not found"),
        ("Never marked", "de", "Never marked"),
        ("Doubtful", "de", "Doubtful"),
        ("Empty", "de", "Empty"),
        ("", "de", ""),
    ],
)
def test_text_is_said_in_the_language_or_else_in_english(words, text, language, expected):
    assert words.translate(text, language) == expected


def test_context_tells_equal_words_apart(words):
    assert words.translate("Other", "de", "ages") == "Sonstige"
    assert words.translate("Other", "de") == "Anderes"


def test_placeholders_are_filled(words):
    assert words.translate("by {due}", "de", due="Montag") == "bis Montag"


def test_parameters_may_bear_any_name(words):
    assert (
        words.translate("by {text} {language} {context}", "de", text=1, language=2, context=3) == "by 1 2 3"
    )


def test_lists_are_shown_as_lists(words):
    assert words.translate("by {due}", "de", due=["a", "b"]) == "bis a, b"


def test_translation_that_asks_for_more_than_the_text_gives_is_not_used(words):
    assert words.translate("to {unit}", "de", unit="lin") == "to lin"


def test_translation_cannot_reach_into_a_value(words):
    said = words.translate("for {actor}", "de", actor="x")
    assert said == "für {actor.__class__} {0} {actor[0]}"


def test_missing_parameter_leaves_a_gap_and_no_error(words):
    assert words.translate("by {due}", "de") == "bis …"


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 Meldungen"), (1, "eine Meldung"), (7, "7 Meldungen")]
)
def test_plural_takes_the_form_of_its_number(words, number, expected):
    assert words.translate_plural(REPORTS, number, "de") == expected


@pytest.mark.parametrize(("number", "expected"), [(1, "a"), (3, "b"), (5, "c"), (22, "b"), (111, "c")])
def test_language_with_three_forms_has_three(tmp_path, number, expected):
    plural = (
        f'msgid "{REPORTS[0]}"\nmsgid_plural "{REPORTS[1]}"\nmsgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"\n'
    )
    write(tmp_path, "uk", plural, f"Plural-Forms: {SLAVIC}")
    assert Words(tmp_path).translate_plural(REPORTS, number, "uk") == expected


def test_plural_falls_back_to_english(words):
    assert words.translate_plural(REPORTS, 1, "fr") == "1 report"
    assert words.translate_plural(REPORTS, 2, "fr") == "2 reports"


@pytest.mark.parametrize(
    "broken",
    ['msgid "a\nmsgstr', "\x00\xff", 'msgid "Not found"\nmsgstr[', "msgstr msgstr"],
)
def test_broken_catalog_leaves_english(tmp_path, broken):
    write(tmp_path, "de", broken)
    assert Words(tmp_path).translate("Not found", "de") == "Not found"


def test_impossible_plural_rule_leaves_english(tmp_path):
    write(tmp_path, "de", GERMAN, "Plural-Forms: nplurals=2; plural=import os;")
    assert Words(tmp_path).translate_plural(REPORTS, 2, "de") == "2 reports"


def test_pseudo_language_brackets_what_is_marked_and_only_that(words):
    assert words.translate("Not found", PSEUDO) == "⟦Not found⟧"
    assert words.translate("Forgot to mark", PSEUDO) == "Forgot to mark"


def test_pseudo_language_is_offered_in_play_only(words, tmp_path):
    assert words.offered == ("en", "de", PSEUDO)
    assert Words(tmp_path).offered == ("en", "de")
    assert Words(tmp_path).negotiate(PSEUDO) == "en"


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("DE-at", "de"),
        ("fr, de;q=0.8, en;q=0.9", "en"),
        ("fr, de;q=0.9, en;q=0.8", "de"),
        ("de;q=0, en", "en"),
        ("de;q=0", "en"),
        ("de;q=banana", "en"),
        ("*", "en"),
        ("xx-pseudo", PSEUDO),
        (";;,=,q", "en"),
        ("x" * 100_000 + ",de", "en"),
    ],
)
def test_header_chooses_the_best_language_offered(words, header, chosen):
    assert words.negotiate(header) == chosen


def test_language_of_the_account_comes_before_the_header(words):
    assert words.negotiate("en", account="de") == "de"
    assert words.negotiate("de", account="tlh") == "en"


NIGHT = datetime(2026, 3, 1, 22, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "timezone", "expected"),
    [
        ("en", "Europe/Berlin", "1 March 2026, 23:05"),
        ("de", "Europe/Berlin", "1. März 2026, 23:05 Uhr"),
        ("de-AT", "Asia/Tokyo", "2. März 2026, 07:05 Uhr"),
        ("en", "UTC", "1 March 2026, 22:05 UTC"),
        ("en", "Mars/Olympus", "1 March 2026, 22:05 UTC"),
        ("en", "../../etc/passwd", "1 March 2026, 22:05 UTC"),
        ("en", "", "1 March 2026, 22:05 UTC"),
        ("tlh", "UTC", "1 March 2026, 22:05 UTC"),
    ],
)
def test_moment_is_shown_in_the_readers_zone(language, timezone, expected):
    assert format_moment(NIGHT, language, timezone) == expected


def test_day_is_never_read_two_ways():
    assert format_day(date(2026, 4, 3), "en") == "3 April 2026"


def test_first_use_of_a_language_takes_little_memory():
    measure = (
        "import resource\n"
        "from community_api.core.i18n.translations import WORDS\n"
        "rss = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = rss()\n"
        "assert WORDS.translate('Not found', 'de') == 'Nicht gefunden'\n"
        "print((rss() - before) / 1024)\n"
    )
    runs = [
        subprocess.run([sys.executable, "-c", measure], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    mebibytes = min(float(run.stdout) for run in runs)
    assert mebibytes < 20, mebibytes
