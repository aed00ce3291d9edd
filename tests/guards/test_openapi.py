"""The committed document is the one that the code makes."""

import re

import jsonschema
import pytest
import schemathesis
import yaml

from community_api.core import openapi_texts
from community_api.core.openapi import METHODS, ecma_pattern
from community_api.core.pages import DOCUMENT
from community_api.factory import OPERATION_TEXTS, PROPERTY_TEXTS
from tools.openapi import current

NOT_ECMA = re.compile(r"\\[AZz]|\(\?P|\(\?[aiLmsux]")


def test_the_committed_document_is_current():
    assert DOCUMENT.exists(), "make openapi writes it"
    assert DOCUMENT.read_text(encoding="utf-8") == current(), "make openapi writes it anew"


def test_it_is_openapi_3_1():
    document = yaml.safe_load(current())
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()


def test_what_it_refers_to_is_there():
    text = current()
    components = yaml.safe_load(text)["components"]
    named = {tuple(found.split("/")) for found in re.findall(r"'#/components/([^']+)'", text)}
    assert len(named) > 50
    assert not {(kind, name) for kind, name in named if name not in components[kind]}


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load(current())


def test_every_property_and_parameter_is_described(document):
    bare = [
        f"{schema}.{name}"
        for schema, name, node in openapi_texts.properties(document)
        if not node.get("description")
    ]
    bare += [node["name"] for node in openapi_texts.parameters(document) if not node.get("description")]
    assert bare == [], "add a sentence to property_texts.yaml"


def test_every_text_of_a_property_has_its_property(document):
    names = {node["name"] for node in openapi_texts.parameters(document)}
    for schema, name, _ in openapi_texts.properties(document):
        names |= {name, f"{schema}.{name}"}
    assert set(openapi_texts.meanings(PROPERTY_TEXTS)) - names == set()


def test_every_pattern_is_one_that_every_language_reads(document):
    def patterns(node):
        if isinstance(node, dict):
            if isinstance(node.get("pattern"), str):
                yield node["pattern"]
            node = list(node.values())
        if isinstance(node, list):
            for inner in node:
                yield from patterns(inner)

    found = set(patterns(document))
    assert len(found) > 5
    assert [text for text in found if NOT_ECMA.search(text) or not re.fullmatch(r"\^.*\$", text)] == []


@pytest.mark.parametrize(
    ("pattern", "spelled"),
    [(r"[a-z]+\Z", "^[a-z]+$"), ("^a$", "^a$"), (r"^a|b\Z", "^(?:a|b)$")],
)
def test_a_pattern_is_anchored_at_both_ends(pattern, spelled):
    assert ecma_pattern(pattern) == spelled


def test_every_operation_names_what_it_may_answer_one_by_one(document):
    statuses = {
        status
        for path in document["paths"].values()
        for method in METHODS & path.keys()
        for status in path[method]["responses"]
    }
    assert {"500", "503", "429"} <= statuses
    assert [status for status in statuses if not status.isdigit()] == []


def operations(document):
    """Every operation as ``GET /path``, with what the document says of it."""
    for address, path in document["paths"].items():
        for method in METHODS & path.keys():
            yield f"{method.upper()} {address}", path[method]


def test_every_operation_has_a_name_of_its_own(document):
    names = {operation["operationId"] for _, operation in operations(document)}
    assert len(names) == len(list(operations(document)))
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name)] == []


def test_no_name_or_example_stands_for_what_is_not_there(document):
    texts = yaml.safe_load(OPERATION_TEXTS.read_text(encoding="utf-8"))
    assert texts["ids"].keys() == {address for address, _ in operations(document)}
    assert texts["examples"].keys() <= document["components"]["schemas"].keys()


def test_every_body_has_an_example_that_its_schema_takes(document):
    bodies = [
        (address, content)
        for address, operation in operations(document)
        for content in operation.get("requestBody", {}).get("content", {}).values()
    ]
    assert len(bodies) > 60
    refused = {}
    for address, content in bodies:
        schema = {**content["schema"], "components": document["components"]}
        faults = list(jsonschema.Draft202012Validator(schema).iter_errors(content["example"]))
        if faults:
            refused[address] = faults[0].message
    assert refused == {}


def test_every_schema_is_referred_to(document):
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [name for name in document["components"]["schemas"] if f"schemas/{name}'" not in text] == []


def test_every_operation_says_who_may_call_it(document):
    said = {address: operation.get("description", "") for address, operation in operations(document)}
    assert [address for address, text in said.items() if not text] == []
    assert "supervisor" in said["POST /api/v1/observations/{observation_id}/triage"]


def test_only_the_exchange_of_tokens_takes_the_refresh_token(document):
    renewing = [
        address
        for address, operation in operations(document)
        if operation.get("security") == [{"refresh": []}]
    ]
    assert renewing == ["POST /api/v1/auth/refresh"]
