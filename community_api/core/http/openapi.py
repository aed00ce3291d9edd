"""The OpenAPI document: made from the routes, equal to the committed openapi.yaml.

What schemas cannot say stands in marks of the views (``views``: who may call, which headers are heeded,
whether the answer has an entity tag); what follows from those is completed here for every operation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any, Final, cast

import flask_smorest
import yaml
from apispec import APISpec
from flask import Flask

from community_api.core import openapi_variants
from community_api.core.http import openapi_components as parts
from community_api.core.http import openapi_texts
from community_api.core.monitoring import health

METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})
# The factory hands over which headers a permission to read asks for: the matrix is above this layer.
READING_HEADERS: Final = "community_reading_headers"
# Who holds a permission, in words, is handed over likewise.
CALLERS: Final = "community_callers"
# And the files that say what operations are called and what properties mean.
OPERATION_TEXTS: Final = "community_operation_texts"
PROPERTY_TEXTS: Final = "community_property_texts"
# And the requests whose body depends on a code.
VARIANTS: Final = "community_variants"
# What the framework writes for every operation that takes something; ours are told apart by status.
FRAMEWORKS_OWN: Final = frozenset({"default", "422"})
FRAMEWORKS_SCHEMAS: Final = ("Error", "PaginationMetadata")
WITHOUT_PERMISSION: Final = frozenset({"public", "signed_in"})
Operation = dict[str, Any]


class Api(flask_smorest.Api):  # type: ignore[misc]
    """Takes routes at once, and describes them when the document is made: a server never does."""

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[flask_smorest.Blueprint] = []
        self._variants: tuple[openapi_variants.Variants, ...] = app.extensions[VARIANTS]
        self.refused_by_tag: dict[str, frozenset[int]] = {}
        super().__init__(app)

    def register_blueprint(self, blp: flask_smorest.Blueprint, **options: Any) -> None:
        """As flask-smorest does it, but for the description."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._undescribed.append(blp)
        self.refused_by_tag[blp.name] = getattr(blp, "refused_everywhere", frozenset())

    def described(self) -> APISpec:
        """The description of all routes."""
        for blp in self._undescribed:
            blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
            self.spec.tag({"name": blp.name, "description": blp.description})
        self._undescribed.clear()
        for variants in self._variants:
            openapi_variants.register(self.spec, variants)
        self._variants = ()
        return cast("APISpec", self.spec)


def document(app: Flask) -> dict[str, Any]:
    """The whole document as plain data."""
    api: Api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    made = deepcopy(api.described().to_dict())
    components = made.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = dict(parts.PROBLEM)
    for name in FRAMEWORKS_SCHEMAS:
        components["schemas"].pop(name, None)
    components["responses"] = dict(parts.RESPONSES)
    components["headers"] = dict(parts.HEADERS)
    components["parameters"] = dict(parts.PARAMETERS)
    components["securitySchemes"] = dict(parts.SECURITY)
    asked = cast("Callable[[str], Iterable[str]]", app.extensions[READING_HEADERS])
    callers = cast("Callable[[str], str]", app.extensions[CALLERS])
    for address, path in made["paths"].items():
        names_something = bool(path.get("parameters"))
        for method in METHODS & path.keys():
            operation = path[method]
            operation.setdefault("description", _callers(operation["x-access"], callers))
            refused = {status for tag in operation["tags"] for status in api.refused_by_tag[tag]}
            operation.setdefault("x-refuses", []).extend(sorted(refused))
            _complete(method, operation, components["schemas"], asked, names_something=names_something)
            if address in health.UNCOUNTED:
                del operation["responses"]["503"]
    openapi_texts.name_operations(made, app.extensions[OPERATION_TEXTS], METHODS)
    openapi_texts.describe(made, app.extensions[PROPERTY_TEXTS])
    for variants in app.extensions[VARIANTS]:
        openapi_variants.spell(components["schemas"], variants)
    _spell_for_ecma(made)
    return made


