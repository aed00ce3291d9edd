"""The JSON Schema of packs: editors complete and check by it what the product reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from community_api.procedure_engine import repository
from community_api.procedure_engine.language.sections import PACK, pack_schema
from community_api.procedure_engine.pack.loader import load

PUBLISHED = Path(__file__).parents[3] / "docs" / "procedure-pack.schema.json"
VALIDATOR = Draft202012Validator(pack_schema())


class PlainDates(yaml.SafeLoader):
    """As JSON has it: a day is text."""


PlainDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def document(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=PlainDates)  # noqa: S506 - a safe loader


@pytest.mark.parametrize("path", sorted(repository.SHIPPED.glob("*.yaml")), ids=lambda path: path.name)
def test_every_shipped_pack_is_sound(path: Path) -> None:
    """Whoever takes one from the shelf does not prove it again."""
    proved = load(path)
    assert proved.hash == repository.pack(proved.name, proved.version).hash


@pytest.mark.parametrize("path", sorted(repository.SHIPPED.glob("*.yaml")), ids=lambda path: path.name)
def test_every_shipped_pack_fits_the_schema(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(document(path))] == []


def test_the_published_schema_is_current() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == pack_schema(), "make docs writes it anew"


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("stages", 0, "clock"), {"hours": "five"}),
        (("stages", 0, "ownr"), "analyst"),
        (("actions", 0, "roles"), ["analist"]),
        (("actions", 0, "guards", 0, "predicate"), "no_such_thing"),
        (("forms", 0, "fields", 0, "type"), "novel"),
        (("procedure", "language_version"), 9),
        (("levels",), []),
    ],
)
def test_what_the_product_would_refuse_to_read_an_editor_marks_too(
    where: tuple[Any, ...], value: Any
) -> None:
    pack = document(repository.SHIPPED / "osce-baseline.v3.yaml")
    thing = pack
    for step in where[:-1]:
        thing = thing[step]
    thing[where[-1]] = value
    assert list(VALIDATOR.iter_errors(pack))


def test_every_key_of_a_pack_is_explained_where_an_editor_shows_it() -> None:
    shown = pack_schema()["properties"]
    assert {name: one["description"] for name, one in shown.items()} == {key.name: key.says for key in PACK}
