"""The OpenAPI document: made from the routes, equal to the committed openapi.yaml."""

from __future__ import annotations

from typing import Any

import yaml
from apispec import APISpec
from flask import Flask

from community_api.core.refusals import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details",
    "required": ["type", "code", "title", "detail", "status", "instance"],
    "properties": {
        "type": {"type": "string"},
        "code": {"type": "string", "description": "Stable, for programs"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "status": {"type": "integer"},
        "instance": {"type": "string", "description": "urn:uuid: and the request id"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901 into the body"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
REFUSAL = {
    "description": "Refused; the code says why",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
PURPOSE = {
    "name": "X-Purpose",
    "in": "header",
    "required": False,
    "description": "Why other people's content is read",
    "schema": {"type": "string"},
}
CASE = {
    "name": "X-Case",
    "in": "header",
    "required": False,
    "description": "The case within which it is read",
    "schema": {"type": "string", "format": "uuid"},
}
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def document(app: Flask) -> dict[str, Any]:
    """The whole document as plain data."""
    spec: APISpec = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec
    made = spec.to_dict()
    components = made.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {"Refused": REFUSAL}
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for path in made["paths"].values():
        for method, operation in path.items():
            if method in METHODS:
                _complete(method, operation)
    return made


def as_yaml(app: Flask) -> str:
    """The document as it is committed."""
    return yaml.safe_dump(document(app), sort_keys=False, allow_unicode=True, width=110)


def _complete(method: str, operation: dict[str, Any]) -> None:
    """What holds for every operation: refusals, who may call it, the headers that it heeds."""
    responses = operation.setdefault("responses", {})
    for status in [status for status in responses if not str(status).startswith(("2", "3"))]:
        del responses[status]
    responses["default"] = {"$ref": "#/components/responses/Refused"}
    access = operation.get("x-access")
    if access == "public":
        operation["security"] = []
        return
    if method == "get":
        operation.setdefault("parameters", []).extend([PURPOSE, CASE])
