"""`flask procedure texts`: what is to be translated; once filled in, the pack is sound."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from flask import Flask

from community_api.cli import shell
from community_api.procedure_engine import check_command
from community_api.procedure_engine.pack.loader import load
from community_api.procedure_engine.texts_command import skeleton

EXAMPLE = Path("examples/procedures/fjordland.v1.yaml")
SHIPPED = sorted(Path("community_api/procedure_engine/packs").glob("*.yaml"))


@pytest.fixture(scope="module")
def app() -> Flask:
    return shell()


def asked(app: Flask, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app.cli, ["procedure", "texts", *arguments])
    return done.exit_code, done.stdout, done.stderr


def filled(path: Path, language: str, target: Path) -> Path:
    """The pack with the skeleton in place of its translations, each empty place filled in."""
    pack = yaml.safe_load(path.read_text(encoding="utf-8"))
    section = yaml.safe_load(skeleton(path, language))["translations"]
    for number, entry in enumerate(section):
        entry[language] = entry[language] or f"texte {number}"
    pack["translations"] = section
    pack["languages"] = [*pack.get("languages", []), language]
    target.write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
    return target


@pytest.mark.parametrize("path", [EXAMPLE, *SHIPPED], ids=lambda path: path.name)
def test_a_pack_with_the_skeleton_filled_in_is_sound_in_the_new_language(path: Path, tmp_path: Path) -> None:
    target = filled(path, "pl", tmp_path / path.name)
    assert check_command.check(target) == ()
    pack = load(target)
    assert "pl" in (pack.languages or ())
    assert str(pack.translated(pack.header.title, "pl")).startswith("texte ")
    assert skeleton(target, "pl").startswith("Everything in ")


def test_an_empty_place_that_was_forgotten_is_found_by_the_check(tmp_path: Path) -> None:
    target = filled(EXAMPLE, "pl", tmp_path / EXAMPLE.name)
    pack = yaml.safe_load(target.read_text(encoding="utf-8"))
    pack["translations"][3]["pl"] = ""
    target.write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
    assert check_command.check(target) != ()


def test_what_is_translated_already_stays_and_is_not_asked_for_again(tmp_path: Path) -> None:
    target = filled(EXAMPLE, "pl", tmp_path / EXAMPLE.name)
    before = yaml.safe_load(target.read_text(encoding="utf-8"))["translations"]
    again = yaml.safe_load(skeleton(target, "fr"))["translations"]
    assert [entry["text"] for entry in again][: len(before)] == [entry["text"] for entry in before]
    assert all(entry["pl"] and entry.get("fr", "") == "" for entry in again)


def test_a_pack_asks_for_no_translation_into_its_own_language(app: Flask) -> None:
    assert asked(app, str(EXAMPLE), "--language", "en") == (
        0,
        "Everything in fjordland.v1.yaml is said in en.\n",
        "",
    )


def test_an_unsound_pack_says_what_is_wrong_with_it(app: Flask, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("procedure: {name: x}\n", encoding="utf-8")
    status, shown, said = asked(app, str(broken), "--language", "fr")
    assert (status, shown) == (2, "")
    assert str(broken) in said
    assert "Traceback" not in said


def test_a_code_that_is_no_language_is_refused(app: Flask) -> None:
    status, _shown, said = asked(app, str(EXAMPLE), "--language", "French")
    assert status == 2
    assert "two or three small letters" in said
