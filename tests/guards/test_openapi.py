"""The committed document is the one that the code makes."""

import re
import shutil

import jsonschema
import pytest
import schemathesis
import yaml
from marshmallow import missing

from community_api.access.terms import ProposalKind
from community_api.core.code_lists import code_lists
from community_api.core.http import openapi_texts
from community_api.core.http.docs_pages import DOCUMENT
from community_api.core.http.openapi import METHODS, ecma_pattern
from community_api.core.http.views import PUBLIC
from community_api.core.schemas.fields import CommandSchema
from community_api.factory import OPERATION_TEXTS, PROPERTY_TEXTS
from tools import patterns
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
    bare += [node["name"] for _, node in openapi_texts.parameters(document) if not node.get("description")]
    assert bare == [], "add a sentence to property_texts.yaml"


def test_every_text_of_a_property_has_its_property(document):
    names = {
        name
        for operation, node in openapi_texts.parameters(document)
        for name in (node["name"], f"{operation}.{node['name']}")
    }
    for schema, name, _ in openapi_texts.properties(document):
        names |= {name, f"{schema}.{name}"}
    assert set(openapi_texts.meanings(PROPERTY_TEXTS)) - names == set()


def test_every_pattern_is_one_that_every_language_reads(document):
    found = set(patterns.patterns(document))
    assert len(found) > 5
    assert [text for text in found if NOT_ECMA.search(text) or not re.fullmatch(r"\^.*\$", text)] == []


NODE = shutil.which("node") or ""
needs_node = pytest.mark.skipif(not NODE, reason="no node on this machine; `make clients` brings its own")


@needs_node
def test_javascript_compiles_every_pattern(document):
    assert patterns.faults(document, NODE) == []


@needs_node
@pytest.mark.parametrize("pattern", [r"^[a-z]+\Z$", r"^(?P<name>a)$", r"^[\w-a]$", r"^\-$", "^{$"])
def test_a_pattern_that_javascript_cannot_compile_is_noticed(pattern):
    assert len(patterns.faults({"pattern": pattern}, NODE)) == 1


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


def test_a_text_says_that_its_least_length_is_counted_after_trimming(document):
    said = {
        f"{schema}.{name}": node["description"] for schema, name, node in openapi_texts.properties(document)
    }
    assert said["ObservationIn.facts"].endswith("Trimmed; blank is refused.")
    assert "at least 20 characters, or `fact_too_thin`" in said["GroundIn.fact"]
    assert openapi_texts.TRIMMED not in DOCUMENT.read_text(encoding="utf-8")


# Whose handling is told as ``status`` (contract sections 5 and 6); everything else has a ``state``. Beside
# them the status of HTTP and of health, and that of a reply, which says the same as its state.
OF_STATUS = re.compile("(Observation|Concern|Report|Problem|Flag).*|Live|Ready|Problem|ConcernReplyOut")


def test_reports_problems_and_flags_have_a_status_and_everything_else_a_state(document):
    named = [(schema, name) for schema, name, _ in openapi_texts.properties(document)]
    of_status = {schema for schema, name in named if name == "status"}
    of_state = {schema for schema, name in named if name == "state"}
    assert [schema for schema in of_status if not OF_STATUS.fullmatch(schema)] == []
    assert of_status & of_state == {"ConcernReplyOut", "ConcernRepliedOut"}
    assert [schema for schema in of_state - of_status if re.match("(Observation|Problem|Flag)", schema)] == []


# What programs tell each other; nobody is shown a label.
BETWEEN_PROGRAMS = (
    ["live"],
    ["ok", "unavailable"],
    ["ok", "not_at_head", "unknown"],
    ["ready", "not_ready"],
    ["clock", "unit"],
    ["MultiPolygon"],
    ["true"],
)


def enums(node):
    """Every enum, as the codes it allows, the list that it names, and the sentence that stands with it."""
    if isinstance(node, dict):
        if isinstance(node.get("enum"), list):
            values = [value for value in node["enum"] if value is not None]
            yield values, node.get(openapi_texts.LIST), node.get("description", "")
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from enums(inner)


def test_every_enum_names_the_list_of_its_labels(document):
    nameless = [
        values
        for values, listed, text in enums(document)
        if values not in BETWEEN_PROGRAMS and not listed and not re.search("`[a-z_]+s`", text)
    ]
    assert nameless == [], "add a code list, and name it in property_texts.yaml"


def test_an_enum_holds_codes_of_the_list_that_it_names(document):
    lists = {name: set(listed.codes) for name, listed in code_lists().items()}
    named = [(values, listed) for values, listed, _ in enums(document) if listed in lists]
    assert len(named) > 100
    assert [(values, listed) for values, listed in named if not set(values) <= lists[listed]] == []


def test_the_public_may_read_the_labels_of_every_code_that_it_meets(document):
    paths = {address: path for address, path in document["paths"].items() if address.startswith(PUBLIC)}
    names = {name for kind, name in reached({**document, "paths": paths}) if kind == "schemas"}
    met = [paths, *(document["components"]["schemas"][name] for name in sorted(names))]
    listed = {name for _, name, _ in enums(met) if name}
    assert {"categories", "concern_states", "concern_message_kinds", "contact_channels"} <= listed
    assert [name for name in listed if not code_lists()[name].public] == []


def reached(document):
    """Every component that an operation leads to."""
    found, ahead = set(), [document["paths"]]
    while ahead:
        for kind, name in re.findall(r"'\$ref': '#/components/(\w+)/([^']+)'", repr(ahead.pop())):
            if (kind, name) not in found:
                found.add((kind, name))
                ahead.append(document["components"][kind][name])
    return found


def test_every_component_is_used_by_an_operation(document):
    kinds = document["components"].keys() - {"securitySchemes"}
    there = {(kind, name) for kind in kinds for name in document["components"][kind]}
    assert there - reached(document) == set()


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


def test_a_proposal_is_one_of_a_schema_for_each_kind_and_the_kind_tells_which(document):
    schemas = document["components"]["schemas"]
    whole = schemas["ProposalIn"]
    mapping = whole["discriminator"]["mapping"]
    assert whole["discriminator"]["propertyName"] == "kind"
    assert mapping.keys() == {kind.value for kind in ProposalKind}
    assert [one["$ref"] for one in whole["oneOf"]] == list(mapping.values())
    for kind, reference in mapping.items():
        variant = schemas[reference.rsplit("/", 1)[1]]
        assert variant["properties"].keys() == {"id", "kind", "body"}
        assert variant["properties"]["kind"]["enum"] == [kind]
        body = schemas[variant["properties"]["body"]["$ref"].rsplit("/", 1)[1]]
        assert body["additionalProperties"] is False
        assert "reason" in body["properties"]


def every_command_schema():
    waiting = [CommandSchema]
    while waiting:
        schema = waiting.pop()
        waiting += schema.__subclasses__()
        yield schema


def test_nothing_stands_in_for_what_a_command_left_out(document):
    """A default would be part of the content: a later one would make what was sent before another content."""
    schemas = list(every_command_schema())
    assert len(schemas) > 20, document["info"]["title"]
    stand_ins = [
        f"{schema.__name__}.{name}"
        for schema in schemas
        for name, field in schema().load_fields.items()
        if field.load_default is not missing
    ]
    assert stand_ins == []
