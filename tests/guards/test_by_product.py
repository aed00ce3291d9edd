"""Community information is a by-product and never an aim: what could make it one is not there to be used.

Each rule is also held against something that breaks it, so that the guard is known to see.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from community_api.core.database import migrations
from community_api.core.database.engine import Base
from community_api.core.http import docs_pages
from community_api.procedure_engine import repository
from community_api.procedure_engine.language.sections import pack_schema
from community_api.procedure_engine.terms import COLLECTORS, STAFFED
from tests.guards.source import Source, product

migrations.import_models()
DOCUMENT = yaml.safe_load(docs_pages.DOCUMENT.read_text(encoding="utf-8"))
# Who works with the community, and those who help people or control.
COMMUNITY = frozenset(STAFFED["community"]) | {"safeguarding_lead", "partner", "dpo", "oversight"}
FIGURES = ("/oversight/figures", "/feedback/metrics", "/bias-reviews", "/public/transparency")
A_PERSON = re.compile(r"(^|_)(account|person|officer|username|flagger|author|reporter|user)(_id|s)?$")
PEOPLE = frozenset({"flagger_id", "author_id", "reporter_id", "person_id", "account_id", "raised_by"})
# What watches people instead of telling of an event (R37), and what an ordinary report must not ask (R33).
WATCHING = re.compile(r"sighting|attendance|roster|watch_?list|number_?plate|licen[cs]e_?plate|congregation")
SUSPICION = re.compile(r"verlt|indicator|extremis|radicali|suspicio|terror", re.IGNORECASE)
INTAKE = ("ObservationIn", "PublicConcernIn", "PublicMessageIn", "SupplementIn")


def properties(schema: Any, seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every property of a schema by name, also of what it refers to."""
    if isinstance(schema, list):
        for one in schema:
            yield from properties(one, seen)
    if not isinstance(schema, dict):
        return
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name and name not in seen:
        yield from properties(DOCUMENT["components"]["schemas"][name], seen | {name})
    for key, told in schema.get("properties", {}).items():
        yield key, told
    for key, told in schema.items():
        if key != "example":
            yield from properties(list(told.values()) if key == "properties" else told, seen)


def of_a_person(path: str, item: Mapping[str, Any]) -> list[str]:
    """What an operation on figures takes or tells that is a person's."""
    operation = item.get("get", {})
    taken = [one["name"] for one in operation.get("parameters", []) if one.get("in") == "query"]
    answer = operation.get("responses", {}).get("200", {}).get("content", {})
    told = [name for one in answer.values() for name, _ in properties(one.get("schema"))]
    return [f"{path}: {name}" for name in (*taken, *told) if A_PERSON.search(name)]


def counts_people(source: Source) -> list[int]:
    """Lines on which something is counted by persons."""
    return [
        call.lineno
        for call in source.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"group_by", "partition_by"}
        for node in ast.walk(call)
        if isinstance(node, ast.Attribute) and node.attr in PEOPLE
    ]


def test_no_figure_is_about_an_officer() -> None:
    """R35: there is no league table of flags, because there is nothing to make one of."""
    paths = {path: item for path, item in DOCUMENT["paths"].items() if path.endswith(FIGURES)}
    assert len(paths) == len(FIGURES)
    assert [found for path, item in paths.items() for found in of_a_person(path, item)] == []
    league: Mapping[str, Any] = {"get": {"parameters": [{"in": "query", "name": "officer"}]}}
    assert of_a_person("/x", league) == ["/x: officer"]


def test_nothing_is_counted_by_persons() -> None:
    found = {source.name: counts_people(source) for source in product()}
    # How many posts a person still holds when an account is to be closed.
    found.pop("community_api/access/proposals/queries.py")
    assert {name: lines for name, lines in found.items() if lines} == {}
    text = "query.group_by(Flag.unit_id, Flag.flagger_id)"
    assert counts_people(Source("x.py", text, ast.parse(text))) == [1]


@pytest.mark.parametrize("name", INTAKE)
def test_what_people_are_asked_when_they_tell_something_asks_for_no_suspicion(name: str) -> None:
    """R33: a flag is another request, later, on a record that stays what it is."""
    schema = DOCUMENT["components"]["schemas"][name]
    asked = {key for key, _ in properties(schema)}
    assert asked
    assert [key for key in asked if SUSPICION.search(key)] == []
    codes = [code for _, told in properties(schema) for code in told.get("enum", ())]
    assert [code for code in codes if SUSPICION.search(str(code))] == []


def test_nobody_who_works_with_the_community_can_be_told_to_collect() -> None:
    """R34: the language of procedures has no word for it."""
    assert set(COLLECTORS) & COMMUNITY == set()
    meeting = pack_schema()["properties"]["meetings"]["items"]["properties"]
    assert meeting["collectors"]["items"]["enum"] == list(COLLECTORS)
    for pack in repository.packs():
        asked = {role for one in pack.meetings for role in one.collectors}
        makers = {one.made_by for one in pack.products}
        assert (asked | makers) & COMMUNITY == set()


def test_nothing_is_made_for_watching_people() -> None:
    """R37: no sightings, rosters or lists of plates, neither in a table nor in a document."""
    columns = {
        f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns
    }
    keys = {key for schema in DOCUMENT["components"]["schemas"].values() for key, _ in properties(schema)}
    assert len(columns) > 300
    assert len(keys) > 200
    assert [name for name in columns | keys if WATCHING.search(name)] == []
