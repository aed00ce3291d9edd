"""A drawing shows all that can happen, on one sheet, alike on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from community_api.core.i18n.translations import Words
from community_api.procedure_engine import repository
from community_api.procedure_engine.diagram.captions import voice
from community_api.procedure_engine.diagram.layout import place
from community_api.procedure_engine.diagram.outline import Sketch
from community_api.procedure_engine.diagram.svg_page import draw
from community_api.procedure_engine.pack.loader import parse

ROOT = Path(__file__).resolve().parents[3]
SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words(playful=True)
PACKS = repository.packs()
NAMES = [f"{pack.name}.v{pack.version}" for pack in PACKS]
drawn = pytest.mark.parametrize("pack", PACKS, ids=NAMES)
said = pytest.mark.parametrize("language", WORDS.languages)


def picture(pack, language="en", since=None):
    return ET.fromstring(draw(pack, voice(WORDS, language), since))  # noqa: S314  (our own)


def texts(root, kind=""):
    return [one.text for one in root.iter(f"{SVG}text") if kind in one.get("class", "").split() or not kind]


def edges(item):
    return tuple(float(item.get(name)) for name in ("x", "y", "width", "height"))


def boxes(root):
    """The boxes of stages; those of the legend are small."""
    return [
        edges(one)
        for one in root.iter(f"{SVG}rect")
        if "box" in one.get("class", "").split() and float(one.get("height")) > 20
    ]


@drawn
@said
def test_every_stage_that_a_case_can_be_in_has_a_box_and_no_two_overlap(pack, language):
    found = boxes(picture(pack, language))
    assert len(found) == sum(len(lane.stages) for lane in Sketch(pack).lanes) > 10
    for (x0, y0, w0, h0), (x1, y1, w1, h1) in combinations(found, 2):
        assert x0 + w0 < x1 or x1 + w1 < x0 or y0 + h0 < y1 or y1 + h1 < y0


@drawn
@said
def test_everything_lies_on_a_sheet_in_the_proportions_of_a3(pack, language):
    root = picture(pack, language)
    assert (root.get("width"), root.get("height")) == ("420mm", "297mm")
    _, _, width, height = map(float, root.get("viewBox").split())
    assert width / height == pytest.approx(420 / 297, rel=0.01)
    for x, y, w, h in boxes(root):
        assert x > 0
        assert y > 0
        assert x + w < width
        assert y + h < height
    for text in root.iter(f"{SVG}text"):
        assert 0 < float(text.get("x")) <= width
        assert 0 < float(text.get("y")) < height
        # 1.9 mm are five and a half points, the least that is read on paper without effort.
        assert text.text.isdigit() or float(text.get("font-size")) * 420 / width > 1.9


@drawn
@said
def test_every_step_stands_in_words_under_its_number(pack, language):
    root = picture(pack, language)
    say = voice(WORDS, language).say
    strong = texts(root, "strong")
    for step in Sketch(pack).steps:
        assert say(step.title) in strong
        assert str(step.number) in strong


@drawn
def test_who_owes_what_until_when_stands_in_the_boxes(pack):
    told = " ".join(texts(picture(pack)))
    assert "5 working days" in told
    assert "urgent: 24 hours" in told
    assert "Intelligence analyst" in told


def test_feedback_and_second_persons_are_marked_where_they_are():
    sketch = Sketch(repository.pack("osce-baseline", 2))
    assert {one.code for one in sketch.steps if one.owes} == {
        "assess",
        "decide",
        "return_to_sender",
        "recall",
    }
    assert {one.code for one in sketch.steps if one.second} == {
        "assess", "approve_sanitised", "decide", "approve_correction",
    }  # fmt: skip


def test_what_is_given_crosses_lanes_only_where_the_form_can_name_the_level():
    found = {(one.start[1], one.level) for one in Sketch(repository.pack("osce-baseline", 2)).crossings}
    assert found == {
        ("local", "regional"), ("local", "national"), ("regional", "national"), ("national", "external"),
    }  # fmt: skip


def test_a_step_from_many_stages_is_gathered_and_every_one_of_them_says_so():
    local = Sketch(repository.pack("osce-baseline", 2)).lanes[0]
    recall = next(one for one in local.gathered if one.step.code == "recall")
    assert recall.end == "recalled"
    assert set(recall.sources) == {"sent", "to_decide", "to_disseminate", "to_feed_back", "closed"}
    assert not any(step.code == "recall" for arrow in local.arrows for step in arrow.steps)


def test_what_differs_since_an_older_version_is_marked():
    root = picture(repository.pack("osce-baseline", 2), since=repository.pack("osce-baseline", 1))
    assert "Grade anew (new)" in texts(root, "new-word")
    assert "Decide (changed)" in texts(root, "changed-word")
    assert "Assess" in texts(root, "strong")
    assert not texts(root, "gone-word")
    back = picture(repository.pack("osce-baseline", 1), since=repository.pack("osce-baseline", 2))
    assert "Gone: Recalled" in texts(back, "gone-word")


@drawn
def test_nothing_is_fetched_from_anywhere(pack):
    svg = draw(pack, voice(WORDS, "en"))
    assert svg.count("http") == svg.count('xmlns="http://www.w3.org/2000/svg"') == 1
    assert "<script" not in svg


def test_words_of_a_pack_cannot_become_marks_of_the_drawing():
    hostile = voice(WORDS, "en")
    sly = type(hostile)(lambda text, **_: f"<script>{text}</script>&\"'", hostile.count, hostile.role)
    root = ET.fromstring(draw(repository.pack("osce-baseline", 2), sly))  # noqa: S314  (our own)
    assert not list(root.iter(f"{SVG}script"))


def test_a_drawing_is_the_same_on_every_machine():
    program = (
        "from community_api.core.i18n.translations import Words\n"
        "from community_api.procedure_engine import repository\n"
        "from community_api.procedure_engine.diagram.svg_page import draw\n"
        "from community_api.procedure_engine.diagram.captions import voice\n"
        "print(draw(repository.pack('osce-baseline', 2), voice(Words(playful=True), 'en')))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(seen) == 1


def test_ways_back_stay_out_of_the_layers():
    placed = place(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("a", "c")])
    assert [placed.boxes[code][0] for code in "abc"] == [0, 1, 2]
    assert set(placed.bends) == {("a", "b"), ("b", "c"), ("a", "c")}
    assert len(placed.bends["a", "c"]) == 1


def test_stages_that_nothing_joins_stand_below_one_another():
    placed = place(["a", "b"], [])
    assert sorted(placed.boxes.values()) == [(0.0, 0.0), (0.0, 1.0)]


def test_what_a_pack_says_itself_in_a_language_is_drawn_before_what_the_catalogs_say():
    newest = (repository.SHIPPED / "osce-baseline.v4.yaml").read_text(encoding="utf-8")
    own = newest.replace("title: To be assessed", "title: On the assessor's desk") + (
        "translations:\n  - {text: On the assessor's desk, de: Auf dem Tisch}\n"
    )
    pack = parse(own.encode(), "own.yaml")
    for language, title in (("de-AT", "Auf dem Tisch"), ("fr", "On the assessor's desk")):
        root = ET.fromstring(draw(pack, voice(WORDS, language, pack)))  # noqa: S314  (our own)
        assert any(title in (text or "") for text in texts(root))
