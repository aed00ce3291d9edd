"""A request whose body depends on a code: in the document one schema for each code, told apart by it.

A schema class says so in ``variants``: the property that decides, the property that differs, and what that is
for each code. apispec knows no discriminator, so both are written here, after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apispec import APISpec
from marshmallow import Schema

REFERENCE = "#/components/schemas/"
Node = dict[str, Any]


@dataclass(frozen=True)
class Variants:
    """``name``: the schema that is one of several; ``by`` is the property that decides, ``part`` differs."""

    name: str
    by: str
    part: str
    schemas: Mapping[str, Schema]

    def name_of(self, code: str, ending: str = "In") -> str:
        """The schema for a code: of the whole request ProposalGrantIn, of the part ProposalGrantBody."""
        return f"{self.name.removesuffix('In')}{code.title().replace('_', '')}{ending}"


def register(spec: APISpec, variants: Variants) -> None:
    """Describe the part of each code; once for a document."""
    for code, schema in variants.schemas.items():
        spec.components.schema(variants.name_of(code, "Body"), schema=schema)


def spell(schemas: dict[str, Node], variants: Variants) -> None:
    """Replace a schema by ``oneOf`` one for each code, with the discriminator that names them."""
    whole = schemas[variants.name]
    for code in variants.schemas:
        schemas[variants.name_of(code)] = _variant(whole, variants, code)
    names = {code: f"{REFERENCE}{variants.name_of(code)}" for code in map(str, variants.schemas)}
    schemas[variants.name] = {
        "oneOf": [{"$ref": name} for name in names.values()],
        "discriminator": {"propertyName": variants.by, "mapping": names},
    }


def _variant(whole: Node, variants: Variants, code: str) -> Node:
    properties = {name: dict(node) for name, node in whole["properties"].items()}
    decides = {name: value for name, value in properties[variants.by].items() if name != "enum"}
    properties[variants.by] = {**decides, "enum": [str(code)]}
    properties[variants.part] = {
        "$ref": f"{REFERENCE}{variants.name_of(code, 'Body')}",
        "description": properties[variants.part]["description"],
    }
    return {**whole, "properties": properties}
