"""docs/procedures.md says what the engine does: every table of it is compared with the engine's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from community_api.procedure_engine.check_command import report
from community_api.procedure_engine.engine.form_validation import FIELD_TYPES
from community_api.procedure_engine.engine.predicates import PREDICATES
from community_api.procedure_engine.language.language_forms import FIELD_KEYS, OFFERED_ANYWAY, SETTINGS
from community_api.procedure_engine.language.readers import REQUIRED, Key
from community_api.procedure_engine.language.sections import PACK, SECTIONS
from community_api.procedure_engine.pack.loader import parse
from community_api.procedure_engine.terms import (
    LEVELS,
    ROLES,
    Act,
    Code,
    Entry,
    FeedbackPoint,
    FieldCode,
    Phase,
    Reach,
)

HANDBOOK = (Path(__file__).parents[3] / "docs" / "procedures.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading, up to the next heading of the same or a higher rank."""
    match = re.search(rf"^(#+) {re.escape(title)}$", HANDBOOK, re.MULTILINE)
    assert match is not None, f"docs/procedures.md has no heading {title!r}"
    rest = HANDBOOK[match.end() :]
    after = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.MULTILINE)
    return rest[: after.start()] if after else rest


def rows(text: str) -> list[str]:
    """The rows of the tables in a text, without their heads."""
    return [line for line in text.split("\n") if line.startswith("| `")]


def key_row(key: Key) -> str:
    needed = "yes" if key.default is REQUIRED else f"no: {default_text(key.default)}"
    return f"| `{key.name}` | {needed} | {key.says} |"


def default_text(default: object) -> str:
    if default is None or default == ():
        return "none"
    return str(default).lower()


@pytest.mark.parametrize("name", SECTIONS)
def test_every_key_of_every_section_is_described(name):
    assert rows(section(f"`{name}`")) == [key_row(key) for key in SECTIONS[name]]


def test_the_sections_of_a_pack_are_described_in_their_order():
    assert rows(section("The sections of a pack")) == [key_row(key) for key in PACK]


def test_the_keys_of_every_field_are_described():
    assert rows(section("`fields`")) == [key_row(key) for key in FIELD_KEYS]


def test_every_field_type_is_described_with_its_settings():
    assert rows(section("Field types")) == [
        f"| `{kind.name}` | {kind.says} | {', '.join(f'`{name}`' for name in kind.settings) or 'none'} |"
        for kind in FIELD_TYPES.values()
    ]


def test_settings_are_those_that_are_read():
    read = {kind: tuple(key.name for key in keys) for kind, keys in SETTINGS.items()}
    for kind in FIELD_TYPES.values():
        assert sorted(read.get(kind.name, ())) == sorted(kind.settings)


def test_every_predicate_is_described_with_its_parameters():
    assert rows(section("Predicates")) == [
        f"| `{p.name}` | {p.judges} | {p.says} | "
        f"{'; '.join(f'`{param.name}`: {param.says}' for param in p.params) or 'none'} | `{p.refusal}` |"
        for p in PREDICATES.values()
    ] + [key_row(OFFERED_ANYWAY)]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Levels and roles", (*LEVELS, *ROLES)),
        ("`entrances`", tuple(Entry)),
        ("`edges`", tuple(Reach)),
        ("`stages`", tuple(Phase)),
        ("Second persons", tuple(Act)),
        ("`rules`", tuple(FeedbackPoint)),
        ("How a step is decided", tuple(Code)),
        ("Field types", tuple(FieldCode)),
    ],
)
def test_every_word_of_a_closed_list_is_named_where_it_belongs(title, words):
    text = section(title)
    assert [word for word in words if f"`{word}`" not in text] == []


def test_all_configurable_points_have_a_place():
    numbers = re.findall(r"^\| (\d+) \|", section("Where each configurable point lives"), re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 32)]


def test_the_example_pack_is_sound_and_whole(tmp_path):
    """Everything under "A whole small pack" can be copied into a file and used."""
    block = re.search(r"```yaml\n(.*?)```", section("A whole small pack"), re.DOTALL)
    assert block is not None
    path = tmp_path / "two-steps.v1.yaml"
    path.write_text(block[1], encoding="utf-8")
    lines, status = report(path)
    assert (lines[0], status) == (f"{path}: sound", 0)
    assert parse(block[1].encode(), "x").name == "two-steps"
