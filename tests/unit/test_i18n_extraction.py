"""How words for people are found in declared content and code, and how catalogs follow them."""

import io

import pytest

from community_api.core.i18n import extract
from community_api.core.i18n.extract import extract_words


def words_in(text):
    return [
        words
        for _line, _function, words, _comments in extract_words(io.BytesIO(text.encode()), None, None, None)
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: A", ["A"]),
        ("a: {b: [{detail: D}, {detail: E}]}", ["D", "E"]),
        ("innocent_when: [one, two]", ["one", "two"]),
        ("code: not_words\nstatus: 404", []),
        ("title: 7", []),
        ("title: null", []),
        ("fields: {text: {type: long, label: L}}", ["L"]),
        ("detail: >-\n  folded\n  lines", ["folded lines"]),
        ("context: ages\nlabel: Child", [("ages", "Child")]),
        ("", []),
    ],
)
def test_words_stand_under_known_keys(text, words):
    assert words_in(text) == words


@pytest.fixture
def product(tmp_path):
    """A product of one YAML file and one module, with catalogs up to date."""
    (tmp_path / "babel.cfg").write_text(
        (extract.ROOT / "babel.cfg").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (tmp_path / "community_api").mkdir()
    (tmp_path / "locales").mkdir()
    declare(tmp_path, "title: Hello {name}")
    (tmp_path / "community_api" / "said.py").write_text(
        'A = N_("One")\n# Translators: of a door\nB = NC_("door", "Open")\n'
        'C = NN_("{number} day", "{number} days")\n'
        'D = translate("not collected", "de")\n'
    )
    extract.extract(tmp_path)
    for language in ("en", "de"):
        extract.update(language, tmp_path)
    return tmp_path


def declare(root, text):
    (root / "community_api" / "declared.yaml").write_text(text, encoding="utf-8")


def german(root, **texts):
    path = root / "locales" / "de" / "LC_MESSAGES" / "messages.po"
    catalog = extract._read(path, "de")
    for message in catalog:
        source = message.id if isinstance(message.id, str) else (message.id or ("",))[0]
        if source in texts:
            message.string = texts[source]
    extract._write(path, catalog)


COMPLETE = {
    "Hello {name}": "Guten Tag {name}",
    "One": "Eins",
    "Open": "Offen",
    "{number} day": ("ein Tag", "{number} Tage"),
}


def test_marks_in_code_and_declared_content_are_collected(product):
    template = extract.collect(product)
    assert {(message.context, message.id) for message in template if message.id} == {
        (None, "Hello {name}"),
        (None, "One"),
        ("door", "Open"),
        (None, ("{number} day", "{number} days")),
    }


def test_note_for_translators_reaches_the_catalog(product):
    assert "of a door" in (product / "locales" / "de" / "LC_MESSAGES" / "messages.po").read_text()


def test_complete_catalogs_have_no_faults(product):
    german(product, **COMPLETE)
    assert extract.check(product) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"One": ""}, "missing"),
        ({"Hello {name}": "Guten Tag {nam}"}, "placeholders differ (nam, name)"),
        ({"Hello {name}": "Guten Tag"}, "placeholders differ (name)"),
        ({"{number} day": ("ein Tag", "{n} Tage")}, "placeholders differ"),
    ],
)
def test_faulty_translation_is_told(product, change, expected):
    german(product, **{**COMPLETE, **change})
    (fault,) = extract.check(product)
    assert fault.startswith("de: ")
    assert expected in fault


def test_changed_english_text_makes_every_catalog_stale(product):
    german(product, **COMPLETE)
    declare(product, "title: Welcome {name}")
    told = extract.check(product)
    for name in ("messages.pot", "en", "de"):
        assert f"{name}: lacks “Welcome {{name}}”" in told
        assert f"{name}: stale, no longer said: “Hello {{name}}”" in told


def test_update_never_keeps_a_translation_for_other_words(product):
    german(product, **COMPLETE)
    declare(product, "title: Welcome {name}")
    extract.extract(product)
    assert extract.update("de", product) == 1
    assert extract.update("en", product) == 0
    assert extract.check(product) == ["de: missing: “Welcome {name}”"]


def test_fuzzy_entry_is_told(product):
    german(product, **COMPLETE)
    path = product / "locales" / "de" / "LC_MESSAGES" / "messages.po"
    path.write_text(path.read_text().replace('msgid "One"', '#, fuzzy\nmsgid "One"'))
    assert extract.check(product) == ["de: fuzzy: “One”"]


def test_long_text_that_was_copied_is_told(product):
    declare(product, "title: These are five English words")
    extract.extract(product)
    extract.update("en", product)
    extract.update("de", product)
    german(product, **COMPLETE, **{"These are five English words": "These are five English words"})
    assert extract.check(product) == ["de: copied, not translated: “These are five English words”"]


def test_text_with_stray_spaces_is_told(product):
    german(product, **COMPLETE)
    declare(product, "title: Hello {name}\nmore:\n  title: |\n    with a line end\n")
    assert any("begins or ends with a space" in fault for fault in extract.check(product))


def test_writing_twice_changes_nothing(product):
    german(product, **COMPLETE)
    files = sorted((product / "locales").rglob("*.po*"))
    before = [file.read_bytes() for file in files]
    extract.extract(product)
    extract.update("de", product)
    extract.update("en", product)
    assert [file.read_bytes() for file in files] == before


# --- languages of the public only -------------------------------------------------------------------

PUBLIC = """\
languages: [tr]
contexts: [door]
files: []
problems: [{problem}]
fields: [blank]
"""
PROBLEMS = """\
problems:
  gone: {status: 410, title: Gone, detail: It is gone.}
  secret: {status: 403, title: Secret, detail: It is secret.}
fields:
  blank: {message: Write something.}
  other: {message: Something else.}
"""


@pytest.fixture
def public_product(product):
    (product / "community_api" / "problems.yaml").write_text(PROBLEMS, encoding="utf-8")
    (product / "locales" / "public.yaml").write_text(PUBLIC.format(problem="gone"), encoding="utf-8")
    extract.extract(product)
    for language in ("en", "de", "tr"):
        extract.update(language, product)
    return product


def test_a_public_language_holds_what_the_public_reads_and_nothing_else(public_product):
    catalog = extract._read(extract._path("tr", public_product), "tr")
    assert {message.id for message in catalog if message.id} == {
        "Open",
        "Gone",
        "It is gone.",
        "Write something.",
    }


def test_what_a_public_language_lacks_is_told(public_product):
    told = [line for line in extract.check(public_product) if line.startswith("tr:")]
    assert sorted(told) == [
        "tr: missing: “Gone”",
        "tr: missing: “It is gone.”",
        "tr: missing: “Open” (door)",
        "tr: missing: “Write something.”",
    ]


def test_a_public_language_with_more_than_that_is_told(public_product):
    path = extract._path("tr", public_product)
    path.write_text(path.read_text(encoding="utf-8") + '\nmsgid "Secret"\nmsgstr "Gizli"\n', encoding="utf-8")
    assert "tr: stale, no longer said: “Secret”" in extract.check(public_product)


def test_a_refusal_that_nobody_declared_is_not_public(public_product):
    (public_product / "locales" / "public.yaml").write_text(PUBLIC.format(problem="gnoe"), encoding="utf-8")
    assert "public.yaml: no problem is called gnoe" in extract.check(public_product)
