"""Packs that must not be used, and what their author is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest
import yaml

from community_api.core.i18n.translations import WORDS, Sentence
from community_api.procedure_engine.check_command import check, report
from community_api.procedure_engine.language.findings import PackError, Problem
from community_api.procedure_engine.language.yaml_nodes import MAX_BYTES
from community_api.procedure_engine.pack.loader import load, parse
from community_api.procedure_engine.repository import SHIPPED, packs

BASELINE = (SHIPPED / "osce-baseline.v1.yaml").read_text(encoding="utf-8")
BROKEN = yaml.safe_load((Path(__file__).parent / "broken_packs.yaml").read_text(encoding="utf-8"))


@cache
def problems_of(content: bytes | str) -> tuple[Problem, ...]:
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(PackError) as refused:
        parse(raw, "broken.yaml")
    return refused.value.problems


@pytest.mark.parametrize("broken", BROKEN, ids=[broken["name"] for broken in BROKEN])
def test_each_broken_pack_is_refused_with_its_lines_and_reasons(broken: dict[str, Any]):
    file = SHIPPED / f"osce-baseline.v{broken.get('version', 1)}.yaml"
    sound = file.read_text(encoding="utf-8")
    assert sound.count(broken["passage"]) == 1, "the passage must stand in the baseline exactly once"
    text = sound.replace(broken["passage"], broken["instead"])
    lines = text.split("\n")
    found = problems_of(text)
    assert [(lines[p.place.line - 1].strip(), p.message) for p in found] == [
        (said["line"], said["message"]) for said in broken["says"]
    ]


def sentences(expected: object) -> Iterator[Sentence]:
    """A sentence and all that it is filled with."""
    if isinstance(expected, Sentence):
        yield expected
        for value in expected.params.values():
            yield from sentences(value)
    elif isinstance(expected, list | tuple):
        for one in expected:
            yield from sentences(one)


@pytest.mark.parametrize("broken", BROKEN, ids=[broken["name"] for broken in BROKEN])
def test_what_is_wrong_is_said_in_every_language(broken: dict[str, Any]):
    file = SHIPPED / f"osce-baseline.v{broken.get('version', 1)}.yaml"
    text = file.read_text(encoding="utf-8").replace(broken["passage"], broken["instead"])
    for problem in problems_of(text):
        parts = [one.text for one in sentences(problem.said) if set(one.text) & set(ascii_lowercase)]
        assert parts
        for language in set(WORDS.languages) - {"en"}:
            assert [part for part in parts if not WORDS.says(part, language) and not is_frame(part)] == []
            assert WORDS.translate("{said}", language, said=problem.said) != problem.message


def is_frame(text: str) -> bool:
    """Whether a text only holds others together."""
    return not re.sub(r"\{[a-z]+\}", "", text).strip(" :")


def test_a_way_is_told_in_the_language_of_the_reader():
    text = BASELINE.replace("from: [to_disseminate]", "from: [to_assess]")
    (said, *_) = [one.said for one in problems_of(text) if "begin in" in one.message]
    german = WORDS.translate("{said}", "de", said=said)
    assert "(Beginn in to_assess auf der Ebene local" in german
    assert "begin in" not in german


def test_a_problem_reads_like_a_message_of_a_compiler():
    assert str(problems_of("procedure:\n  name: [x]\n")[0]) == (
        "broken.yaml:1:1: the key `actions` is missing here"
    )
    assert "broken.yaml:2:9: words are needed here, but here is a list" in map(
        str, problems_of("procedure:\n  name: [x]\n")
    )


def test_lines_and_columns_are_those_of_an_editor():
    text = BASELINE.replace("phase: waiting", "phase: resting")
    line = next(number for number, row in enumerate(text.split("\n"), 1) if "resting" in row)
    assert [str(problem) for problem in problems_of(text)] == [
        f"broken.yaml:{line}:12: there is no phase `resting`; known here: `ended`, `open`, `waiting`"
    ]


def test_all_mistakes_are_told_at_once_and_in_the_order_of_the_file():
    text = (
        BASELINE.replace("title: OSCE baseline", 'title: ""')
        .replace("phase: waiting", "phase: resting")
        .replace("minimum_grounds: 1", "minimum_grounds: 0")
        .replace("    owner: analyst\n    clock: {working_days: 5}", "    ownr: analyst")
    )
    found = problems_of(text)
    assert len(found) == 4
    assert list(found) == sorted(found, key=lambda item: item.place)


def test_every_reference_to_nothing_is_told_at_once():
    text = BASELINE.replace("form: closing\n", "form: shutting\n").replace(
        "scheme_from: scheme", "scheme_from: x"
    )
    assert len(problems_of(text)) == 4


BOMB = b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
TRICKS = (
    (b"", "the file is empty"),
    (b"# only a comment\n", "the file is empty"),
    (b"procedure: \xff\n", "a pack is written in UTF-8"),
    (b"- a\n- b\n", "a block of keys is needed here, but here is a list"),
    (b"just words\n", "a block of keys is needed here, but here is words"),
    (b"a: b\x07\n", "this is not readable as YAML"),
    (b"a: " + b"x" * MAX_BYTES, "a pack has at most 262144 bytes"),
    (b"[" * 5000, "this is nested deeper than 20 levels"),
    (BOMB, "anchors (`&a`) are not allowed: write the value out where it is needed"),
    (b"<<: {a: b}\n", "there is no key `<<` here"),
    (b"? [a]\n: b\n", "there is no key `?` here"),
)


@pytest.mark.parametrize(("content", "message"), TRICKS)
def test_what_is_no_pack_at_all_is_refused(content, message):
    assert message in {problem.message for problem in problems_of(content)}


def test_a_byte_order_mark_of_an_editor_is_no_mistake():
    assert parse(b"\xef\xbb\xbf" + BASELINE.encode(), "x").hash == parse(BASELINE.encode(), "x").hash


UNTRANSLATED = (
    (
        "title: To be assessed",
        "title: On the desk",
        "",
        "`On the desk` is not said in `de`, `fr`, `lt`, `ru`",
    ),
    (
        "title: To be assessed",
        "title: On the desk",
        "translations:\n  - {text: On the desk, de: Auf dem Tisch, fr: Sur la table, ru: Под рукой}\n",
        "`On the desk` is not said in `lt`",
    ),
    ("", "", "translations:\n  - {text: Gone, de: Weg}\n", "this is a translation of nothing in this pack"),
)


@pytest.mark.parametrize(("expected", "instead", "more", "message"), UNTRANSLATED)
def test_whoever_writes_a_pack_hears_of_every_word_that_somebody_cannot_read(
    tmp_path, expected, instead, more, message
):
    text = (SHIPPED / "osce-baseline.v4.yaml").read_text(encoding="utf-8").replace(expected, instead) + more
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    assert [problem.message for problem in check(path)] == [message]
    assert parse(text.encode(), "mine.yaml").version == 4, "a case goes on in English rather than not at all"


# --- flask procedure check -------------------------------------------------------------------


def test_a_sound_pack_is_reported_with_its_hash():
    path = SHIPPED / "osce-baseline.v1.yaml"
    lines, status = report(path)
    assert status == 0
    assert lines[0] == f"{path}: sound"
    assert lines[-1] == f"  hash {load(path).hash}"
    assert check(path) == ()


def test_a_broken_pack_is_reported_line_by_line_under_the_name_its_author_used(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(BASELINE.replace("phase: waiting", "phase: resting"), encoding="utf-8")
    lines, status = report(path)
    assert status == 1
    assert lines[0].startswith(f"{path}:90:12: there is no phase")
    assert lines[-1] == f"{path}: 1 problem, not usable"


def test_a_file_that_is_not_there_is_a_problem_and_no_crash(tmp_path):
    lines, status = report(tmp_path / "none.yaml")
    assert status == 1
    assert "cannot be read" in lines[0]
    assert "cannot be read" in report(tmp_path)[0][0]


# --- the shelf -------------------------------------------------------------------------------


def test_a_pack_whose_file_has_another_name_is_not_taken(tmp_path):
    (tmp_path / "osce-baseline.v2.yaml").write_text(BASELINE, encoding="utf-8")
    with pytest.raises(PackError, match=r"the file of this pack is called osce-baseline\.v1\.yaml"):
        packs(tmp_path)


def test_all_packs_of_a_folder_are_judged_before_any_is_refused(tmp_path):
    for name in ("a.v1.yaml", "b.v1.yaml"):
        (tmp_path / name).write_text("procedure: []\n", encoding="utf-8")
    with pytest.raises(PackError) as refused:
        packs(tmp_path)
    assert {problem.file for problem in refused.value.problems} == {"a.v1.yaml", "b.v1.yaml"}