def _spell_for_ecma(node: Any) -> None:
    """Spell every pattern as ECMA-262 reads it: anchored at both ends, nothing of Python's own."""
    if isinstance(node, list):
        for inner in node:
            _spell_for_ecma(inner)
    elif isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            node["pattern"] = ecma_pattern(node["pattern"])
        for inner in node.values():
            _spell_for_ecma(inner)


def ecma_pattern(pattern: str) -> str:
    """The ECMA-262 form of a pattern that is matched whole."""
    inner = pattern.removeprefix("^").removesuffix(r"\Z").removesuffix("$")
    return f"^(?:{inner})$" if "|" in inner else f"^{inner}$"


def as_yaml(app: Flask) -> str:
    """The document as it is committed."""
    return yaml.dump(document(app), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)


class _Plain(yaml.SafeDumper):
    """YAML without references to other places of the file."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _callers(access: str, callers: Callable[[str], str]) -> str:
    """Who may call an operation, in one sentence."""
    if access == "public":
        return "Open to everybody, without a token."
    return "Open to every account, about itself." if access == "signed_in" else callers(access)


def _complete(
    method: str,
    operation: Operation,
    schemas: dict[str, Any],
    asked: Callable[[str], Iterable[str]],
    *,
    names_something: bool,
) -> None:
    """What holds for every operation: refusals, who may call it, the headers that it heeds and gives."""
    access = str(operation["x-access"])
    tagged = bool(operation.pop("x-tagged", False))
    heeded = [*operation.pop("x-heeds", ())]
    if access == "public":
        operation["security"] = []
    elif access not in WITHOUT_PERMISSION:
        heeded += asked(access)
    if tagged and method == "get":
        heeded.append("If-None-Match")
    operation.setdefault("parameters", []).extend(parts.header_parameter(name) for name in heeded)
    operation["parameters"].append(parts.ACCEPT_LANGUAGE)
    _complete_answers(method, operation, schemas, tagged=tagged)
    known = operation["responses"]
    for status in sorted(
        _refusals(method, operation, access, names_something=names_something) - known.keys()
    ):
        known[status] = parts.REFUSED


def _complete_answers(method: str, operation: Operation, schemas: dict[str, Any], *, tagged: bool) -> None:
    """The headers of every answer that is none of the refusals, and 304."""
    responses = operation["responses"]
    if operation.pop("x-by-browser", False):
        responses["200"]["content"]["text/html"] = {"schema": {"type": "string"}}
    for status in FRAMEWORKS_OWN & responses.keys():
        del responses[status]
    for status, response in responses.items():
        names = ["X-Request-Id"]
        if tagged:
            names.append("ETag")
        if status == "200" and "201" in responses:
            names.append("Idempotent-Replay")
        if status == "200" and _is_page(response, schemas):
            names.append("Link")
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    if tagged and method == "get":
        headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", "ETag")}
        responses["304"] = {"description": "What If-None-Match names is still right", "headers": headers}


def _is_page(response: dict[str, Any], schemas: dict[str, Any]) -> bool:
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    told = schemas[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    return "next_cursor" in told.get("properties", {})


def _refusals(method: str, operation: Operation, access: str, *, names_something: bool) -> set[str]:
    """The statuses with which an operation may refuse.

    Those that answer what is no call of it (405, 414, 431) belong to no operation.
    """
    found = {"422", "500", "503"} | {str(status) for status in operation.pop("x-refuses", ())}
    told = [parameter for parameter in operation["parameters"] if "$ref" not in parameter]
    takes, names = {parameter["in"] for parameter in told}, {parameter["name"] for parameter in told}
    if access != "public":
        found.add("401")
    if access not in WITHOUT_PERMISSION:
        found.add("403")
    if names_something:
        found.add("404")
    if names_something and access != "public":
        # What was erased keeps its id (contract section 2).
        found.add("410")
    if method == "get":
        found |= {"400"} if "query" in takes else set()
    else:
        found |= {"400", "408", "409", "413", "415"}
    if "201" in operation["responses"]:
        found |= {"404", "410"}
    if "If-Match" in names:
        found |= {"412", "428"}
    return found
